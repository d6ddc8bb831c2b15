package import Database

/// Table `todos`.
package enum TodoColumn: String, TableColumn {
    case userID, title, description, dueAt, priority, isDone, doneAt

    package static let table: StaticString = "todos"

    package var type: ColumnType {
        switch self {
        case .userID: .uuid
        case .title, .description, .priority: .text
        case .dueAt, .doneAt: .timestamptz
        case .isDone: .boolean
        }
    }
}
