import CallModel
import CallSession
import SpeechAgent
import Testing

/// What a turn's audio says of it: when it was, and what of it was heard.
@Suite struct CallTurnTests {
    /// A stream at 500 ms and an agent that greets nobody.
    private func talking(limits: CallMachine.Limits = CallMachine.Limits()) throws -> Script {
        var call = Script(limits: limits)
        call.at(100, .agent(.ready(sessionID: "s")))
        call.at(500, .streamStarted(try #require(Script.stream)))
        return call
    }

    @Test func `a turn lasts as long as its audio, though its words come in the middle of it`() throws {
        var call = try talking()
        call.at(520, .agentAudioBegan)
        call.queue(ms: 400, at: 520)
        call.heardBy(520, .agentAudible(inMs: 0))
        call.heardBy(900, .agent(.agentText("Hello, how can I help?")))
        call.queue(ms: 1_600, at: 900)
        call.heardBy(1_000, .agent(.agentAudioSent))

        call.heardBy(2_525, .playoutDrained)

        let turn = try #require(call.turns.first)
        #expect(call.turns.count == 1)
        #expect(turn.startedMs == 520)
        #expect((1_950...2_050).contains(turn.endedMs - turn.startedMs), "\(turn)")
        #expect(turn.heardText == "Hello, how can I help?" && !turn.interrupted)
    }

    @Test(arguments: [700, 1_200, 3_000])
    func `words that come after the last of their audio belong to it`(wordsMs: Int) throws {
        var call = try talking()
        call.at(520, .agentAudioBegan)
        call.queue(ms: 1_000, at: 520)
        call.heardBy(520, .agentAudible(inMs: 0))
        call.heardBy(600, .agent(.agentAudioSent))
        if wordsMs > 1_540 { call.heardBy(1_540, .playoutDrained) }
        call.heardBy(wordsMs, .agent(.agentText("Hello.")))
        if wordsMs < 1_540 { call.heardBy(1_540, .playoutDrained) }
        call.heardBy(9_000, .agent(.userTranscript("hello")))

        let turn = try #require(call.turns.first)
        #expect(call.turns.map(\.speaker) == [.agent, .caller])
        #expect(turn.startedMs == 520 && turn.endedMs == 1_540, "\(turn)")
        #expect(turn.heardText == "Hello.")
    }

    @Test func `a turn that waits behind another begins when it is heard`() throws {
        var call = try talking()
        call.at(520, .agentAudioBegan)
        call.queue(ms: 200, at: 520)

        call.heardBy(600, .agentAudible(inMs: 120))
        call.heardBy(610, .agent(.agentText("Hello.")))
        call.heardBy(700, .agent(.agentAudioSent))
        call.heardBy(920, .playoutDrained)

        #expect(call.turns.first?.startedMs == 720)
    }

    @Test func `an agent that does not say that it is done has a turn as long as its audio all the same`() throws {
        var call = try talking()
        call.at(510, .agent(.agentText("We have three plans.")))
        call.at(520, .agentAudioBegan)
        call.queue(ms: 2_000, at: 520)
        call.heardBy(520, .agentAudible(inMs: 0))

        call.heardBy(9_000, .agent(.userTranscript("which ones")))

        let turn = try #require(call.turns.first)
        #expect(turn.endedMs == 2_520, "\(turn)")
        #expect(turn.heardText == turn.text)
    }

    @Test func `a turn with a pause in its audio lasts until the last of it`() throws {
        var call = try talking()
        call.at(510, .agent(.agentText("We have three plans.")))
        call.at(520, .agentAudioBegan)
        call.queue(ms: 1_000, at: 520)
        call.heardBy(520, .agentAudible(inMs: 0))
        call.heardBy(1_540, .playoutDrained)
        call.queue(ms: 1_000, at: 3_000)

        call.heardBy(9_000, .agent(.userTranscript("which ones")))

        #expect(call.turns.first?.endedMs == 4_000)
    }

    @Test func `of a turn that is cut off the agent is told how much of its audio was heard`() throws {
        var call = try talking()
        call.queue(ms: 1_000, at: 600)
        call.heardBy(1_600, .agent(.agentAudioSent))
        call.heardBy(2_000, .agent(.userTranscript("go on")))
        call.heardBy(3_000, .agent(.agentText("We have three plans, from nine dollars a month.")))
        call.heardBy(3_000, .agentAudioBegan)
        call.queue(ms: 2_000, at: 3_010)

        let actions = call.heardBy(3_490, .agent(.userSpeechStarted))

        let told = actions.compactMap { if case .agentHeardOnly(let text, let ms) = $0 { (text, ms) } else { nil } }
        #expect(told.map(\.1) == [480])
        #expect(told.allSatisfy { !$0.0.isEmpty && $0.0.count < 40 })
    }

    @Test func `words without a sound were heard by nobody`() throws {
        var call = try talking()
        call.at(600, .agent(.agentText("Hello, this is Clara, the AI assistant.")))

        let actions = call.at(610, .agent(.agentAudioSent))

        let turn = try #require(call.turns.first)
        #expect(turn.text == "Hello, this is Clara, the AI assistant.")
        #expect(turn.heardText.isEmpty && turn.interrupted)
        #expect(actions.contains(.agentHeardOnly("", ms: 0)), "the agent is not to remember having said it")
    }

    @Test func `words without a sound are not heard because others are being heard`() throws {
        var call = try talking()
        call.at(510, .agentAudioBegan)
        call.queue(ms: 1_000, at: 520)
        call.heardBy(520, .agentAudible(inMs: 0))
        call.heardBy(600, .agent(.agentAudioSent))
        call.heardBy(1_600, .playoutDrained)
        call.heardBy(1_700, .agent(.agentText("Never spoken.")))
        call.heardBy(1_710, .agent(.agentAudioSent))
        call.heardBy(2_000, .agent(.agentText("Nor this.")))
        call.heardBy(2_010, .agent(.userTranscript("hello?")))

        #expect(call.turns.filter { $0.speaker == .agent }.last?.heardText == "")
    }

    @Test func `an answer without a sound leaves the caller not in silence`() throws {
        var call = try talking()
        try answered(&call)
        call.heardBy(10_000, .agent(.userTranscript("how much is it")))
        call.heardBy(11_000, .agent(.agentText("Ten dollars.")))
        call.heardBy(11_010, .agent(.agentAudioSent))

        let actions = call.heardBy(18_000, .tick)

        #expect(actions.orders == [.agent(.say("Sorry, could you say that again, please?", mode: .queue))])
    }

    private func answered(_ call: inout Script) throws {
        call.at(510, .agentAudioBegan)
        call.queue(ms: 100, at: 520)
        call.heardBy(520, .agentAudible(inMs: 0))
        call.heardBy(600, .agent(.agentText("Hello.")))
        call.heardBy(620, .agent(.agentAudioSent))
        call.heardBy(640, .playoutDrained)
    }

    @Test func `audio there was no room for is not heard`() throws {
        var call = try talking()
        call.at(510, .agent(.agentText("one two three four five six seven eight")))
        call.at(520, .agentAudioBegan)
        call.queue(ms: 2_000, at: 520)
        call.playout.droppedBytes = 16_000
        call.heardBy(520, .agentAudible(inMs: 0))
        call.heardBy(600, .agent(.agentAudioSent))

        call.heardBy(2_600, .playoutDrained)

        #expect(call.turns.first?.heardText == "one two three four")
    }

    @Test func `the caller's turn is where the voice was, not where the words came`() throws {
        var call = try talking()
        call.at(3_100, .callerVoiceStarted(lagMs: 100))
        call.at(5_000, .callerVoiceEnded(lagMs: 550))

        call.at(5_300, .agent(.userTranscript("I need a demo")))

        let turn = try #require(call.turns.last)
        #expect(turn.startedMs == 3_000 && turn.endedMs == 4_450)
    }

    @Test func `words that come before the pause is over end with the last voiced frame`() throws {
        var call = try talking()
        call.at(3_100, .callerVoiceStarted(lagMs: 100))
        call.playout.callerVoicedMs = 4_450

        call.at(4_700, .agent(.userTranscript("I need a demo")))

        #expect(call.turns.last?.endedMs == 4_450)
    }

    @Test func `noise long before the words is no part of them`() throws {
        var call = try talking()
        call.at(1_000, .callerVoiceStarted(lagMs: 100))
        call.at(1_700, .callerVoiceEnded(lagMs: 550))
        call.at(9_100, .callerVoiceStarted(lagMs: 100))
        call.at(9_900, .callerVoiceEnded(lagMs: 550))

        call.at(10_000, .agent(.userTranscript("hello")))

        #expect(call.turns.last?.startedMs == 9_000)
    }

    @Test func `a short word that the agent notices late ended when its voice did`() throws {
        var call = try talking()
        call.at(3_100, .callerVoiceStarted(lagMs: 100))
        call.at(3_850, .callerVoiceEnded(lagMs: 550))
        call.at(3_900, .agent(.userSpeechStarted))

        call.at(4_200, .agent(.userTranscript("yes")))

        #expect(call.turns.last?.endedMs == 3_300)
    }

    // MARK: Told twice

    @Test(arguments: ["I would like a demo", "I would like a demo.", "  i would like a demo "])
    func `the caller's words told twice are one turn`(again: String) throws {
        var call = try talking()
        call.at(3_000, .agent(.userTranscript("I would like a demo")))
        #expect(call.machine.isRepeat(again, at: 3_200))

        call.at(3_200, .agent(.userTranscript(again)))
        call.at(3_900, .agent(.userTranscript("I would like a demo")))

        #expect(call.turns.map(\.text) == ["I would like a demo"])
    }

    @Test(
        arguments: [
            [.callerVoiceStarted(lagMs: 100)], [.agent(.userSpeechStarted)], [.agent(.agentText("Are you sure?"))],
            [.agentAudioBegan], [.keyPressed("1")],
        ] as [[CallMachine.Event]])
    func `the same words said again are another turn`(between: [CallMachine.Event]) throws {
        var call = try talking()
        call.at(3_000, .agent(.userTranscript("yes")))
        for event in between { call.at(3_300, event) }
        #expect(!call.machine.isRepeat("yes", at: 3_900))

        call.at(4_000, .agent(.userTranscript("yes")))

        #expect(call.turns.filter { $0.speaker == .caller }.map(\.text) == ["yes", "yes"])
    }

    @Test func `the same words on another stream are another turn`() throws {
        var call = try talking()
        call.at(3_000, .agent(.userTranscript("hello?")))
        call.at(3_100, .streamClosed)
        call.at(3_500, .streamStarted(try #require(Script.stream)))

        call.at(4_000, .agent(.userTranscript("hello?")))

        #expect(call.turns.count == 2)
    }

    @Test func `the same words long after the first are another turn, whatever was not noticed between`() throws {
        var call = try talking()
        for ms in [3_000, 4_999, 6_999] { call.at(ms, .agent(.userTranscript("hello?"))) }

        #expect(call.turns.map(\.startedMs) == [3_000, 6_999])
    }

    @Test func `other words are never taken for the same`() throws {
        var call = try talking()
        for text in ["no", "now", "…", "?", "नहीं", "नही"] { call.at(3_000, .agent(.userTranscript(text))) }

        #expect(call.turns.count == 6)
    }

    // MARK: Bounds

    @Test func `an answer without end is on record whole, in turns of bounded size, and its journal is small`() throws {
        var call = try talking()
        call.at(520, .agentAudioBegan)
        call.queue(ms: 60_000, at: 520)
        call.heardBy(520, .agentAudible(inMs: 0))
        let sentences = (1...1_500).map { "This is sentence number \($0) of a very long answer to a short question." }
        for (index, sentence) in sentences.enumerated() { call.heardBy(600 + index * 10, .agent(.agentText(sentence))) }
        call.heardBy(20_000, .agent(.agentAudioSent))
        call.heardBy(60_540, .playoutDrained)

        let turns = call.turns
        #expect(turns.map(\.text).joined(separator: " ") == sentences.joined(separator: " "))
        #expect(turns.allSatisfy { $0.text.utf8.count <= 16_384 && $0.heardText == $0.text })
        #expect(turns.map(\.number) == Array(1...turns.count))
        #expect(zip(turns, turns.dropFirst()).allSatisfy { $0.endedMs <= $1.startedMs })
        #expect(turns.first?.startedMs == 520 && turns.last?.endedMs == 60_540)
        let written = call.journal.reduce(0) { sum, entry in
            if case .turn(let turn) = entry { sum + turn.text.utf8.count + turn.heardText.utf8.count } else { sum }
        }
        #expect(written < 2_000_000, "\(written) bytes")
    }

    @Test func `a message of a megabyte is cut into turns, cut off and told of`() throws {
        var call = try talking()
        call.at(600, .agent(.agentText(String(repeating: "word ", count: 200_000))))
        call.at(700, .agent(.userTranscript(String(repeating: "日本", count: 10_000))))

        let turns = call.turns
        #expect(turns.count { $0.speaker == .agent } == 16)
        #expect(turns.allSatisfy { $0.text.utf8.count <= 16_384 && !$0.text.contains("\u{FFFD}") })
        #expect(turns.filter { $0.speaker == .caller }.map(\.text).joined() == String(repeating: "日本", count: 10_000))
        #expect(
            call.journal.contains { if case .note(let note, _) = $0 { note.contains("left out") } else { false } })
    }

    @Test func `a growing turn is on disk within a second of its last words`() throws {
        var call = try talking()
        call.at(600, .agent(.agentText(String(repeating: "word ", count: 100))))
        call.at(610, .agent(.agentText("and the end.")))
        #expect(call.turns.last?.text.hasSuffix("the end.") == false, "too little to write it all again")

        #expect(call.machine.nextDeadlineMs == 1_600)
        call.at(1_600, .tick)

        #expect(call.turns.last?.text.hasSuffix("the end.") == true)
        #expect(call.machine.nextDeadlineMs > 1_600)
    }

    @Test func `three thousand warnings leave three hundred short notes and their number`() throws {
        var call = Script()
        try call.greeted()
        let code = String(repeating: "é", count: 20_000)
        for index in 0..<3_000 { call.at(3_000 + index, .agent(.warning(code: code, text: ""))) }
        call.at(8_000, .streamClosed)
        call.at(8_100, .callEnded(carrierStatus: "completed"))
        call.at(9_000, .tick)

        let notes = call.journal.compactMap { if case .note(let note, _) = $0 { note } else { nil } }
        #expect(notes.count == 301)
        #expect(notes.allSatisfy { $0.utf8.count <= 500 })
        #expect(notes.last == "2700 more notes were left out")
    }

    @Test func `a tool's arguments and answer are cut to size on record only`() throws {
        var call = try talking()
        let tool = AgentToolCall(id: "f1", name: "lookup_customer", arguments: String(repeating: "x", count: 90_000))
        call.at(1_000, .agent(.toolCall(tool)))
        let result = String(repeating: "y", count: 60_000)

        let actions = call.at(1_100, .toolFinished(tool, result: result, facts: []))

        #expect(actions.contains(.agent(.toolResult(id: "f1", name: "lookup_customer", content: result))))
        guard case .toolCalled(_, let arguments, let answer, _)? = call.journal.last else {
            Issue.record("the call is not on record")
            return
        }
        #expect(arguments.utf8.count == 16_384 && answer.utf8.count == 16_384)
    }
}
