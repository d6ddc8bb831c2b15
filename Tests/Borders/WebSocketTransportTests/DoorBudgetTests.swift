import Testing

@testable import WebSocketTransport

@Suite struct DoorBudgetTests {
    private static func limits(perPeer: Int = 3, all: Int = 5, bodyBytes: Int = 100) -> TransportLimits {
        var limits = TransportLimits()
        limits.unfinishedPerPeerMax = perPeer
        limits.unfinishedMax = all
        limits.unfinishedBodyBytesMax = bodyBytes
        return limits
    }

    @Test func `the longest waiting one of a peer goes when the peer has too many`() {
        var budget = DoorBudget(Self.limits())
        #expect(budget.enter(1, of: 8) == nil)
        for ticket in UInt64(2)...4 { #expect(budget.enter(ticket, of: 7) == nil) }

        #expect(budget.enter(5, of: 7) == 2)
        budget.leave(2)
        budget.leave(3)
        #expect(budget.enter(6, of: 7) == nil)
        #expect(budget.enter(7, of: 7) == 4)
    }

    @Test func `the longest waiting one of all goes when there are too many, trusted proxies' included`() {
        var budget = DoorBudget(Self.limits())
        for ticket in UInt64(1)...5 { #expect(budget.enter(ticket, of: nil) == nil) }

        #expect(budget.enter(6, of: 9) == 1)
        budget.leave(1)
        budget.leave(6)
        #expect(budget.enter(7, of: 9) == nil)
        #expect(budget.enter(8, of: nil) == 2)
    }

    @Test func `those that hold bytes of bodies go for a body, longest waiting first, until there is room`() {
        var budget = DoorBudget(Self.limits(perPeer: 100, all: 100))
        for ticket in UInt64(1)...6 { #expect(budget.enter(ticket, of: ticket) == nil) }
        // 1 holds nothing: it costs no memory, so its going would bring none.
        for ticket in UInt64(2)...5 { #expect(budget.hold(10, for: ticket) == nil) }

        var gone: [UInt64] = []
        var next = budget.hold(85, for: 6)
        while let ticket = next {
            gone.append(ticket)
            budget.leave(ticket)
            next = budget.overweight()
        }

        #expect(gone == [2, 3, 4])
        #expect(budget.bodyBytes == 95)
        #expect(budget.hold(1_000, for: 1) == 5)
    }

    @Test func `a body above all there is room for goes itself`() {
        var budget = DoorBudget(Self.limits())
        #expect(budget.enter(1, of: 1) == nil)

        #expect(budget.hold(101, for: 1) == 1)
        budget.leave(1)
        #expect(budget.bodyBytes == 0)
        #expect(budget.count == 0)
        #expect(budget.overweight() == nil)
    }

    @Test func `leaving twice and holding without waiting change nothing`() {
        var budget = DoorBudget(Self.limits())
        #expect(budget.enter(1, of: 1) == nil)
        budget.leave(1)
        budget.leave(1)

        #expect(budget.hold(1_000, for: 1) == nil)
        #expect(budget.count == 0)
        #expect(budget.bodyBytes == 0)
    }

    @Test func `nothing is kept of those that have gone`() {
        var budget = DoorBudget(TransportLimits())
        for ticket in UInt64(1)...100_000 {
            #expect(budget.enter(ticket, of: ticket % 10) == nil)
            if ticket % 3 == 0 { #expect(budget.hold(1, for: ticket) == nil) }
            budget.leave(ticket)
        }

        #expect(budget.keptTickets < 1_000)
    }

    @Test func `the budget holds against the plain account of it under random comings and goings`() {
        var budget = DoorBudget(Self.limits(perPeer: 4, all: 9, bodyBytes: 50))
        var waiting: [(ticket: UInt64, peer: UInt64, bytes: Int)] = []
        var bodies: [UInt64] = []
        var numbers = SystemRandomNumberGenerator()
        func gone(_ ticket: UInt64) {
            budget.leave(ticket)
            waiting.removeAll { $0.ticket == ticket }
            bodies.removeAll { $0 == ticket }
        }
        for ticket in UInt64(1)...20_000 {
            switch UInt8.random(in: 0...3, using: &numbers) {
            case 0...1:
                let peer = UInt64.random(in: 0...3, using: &numbers)
                waiting.append((ticket, peer, 0))
                let of = waiting.filter { $0.peer == peer }
                let expected = of.count > 4 ? of.first?.ticket : waiting.count > 9 ? waiting.first?.ticket : nil
                let leaving = budget.enter(ticket, of: peer)
                #expect(leaving == expected)
                if let leaving { gone(leaving) }
            case 2:
                guard let index = waiting.indices.randomElement(using: &numbers) else { continue }
                let bytes = Int.random(in: 1...20, using: &numbers)
                if waiting[index].bytes == 0 { bodies.append(waiting[index].ticket) }
                waiting[index].bytes += bytes
                var leaving = budget.hold(bytes, for: waiting[index].ticket)
                while waiting.reduce(0, { $0 + $1.bytes }) > 50 {
                    #expect(leaving == bodies.first)
                    gone(leaving ?? 0)
                    leaving = budget.overweight()
                }
                #expect(leaving == nil)
            default:
                if let random = waiting.randomElement(using: &numbers) { gone(random.ticket) }
            }
            #expect(budget.count == waiting.count)
        }
    }

    @Test func `strangers get a quarter of the descriptors, and never more than the limits say`() {
        var small = TransportLimits()
        (small.unfinishedMax, small.unfinishedPerPeerMax) = (3, 2)
        func places(_ limits: TransportLimits, _ descriptors: Int) -> [Int] {
            let fitting = limits.fitting(descriptors: descriptors)
            return [fitting.unfinishedMax, fitting.unfinishedPerPeerMax]
        }

        #expect(places(TransportLimits(), 1_024) == [256, 128])
        #expect(places(TransportLimits(), 65_536) == [4_096, 512])
        #expect(places(TransportLimits(), 0) == [16, 8])
        #expect(places(small, 1_024) == [3, 2])
    }
}
