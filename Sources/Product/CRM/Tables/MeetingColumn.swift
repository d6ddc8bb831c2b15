package import Database

/// Table `meetings`.
package enum MeetingColumn: String, TableColumn {
    case id, leadID, callID, agentID, title, startsAt, endsAt, status, meetingLink, location, notes, sequence

    package static let table: StaticString = "meetings"

    package var type: ColumnType {
        switch self {
        case .id, .leadID, .callID, .agentID: .uuid
        case .title, .status, .meetingLink, .location, .notes: .text
        case .startsAt, .endsAt: .timestamptz
        case .sequence: .integer
        }
    }
}
