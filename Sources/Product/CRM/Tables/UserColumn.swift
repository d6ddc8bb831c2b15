package import Database

/// Table `users`.
package enum UserColumn: String, TableColumn {
    case id, email, fullName, role, isActive, isAIAgent

    package static let table: StaticString = "users"

    package var type: ColumnType {
        switch self {
        case .id: .uuid
        case .email, .fullName, .role: .text
        case .isActive, .isAIAgent: .boolean
        }
    }
}
