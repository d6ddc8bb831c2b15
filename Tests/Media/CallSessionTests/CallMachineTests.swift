import CallModel
import CallSession
import Foundation
import SpeechAgent
import Testing

@Suite struct CallMachineTests {
    @Test func `the greeting is one agent turn, heard whole`() throws {
        var call = Script()

        try call.greeted()

        let turn = try #require(call.turns.first)
        #expect(call.turns.count == 1)
        #expect(turn.speaker == .agent)
        #expect(turn.text == "Hello there, how can I help?")
        #expect(turn.heardText == turn.text)
        #expect(!turn.interrupted)
        #expect(call.machine.ear.pickupToFirstAudioMs == 60)
    }

    @Test func `barge-in silences the caller's line before anything else`() throws {
        var call = Script()
        try call.greeted()
        call.at(3_000, .agent(.agentText("We sell telephone systems to teams of every size.")))
        call.at(3_000, .agentAudioBegan)
        call.playout = CallMachine.Playout(queuedBytes: 48_000, heardBytes: 32_000, audible: true)

        let actions = call.at(4_000, .agent(.userSpeechStarted))

        #expect(actions.first == .discardPlayout)
        let turn = try #require(call.turns.last)
        #expect(turn.interrupted)
        #expect(turn.heardText == "We sell telephone")
    }

    @Test func `a caller who speaks while nothing is playing interrupts nobody`() throws {
        var call = Script()
        try call.greeted()

        let actions = call.at(4_000, .agent(.userSpeechStarted))

        #expect(actions.orders.isEmpty)
    }

