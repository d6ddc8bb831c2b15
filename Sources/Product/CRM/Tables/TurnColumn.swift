package import Database

/// Table `conversations`: the turns of calls.
package enum TurnColumn: String, TableColumn {
    case callID, turnNumber, speaker, startedMs, endedMs, text, interrupted, heardText

    package static let table: StaticString = "conversations"

    package var type: ColumnType {
        switch self {
        case .callID: .uuid
        case .turnNumber, .startedMs, .endedMs: .integer
        case .speaker, .text, .heardText: .text
        case .interrupted: .boolean
        }
    }
}
