import CallModel
package import Database
import FoundationEssentials
package import LiveCalls
package import TwilioProtocol

/// What the carrier tells of a call that we placed: in any order, more than once, or not at all. An attempt only ever moves on.
package enum DialProgress {
    package static func note(
        _ callback: CallStatusCallback, of call: DialledCall, in database: Database
    ) async throws {
        let attempt = call.attempt
        try await database.transaction(tenant: call.tenant, urgency: .live) { tx in
            try placed(attempt, callback.callSid, in: tx)
            switch callback.status {
            case .queued, .initiated: break
            case .ringing: try move(attempt, to: .ringing, from: [.placed], in: tx)
            case .inProgress:
                try move(attempt, to: .inCall, from: [.placed, .ringing], in: tx)
                try tx.send(
                    "update dial_attempts set answered_at = now() where id = $1::uuid and answered_at is null",
                    [.uuid(attempt)])
            default:
                let outcome = outcome(of: callback.status, sip: callback.sipResponseCode)
                try end(attempt, outcome, nil, in: tx)
            }
        }
    }

    /// The carrier has the call: by its answer, or by telling of it before that.
    static func placed(_ attempt: UUID, _ sid: CallSid, in tx: borrowing Transaction) throws {
        try tx.send(
            """
            update dial_attempts set carrier_call_sid = $2,
                state = case when state in ('requesting', 'submission_unknown') then 'placed' else state end
            where id = $1::uuid and carrier_call_sid is null and state <> 'reserved'
            """, [.uuid(attempt), .text(sid.text)])
    }

    static func end(
        _ attempt: UUID, _ outcome: DialOutcome, _ error: String?, in tx: borrowing Transaction
    ) throws {
        try tx.send(
            """
            update dial_attempts set state = 'ended', outcome = $2, carrier_error = coalesce($3, carrier_error), ended_at = now()
            where id = $1::uuid and state <> 'ended'
            """, [.uuid(attempt), .text(outcome.rawValue), .text(error)])
    }

    private static func move(
        _ attempt: UUID, to state: DialState, from earlier: [DialState], in tx: borrowing Transaction
    ) throws {
        try tx.send(
            "update dial_attempts set state = $2 where id = $1::uuid and state = any($3::text[])",
            [.uuid(attempt), .text(state.rawValue), .textArray(earlier.map(\.rawValue))])
    }

    /// - Parameter sip: what the called side's exchange answered.
    static func outcome(of status: CarrierCallStatus, sip: Int?) -> DialOutcome {
        switch status {
        case .completed: .completed
        case .busy: .busy
        case .noAnswer: .noAnswer
        case .canceled: .cancelled
        default:
            switch sip {
            case 603: .declined
            // Unwanted, by whoever was called (RFC 8197), or by somebody who thinks so for them (RFC 8688).
            case 607, 608: .blockedAnalytics
            case 404, 410, 484, 604: .invalidNumber
            case 500, 502, 503, 504: .carrierCongestion
            case 408, 480, 487: .noAnswer
            case 486, 600: .busy
            default: .carrierRefused
            }
        }
    }
}
