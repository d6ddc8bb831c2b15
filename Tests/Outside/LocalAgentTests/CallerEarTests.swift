import LocalSpeech
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

        #expect(events.count == 2)
        #expect(events.first == .started)
        guard case .ended(let codes)? = events.last else {
            Issue.record("\(events.count) events")
            return
        }
        #expect(codes.count > speech.count * 3 / 4 && codes.count < speech.count + 8_000)
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
