/// Who waits at the door with a request that is not complete, in order of coming, and whose turn it is to go when there are
/// too many: first the longest waiting one of the peer that has too many, then the longest waiting one of all.
///
/// A request that is complete in milliseconds never meets the limits; one that is held open gives its place to the next.
/// O(1) for each coming and going, taken over all.
struct DoorBudget {
    typealias Ticket = UInt64

    /// Tickets in order of coming; those that have gone meanwhile are passed over.
    private struct Line {
        var tickets: [Ticket] = []
        var head = 0
        var count = 0

        mutating func add(_ ticket: Ticket) {
            tickets.append(ticket)
            count += 1
        }

        /// The first ticket that still waits.
        mutating func first(where waits: (Ticket) -> Bool) -> Ticket? {
            while head < tickets.count, !waits(tickets[head]) { head += 1 }
            if head > 64, head > tickets.count / 2 {
                tickets.removeFirst(head)
                head = 0
            }
            return head < tickets.count ? tickets[head] : nil
        }
    }

    private struct Entry {
        /// nil for a trusted proxy.
        var peer: UInt64?
        var bodyBytes = 0
    }

    private let perPeerMax: Int
    private let allMax: Int
    private let bodyBytesMax: Int
    private var waiting: [Ticket: Entry] = [:]
    private var all = Line()
    /// Those that hold bytes of a body, in order of their first one.
    private var bodies = Line()
    private var peers: [UInt64: Line] = [:]
    private(set) var bodyBytes = 0

    init(_ limits: TransportLimits) {
        perPeerMax = limits.unfinishedPerPeerMax
        allMax = limits.unfinishedMax
        bodyBytesMax = limits.unfinishedBodyBytesMax
    }

    var count: Int { waiting.count }

    /// `ticket` begins to wait.
    /// - Parameter peer: who it is counted for; nil for nobody.
    /// - Returns: the ticket that has to go for it.
    mutating func enter(_ ticket: Ticket, of peer: UInt64?) -> Ticket? {
        waiting[ticket] = Entry(peer: peer)
        all.add(ticket)
        if let peer {
            peers[peer, default: Line()].add(ticket)
            if let count = peers[peer]?.count, count > perPeerMax {
                return peers[peer]?.first { waiting[$0] != nil }
            }
        }
        return waiting.count > allMax ? oldest() : nil
    }

    /// The request of `ticket` is complete, or its connection is gone.
    mutating func leave(_ ticket: Ticket) {
        guard let entry = waiting.removeValue(forKey: ticket) else { return }
        bodyBytes -= entry.bodyBytes
        _ = oldest()
        _ = bodies.first { waiting[$0] != nil }
        guard let peer = entry.peer, var line = peers[peer] else { return }
        line.count -= 1
        if line.count == 0 {
            peers[peer] = nil
        } else {
            _ = line.first { waiting[$0] != nil }
            peers[peer] = line
        }
    }

    /// `ticket` holds so many more bytes of a body.
    /// - Returns: a ticket that has to go for it, possibly itself; ask ``overweight()`` for more when it has gone.
    mutating func hold(_ bytes: Int, for ticket: Ticket) -> Ticket? {
        guard bytes > 0, let entry = waiting[ticket] else { return nil }
        if entry.bodyBytes == 0 { bodies.add(ticket) }
        waiting[ticket]?.bodyBytes += bytes
        bodyBytes += bytes
        return overweight()
    }

    /// The ticket that has to go while bodies together hold too much. One that holds nothing would make no room.
    mutating func overweight() -> Ticket? {
        bodyBytes > bodyBytesMax ? bodies.first { waiting[$0] != nil } : nil
    }

    /// The one that has waited longest.
    mutating func oldest() -> Ticket? { all.first { waiting[$0] != nil } }

    /// Tickets that take up memory, those that have gone included.
    var keptTickets: Int { peers.values.reduce(all.tickets.count + bodies.tickets.count) { $0 + $1.tickets.count } }
}
