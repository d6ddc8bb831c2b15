package import Database

/// Table `dial_attempts`.
package enum DialAttemptColumn: String, TableColumn {
    case contactID, number, callerID, purpose, state, outcome, carrierError, carrierCallSid, createdByUserID,
        requestedAt
    case answeredAt, endedAt
    case campaignID, campaignContactID, validUntil
    case onMachine, voicemailMessage, menuKey, callReason, answeredBy, answeredByAfterMs, firstWordMsAfterGreeting,
        messageLeftAt

    package static let table: StaticString = "dial_attempts"

    package var type: ColumnType {
        switch self {
        case .contactID, .createdByUserID, .campaignID, .campaignContactID: .uuid
        case .number, .callerID, .purpose, .state, .outcome, .carrierError, .carrierCallSid: .text
        case .onMachine, .voicemailMessage, .menuKey, .callReason, .answeredBy: .text
        case .answeredByAfterMs, .firstWordMsAfterGreeting: .integer
        case .requestedAt, .answeredAt, .endedAt, .messageLeftAt, .validUntil: .timestamptz
        }
    }
}

/// Table `dial_receipts`.
package enum DialReceiptColumn: String, TableColumn {
    case sequence, attemptID, number, isAllowed, code, body, previousHash, hash
    case campaignID, campaignContactID

    package static let table: StaticString = "dial_receipts"

    package var type: ColumnType {
        switch self {
        case .attemptID, .campaignID, .campaignContactID: .uuid
        case .number, .code, .body, .previousHash, .hash: .text
        case .isAllowed: .boolean
        case .sequence: .bigint
        }
    }
}

/// How far a call is that we place.
package enum DialState: String, CaseIterable, Sendable {
    /// It may be placed, and will be.
    case reserved
    /// The carrier is being asked. Whoever finds it so, and is not the one who asks, has to find out what became of it.
    case requesting
    /// The carrier has not said whether it placed it.
    case submissionUnknown = "submission_unknown"
    case placed
    case ringing
    case inCall = "in_call"
    case ended
}

/// What became of it.
package enum DialOutcome: String, CaseIterable, Sendable {
    case completed, busy
    case noAnswer = "no_answer"
    case declined, cancelled
    case invalidNumber = "invalid_number"
    case blockedAnalytics = "blocked_analytics"
    case carrierCongestion = "carrier_congestion"
    case carrierRefused = "carrier_refused"
    case optedOut = "opted_out"
    case unknown
}
