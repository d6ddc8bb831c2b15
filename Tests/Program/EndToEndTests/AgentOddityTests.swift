import AudioCore
import CallModel
import Database
import Foundation
import Gateway
import SimulatedCarrier
import SpeechAgent
import TestSupport
import Testing
import WebSocketTransport

/// An agent or a carrier that leaves out, doubles or delays what the protocol promises: the caller's ear and the record
/// have it right all the same.
@Suite(.staged) struct AgentOddityTests {
    private struct Spoken {
        var speaker: String
        var startedMs: Int
        var endedMs: Int
        var text: String
        var heardText: String
        var interrupted: Bool
    }

    private func turns(_ report: SimulatedCallReport, on theatre: Theatre) async throws -> [Spoken] {
        try await theatre.stage.database.rows(
            """
            select t.* from conversations t join calls c on c.id = t.call_id where c.carrier_call_sid = $1
            order by t.turn_number
            """, [.text(report.callSid)]
        ).map {
            Spoken(
                speaker: try $0.text("speaker"), startedMs: try $0.int("started_ms"), endedMs: try $0.int("ended_ms"),
                text: try $0.text("text"), heardText: try $0.text("heard_text"),
                interrupted: try $0.bool("interrupted"))
        }
    }

    @Test func `words in the middle of their audio make a turn as long as the audio`() async throws {
        let theatre = try await Theatre.open()
        var part = ScriptedAgent.Part()
        part.onReady = { leg, _ in
            leg.sendAudio(Tone.audio(0x20, frames: 20))
            leg.after(ms: 300) { leg in
                leg.send(.conversationText(.assistant, "Hello, this is a test."))
                leg.sendAudio(Tone.audio(0x20, frames: 80))
                leg.send(.agentAudioDone)
            }
        }
        let scene = try await theatre.scene([part])

        let report = try await theatre.call(scene, until: Theatre.greeted, thenMs: 800)

        _ = try await theatre.record(of: report)
        let turn = try #require(try await turns(report, on: theatre).first)
        #expect((1_850...2_300).contains(turn.endedMs - turn.startedMs), "\(turn)")
        #expect(turn.heardText == "Hello, this is a test." && !turn.interrupted)
    }

