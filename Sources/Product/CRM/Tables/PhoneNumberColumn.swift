package import Database

/// Table `phone_numbers`.
package enum PhoneNumberColumn: String, TableColumn {
    case number, profileID, label, isActive

    package static let table: StaticString = "phone_numbers"

    package var type: ColumnType {
        switch self {
        case .number, .label: .text
        case .profileID: .uuid
        case .isActive: .boolean
        }
    }
}
