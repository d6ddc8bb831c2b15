import AudioCore
import LocalSpeech
import TestSupport
import Testing

@testable import LocalAgent

@Suite struct CallerEarTests {
    @Test(arguments: [1, 7, 160, 333, 4_000])
    func `an utterance is cut out whole, whatever the size of the pieces`(size: Int) throws {
        let quiet = [UInt8](repeating: 0xFF, count: 16_000)
        let speech = try Synthesizer.shared.speech("yes that is right", voice: .rms)
        let line = quiet + speech + quiet
        var ear = CallerEar()
        var events: [CallerEar.Event] = []

        for start in stride(from: 0, to: line.count, by: size) {
            let piece = Array(line[start..<min(start + size, line.count)])
            events += ear.hear(piece.span)
        }

        #expect(events.count == 3)
        #expect(events.first == .started)
        guard case .paused(let codes)? = events.dropFirst().first, case .ended(let whole)? = events.last else {
            Issue.record("\(events.count) events")
            return
        }
        #expect(codes.count > speech.count * 3 / 4 && codes.count < speech.count + 8_000)
        #expect(whole.starts(with: codes))
    }

    private func noise(ms: Int) -> [UInt8] {
        var random = SeededGenerator(seed: 7)
        return (0..<ms * 8).map { _ in MuLaw.encode(Int16.random(in: -3_200...3_200, using: &random)) }
    }

    @Test func `a cough while the agent speaks is dropped, words cut in, and either is heard when it does not`() throws
    {
        let quiet = [UInt8](repeating: 0xFF, count: 16_000)
        let cough = quiet + noise(ms: 180) + quiet
        let words = quiet + (try Synthesizer.shared.speech("wait a moment please", voice: .rms)) + quiet
        var (coughedInto, cutInto, coughedAt) = (CallerEar(), CallerEar(), CallerEar())

        let dropped = coughedInto.hear(cough.span, isTalkedTo: true)
        let cut = cutInto.hear(words.span, isTalkedTo: true)
        let heard = coughedAt.hear(cough.span)

        #expect(dropped == [.dropped])
        #expect(!coughedInto.isSpeaking)
        #expect(cut.first == .started && cut.count > 2)
        #expect(heard.first == .started)
    }

    @Test func `a pause is told while it may still end, and so is its end`() throws {
        let quiet = [UInt8](repeating: 0xFF, count: 16_000)
        let word = try Synthesizer.shared.speech("yes", voice: .rms)
        var ear = CallerEar()

        let line = quiet + word + quiet.prefix(3_200) + word + quiet.prefix(3_200)
        let events = ear.hear(line.span)

        let kinds = events.map { event in
            switch event {
            case .started: "started"
            case .paused: "paused"
            case .resumed: "resumed"
            case .ended: "ended"
            case .dropped: "dropped"
            }
        }
        #expect(kinds == ["started", "paused", "resumed", "paused"])
        #expect(ear.quietMs >= CallerEar.pauseMs)
        #expect(ear.forceEnd() != nil)
    }

    @Test func `silence is no utterance and cannot be ended`() {
        var ear = CallerEar()
        let quiet = [UInt8](repeating: 0xFF, count: 80_000)
        let events = ear.hear(quiet.span)

        #expect(events.isEmpty)
        #expect(ear.forceEnd() == nil)
    }

    @Test func `an open turn can be ended at will`() throws {
        let speech = try Synthesizer.shared.speech("i need a new phone system", voice: .rms)
        var ear = CallerEar()
        let line = [UInt8](repeating: 0xFF, count: 4_000) + speech[..<8_000]
        _ = ear.hear(line.span)
        let wasSpeaking = ear.isSpeaking

        let utterance = ear.forceEnd() ?? []

        #expect(wasSpeaking && !ear.isSpeaking)
        #expect(utterance.count > 4_000)
    }
}
