package import Database

/// Table `contacts`.
package enum ContactColumn: String, TableColumn {
    case id, phone, contactName, contactEmail, businessName, contactRole, industry, companySize, notes, status,
        lifecycleStage
    case leadSource, doNotContact, timezone, createdByUserID, createdAt

    package static let table: StaticString = "contacts"

    package var type: ColumnType {
        switch self {
        case .id, .createdByUserID: .uuid
        case .phone, .contactName, .contactEmail, .businessName, .contactRole, .industry, .companySize, .notes,
            .status, .lifecycleStage, .leadSource, .timezone:
            .text
        case .doNotContact: .boolean
        case .createdAt: .timestamptz
        }
    }
}
