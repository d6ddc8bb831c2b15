import CallModel
import CallSession
import SpeechAgent
import Testing

/// How a call that we end does end, whatever agent and carrier leave out; keys; and delays as heard.
@Suite struct CallLeavingTests {
    private let endCall = AgentToolCall(id: "f1", name: "end_call", arguments: "{}")

    private func leaving(after prepare: (inout Script) -> Void) throws -> Script {
        var call = Script()
        try call.greeted()
        call.playout.playedOutMs = 2_520
        prepare(&call)
        call.heardBy(3_050, .agent(.toolCall(endCall)))
        call.heardBy(3_060, .toolFinished(endCall, result: "ok", facts: [], leaving: .hangUp))
        return call
    }

    /// Lets time pass, deadline by deadline, until the call is hung up or `limit` is reached.
    private func hungUpMs(_ call: inout Script, limit: Int = 60_000) -> Int? {
        while true {
            let due = call.machine.nextDeadlineMs
            guard due > call.nowMs, due < limit else { return nil }
            if call.heardBy(due, .tick).contains(.hangUp) { return due }
        }
    }

    @Test func `nobody is asked to wait for the hang-up after the goodbye`() throws {
        var call = Script()
        call.machine.partingTools = ["end_call"]
        try call.greeted()
        call.at(3_000, .agent(.toolCall(AgentToolCall(id: "e1", name: "end_call", arguments: "{}"))))

        #expect(call.at(9_000, .tick).orders.isEmpty)

        call.at(9_000, .agent(.toolCall(AgentToolCall(id: "f1", name: "lookup_customer", arguments: "{}"))))
        #expect(call.at(9_300, .tick).orders == [.agent(.say("One moment, please.", mode: .queue))])
    }

    @Test func `a goodbye that is never said to be complete is waited for two seconds after it was heard`() throws {
        var call = try leaving { call in
            call.heardBy(3_000, .agent(.agentText("Goodbye then.")))
            call.heardBy(3_000, .agentAudioBegan)
            call.queue(ms: 1_500, at: 3_000)
            call.heardBy(3_000, .agentAudible(inMs: 0))
        }

        #expect(hungUpMs(&call) == 4_500 + 2_000)
    }

    @Test func `a goodbye whose audio comes after the wish to leave is heard to its end`() throws {
        var call = try leaving { $0.heardBy(3_000, .agent(.agentText("Goodbye then."))) }
        call.heardBy(4_000, .agentAudioBegan)
        call.queue(ms: 2_000, at: 4_000)
        call.heardBy(4_000, .agentAudible(inMs: 0))

        #expect(hungUpMs(&call) == 6_000 + 2_000)
    }

    @Test func `a goodbye without a sound is not waited for for long`() throws {
        var call = try leaving { $0.heardBy(3_000, .agent(.agentText("Goodbye then."))) }

        #expect(hungUpMs(&call) == 7_000)
    }

    @Test func `a goodbye that is complete is hung up after when it was heard, marks or none`() throws {
        var call = try leaving { call in
            call.heardBy(3_000, .agent(.agentText("Goodbye then.")))
            call.heardBy(3_000, .agentAudioBegan)
            call.queue(ms: 1_500, at: 3_000)
            call.heardBy(3_000, .agentAudible(inMs: 0))
            call.heardBy(3_010, .agent(.agentAudioSent))
        }
        let before = call

        #expect(call.heardBy(4_520, .playoutDrained).contains(.hangUp))
        call = before
        #expect(hungUpMs(&call) == 4_500 + 2_000, "no mark came back")
    }

    @Test func `a transfer does not wait longer for its announcement than a hang-up for its goodbye`() throws {
        var call = Script()
        try call.greeted()
        call.playout.playedOutMs = 2_520
        call.heardBy(3_000, .agent(.agentText("I am connecting you.")))
        call.heardBy(3_000, .agentAudioBegan)
        call.queue(ms: 1_500, at: 3_000)
        call.heardBy(3_010, .transferWanted(reason: "asked"))

        var asked: Int?
        while asked == nil, call.machine.nextDeadlineMs < 30_000 {
            let due = call.machine.nextDeadlineMs
            if call.heardBy(due, .tick).contains(.transfer) { asked = due }
        }

        #expect(asked == 6_500)
    }

    @Test func `a stream that the carrier does not close after a hang-up is closed by us`() throws {
        var call = try leaving { _ in }
        let hungUp = try #require(hungUpMs(&call))

        #expect(call.machine.nextDeadlineMs == hungUp + 2_000)
        #expect(call.heardBy(hungUp + 2_000, .tick) == [.closeStream])
        #expect(call.machine.nextDeadlineMs == .max, "once is enough")
        call.heardBy(hungUp + 2_010, .streamClosed)
        #expect(call.machine.afterStream == .hangUp)
        #expect(call.heardBy(hungUp + 3_010, .tick).orders == [.askCarrier])
        call.at(hungUp + 3_020, .callEnded(carrierStatus: "completed"))
        guard case .ended(let ending)? = call.journal.last else {
            Issue.record("the journal has no ending")
            return
        }
        #expect(ending.reason == "agent_hangup")
    }

