package import Database

/// Table `contacts`.
package enum ContactColumn: String, TableColumn {
    case id, phone, contactName, contactEmail, businessName, contactRole, industry, companySize, website, address, city
    case state, notes, status, customFields, tags, lifecycleStage, leadSource, optInStatus, doNotContact, timezone
    case stripeCustomerID, createdByUserID, createdAt

    package static let table: StaticString = "contacts"

    package var type: ColumnType {
        switch self {
        case .id, .createdByUserID: .uuid
        case .phone, .contactName, .contactEmail, .businessName, .contactRole, .industry, .companySize, .website,
            .address, .city, .state, .notes, .status, .lifecycleStage, .leadSource, .optInStatus, .timezone,
            .stripeCustomerID:
            .text
        case .customFields: .jsonb
        case .tags: .textArray
        case .doNotContact: .boolean
        case .createdAt: .timestamptz
        }
    }
}
