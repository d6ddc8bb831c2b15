package import Database

/// Table `consents`.
package enum ConsentColumn: String, TableColumn {
    case callID, contactID, phone, kind, granted, level, words, source, at
    case consultID, replyNumber, question, decision, confidence, audioPositionMs

    package static let table: StaticString = "consents"

    package var type: ColumnType {
        switch self {
        case .callID, .contactID, .consultID: .uuid
        case .phone, .kind, .level, .words, .source, .question, .decision: .text
        case .granted: .boolean
        case .at: .timestamptz
        case .replyNumber, .audioPositionMs: .integer
        case .confidence: .double
        }
    }
}
