import Endpoints
import FoundationEssentials
import Synchronization

/// What opens the live feed once: for a browser whose session is a cookie that no page can read, and that a handshake is not
/// trusted with, since any page may begin one. Known on the node that gave it alone.
package final class LiveTickets: Sendable {
    private struct Ticket {
        var token: VerifiedToken
        var until: Date
    }

    /// A page uses its ticket at once.
    static let seconds = 30.0
    /// After so long a watcher comes with another: a session that is over watches no longer than that.
    static let watchSeconds = 900.0
    private static let ticketsMax = 1_000

    private let state = Mutex<[String: Ticket]>([:])

    package init() {}

    /// Nil when too many wait to be used.
    func issue(for principal: APIPrincipal, at now: Date) -> String? {
        let text = LoginToken.make()
        let token = VerifiedToken(principal: principal, expiresAt: now.addingTimeInterval(Self.watchSeconds))
        return state.withLock { tickets in
            if tickets.count >= Self.ticketsMax { tickets = tickets.filter { now < $0.value.until } }
            guard tickets.count < Self.ticketsMax else { return nil }
            tickets[text] = Ticket(token: token, until: now.addingTimeInterval(Self.seconds))
            return text
        }
    }

    /// Whether it would be taken.
    func isGood(_ text: String, at now: Date) -> Bool {
        state.withLock { tickets in tickets[text].map { now < $0.until } ?? false }
    }

    /// Whose it is; nobody's from then on.
    func take(_ text: String, at now: Date) -> VerifiedToken? {
        let ticket = state.withLock { $0.removeValue(forKey: text) }
        return ticket.flatMap { now < $0.until ? $0.token : nil }
    }
}

/// Opens `/api/v1/live` once, as `Sec-WebSocket-Protocol: bearer, …`.
struct LiveTicket: Codable, Sendable {
    var ticket: String
    /// How long the feed goes on; another ticket opens it again.
    var watchSeconds: Int
}
