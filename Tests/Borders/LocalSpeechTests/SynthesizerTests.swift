import Testing

@testable import LocalAgent

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

@Suite struct ReadAloudTests {
    @Test(arguments: [
        ("$25,000", "twenty five thousand dollars"),
        ("a budget of $1.5 million, yes?", "a budget of one point five million dollars, yes?"),
        ("about $40k.", "about forty thousand dollars."),
        ("at 3:30 pm", "at three thirty pm"),
        ("at 15:05", "at fifteen oh five"),
        ("3pm", "three p m"),
        ("jane.doe@example.com", "jane dot doe at example dot com"),
        ("call +14155552671", "call one four one five five five five two six seven one"),
        ("12 people and 30%", "twelve people and thirty percent"),
        ("(about 5)", "(about five)"),
        ("$", "$"),
        ("1.", "one."),
    ])
    func `written figures are read out`(written: String, spoken: String) {
        #expect(ReadAloud.spoken(written) == spoken)
    }

    @Test func `sentences end at full stops but not inside abbreviations or numbers`() {
        let text = "Dr. Lee has $1.5 million. Is that right? Good"

        #expect(ReadAloud.sentences(text) == ["Dr. Lee has $1.5 million.", "Is that right?", "Good"])
    }
}
