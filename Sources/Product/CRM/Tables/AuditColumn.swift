package import Database

/// Table `admin_audit`.
package enum AuditColumn: String, TableColumn {
    case subject, role, action, tableName, rowID, before, after, requestID

    package static let table: StaticString = "admin_audit"

    package var type: ColumnType {
        switch self {
        case .subject, .role, .action, .tableName, .requestID: .text
        case .rowID: .uuid
        case .before, .after: .jsonb
        }
    }
}
