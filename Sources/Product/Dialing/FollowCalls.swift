import CallModel
package import Database
package import Jobs
package import Telephony
import TwilioProtocol

/// Asks the carrier about calls of which nothing was heard for a while: its last word may have been lost, and a number that is thought
/// to be in a call is called no more.
package struct FollowCalls: JobKind {
    package static let kind = "call.follow"
    package static let everySeconds = 60

    package init() {}

    private static let askedAtOnce = 50
    private static let quietFor = "2 minutes"

    package static func handler(_ database: Database, _ carrier: CarrierAccount) -> JobHandler {
        JobHandler(FollowCalls.self) { _, run in
            let quiet = try await database.transaction(tenant: run.tenant, urgency: .afterwards) { tx in
                try tx.query(
                    """
                    select id, carrier_call_sid as sid from dial_attempts
                    where state in ('placed', 'ringing', 'in_call') and updated_at < now() - interval '\(quietFor)'
                    order by updated_at limit \(askedAtOnce)
                    """
                ).map { (attempt: try $0.uuid("id"), sid: try $0.textOrNil("sid").flatMap { CallSid($0) }) }
            }
            for (attempt, sid) in quiet {
                guard let sid, case .over(let status) = await carrier.status(of: sid) else { continue }
                try await database.transaction(tenant: run.tenant, urgency: .afterwards) {
                    try DialProgress.end(attempt, DialProgress.outcome(of: status, sip: nil), nil, in: $0)
                }
            }
            return { _ in }
        }
    }
}
