import CallModel
import CallReading
import Foundation
import TestSupport
import Testing

/// What nobody says, and a recogniser may write all the same.
@Suite struct ScrambledCallTests {
    private struct Line: Decodable { var say: [String]? }

    /// Words of all kinds as callers say them, and what is made to break arithmetic.
    private static func words() throws -> [String] {
        let folder = Checkout.root.appending(path: "bench/understanding/labelled/seen")
        let kinds = [
            "money", "number", "callback", "timeline", "name", "company", "email", "phone", "optout", "authority",
            "optout-more", "need",
        ]
        let said = try kinds.flatMap { kind in
            try String(contentsOf: folder.appending(path: "\(kind).jsonl"), encoding: .utf8).split(separator: "\n")
                .flatMap { try JSONDecoder().decode(Line.self, from: Data($0.utf8)).say ?? [] }
        }
        let odd = [
            "999999999999999999999999", "0", "-1", "1e308", "1/0", "0/0", "25:99", "99h99", "31/31/9999", "0000-00-00",
            "9999-12-31", "2026-02-30", "00000000000000000000", "1,2,3.4.5", "€€€", "$", "@", "@@.", "\u{202E}", "٣٤",
            "billion", "million", "hundred", "point", "half", "quarters", "weeks", "years", "months", "ago", "double",
            "triple", "minus", "percent", "\u{0}", "é\u{301}\u{301}", "👩‍👩‍👧", "fünfhunderttausendmilliarden",
        ]
        return said.flatMap { $0.split(separator: " ").map(String.init) } + Array(repeating: odd, count: 60).joined()
    }

    @Test(arguments: ["en", "de", "es", "xx"])
    func `words in no order are read to the end, and amounts stay within what a record holds`(_ language: String)
        throws
    {
        let words = try Self.words()
        var generator = SeededGenerator(seed: 14)
        let questions = [
            "What budget do you have?", "When may we call you back?", "What is your name?", "What is your email?",
            "Who decides about this?", "How urgent is it?", "Shall we meet on Tuesday at three?",
            "Wann passt es Ihnen?",
        ]
        for _ in 0..<1_000 {
            let script = (0..<3).map { _ in
                let answer = (0..<Int.random(in: 1...14, using: &generator)).map { _ in
                    words.randomElement(using: &generator) ?? ""
                }
                return "A: \(questions.randomElement(using: &generator) ?? "")\nC: \(answer.joined(separator: " "))"
            }.joined(separator: "\n")
            var record = Conversation.record(script)
            record.opening.language = language

            let insight = RuleExtractor().insight(for: record, context: ExtractionContext(record: record))

            if let amount = insight.bant.budgetAmount {
                #expect(amount.isFinite && amount >= 0 && amount < 1e14, "\(script)")
            }
        }
    }
}
