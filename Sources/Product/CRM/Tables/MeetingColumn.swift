package import Database

/// Table `meetings`.
package enum MeetingColumn: String, TableColumn {
    case id, leadID, callID, agentID, title, startsAt, endsAt, status, notes

    package static let table: StaticString = "meetings"

    package var type: ColumnType {
        switch self {
        case .id, .leadID, .callID, .agentID: .uuid
        case .title, .status, .notes: .text
        case .startsAt, .endsAt: .timestamptz
        }
    }
}
