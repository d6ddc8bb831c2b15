import Consult
import Foundation
import TestSupport
import Testing

/// What nobody says, and a recogniser may write all the same, heard on a call's loop.
@Suite struct ScrambledWordsTests {
    @Test(arguments: ["en", "de", "es"])
    func `words in no order are heard to the end, by the gate's ears and by the specialists`(_ language: String) throws
    {
        let replies = try LabelledData.rows("consent-replies", columns: 3)
        let odd = ["", "?", "\u{202E}", "٣", "é\u{301}"]
        let words = replies.joined().flatMap { $0.split(separator: " ").map(String.init) } + odd
        let classifier = try ConsentClassifier(language: language)
        let index = KnowledgeIndex(try SpecialistFixture.roster())
        var detector = try ConsultDetector(language: "en", knowledge: index)
        var generator = SeededGenerator(seed: 14)
        for number in 0..<1_500 {
            let text = (0..<Int.random(in: 0...16, using: &generator)).map { _ in
                words.randomElement(using: &generator) ?? ""
            }.joined(separator: " ")

            _ = classifier.classify(text)
            _ = classifier.callsOff(text)
            #expect((0...1).contains(detector.hear(text, atMs: number * 1_000).score), "\(text)")
            _ = index.find(text, byMeaning: number % 100 == 0)
        }
    }
}
