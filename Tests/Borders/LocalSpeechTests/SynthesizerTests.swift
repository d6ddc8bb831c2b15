import Testing

@testable import LocalSpeech

@Suite struct SynthesizerTests {
    @Test(arguments: Synthesizer.Voice.allCases)
    func `every voice speaks audibly and without clipping`(voice: Synthesizer.Voice) throws {
        let codes = try Synthesizer.shared.speech("Hello, this is Parley. How can I help you today?", voice: voice)

        let samples = Companding.decode(codes).map(Double.init)
        let rms = (samples.reduce(0) { $0 + $1 * $1 } / Double(samples.count)).squareRoot()
        #expect(codes.count > 8_000 && codes.count < 80_000, "between one and ten seconds")
        #expect(rms > 800, "rms \(rms)")
        #expect(samples.allSatisfy { abs($0) < 31_000 })
        #expect(abs(samples.first ?? 99) < 50 && abs(samples.last ?? 99) < 50, "it begins and ends at rest")
    }

    @Test func `text without words is silence`() throws {
        #expect(try Synthesizer.shared.speech(" … ?!").isEmpty)
    }

    @Test func `a sentence too long to speak is refused`() {
        let endless = String(repeating: "word ", count: 2_000)

        #expect(throws: Synthesizer.Failure.tooLong(characters: 10_000)) { try Synthesizer.shared.speech(endless) }
    }

    @Test func `a listener that says stop hears no second sentence`() throws {
        var heard: [String] = []

        try Synthesizer.shared.stream("One is here. Two is not.") { sentence, _ in
            heard.append(sentence)
            return false
        }

        #expect(heard == ["One is here."])
    }
}
