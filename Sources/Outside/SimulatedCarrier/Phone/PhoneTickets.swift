import Encoding
import Synchronization

/// Who may pick up a phone of the simulated carrier: tickets that are good once and for a short while, each for somebody, and
/// how many phones everybody has in hand. They live in memory: a process that starts anew knows none of earlier ones.
package final class PhoneTickets: Sendable {
    package static let seconds = 30
    package static let phonesMax = 20
    package static let phonesOfHolderMax = 3
    private static let ticketsOfHolderMax = 10
    private static let ticketsMax = 1_000

    private struct Ticket {
        var holder: String
        var until: ContinuousClock.Instant
    }

    private struct State {
        var tickets: [String: Ticket] = [:]
        /// In use, by whoever holds them.
        var phones: [String: Int] = [:]
    }

    /// What a ticket opens.
    enum Admission: Equatable {
        case phone(holder: String)
        /// Nobody's, used, or too old.
        case refused
        case tooManyPhones
    }

    private let state = Mutex(State())
    private let now: @Sendable () -> ContinuousClock.Instant

    package init(now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) { self.now = now }

    /// A new ticket; nil when its holder, or everybody together, has too many unused ones.
    package func issue(for holder: String) -> String? {
        let now = now()
        return state.withLock { state in
            state.tickets = state.tickets.filter { $0.value.until > now }
            guard state.tickets.count < Self.ticketsMax,
                state.tickets.values.count(where: { $0.holder == holder }) < Self.ticketsOfHolderMax
            else { return nil }
            let ticket = Hex.random(bytes: 32)
            state.tickets[ticket] = Ticket(holder: holder, until: now + .seconds(Self.seconds))
            return ticket
        }
    }

    /// Whether it would open something now. Takes nothing.
    func isGood(_ ticket: String) -> Bool {
        let now = now()
        return state.withLock { ($0.tickets[ticket]?.until).map { $0 > now } ?? false }
    }

    /// Takes the ticket, and a phone for its holder, who gives it back by ``giveBack(_:)``.
    func redeem(_ ticket: String) -> Admission {
        let now = now()
        return state.withLock { state in
            guard let found = state.tickets.removeValue(forKey: ticket), found.until > now else { return .refused }
            let mine = state.phones[found.holder] ?? 0
            guard mine < Self.phonesOfHolderMax, state.phones.values.reduce(0, +) < Self.phonesMax else {
                return .tooManyPhones
            }
            state.phones[found.holder] = mine + 1
            return .phone(holder: found.holder)
        }
    }

    func giveBack(_ holder: String) {
        state.withLock { state in
            let left = (state.phones[holder] ?? 0) - 1
            state.phones[holder] = left > 0 ? left : nil
        }
    }

    var phonesInUse: Int { state.withLock { $0.phones.values.reduce(0, +) } }
}
