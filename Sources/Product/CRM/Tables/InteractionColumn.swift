package import Database

/// Table `contact_interactions`.
package enum InteractionColumn: String, TableColumn {
    case contactID, userID, interactionType, subject, content, interactionDate, metadata

    package static let table: StaticString = "contact_interactions"

    package var type: ColumnType {
        switch self {
        case .contactID, .userID: .uuid
        case .interactionType, .subject, .content: .text
        case .interactionDate: .timestamptz
        case .metadata: .jsonb
        }
    }
}
