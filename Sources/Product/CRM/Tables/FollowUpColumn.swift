package import Database

/// Table `follow_ups`.
package enum FollowUpColumn: String, TableColumn {
    case id, leadID, callID, agentID, dueAt, status, reason, notes, aiRecommendation, completedAt, isAsked

    package static let table: StaticString = "follow_ups"

    package var type: ColumnType {
        switch self {
        case .id, .leadID, .callID, .agentID: .uuid
        case .dueAt, .completedAt: .timestamptz
        case .isAsked: .boolean
        case .status, .reason, .notes, .aiRecommendation: .text
        }
    }
}
