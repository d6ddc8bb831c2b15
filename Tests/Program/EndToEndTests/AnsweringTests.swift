import CallModel
import Database
import Foundation
import LocalSpeech
import SimulatedCarrier
import SpeechAgent
import Synchronization
import TestSupport
import Testing

@testable import LiveCalls

/// Who answers a call that we place, and what is done about it.
@Suite(.serialized, .staged) struct AnsweringTests {
    private static let messageTone: UInt8 = 0x1A
    private static let message = "This is Parley Test with a message for you: please call us back."

    /// Says what it is asked to in a tone of its own, and tells once what it understood when so much was heard.
    private static func part(_ words: String? = nil, heardMs: Int = 0) -> ScriptedAgent.Part {
        var part = ScriptedAgent.Part()
        part.onMessage = { leg, message in
            if case .injectAgentMessage(let text, _) = message { leg.speak(text, tone: messageTone) }
        }
        let isTold = Mutex(false)
        part.onAudio = { leg, bytes in
            guard let words, bytes >= heardMs * 8 else { return }
            let isNow = isTold.withLock { told in
                defer { told = true }
                return !told
            }
            if isNow { leg.send(.conversationText(.user, words)) }
        }
        return part
    }

    private struct Played {
        var attempt: Row
        var call: Row
        var report: SimulatedCallReport
    }

