package import Database

/// Table `api_keys`.
package enum APIKeyColumn: String, TableColumn {
    case id, name, prefix, role, createdBy, expiresAt, lastUsedAt, revokedAt

    package static let table: StaticString = "api_keys"

    package var type: ColumnType {
        switch self {
        case .id: .uuid
        case .name, .prefix, .role, .createdBy: .text
        case .expiresAt, .lastUsedAt, .revokedAt: .timestamptz
        }
    }
}
