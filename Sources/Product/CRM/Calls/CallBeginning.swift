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

    var session: SQLValue { .text(sessionID.map { StoredText.bounded($0, charactersMax: 200) }) }

    /// Of `calls`.
    func row(_ parties: CallParties) -> [SQLValue] {
        [
            .uuid(opening.callID.uuid), .uuid(parties.leadID), .uuid(parties.contactID), .uuid(parties.userID),
            .uuid(opening.profileID), session, .text(opening.callSid.text), .text(opening.direction.rawValue),
            .text(opening.from?.text), .text(opening.to.text), .timestamp(opening.rangAt), .timestamp(answeredAt),
        ]
    }

    /// Of `lead_activities`.
    func activity(_ leadID: UUID, _ parties: CallParties) -> [SQLValue] {
        let direction = opening.direction == .inbound ? "Inbound" : "Outbound"
        return [
            .uuid(leadID), .uuid(opening.callID.uuid), "Call started",
            .text("\(direction) call with the AI agent."), .uuid(parties.userID),
            .json(#"{"event":"call_started"}"#), .timestamp(opening.rangAt),
        ]
    }
}
