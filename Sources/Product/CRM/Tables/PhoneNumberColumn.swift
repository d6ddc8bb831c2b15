package import Database

/// Table `phone_numbers`.
package enum PhoneNumberColumn: String, TableColumn {
    case number, profileID, label, isActive, restsUntil, restReason

    package static let table: StaticString = "phone_numbers"

    package var type: ColumnType {
        switch self {
        case .number, .label, .restReason: .text
        case .restsUntil: .timestamptz
        case .profileID: .uuid
        case .isActive: .boolean
        }
    }
}
