import CallModel
import Database
import Foundation
import SimulatedCarrier
import SpeechAgent
import TestSupport
import Testing

/// What the caller hears, and what is remembered, when they interrupt: to the frame and to the word.
@Suite(.staged) struct BargeInTests {
    private static let sentence =
        "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa"
    private static let (old, late, new): (UInt8, UInt8, UInt8) = (0x21, 0x22, 0x23)

    @Test func `what was cut off is neither heard nor remembered, and the new answer is both`() async throws {
        let theatre = try await Theatre.open()
        var first = ScriptedAgent.Part()
        first.onReady = { leg, _ in leg.speak(Self.sentence, tone: Self.old, done: false) }
        first.onAudio = { leg, bytes in
            guard bytes == 160 * 125 else { return }
            leg.send(.userStartedSpeaking)
            for _ in 0..<3 { leg.sendAudio(Tone.audio(Self.late, frames: 10)) }
            leg.send(.conversationText(.assistant, "quebec romeo"))
            leg.after(ms: 150) { leg in
                leg.send(.agentAudioDone)
                leg.send(.conversationText(.user, "stop please"))
                leg.speak("New answer follows", tone: Self.new)
            }
            leg.after(ms: 5_000) { $0.abort() }
        }
        var second = ScriptedAgent.Part()
        second.onReady = { _, _ in }
        let scene = try await theatre.scene([first, second])

        let report = try await theatre.call(
            scene, from: "+14155557010", until: { _ in scene.settings.count == 2 }, thenMs: 1_500)

        let call = try await theatre.record(of: report)
        let ear = try Ear(of: call)
        let bargeIn = try #require(ear.barge_ins.first)
        #expect(ear.barge_ins.count == 1)
        #expect(bargeIn.clear_sent_ms - bargeIn.detected_ms <= 20)
        #expect(report.clears.count == 1)
        #expect(Tone.ms(of: Self.late, in: report.heard) == 0, "audio of the cut turn was heard after the clear")
        #expect(Tone.ms(of: Self.new, in: report.heard) >= Tone.frames(of: "New answer follows") * 20 - 40)

        let rows = try await theatre.stage.database.rows(
            """
            select t.heard_text, t.interrupted from conversations t join calls c on c.id = t.call_id
            where c.carrier_call_sid = $1 and t.speaker = 'agent' order by t.started_ms
            """, [.text(report.callSid)])
        let cut = try #require(rows.first)
        #expect(try cut.bool("interrupted"))
        let heardMs = Tone.ms(of: Self.old, in: report.heard)
        let words = Self.sentence.split(separator: " ")
        let spokenMs = Tone.frames(of: Self.sentence) * 20
        let expected = Double(words.count) * Double(heardMs) / Double(spokenMs)
        let remembered = try cut.text("heard_text")
        #expect(Self.sentence.hasPrefix(remembered.trimmingCharacters(in: .init(charactersIn: " …"))), "\(remembered)")
        let count = Double(remembered.split(separator: " ").count { $0 != "…" })
        #expect(abs(count - expected) <= 2, "heard \(heardMs) ms, about \(expected) words; kept \(remembered)")
        let transcript = try call.text("transcript")
        #expect(!transcript.contains("quebec"))
        #expect(transcript.contains("New answer follows"))

        let context = try #require(scene.settings.last?.inlineAgent?.context)
        #expect(scene.settings.count == 2)
        let told = context.compactMap { if case .said(.assistant, let text) = $0 { text } else { nil } }
        let kept = try #require(told.first)
        #expect(
            Self.sentence.hasPrefix(kept) && abs(Double(kept.split(separator: " ").count) - expected) <= 2, "\(kept)")
        #expect(!told.contains { $0.contains("papa") || $0.contains("quebec") }, "\(told)")
    }

    @Test func `every one of many interruptions silences the line`() async throws {
        let theatre = try await Theatre.open()
        var part = ScriptedAgent.Part()
        part.onReady = { leg, _ in leg.speak(Self.sentence, tone: Self.old) }
        part.onAudio = { leg, bytes in
            guard bytes % (160 * 50) == 0, bytes <= 160 * 200 else { return }
            leg.send(.userStartedSpeaking)
            leg.sendAudio(Tone.audio(Self.late, frames: 5))
            leg.send(.conversationText(.user, "wait"))
            leg.speak(Self.sentence, tone: Self.old)
        }
        let scene = try await theatre.scene([part])

        let report = try await theatre.call(
            scene, from: "+14155557011", until: { _ in scene.audioBytes >= 160 * 215 }, thenMs: 1_000)

        let call = try await theatre.record(of: report)
        #expect(try Ear(of: call).barge_ins.count == report.clears.count)
        #expect(report.clears.count >= 3)
        for bargeIn in try Ear(of: call).barge_ins { #expect(bargeIn.clear_sent_ms - bargeIn.detected_ms <= 20) }
        #expect(Tone.ms(of: Self.late, in: report.heard) == 0)
    }
}