    /// Calls who answers as the script says, and waits for the record.
    private func call(
        _ script: String, _ agent: ScriptedAgent, _ more: String = "", settings: [String: String] = [:],
        detectionMs: Int = 3_000, isMachine: Bool = true
    ) async throws -> Played {
        let script = try Stage.script(script)
        let stage = try await PlacedCalls.stage(agent, settings: settings, detectionMs: detectionMs) { _ in
            isMachine ? .machine(afterMs: 1_200, script: script) : .answers(afterMs: 1_200, script: script)
        }
        let (id, _) = try await PlacedCalls.place(stage, more)
        let sid = try await PlacedCalls.attempt(stage, id, in: "ended").text("carrier_call_sid")
        let call = try #require(try await stage.finalizedCall(sid))
        let report = try #require(await stage.carrier.outboundReport(callSid: sid))
        #expect(report.violations.isEmpty, "\(report.violations)")
        // Put on record beside the end of the call.
        for _ in 0..<100 {
            let rows = try await stage.database.rows(
                "select * from dial_attempts where id = $1::uuid and answered_by is not null", [.text(id)])
            if let row = rows.first { return Played(attempt: row, call: call, report: report) }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw PlacedCalls.Refused()
    }

    private func injected(_ agent: ScriptedAgent) -> [String] {
        agent.messages.compactMap { if case .injectAgentMessage(let text, _) = $0 { text } else { nil } }
    }

    @Test func `somebody who says hello hears the first words as before, and is on record as a person`() async throws {
        let agent = try ScriptedAgent([Self.part()])

        let played = try await call("callee-person", agent, isMachine: false)

        #expect(try played.attempt.text("answered_by") == "person")
        #expect(try played.attempt.textOrNil("message_left_at") == nil)
        #expect(try played.attempt.int("first_word_ms_after_greeting") < 1_000 * Sanitizer.slowness)
        #expect(try #require(played.report.pickupToFirstAudioMs) < 1_000 * Sanitizer.slowness)
        #expect(played.report.endedBy == .caller && injected(agent).isEmpty)
        await agent.shutdown()
    }

    @Test func `a mailbox gets the whole message behind its beep, nothing of the agent's besides, and the call ends`()
        async throws
    {
        let agent = try ScriptedAgent([Self.part()])

        let played = try await call(
            "callee-voicemail", agent, #","on_machine":"leave_message","voicemail_message":"\#(Self.message)""#)

        let (heard, said) = (played.report.heard, played.report.said)
        #expect(try played.attempt.text("answered_by") == "voicemail")
        #expect(try played.attempt.timestampOrNil("message_left_at") != nil)
        #expect(try played.call.text("end_reason") == "voicemail_left")
        let messageMs = Tone.frames(of: Self.message) * 20
        #expect(abs(Tone.ms(of: Self.messageTone, in: heard) - messageMs) <= 20)
        // The beep is the last that the mailbox says.
        let beepEnd = try #require(said.lastIndex { $0 & 0x7F < 0x40 })
        let halfWave = [UInt8](repeating: Self.messageTone, count: 10)
        let begins = try #require(heard.indices.first { heard[$0...].starts(with: halfWave) })
        #expect(begins > beepEnd && begins < beepEnd + 2_000 * 8 * Sanitizer.slowness)
        #expect(Tone.ms(of: 0x20, in: Array(heard[begins...])) == 0)
        #expect(played.report.endedBy == .gateway)
        await agent.shutdown()
    }

    @Test func `a message that the agent breaks off is said again, whole, in the gateway's own voice`() async throws {
        var part = Self.part()
        part.onMessage = { leg, message in
            guard case .injectAgentMessage(let text, _) = message else { return }
            leg.send(.conversationText(.assistant, text))
            leg.sendAudio(Tone.audio(Self.messageTone, frames: 50))
            leg.send(.userStartedSpeaking)
        }
        let agent = try ScriptedAgent([part])

        let played = try await call(
            "callee-voicemail", agent, #","on_machine":"leave_message","voicemail_message":"\#(Self.message)""#)

        #expect(try played.attempt.timestampOrNil("message_left_at") != nil)
        #expect(try played.call.text("end_reason") == "voicemail_left")
        let heard = played.report.heard
        #expect(Tone.ms(of: Self.messageTone, in: heard) < 1_000)
        let own = try Synthesizer.shared.speech(Self.message)
        // Tenths of a second in which something is said: each is heard, from the first to the last.
        let pieces = stride(from: 0, to: own.count - 800, by: 800).map { own[$0..<$0 + 800] }
            .filter { $0.contains { $0 & 0x7F < 0x30 } }
        let missing = pieces.count { piece in
            !heard.indices.contains { heard[$0] == piece.first && heard[$0...].starts(with: piece) }
        }
        #expect(pieces.count > 20 && missing <= pieces.count / 10, "\(missing) of \(pieces.count)")
        await agent.shutdown()
    }

    @Test func `a mailbox is hung up on where nothing else was asked for`() async throws {
        let agent = try ScriptedAgent([Self.part()])

        let played = try await call("callee-voicemail", agent)

        #expect(try played.attempt.text("answered_by") == "voicemail")
        #expect(try played.call.text("end_reason") == "answering_machine")
        #expect(try played.attempt.int("answered_by_after_ms") <= 8_000)
        #expect(played.report.endedBy == .gateway && injected(agent).isEmpty)
        await agent.shutdown()
    }

    @Test func `a menu has its key pressed, a screening is told who calls and why`() async throws {
        let menu = try ScriptedAgent([Self.part("For sales, press one. For support, press two.", heardMs: 6_200)])
        let screening = try ScriptedAgent([
            Self.part("Please say your name and why you are calling.", heardMs: 6_200)
        ])

        let pressed = try await call("callee-menu", menu, #","menu_key":"1""#)
        let told = try await call("callee-screening", screening, #","reason":"Your offer of last week.""#)

        #expect(try pressed.attempt.text("answered_by") == "menu")
        let key = try #require(KeyTones.audio(of: "1")).prefix(1_280)
        let heard = pressed.report.heard
        #expect(heard.indices.contains { heard[$0] == key.first && heard[$0...].starts(with: key) })
        #expect(try told.attempt.text("answered_by") == "screening")
        #expect(
            injected(screening).first
                == "This is the automated AI assistant of Parley Test. I am calling about this: Your offer of last week."
        )
        await menu.shutdown()
        await screening.shutdown()
    }

    @Test func `another machine is told goodbye, the network is not talked to`() async throws {
        let talker = try ScriptedAgent([
            Self.part("Hello, I am the virtual assistant of the Brown family.", heardMs: 6_000)
        ])
        let silent = try ScriptedAgent([Self.part()])

        let assistant = try await call("callee-assistant", talker)
        let network = try await call("callee-network", silent)

        #expect(try assistant.attempt.text("answered_by") == "machine")
        let goodbye = try #require(injected(talker).first)
        #expect(goodbye.hasSuffix("Goodbye."))
        let goodbyeMs = Tone.frames(of: goodbye) * 20
        #expect(abs(Tone.ms(of: Self.messageTone, in: assistant.report.heard) - goodbyeMs) <= 20)
        #expect(try network.attempt.text("answered_by") == "network")
        #expect(try network.attempt.int("answered_by_after_ms") < 1_500)
        #expect(try network.call.text("end_reason") == "network_announcement")
        await talker.shutdown()
        await silent.shutdown()
    }

    @Test func `the carrier is asked who answers where the settings want it, and its verdict counts`() async throws {
        let agent = try ScriptedAgent([Self.part()])

        let played = try await call(
            "callee-person", agent, settings: ["PARLEY_TWILIO_ASYNC_AMD": "true"], detectionMs: 2_500)

        #expect(try played.attempt.text("answered_by") == "voicemail")
        #expect(try played.call.text("end_reason") == "answering_machine")
        await agent.shutdown()
    }
}
