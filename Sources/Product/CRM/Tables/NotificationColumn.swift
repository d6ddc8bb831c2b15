package import Database

/// Table `notifications`.
package enum NotificationColumn: String, TableColumn {
    case userID, kind, title, body, subjectTable, subjectID, isRead, readAt, onPage, byEmail, mailedAt, mailFailure

    package static let table: StaticString = "notifications"

    package var type: ColumnType {
        switch self {
        case .userID, .subjectID: .uuid
        case .kind, .title, .body, .subjectTable, .mailFailure: .text
        case .isRead, .onPage, .byEmail: .boolean
        case .readAt, .mailedAt: .timestamptz
        }
    }
}
