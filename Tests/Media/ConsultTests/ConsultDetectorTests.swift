import Consult
import Testing

@Suite struct ConsultDetectorTests {
    private let threshold = ConsultLimits().detectionThreshold

    @Test func `precision and recall on the labelled utterances hold their floors`() throws {
        let rows = try LabelledData.rows("consult-utterances", columns: 2)
        let fresh = try ConsultDetector(language: "en")
        var (truePositives, falsePositives, falseNegatives) = (0, 0, 0)
        for row in rows {
            var detector = fresh
            let finding = detector.hear(row[1], atMs: 1_000)
            switch (row[0] == "consult", finding.score >= threshold) {
            case (true, true): truePositives += 1
            case (false, true):
                falsePositives += 1
                print("detector: taken for a consult: `\(row[1])` \(finding.score) \(finding.reasons)")
            case (true, false):
                falseNegatives += 1
                print("detector: missed: `\(row[1])` \(finding.score) \(finding.reasons)")
            case (false, false): break
            }
        }
        let precision = Double(truePositives) / Double(truePositives + falsePositives)
        let recall = Double(truePositives) / Double(truePositives + falseNegatives)
        print("detector: \(rows.count) utterances, precision \(precision), recall \(recall)")

        #expect(rows.count >= 220)
        #expect(precision >= 0.95)
        #expect(recall >= 0.92)
    }

    @Test func `punctuation and capitals change nothing about a single question`() throws {
        let fresh = try ConsultDetector(language: "en-GB")
        for (written, recognised) in [
            ("Is it legal to record calls in California?", "is it legal to record calls in california"),
            ("Does it meet WCAG?", "does it meet wcag"), ("How much does it cost?", "how much does it cost"),
        ] {
            var one = fresh
            var other = fresh

            #expect(one.hear(written, atMs: 0).score == other.hear(recognised, atMs: 0).score)
        }
    }

    @Test func `a question asked again says that the first answer did not do`() throws {
        var detector = try ConsultDetector(language: "en")
        let first = detector.hear("what happens with the recordings when we leave", atMs: 0)
        _ = detector.hear("okay but", atMs: 5_000)

        let second = detector.hear("no I mean what happens to the recordings when we leave you", atMs: 20_000)

        #expect(second.score > first.score)
        #expect(second.score >= threshold)
        #expect(second.reasons.contains("asked before"))
    }

    @Test func `what was asked long ago is not asked again`() throws {
        var detector = try ConsultDetector(language: "en")
        _ = detector.hear("how fast can your agents pick up the phone", atMs: 0)

        let later = detector.hear("how fast can your agents pick up the phone", atMs: 181_000)

        #expect(!later.reasons.contains("asked before"))
    }

    @Test func `a caller who says that the question was not answered is heard`() throws {
        var detector = try ConsultDetector(language: "en")

        let finding = detector.hear("you didn't answer my question how is the price worked out", atMs: 0)

        #expect(finding.reasons.contains("not answered yet"))
        #expect(finding.score >= threshold)
    }

    @Test func `several questions in one weigh more than one of them`() throws {
        let fresh = try ConsultDetector(language: "en")
        var one = fresh
        var several = fresh

        let single = one.hear("who supports it at night", atMs: 0)
        let many = several.hear("who supports it at night, what does it cost and how do you train them?", atMs: 0)

        #expect(many.score > single.score)
        #expect(many.reasons.contains("several questions in one"))
    }

    @Test func `a term in a statement weighs less than in a question`() throws {
        let fresh = try ConsultDetector(language: "en")
        var statement = fresh
        var question = fresh

        #expect(statement.hear("our contract has a notice period", atMs: 0).score < threshold)
        #expect(question.hear("what is the notice period", atMs: 0).score >= threshold)
    }

    @Test func `nothing and a flood of words are survived`() throws {
        var detector = try ConsultDetector(language: "en")

        #expect(detector.hear("", atMs: 0).score == 0)
        #expect(detector.hear("?!…", atMs: 0).score == 0)
        _ = detector.hear(String(repeating: "what does the gdpr say ", count: 20_000), atMs: 0)
    }

    @Test func `a language without a file is refused`() {
        #expect(throws: LexiconError.self) { try ConsultDetector(language: "xx") }
    }
}
