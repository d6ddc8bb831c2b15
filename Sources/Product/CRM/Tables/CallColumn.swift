package import Database

/// Table `calls`.
package enum CallColumn: String, TableColumn {
    case id, leadID, contactID, userID, profileID, sessionID, carrierCallSid, callType, direction, fromNumber, toNumber
    case status, callStartTime, answeredAt, callEndTime, duration, endReason, outcome, disposition, transcript, summary
    case sentiment, intentDetected, confidenceScore, usage, ear, dtmf, notes, extractor, extraction, finalizedAt

    package static let table: StaticString = "calls"

    package var type: ColumnType {
        switch self {
        case .id, .leadID, .contactID, .userID, .profileID: .uuid
        case .sessionID, .carrierCallSid, .callType, .direction, .fromNumber, .toNumber, .status, .endReason, .outcome,
            .disposition, .transcript, .summary, .sentiment, .intentDetected, .dtmf, .extractor:
            .text
        case .callStartTime, .answeredAt, .callEndTime, .finalizedAt: .timestamptz
        case .duration: .integer
        case .confidenceScore: .double
        case .usage, .ear, .notes, .extraction: .jsonb
        }
    }
}
