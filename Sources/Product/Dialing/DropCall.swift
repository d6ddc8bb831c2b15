import CallModel
package import Database
package import FoundationEssentials
package import Jobs
package import Telephony

/// Ends a call that is not to be connected any more: who is being called has asked to be left alone, or all calls of the tenant were
/// stopped. `app.opt_out` asks for it in SQL.
package struct DropCall: JobKind {
    package static let kind = "call.drop"
    package static let policy = {
        var policy = JobPolicy()
        policy.backoff = .seconds(1) ... .seconds(30)
        policy.placesMax = 8
        policy.urgency = .live
        return policy
    }()

    /// It has no sid yet, or is not there.
    private static let askAgainAfter = Duration.milliseconds(500)

    package var attempt: UUID
    /// Also where somebody has answered.
    package var endsTalks: Bool?

    package init(attempt: UUID, endsTalks: Bool) {
        self.attempt = attempt
        self.endsTalks = endsTalks
    }

    private struct Failed: Error, CustomStringConvertible {
        var description: String { "the carrier did not end the call" }
    }

    package static func handler(_ database: Database, _ carrier: CarrierAccount) -> JobHandler {
        JobHandler(DropCall.self) { job, run in
            let rows = try await database.transaction(tenant: run.tenant) { tx in
                try tx.query(
                    "select state, carrier_call_sid as sid from dial_attempts where id = $1::uuid",
                    [.uuid(job.attempt)]
                ).map { (state: try $0.text("state"), sid: try $0.textOrNil("sid").flatMap { CallSid($0) }) }
            }
            guard let call = rows.first, let state = DialState(rawValue: call.state) else { return { _ in } }
            switch state {
            case .reserved, .ended: return { _ in }
            case .inCall where job.endsTalks != true: return { _ in }
            case .requesting, .submissionUnknown: throw JobFailure.notYet(askAgainAfter)
            case .placed, .ringing, .inCall:
                guard let sid = call.sid, await carrier.complete(sid) else { throw Failed() }
                return { _ in }
            }
        }
    }
}