    @Test func `a greeting without a sound is heard by nobody and discloses nothing`() async throws {
        let theatre = try await Theatre.open()
        let greeting = "Hello, this is Clara, the AI assistant of Example."
        var part = ScriptedAgent.Part()
        part.onReady = { leg, _ in
            leg.send(.conversationText(.assistant, greeting))
            leg.send(.agentAudioDone)
        }
        part.onAudio = { leg, bytes in
            guard bytes == 160 * 25 else { return }
            leg.send(.conversationText(.user, "hello"))
            leg.speak("Good morning", tone: 0x30)
        }
        let scene = try await theatre.scene([part])

        let report = try await theatre.call(scene, until: Theatre.greeted)

        let call = try await theatre.record(of: report)
        let turn = try #require(try await turns(report, on: theatre).first)
        #expect(turn.text == greeting && turn.heardText.isEmpty)
        #expect(try call.text("transcript").contains("Clara") == false)
        #expect(
            try await theatre.stage.count(
                "consents where kind = 'ai_disclosure' and call_id = $1", [.uuid(call.uuid("id"))]) == 0)
    }

    @Test(arguments: [(1_024, 60), (1_000, 40), (333, 20)])
    func `speech that comes in chunks of any length is heard bit for bit`(chunk: Int, everyMs: Int64) async throws {
        // Quiet enough to hold no silence code, and nowhere like itself.
        let speech = (0..<24_000).map { (index: Int) -> UInt8 in
            let noise = index &* 7_919 / 13
            return UInt8(truncatingIfNeeded: 0x18 + noise % 0x40)
        }
        // Most of a second, so that no machine is too slow for the agent's chunks to come in time.
        let inHand = 7_207
        var part = ScriptedAgent.Part()
        part.onReady = { leg, _ in
            leg.send(.conversationText(.assistant, "Hello, this is a test."))
            leg.sendAudio(Array(speech[..<inHand]))
            let starts = Array(stride(from: inHand, to: speech.count, by: chunk))
            for (index, start) in starts.enumerated() {
                leg.after(ms: Int64(index) * everyMs) { leg in
                    leg.sendAudio(Array(speech[start..<min(start + chunk, speech.count)]))
                    if start == starts.last { leg.send(.agentAudioDone) }
                }
            }
        }
        let agent = try ScriptedAgent([part])
        let stage = try await Stage.build(agentURL: agent.url, settings: ["PARLEY_PLAYOUT_LEAD_MS": "1000"])

        let report = try await stage.carrier.placeCall(
            script: try Stage.caller("waits", [.staySilent(ms: 8_000), .hangUp]))

        let call = try #require(try await stage.finalizedCall(report.callSid))
        let first = try #require(report.heard.firstIndex { $0 != MuLaw.silence })
        let heard = report.heard[first...].prefix(speech.count)
        let fault = zip(heard, speech).enumerated().first { $1.0 != $1.1 }?.offset
        #expect(fault == nil && heard.count == speech.count, "differs at \(fault ?? -1) of \(heard.count)")
        #expect(try Ear(of: call).underrun_bytes <= 160, "padded once, at the end")
        await stage.strike()
        await agent.shutdown()
    }

    @Test func `a goodbye that is never said to be complete is followed by the hang-up within five seconds`()
        async throws
    {
        let theatre = try await Theatre.open()
        let goodbye = "Thank you for calling and goodbye"
        var part = ScriptedAgent.Part()
        part.onAudio = { leg, bytes in
            guard bytes == 160 * 25 else { return }
            leg.send(.conversationText(.user, "that is all"))
            leg.speak(goodbye, tone: 0x13, done: false)
            leg.call("end_call", id: "e1")
        }
        let scene = try await theatre.scene([part])

        let report = try await theatre.call(scene, [.staySilent(ms: 120_000)])

        let call = try await theatre.record(of: report)
        #expect(report.endedBy == .gateway)
        #expect(try call.text("end_reason") == "agent_hangup")
        #expect(Tone.ms(of: 0x13, in: report.heard) >= Tone.frames(of: goodbye) * 20 - 40)
        let last = try #require(report.heard.lastIndex { $0 & 0x7F == 0x13 })
        #expect((report.heard.count - last) / 8 < 5_000, "\((report.heard.count - last) / 8) ms of silence")
        let turn = try #require(try await turns(report, on: theatre).last)
        #expect(turn.endedMs - turn.startedMs < Tone.frames(of: goodbye) * 20 + 400, "\(turn)")
    }

    @Test func `a stream that stays open though the carrier knows no such call is closed soon`() async throws {
        let theatre = try await Theatre.open()
        var part = ScriptedAgent.Part()
        part.onReady = { leg, settings in
            leg.speak(settings.agentGreeting ?? "")
            leg.call("end_call", id: "e1")
        }
        let scene = try await theatre.scene([part])
        let hand = try HandCarrier(theatre.stage.gateway.publicURL)
        let sid = HandCarrier.callSid()
        let stream = try await hand.talk(try await hand.ring(sid, to: scene.number), callSid: sid)

        for number in 1...1_000 where stream.closing == nil {
            stream.media(number)
            try await Task.sleep(for: .milliseconds(20))
        }

        #expect(stream.closing?.code == 1_000)
        #expect(stream.lasted < .seconds(9), "greeting, patience with marks that never come, and two seconds")
        let call = try #require(try await theatre.stage.finalizedCall(sid))
        #expect(try call.text("end_reason") == "agent_hangup")
        await hand.shutdown()
    }

    @Test func `the caller's words told twice are on record once, and said twice are twice`() async throws {
        let theatre = try await Theatre.open()
        var part = ScriptedAgent.Part()
        part.onAudio = { leg, bytes in
            switch bytes {
            case 160 * 25:
                leg.send(.conversationText(.user, "I would like a demo"))
                leg.send(.conversationText(.user, "I would like a demo"))
                leg.speak("Sure.", tone: 0x31)
            case 160 * 90:
                leg.send(.userStartedSpeaking)
                leg.send(.conversationText(.user, "I would like a demo"))
            default: break
            }
        }
        let scene = try await theatre.scene([part])

        let report = try await theatre.call(scene, until: { _ in scene.audioBytes >= 160 * 100 })

        _ = try await theatre.record(of: report)
        let said = try await turns(report, on: theatre)
        #expect(said.filter { $0.speaker == "caller" }.count == 2, "\(said.map(\.text))")
        #expect(said.map(\.text).contains("Sure."))
    }

    @Test func `keys pressed one after the other reach the agent as one input`() async throws {
        let theatre = try await Theatre.open()
        let scene = try await theatre.scene([ScriptedAgent.Part()])
        let keys: [CallerScript.Step] = "4711042#".flatMap { [.press($0), .wait(ms: 100)] }

        let report = try await theatre.call(
            scene, [.waitForAgent(silenceMs: 300, timeoutMs: 60_000)] + keys + [.staySilent(ms: 120_000)],
            until: { _ in !scene.messages.isEmpty }, thenMs: 2_000)

        let call = try await theatre.record(of: report)
        let told = scene.messages.compactMap { if case .injectUserMessage(let text) = $0 { text } else { nil } }
        #expect(told == ["(keypad input: 4711042#)"])
        #expect(try call.text("dtmf") == "4711042#")
    }

    @Test func `delays on record are those in the caller's ear, not those of the first byte`() async throws {
        let theatre = try await Theatre.open()
        // More than a busy machine is ever late.
        let hush = [UInt8](repeating: MuLaw.silence, count: 160 * 50)
        var part = ScriptedAgent.Part()
        part.onReady = { leg, _ in
            leg.send(.conversationText(.assistant, "Hello, this is a test."))
            leg.sendAudio(hush + Tone.audio(0x20, frames: 40))
            leg.send(.agentAudioDone)
        }
        part.onAudio = { leg, bytes in
            guard bytes == 160 * 400 else { return }
            leg.send(.conversationText(.user, "we need a phone system"))
            leg.send(.conversationText(.assistant, "I see."))
            leg.sendAudio(hush + Tone.audio(0x21, frames: 40))
            leg.send(.agentAudioDone)
        }
        let scene = try await theatre.scene([part])

        let report = try await theatre.call(
            scene,
            [
                .waitForAgent(silenceMs: 300, timeoutMs: 60_000), .say("rms/are-you-there.ulaw"),
                .staySilent(ms: 120_000), .hangUp,
            ], until: { _ in scene.audioBytes >= 160 * 400 }, thenMs: 2_500)

        let ear = try Ear(of: try await theatre.record(of: report))
        let pickup = try #require(report.pickupToFirstAudibleMs)
        #expect(abs((ear.pickup_to_first_audio_ms ?? 0) - pickup) <= 400, "\(ear) but heard after \(pickup) ms")
        let answered = try #require(report.timings.answers.first?.answeredAfterMs)
        let response = try #require(ear.responses.first)
        #expect(response.answer_ms == response.first_audio_ms && response.filler_ms == nil)
        #expect(
            abs(response.first_audio_ms - response.caller_ended_ms - answered) <= 400,
            "\(response) but heard after \(answered) ms")
        #expect(
            abs(ear.longest_silence_ms - report.timings.longestSilenceMs) <= 400,
            "\(ear.longest_silence_ms) but heard \(report.timings.longestSilenceMs) ms")
    }

    @Test func `an answer of fifteen hundred sentences leaves a whole record and a small journal`() async throws {
        let theatre = try await Theatre.open()
        let sentences = (1...1_500).map { "This is sentence number \($0) of a long answer." }
        var part = ScriptedAgent.Part()
        part.onReady = { leg, _ in
            for sentence in sentences {
                leg.send(.conversationText(.assistant, sentence))
                leg.sendAudio(Tone.audio(0x20, frames: 1))
            }
            for _ in 0..<3_000 { leg.send(.warning(code: String(repeating: "W", count: 2_000), description: "w")) }
            leg.send(.agentAudioDone)
        }
        let scene = try await theatre.scene([part])

        let report = try await theatre.call(scene, until: Theatre.greeted, thenMs: 500)

        let call = try await theatre.record(of: report)
        let said = try await turns(report, on: theatre).map(\.text).joined(separator: " ")
        #expect(said == sentences.joined(separator: " "))
        let bytes = try await theatre.stage.journal(of: call).utf8.count
        #expect(bytes < 3_000_000, "\(bytes) bytes of journal")
    }
}
