import CallModel
import Testing

@testable import LiveCalls

/// Calls as they are opened, over real sockets and without a database.
@Suite(.timeLimit(.minutes(1))) struct SwitchboardTests {
    private static func call(_ number: Int) throws -> NewCall {
        NewCall(
            callSid: try CallCards.sid(number), from: E164("+15550100100"),
            to: try #require(DialledAddress("+14155552671")), direction: .outbound)
    }

    @Test func `a call that was dialled is opened like one that rings, and is found when it is answered`() async throws
    {
        let exchange = try Exchange()
        let call = try Self.call(1)

        guard case .on(let card) = await exchange.board.open(call) else {
            Issue.record("the call is not on")
            return
        }
        let answered = try await exchange.ring(call.callSid)
        let rung = try await exchange.ring(try CallCards.sid(2))

        #expect(card.opening.direction == .outbound && card.opening.customerPhone == E164("+14155552671"))
        #expect(answered.contains("<Stream") && answered.contains(card.opening.callID.description))
        #expect(rung.contains("<Stream") && !rung.contains(card.opening.callID.description))
        #expect(exchange.board.registry.count == 2)
        await exchange.close()
    }

    @Test func `who dials is told why no call comes of it`() async throws {
        let exchange = try Exchange()
        let call = try Self.call(1)
        let over = await exchange.board.ended(call.callSid, status: "busy")
        let late = await exchange.board.open(call)
        exchange.board.registry.drain()
        let draining = await exchange.board.open(try Self.call(2))

        #expect(over)
        guard case .over = late, case .fallback(let profile) = draining else {
            Issue.record("\(late), \(draining)")
            return
        }
        #expect(profile.name == "sales" && exchange.board.registry.count == 0)
        await exchange.close()
    }
}
