import CallModel
import CallSession
import Foundation
import SpeechAgent
import Testing

/// What of a call gets on record: its last words, its longest turns, and how it ended.
@Suite struct CallRecordTests {
    @Test(arguments: [3_200, 2_900])
    func `what the agent understands in the second after the hang-up was said before it`(saidOverMs: Int) throws {
        var call = Script()
        try call.greeted()
        let events: [(Int, CallMachine.Event)] = [
            (saidOverMs, .callEnded(carrierStatus: "completed")), (3_000, .streamClosed),
        ]
        for (ms, event) in events.sorted(by: { $0.0 < $1.0 }) { call.at(ms, event) }

        call.at(3_400, .agent(.userTranscript("and never call me again")))
        call.at(3_500, .agent(.agentText("I understand.")))
        #expect(call.machine.nextDeadlineMs == 4_000)
        #expect(call.at(3_999, .callEnded(carrierStatus: "completed")).isEmpty)
        let ended = call.at(4_000, .tick)

        let last = try #require(call.turns.last)
        #expect(last.text == "and never call me again" && last.endedMs == 3_000)
        #expect(ended.last == .finish)
        guard case .ended(let ending)? = call.journal.last else {
            Issue.record("the journal has no ending")
            return
        }
        #expect(ending.reason == "caller_hangup")
        #expect(ending.endedAt == Script.rangAt.addingTimeInterval(Double(min(saidOverMs, 3_000)) / 1_000))
        #expect(call.at(4_100, .agent(.userTranscript("late"))).isEmpty)
    }

    @Test func `a call without an agent has no last words to wait for`() throws {
        var call = Script()
        call.at(500, .streamStarted(try #require(Script.stream)))
        call.at(900, .streamClosed)
        #expect(call.at(950, .callEnded(carrierStatus: "completed")).last == .finish)

        var lost = Script()
        try lost.greeted()
        lost.at(3_000, .streamClosed)
        #expect(lost.at(3_100, .callEnded(carrierStatus: "completed")).isEmpty)
        #expect(lost.at(3_200, .agentLegLost(reason: "closed", retryable: true)).last == .finish)
    }

    @Test func `a carrier that cannot be asked does not say that the call is over`() throws {
        var call = Script()
        try call.greeted()
        call.at(3_000, .streamClosed)

        for ms in stride(from: 4_000, to: 18_000, by: 3_000) {
            #expect(call.at(ms, .tick).orders == [.askCarrier])
            #expect(call.at(ms + 500, .carrierUnreachable).isEmpty)
        }
        var resumed = call
        #expect(resumed.machine.afterStream == .reconnect)
        resumed.at(17_000, .streamStarted(try #require(Script.stream)))
        #expect(resumed.machine.phase == .talking)
        #expect(resumed.at(17_500, .carrierUnreachable).isEmpty)
        #expect(call.at(18_000, .carrierUnreachable).last == .finish)
    }

    @Test(arguments: ["no-answer", "canceled", "busy"])
    func `a caller who hangs up before the stream has ended the call`(status: String) throws {
        var call = Script()

        #expect(call.at(8_000, .callEnded(carrierStatus: status)).last == .finish)

        guard case .ended(let ending)? = call.journal.last else {
            Issue.record("the journal has no ending")
            return
        }
        #expect(ending.reason == "caller_hangup")
    }

    @Test func `one message longer than a turn becomes several, cut between words`() throws {
        var call = Script()
        try call.greeted()
        let long = (1...9_000).map { "wörd\($0)" }.joined(separator: " ")
        let unbroken = String(repeating: "ö", count: 30_000)

        call.at(3_000, .agent(.userTranscript(long)))
        call.at(4_000, .agent(.userTranscript(unbroken)))
        call.at(5_000, .agent(.agentText(long)))
        call.at(6_000, .agent(.userTranscript("stop")))

        #expect(call.turns.allSatisfy { $0.text.utf8.count <= Turn.textBytesMax })
        let caller = call.turns.filter { $0.speaker == .caller }.map(\.text)
        #expect(caller.joined(separator: " ").hasPrefix(long))
        #expect(caller.joined().contains(unbroken))
        #expect(call.turns.filter { $0.speaker == .agent }.dropFirst().map(\.text).joined(separator: " ") == long)
    }
}