    @Test func `after noise cut it short the agent takes up again where it was`() throws {
        var call = Script()
        try call.greeted()
        call.at(3_000, .agent(.agentText("one two three four")))
        call.at(3_000, .agentAudioBegan)
        call.playout = CallMachine.Playout(queuedBytes: 32_000, heardBytes: 24_000, audible: true)
        call.at(4_000, .agent(.userSpeechStarted))
        call.playout = CallMachine.Playout(queuedBytes: 32_000, heardBytes: 32_000)
        call.at(4_100, .callerVoiceStarted(lagMs: 100))
        call.at(4_800, .callerVoiceEnded(lagMs: 550))

        let actions = call.at(4_800 + 2_000, .tick)

        #expect(
            actions.orders == [.agent(.say("two three four", mode: .queue))]
                || actions.orders == [.agent(.say("three four", mode: .queue))])
    }

    @Test func `words after an interruption leave the interrupted sentence alone`() throws {
        var call = Script()
        try call.greeted()
        call.at(3_000, .agent(.agentText("one two three four")))
        call.at(3_000, .agentAudioBegan)
        call.playout = CallMachine.Playout(queuedBytes: 32_000, heardBytes: 24_000, audible: true)
        call.at(4_000, .agent(.userSpeechStarted))
        call.playout = CallMachine.Playout(queuedBytes: 32_000, heardBytes: 32_000)
        call.at(4_900, .callerVoiceEnded(lagMs: 550))
        call.at(5_000, .agent(.userTranscript("how much is it")))

        #expect(call.at(7_100, .tick).orders.isEmpty)
        #expect(call.turns.map(\.speaker) == [.agent, .agent, .caller])
    }

    @Test func `a tool's answer goes to the agent once and its facts to the journal`() throws {
        var call = Script()
        try call.greeted()
        let tool = AgentToolCall(id: "f1", name: "save_contact_details", arguments: "{}")
        #expect(call.at(3_000, .agent(.toolCall(tool))).orders == [.runTool(tool)])
        let fact = CallFact.contactDetails(name: "Ann", email: nil, company: nil, position: nil)

        let first = call.at(3_050, .toolFinished(tool, result: "ok", facts: [fact]))
        let second = call.at(3_060, .toolFinished(tool, result: "ok", facts: [fact]))

        #expect(first.orders == [.agent(.toolResult(id: "f1", name: "save_contact_details", content: "ok"))])
        #expect(second.isEmpty)
        #expect(call.journal.contains(.fact(fact, atMs: 3_050)))
    }

    @Test func `a cancelled tool settles nothing`() throws {
        var call = Script()
        try call.greeted()
        let tool = AgentToolCall(id: "f1", name: "book_meeting", arguments: "{}")
        call.at(3_000, .agent(.toolCall(tool)))
        #expect(call.at(3_010, .agent(.toolCancelled(["f1"]))).orders == [.cancelTools(["f1"])])

        let late = call.at(3_020, .toolFinished(tool, result: "ok", facts: [.doNotContact(words: "x")]))

        #expect(late.isEmpty)
    }

    @Test func `a tool that takes longer than 300 ms is covered by a word`() throws {
        var call = Script()
        try call.greeted()
        let tool = AgentToolCall(id: "f1", name: "lookup_customer", arguments: "{}")
        call.at(3_000, .agent(.toolCall(tool)))

        #expect(call.at(3_299, .tick).orders.isEmpty)
        #expect(call.at(3_300, .tick).orders == [.agent(.say("One moment, please.", mode: .queue))])
        #expect(call.at(3_400, .tick).orders.isEmpty)
    }

    @Test func `end_call hangs up only when the goodbye was heard`() throws {
        var call = Script()
        try call.greeted()
        let tool = AgentToolCall(id: "f1", name: "end_call", arguments: "{}")
        call.playout = CallMachine.Playout(queuedBytes: 20_000, heardBytes: 16_000, audible: true)
        call.at(3_000, .agent(.agentText("Goodbye.")))
        call.at(3_000, .agentAudioBegan)
        call.at(3_001, .agent(.agentAudioSent))
        call.at(3_002, .agent(.toolCall(tool)))
        let told = call.at(3_010, .toolFinished(tool, result: "ok", facts: [], leaving: .hangUp))
        #expect(!told.contains(.hangUp))
        #expect(call.at(3_500, .tick).orders.isEmpty)
        call.playout = CallMachine.Playout(queuedBytes: 20_000, heardBytes: 20_000)

        #expect(call.at(3_700, .playoutDrained).orders == [.hangUp])
        #expect(call.machine.afterStream == .hangUp)
    }

    @Test func `a hang-up is not put off for ever`() throws {
        var call = Script()
        try call.greeted()
        let tool = AgentToolCall(id: "f1", name: "end_call", arguments: "{}")
        call.at(3_000, .agent(.toolCall(tool)))
        call.at(3_010, .toolFinished(tool, result: "ok", facts: [], leaving: .hangUp))
        call.playout = CallMachine.Playout(queuedBytes: 99_000, heardBytes: 16_000, audible: true)

        #expect(call.at(18_009, .tick).orders.isEmpty)
        #expect(call.at(18_010, .tick).orders == [.hangUp])
    }

    @Test func `an agent that is lost is replaced once, with an apology`() throws {
        var call = Script()
        try call.greeted()

        let first = call.at(3_000, .agentLegLost(reason: "reset", retryable: true))
        #expect(first.orders == [.playApology, .reopenAgentLeg])
        call.at(3_300, .agent(.ready(sessionID: "t")))
        let second = call.at(4_000, .agentLegLost(reason: "reset", retryable: true))

        #expect(second.orders == [.closeStream])
        #expect(call.machine.afterStream == .fallback)
    }

    @Test func `an agent that cannot come back leads to the fallback at once`() throws {
        var call = Script()
        try call.greeted()

        #expect(call.at(3_000, .agentLegLost(reason: "401", retryable: false)).orders == [.closeStream])
    }

    @Test func `an agent that never speaks is replaced, then given up`() throws {
        var call = Script()
        call.at(500, .streamStarted(try #require(Script.stream)))

        #expect(call.at(2_999, .tick).orders.isEmpty)
        #expect(call.at(3_000, .tick).orders == [.playApology, .reopenAgentLeg])
        #expect(call.at(5_500, .tick).orders == [.closeStream])
    }

    @Test func `a stream that closes is not a call that ended`() throws {
        var call = Script()
        try call.greeted()
        call.at(3_000, .streamClosed)

        #expect(call.machine.phase == .streamless(sinceMs: 3_000))
        #expect(call.machine.afterStream == .reconnect)
        #expect(call.at(4_000, .tick).orders == [.askCarrier])
        let ended = call.at(4_100, .callEnded(carrierStatus: "completed"))
        #expect(ended.last == .finish)
        guard case .ended(let ending)? = call.journal.last else {
            Issue.record("the journal has no ending")
            return
        }
        #expect(ending.reason == "caller_hangup")
        #expect(ending.endedAt == Script.rangAt.addingTimeInterval(3))
    }

    @Test func `a sentence that the stream cut off is taken up on the next one, once`() throws {
        var call = Script()
        try call.greeted()
        call.at(3_000, .agent(.agentText("one two three four")))
        call.at(3_000, .agentAudioBegan)
        call.playout = CallMachine.Playout(queuedBytes: 32_000, heardBytes: 24_000, audible: true)
        call.at(4_000, .streamClosed)
        call.playout = CallMachine.Playout(queuedBytes: 32_000, heardBytes: 32_000)
        let next = try #require(StreamSid("MZ00000000000000000000000000000002"))

        let resumed = call.at(4_300, .streamStarted(next)).orders
        call.at(5_000, .streamClosed)
        let again = call.at(5_300, .streamStarted(next)).orders

        #expect(
            resumed == [.agent(.say("two three four", mode: .queue))]
                || resumed == [.agent(.say("three four", mode: .queue))])
        #expect(again.isEmpty)
    }

    @Test func `a call that moved to another loop waits for its new agent leg as for a lost one`() throws {
        var call = Script()
        try call.greeted()
        let tool = AgentToolCall(id: "f1", name: "lookup_customer", arguments: "{}")
        call.at(3_000, .agent(.toolCall(tool)))
        call.at(3_100, .streamClosed)
        call.machine.agentLegReplaced()

        #expect(call.at(3_200, .toolFinished(tool, result: "ok", facts: [])).isEmpty)
        call.at(3_300, .streamStarted(try #require(Script.stream)))
        #expect(call.at(3_300 + 2_500, .tick).orders == [.playApology, .reopenAgentLeg])
    }

    @Test func `nothing follows the end`() throws {
        var call = Script()
        try call.greeted()
        call.at(2_000, .streamClosed)
        call.at(3_000, .callEnded(carrierStatus: "completed"))

        #expect(call.at(3_100, .agent(.userTranscript("hello"))).isEmpty)
        #expect(call.at(3_200, .callEnded(carrierStatus: "completed")).isEmpty)
        #expect(call.machine.nextDeadlineMs == .max)
    }

    @Test func `the carrier's word that the call is over does not cut off the rest of the stream`() throws {
        var call = Script()
        try call.greeted()

        #expect(call.at(3_000, .callEnded(carrierStatus: "completed")).isEmpty)
        #expect(call.at(3_010, .callEnded(carrierStatus: "completed")).isEmpty)
        #expect(call.at(3_020, .agentLegLost(reason: "closed", retryable: true)).isEmpty)
        call.at(3_030, .agent(.userTranscript("and by Friday, please")))
        call.at(3_040, .streamClosed)
        let ended = call.at(4_040, .tick)

        #expect(call.turns.last?.text == "and by Friday, please")
        #expect(ended.count { $0 == .finish } == 1)
        guard case .ended(let ending)? = call.journal.last else {
            Issue.record("the journal has no ending")
            return
        }
        #expect(ending.endedAt == Script.rangAt.addingTimeInterval(3))
    }

    @Test func `a stream that stays open after the call was over is waited for a second`() throws {
        var call = Script()
        try call.greeted()
        call.at(3_000, .callEnded(carrierStatus: "completed"))

        #expect(call.machine.nextDeadlineMs == 4_000)
        #expect(call.at(3_999, .tick).isEmpty)
        #expect(call.at(4_000, .tick).last == .finish)
    }

    @Test func `a hangup in mid-sentence keeps what was heard of it`() throws {
        var call = Script()
        try call.greeted()
        call.at(3_000, .agent(.agentText("one two three four")))
        call.at(3_000, .agentAudioBegan)
        call.playout = CallMachine.Playout(queuedBytes: 32_000, heardBytes: 24_000, audible: true)

        call.at(4_000, .streamClosed)

        #expect(call.turns.last?.heardText == "one two" || call.turns.last?.heardText == "one")
        #expect(call.turns.last?.interrupted == true)
    }

    @Test func `silence, length and turns each end a call with a goodbye and a reason`() throws {
        var limits = CallMachine.Limits()
        limits.silenceMsMax = 10_000
        var silent = Script(limits: limits)
        try silent.greeted()
        let goodbye = silent.at(12_600, .tick).orders
        #expect(goodbye.count == 1)
        #expect(silent.machine.leaving?.reason == "silence_timeout")

        limits.silenceMsMax = 1_000_000
        limits.callMsMax = 20_000
        var long = Script(limits: limits)
        try long.greeted()
        #expect(long.at(19_999, .tick).orders.isEmpty)
        #expect(!long.at(20_000, .tick).orders.isEmpty)
        #expect(long.machine.leaving?.reason == "max_duration")

        limits.turnsMax = 2
        var chatty = Script(limits: limits)
        try chatty.greeted()
        chatty.at(4_000, .agent(.userTranscript("hello")))
        #expect(chatty.machine.leaving?.reason == "turn_limit")
    }

    @Test func `a transfer waits for the announcement and survives its own failure`() throws {
        var call = Script()
        try call.greeted()
        let tool = AgentToolCall(id: "f1", name: "transfer_to_human", arguments: "{}")
        call.at(3_000, .agent(.toolCall(tool)))
        call.at(
            3_010, .toolFinished(tool, result: "ok", facts: [.transferRequested(reason: "asked")], leaving: .transfer))
        #expect(call.at(3_410, .tick).orders == [.transfer])
        #expect(call.machine.afterStream == .transferring)
        call.at(3_500, .streamClosed)

        call.at(9_000, .transferFailed(reason: "no-answer"))

        #expect(call.machine.afterStream == .reconnect)
    }

    @Test func `a caller who hangs up before the transfer was no transferred caller`() throws {
        var call = Script()
        try call.greeted()
        let tool = AgentToolCall(id: "f1", name: "transfer_to_human", arguments: "{}")
        call.at(3_000, .agent(.toolCall(tool)))
        call.at(
            3_010, .toolFinished(tool, result: "ok", facts: [.transferRequested(reason: "asked")], leaving: .transfer))
        call.at(3_100, .streamClosed)

        call.at(3_200, .callEnded(carrierStatus: "completed"))
        call.at(4_100, .tick)

        guard case .ended(let ending)? = call.journal.last else {
            Issue.record("the journal has no ending")
            return
        }
        #expect(ending.reason == "caller_hangup")
    }

    @Test func `a deadline in the past is never asked for twice in a row`() throws {
        var call = Script()
        try call.greeted()
        for _ in 0..<2_000 {
            let due = call.machine.nextDeadlineMs
            guard due != .max else { break }
            #expect(due > call.nowMs || call.machine.phase == .ended, "a timer that fires at once, for ever")
            guard due > call.nowMs else { return }
            call.at(due, .tick)
        }
    }

    @Test func `a held call takes no silence for a fault, and has its patience back afterwards`() throws {
        var limits = CallMachine.Limits()
        limits.silenceMsMax = 10_000
        var call = Script(limits: limits)
        try call.greeted()
        call.at(3_000, .agent(.userTranscript("may we call in the evening")))
        call.at(3_010, .held(true))

        #expect(call.at(60_000, .tick).orders.isEmpty)
        #expect(call.machine.nextDeadlineMs > 60_000)
        call.at(61_000, .agent(.userTranscript("yes please")))
        #expect(call.at(80_000, .tick).orders.isEmpty)

        call.at(90_000, .held(false))
        #expect(call.at(99_999, .tick).orders.isEmpty)
        #expect(call.at(100_000, .tick).orders.count == 1)
        #expect(call.machine.leaving?.reason == "silence_timeout")
    }

    @Test func `noise during a consult is no false interruption`() throws {
        var call = Script()
        try call.greeted()
        call.at(3_000, .held(true))
        call.at(3_100, .agent(.agentText("one two three four")))
        call.at(3_100, .agentAudioBegan)
        call.playout = CallMachine.Playout(queuedBytes: 32_000, heardBytes: 24_000, audible: true)
        call.at(4_000, .agent(.userSpeechStarted))
        call.playout.audible = false
        call.at(4_500, .callerVoiceEnded(lagMs: 300))

        #expect(call.at(7_000, .tick).orders.isEmpty)
    }

    @Test func `a consult is not run like a tool and has no filler`() throws {
        var call = Script()
        try call.greeted()
        call.machine.guestTools = [AgentTools.consult]
        let wish = AgentToolCall(id: "f1", name: AgentTools.consult, arguments: "{}")

        #expect(call.at(3_000, .agent(.toolCall(wish))).orders == [.askGuest(wish)])
        #expect(call.at(3_400, .tick).orders.isEmpty)
    }

    @Test func `a guest ends the call once what is being said was heard`() throws {
        var call = Script()
        try call.greeted()
        call.playout.audible = true
        call.at(3_000, .endWanted(reason: "guest_left"))

        #expect(call.at(3_500, .tick).orders.isEmpty)
        call.playout.audible = false
        #expect(call.at(3_600, .tick).orders == [.hangUp])
    }

    @Test func `a person who is wanted by key is rung without the agent`() throws {
        var call = Script()
        try call.greeted()
        call.at(3_000, .transferWanted(reason: "key 0"))

        #expect(call.at(3_410, .tick).orders == [.transfer])
        #expect(call.journal.contains(.fact(.transferRequested(reason: "key 0"), atMs: 3_000)))
    }

    @Test func `no order of events breaks the call's rules`() throws {
        let stream = try #require(Script.stream)
        let tool = AgentToolCall(id: "f1", name: "end_call", arguments: "{}")
        let alphabet: [CallMachine.Event] = [
            .streamStarted(stream), .streamClosed, .agent(.ready(sessionID: "s")), .agent(.userSpeechStarted),
            .agent(.userTranscript("yes")), .agent(.agentText("hello")), .agent(.agentAudioSent),
            .agent(.toolCall(tool)),
            .agentLegLost(reason: "x", retryable: true), .agentAudioBegan, .agentAudible(inMs: 20),
            .agentHeard(agoMs: 20, isFiller: false), .playoutDrained,
            .callerVoiceStarted(lagMs: 100),
            .callerVoiceEnded(lagMs: 500), .keyPressed("1"),
            .toolFinished(tool, result: "ok", facts: [], leaving: .hangUp),
            .transferFailed(reason: "x"), .endWanted(reason: "x"), .tick,
        ]
        var random = SplitMix(seed: 7)
        for _ in 0..<400 {
            var call = Script()
            var finishes = 0
            var hangUps = 0
            for step in 1...60 {
                call.playout = CallMachine.Playout(
                    queuedBytes: step * 1_000, heardBytes: step * 900, audible: Bool.random(using: &random))
                let event = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
                let actions = call.at(step * Int.random(in: 10...400, using: &random) + call.nowMs, event)
                hangUps += actions.count { $0 == .hangUp }
            }
            for event in [.callEnded(carrierStatus: "completed"), .streamClosed, .tick] as [CallMachine.Event] {
                finishes += call.at(call.nowMs + 500, event).count { $0 == .finish }
            }
            finishes += call.at(call.nowMs + 500, .tick).count { $0 == .finish }
            #expect(finishes == 1)
            #expect(hangUps <= 1)
            let numbers = call.turns.map(\.number)
            #expect(numbers == Array(1...max(1, numbers.count)).prefix(numbers.count).map { $0 })
        }
    }
}

private struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