    @Test func `a transfer that the carrier accepts and does not perform brings the agent back`() throws {
        var call = Script()
        try call.greeted()
        call.at(3_000, .transferWanted(reason: "asked"))
        #expect(call.at(3_400, .tick).orders == [.transfer])
        #expect(call.machine.nextDeadlineMs == 13_400)

        let actions = call.at(13_400, .tick)

        #expect(
            actions.orders.contains {
                if case .agent(.say(let text, _)) = $0 { text.contains("nobody") } else { false }
            })
        #expect(call.machine.afterStream == .reconnect)
        #expect(call.machine.nextDeadlineMs > 13_400)
    }

    // MARK: Keys

    private func told(_ actions: [CallMachine.Action]) -> [String] {
        actions.compactMap { if case .agent(.userText(let text)) = $0 { text } else { nil } }
    }

    @Test func `keys pressed one after the other reach the agent as one input, the record as they come`() throws {
        var call = Script()
        try call.greeted()
        var inputs: [String] = []
        for (index, key) in "4711042#".enumerated() {
            inputs += told(call.at(3_000 + index * 100, .keyPressed(String(key))))
        }

        #expect(inputs == ["(keypad input: 4711042#)"])
        #expect(call.machine.nextDeadlineMs > 10_000)
        let keys = call.journal.compactMap { if case .dtmf(let digit, _) = $0 { digit } else { nil } }
        #expect(keys.joined() == "4711042#")
    }

    @Test func `an input without # is complete after a pause, and what follows is another`() throws {
        var call = Script()
        try call.greeted()
        for (index, key) in "15*".enumerated() {
            #expect(told(call.at(3_000 + index * 1_400, .keyPressed(String(key)))).isEmpty)
        }

        #expect(call.machine.nextDeadlineMs == 5_800 + 1_500)
        #expect(told(call.at(7_300, .tick)) == ["(keypad input: 15*)"])
        #expect(told(call.at(7_310, .keyPressed("#"))) == ["(keypad input: #)"])
        #expect(told(call.at(20_000, .tick)).isEmpty)
    }

    @Test func `keys without end are told in inputs of bounded length`() throws {
        var call = Script()
        try call.greeted()

        let inputs = (0..<200).flatMap { told(call.at(3_000 + $0, .keyPressed("7"))) }

        #expect(inputs.count == 3)
        #expect(inputs.allSatisfy { $0.count { $0 == "7" } == 64 })
    }

    @Test func `keys pressed before a stream was cut are told on the next one`() throws {
        var call = Script()
        try call.greeted()
        call.at(3_000, .keyPressed("4"))
        #expect(told(call.at(3_100, .streamClosed)).isEmpty)

        let actions = call.at(9_000, .streamStarted(try #require(Script.stream)))

        #expect(told(actions) == ["(keypad input: 4)"])
    }

    // MARK: Delays

    @Test func `the answer and the filler before it are timed apart, each as heard`() throws {
        var call = Script()
        try call.greeted()
        call.at(5_000, .callerVoiceEnded(lagMs: 550))
        call.at(5_100, .agent(.userTranscript("what does it cost")))
        call.at(6_000, .agentHeard(agoMs: 20, isFiller: true))
        call.at(7_000, .agentHeard(agoMs: 20, isFiller: true))
        call.at(8_000, .agentHeard(agoMs: 40, isFiller: false))
        call.at(8_500, .agentHeard(agoMs: 40, isFiller: false))
        call.at(9_000, .agent(.userTranscript("and per year")))
        call.at(9_900, .agentHeard(agoMs: 40, isFiller: false))
        call.at(11_000, .agent(.userTranscript("one moment")))
        call.at(12_000, .agentHeard(agoMs: 0, isFiller: true))
        call.at(13_000, .agent(.userTranscript("hello?")))

        #expect(
            call.machine.ear.responses == [
                .init(callerEndedMs: 4_450, firstAudioMs: 5_980, fillerMs: 5_980, answerMs: 7_960),
                .init(callerEndedMs: 9_000, firstAudioMs: 9_860, answerMs: 9_860),
                .init(callerEndedMs: 11_000, firstAudioMs: 12_000, fillerMs: 12_000),
            ])
        #expect(call.machine.isFiller("One moment, please.") && !call.machine.isFiller("Ten dollars."))
    }
}
