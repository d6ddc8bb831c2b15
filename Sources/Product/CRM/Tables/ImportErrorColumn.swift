package import Database

/// Table `import_errors`.
package enum ImportErrorColumn: String, TableColumn {
    case id, importID, recordNumber, line, severity, code, columnName, value, reason, contactID

    package static let table: StaticString = "import_errors"

    package var type: ColumnType {
        switch self {
        case .id, .importID, .contactID: .uuid
        case .recordNumber, .line: .integer
        case .severity, .code, .columnName, .value, .reason: .text
        }
    }
}
