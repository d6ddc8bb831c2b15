import Consult
import TestSupport
import Testing

@Suite struct ConsentClassifierTests {
    private struct Row {
        var language: String
        /// More than one where each of them is right: `no|unclear`.
        var decisions: [ConsentDecision]
        var reply: String
    }

    private func rows() throws -> [Row] {
        try LabelledData.rows("consent-replies", columns: 3).map { fields in
            let decisions = fields[1].split(separator: "|").compactMap { ConsentDecision(rawValue: String($0)) }
            try #require(!decisions.isEmpty, "\(fields)")
            return Row(language: fields[0], decisions: decisions, reply: fields[2])
        }
    }

    private func classifiers() throws -> [String: ConsentClassifier] {
        try ["en", "es", "de"].reduce(into: [:]) { $0[$1] = try ConsentClassifier(language: $1) }
    }

    @Test func `no reply of the labelled set that is not a yes is taken for one, and the yeses are heard`() throws {
        let rows = try rows()
        let classifiers = try classifiers()
        var right = 0
        var (yeses, heard, taken) = (0, 0, 0)
        var falseYeses: [String] = []
        for row in rows {
            let verdict = try #require(classifiers[row.language]).classify(row.reply)
            if row.decisions.contains(verdict.decision) {
                right += 1
            } else {
                print("consent: \(row.language) `\(row.reply)` is \(row.decisions), read as \(verdict.decision)")
            }
            if row.decisions == [.yes] { yeses += 1 }
            if verdict.decision == .yes {
                taken += 1
                if row.decisions == [.yes] { heard += 1 }
                if !row.decisions.contains(.yes) { falseYeses.append(row.reply) }
            }
        }
        let recall = Double(heard) / Double(yeses)
        print(
            "consent: \(rows.count) replies, precision of yes \(Double(taken - falseYeses.count) / Double(taken)), "
                + "recall of yes \(recall), all decisions right \(Double(right) / Double(rows.count))")

        #expect(rows.count >= 320)
        #expect(falseYeses.isEmpty)
        #expect(recall >= 0.95)
        #expect(Double(right) / Double(rows.count) >= 0.95)
    }

    @Test func `refusals and doubts, put together at random, never become a yes`() throws {
        let rows = try rows().filter { !$0.decisions.contains(.yes) }
        var random = SeededGenerator(seed: 4)
        for (language, classifier) in try classifiers().sorted(by: { $0.key < $1.key }) {
            let replies = rows.filter { $0.language == language }.map(\.reply)
            for _ in 0..<2_000 {
                let parts = (0..<Int.random(in: 1...3, using: &random)).compactMap { _ in
                    replies.randomElement(using: &random)
                }
                let reply = parts.joined(separator: Bool.random(using: &random) ? " " : ", ")

                let verdict = classifier.classify(reply)

                #expect(verdict.decision != .yes, "\(language): \(reply)")
            }
        }
    }

    @Test func `a yes with any word that nothing explains is asked again`() throws {
        let classifier = try ConsentClassifier(language: "en")

        for word in ["banana", "qwx", "smith", "zebra", "forty", "no", "not", "never", "if", "but", "maybe", "wait"] {
            for reply in ["yes \(word)", "\(word) yes", "sure \(word) go ahead", "go ahead please \(word)"] {
                #expect(classifier.classify(reply).decision != .yes, "\(reply)")
            }
        }
    }

    @Test func `a corrected yes is a no and a corrected no is asked again`() throws {
        let classifier = try ConsentClassifier(language: "en-US")

        #expect(classifier.classify("Yes… well, actually no.").decision == .no)
        #expect(classifier.classify("no wait yes").decision == .unclear)
        #expect(classifier.classify("No, go ahead.").decision == .unclear)
    }

    @Test func `a verdict says which words it rests on`() throws {
        let classifier = try ConsentClassifier(language: "en")

        let yes = classifier.classify("Um, yes please, go ahead.")
        let no = classifier.classify("Yes, well, I'd rather not.")

        #expect(yes.basis == "yes please … go ahead")
        #expect(yes.confidence > 0.9)
        #expect(no.decision == .no)
        #expect(no.basis == "I'd rather not")
        #expect(classifier.classify("").confidence == 0)
    }

    @Test func `never mind calls it off in every language, and do not stop does not`() throws {
        let classifiers = try classifiers()

        #expect(try #require(classifiers["en"]).isCancellation("oh never mind then"))
        #expect(try #require(classifiers["en"]).isCancellation("please stop"))
        #expect(try #require(classifiers["es"]).isCancellation("bueno olvídelo"))
        #expect(try #require(classifiers["de"]).isCancellation("ach, vergessen Sie's"))
        #expect(try !#require(classifiers["en"]).isCancellation("no don't stop"))
        #expect(try !#require(classifiers["en"]).isCancellation("how long will it take"))
    }

    @Test(arguments: [
        ("en", "no no i'm not going anywhere"), ("en", "no worries i can wait"), ("en", "no problem take your time"),
        ("es", "no pasa nada espero"), ("de", "kein problem ich warte"), ("en", "never mind the noise that's my dog"),
    ])
    func `patience while specialists are asked does not call them off`(language: String, said: String) throws {
        #expect(try !ConsentClassifier(language: language).callsOff(said))
    }

    @Test(arguments: [
        ("en", "actually no"), ("en", "i don't want to wait any longer"), ("en", "forget it"),
        ("de", "brechen Sie bitte ab"),
        ("es", "déjelo ya no hace falta"), ("en", "no"),
    ])
    func `a refusal while specialists are asked calls them off`(language: String, said: String) throws {
        #expect(try ConsentClassifier(language: language).callsOff(said))
    }

    @Test func `a language without a file is refused with the files there are`() {
        #expect(throws: LexiconError.noFile(kind: "consent", language: "xx", known: ["de", "en", "es"])) {
            try ConsentClassifier(language: "xx")
        }
        #expect(throws: LexiconError.self) { try ConsentClassifier(language: "../../etc") }
        #expect(ConsentClassifier.languages == ["de", "en", "es"])
    }

    @Test func `a very long reply is never a yes`() throws {
        let classifier = try ConsentClassifier(language: "en")

        #expect(classifier.classify(String(repeating: "yes ", count: 41)).decision == .unclear)
        #expect(classifier.classify(String(repeating: "yes ", count: 10_000)).decision == .unclear)
    }
}
