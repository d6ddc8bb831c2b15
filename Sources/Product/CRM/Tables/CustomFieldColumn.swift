package import Database

/// Table `custom_fields`: a tenant's own fields of contacts.
package enum CustomFieldColumn: String, TableColumn {
    case fieldName, fieldLabel, fieldType, fieldOptions, isRequired, displayOrder, isActive

    package static let table: StaticString = "custom_fields"

    package var type: ColumnType {
        switch self {
        case .fieldName, .fieldLabel, .fieldType: .text
        case .fieldOptions: .jsonb
        case .isRequired, .isActive: .boolean
        case .displayOrder: .integer
        }
    }
}
