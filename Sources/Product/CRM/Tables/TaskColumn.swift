package import Database

/// Table `tasks`.
package enum TaskColumn: String, TableColumn {
    case id, contactID, title, description, dueDate, kind, priority, status

    package static let table: StaticString = "tasks"

    package var type: ColumnType {
        switch self {
        case .id, .contactID: .uuid
        case .title, .description, .kind, .priority, .status: .text
        case .dueDate: .timestamptz
        }
    }
}
