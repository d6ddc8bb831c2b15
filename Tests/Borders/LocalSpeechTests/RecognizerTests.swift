import Foundation
import TestSupport
import Testing

@testable import LocalSpeech

@Suite struct RecognizerTests {
    /// What callers say to a sales agent; none of it is copied from the templates as a whole list.
    static let sentences = [
        "i need a new phone system for my sales team it is urgent", "my name is john smith",
        "i work for acme corporation", "about thirty thousand dollars", "yes that is right",
        "yes i make the decision", "we need it this month", "yes tuesday at three works", "yes please",
        "thank you goodbye", "i want to speak to a person", "please call me back next week",
        "please stop calling me", "hello i have a question", "i am not sure", "i am just looking around",
        "i work for a small company", "i do not know the budget", "my boss decides", "maybe next year",
        "no thank you", "our budget is fifty thousand dollars", "take me off your list", "i am not interested",
        "we need it this quarter", "how much does it cost", "are you a robot", "my name is sarah miller",
        "i am with blue river logistics", "we can spend about twenty five thousand dollars",
        "i have to ask my manager", "wednesday at ten o'clock", "we lose too many calls",
        "no it is forty thousand dollars", "i would like to see a demo", "can you transfer me",
        "our old system is too slow", "do not call me again", "as soon as possible", "that is all thank you",
    ]

    @Test func `telephone speech in the domain is understood with few word errors`() async throws {
        let recognizer = try Recognizer(decoders: 2)
        var errors = 0
        var words = 0
        for (offset, voice) in [Synthesizer.Voice.rms, .awb, .kal16].enumerated() {
            var voiceErrors = 0
            var voiceWords = 0
            for sentence in stride(from: offset, to: Self.sentences.count, by: 2).map({ Self.sentences[$0] }) {
                let speech = try Synthesizer.shared.speech(sentence, voice: voice)
                let quiet = [UInt8](repeating: 0xFF, count: 1_600)

                let heard = await recognizer.recognize(quiet + speech + quiet, on: recognizer.line())

                let expected = sentence.split(separator: " ").map(String.init)
                let wrong = Self.distance(expected, heard.text.split(separator: " ").map(String.init))
                voiceErrors += wrong
                voiceWords += expected.count
                if wrong > 1 { print("  \(voice): \(sentence) → \(heard.text) (\(heard.confidence))") }
            }
            print("word error rate, fresh decoder, \(voice): \(100 * voiceErrors / voiceWords) %")
            errors += voiceErrors
            words += voiceWords
        }
        print("word error rate, fresh decoder, mean: \(100 * errors / words) % of \(words) words")
        #expect(Double(errors) / Double(words) < 0.25)
    }

    @Test func `silence and noise are not words`() async throws {
        let recognizer = try Recognizer(decoders: 1)
        let silence = [UInt8](repeating: 0xFF, count: 8_000)

        #expect(await recognizer.recognize(silence, on: recognizer.line()).text == "")
        #expect(await recognizer.recognize([], on: recognizer.line()).text == "")
    }

    /// Levenshtein distance in words.
    static func distance(_ a: [String], _ b: [String]) -> Int {
        var row = Array(0...b.count)
        for (i, word) in a.enumerated() {
            var previous = row[0]
            row[0] = i + 1
            for (j, other) in b.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, previous + (word == other ? 0 : 1))
                previous = above
            }
        }
        return row[b.count]
    }
}

@Suite struct RecordedCallerTests {
    @Test func `the recorded callers' clean lines are understood with few word errors`() async throws {
        let fixtures = Checkout.url("audio-fixtures")
        let recognizer = try Recognizer(decoders: 1)
        let list = try String(contentsOf: fixtures.appending(path: "recordings.tsv"), encoding: .utf8)
        var errors = 0
        var words = 0
        for line in list.split(separator: "\n") where !line.hasPrefix("#") && line.contains("\tclean\t") {
            let columns = line.split(separator: "\t").map(String.init)
            let expected = columns[3].replacing(",", with: "").split(separator: " ").map(String.init)
            let quiet = [UInt8](repeating: 0xFF, count: 1_600)
            let codes = [UInt8](try Data(contentsOf: fixtures.appending(path: columns[0])))

            let heard = await recognizer.recognize(quiet + codes + quiet, on: recognizer.line())

            let wrong = RecognizerTests.distance(expected, heard.text.split(separator: " ").map(String.init))
            if wrong > 0 { print("  \(columns[0]): \(columns[3]) → \(heard.text) (\(heard.confidence))") }
            errors += wrong
            words += expected.count
        }
        print("word error rate, recorded callers, clean: \(100 * errors / words) % of \(words) words")
        #expect(words > 100)
        #expect(Double(errors) / Double(words) < 0.15)
    }
}
