package import CallModel
import Database
package import FoundationEssentials

/// A call whose media stream has started, or one without a row of its own when it ends.
package struct CallBeginning: Sendable {
    var opening: CallOpening
    var answeredAt: Date?
    /// Nil: nobody takes the call up, it is over.
    var sessionID: String?

    package init(opening: CallOpening, answeredAt: Date?, sessionID: String?) {
        self.opening = opening
        self.answeredAt = answeredAt
        self.sessionID = sessionID
    }

    private var session: SQLValue { .text(sessionID.map { StoredText.bounded($0, charactersMax: 200) }) }

    /// Of `calls`, when it is there already.
    var resumed: BulkRow<CallColumn> {
        [.id: .uuid(opening.callID.uuid), .answeredAt: .timestamp(answeredAt), .sessionID: session]
    }

    /// Of `calls`.
    func row(_ parties: CallParties) -> BulkRow<CallColumn> {
        [
            .id: .uuid(opening.callID.uuid), .leadID: .uuid(parties.leadID), .contactID: .uuid(parties.contactID),
            .userID: .uuid(parties.userID), .profileID: .uuid(opening.profileID), .sessionID: session,
            .carrierCallSid: .text(opening.callSid.text), .callType: "ai_voice",
            .direction: .text(opening.direction.rawValue), .fromNumber: .text(opening.from?.text),
            .toNumber: .text(opening.to.text), .status: "in_progress", .callStartTime: .timestamp(opening.rangAt),
            .answeredAt: .timestamp(answeredAt),
        ]
    }

    /// Of `lead_activities`.
    func activity(_ leadID: UUID, _ parties: CallParties) -> BulkRow<LeadActivityColumn> {
        let direction = opening.direction == .inbound ? "Inbound" : "Outbound"
        return LeadActivity.row(
            leadID, call: opening.callID, by: parties.userID, "Call started", "\(direction) call with the AI agent.",
            metadata: #"{"event":"call_started"}"#, at: opening.rangAt)
    }
}
