import Foundation
import SentenceModel
import SpokenLanguage
import Testing

@testable import Consult

@Suite struct KnowledgeIndexTests {
    private struct Row: Decodable {
        var kind: String
        var number: String
        var say: String
        var right: [[String]]
        var answer: [[String]]
    }

    private func rows(_ kinds: String...) throws -> [Row] {
        let url = try #require(
            Bundle.module.url(forResource: "questions", withExtension: "jsonl", subdirectory: "Labelled"))
        return try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
            .map { try JSONDecoder().decode(Row.self, from: Data($0.utf8)) }.filter { kinds.contains($0.kind) }
    }

    private func outcome(_ row: Row, _ moderator: Moderator<ContinuousClock>) -> ConsultOutcome {
        var question = ConsultQuestion(text: row.say, askedAtMs: 0, source: .tool)
        question.whereabouts = Whereabouts(callerNumber: row.number, tenantNumber: nil)
        return moderator.preview(question, limits: ConsultLimits())
    }

    @Test func `who knows leads, and what is told first answers, for one question and for two in one`() throws {
        let moderator = Moderator(try SpecialistFixture.roster())

        for row in try rows("known", "two") {
            let outcome = outcome(row, moderator)
            let asked = outcome.picks.map(\.specialist.id.text)
            let spoken = SpokenAnswer(outcome.answer()?.text ?? "", language: "en").spoken.lowercased()
            for (part, right) in row.right.enumerated() {
                #expect(asked.prefix(part + 1).contains(where: right.contains), "`\(row.say)` is put to \(asked)")
            }
            for answer in row.answer {
                #expect(answer.contains { spoken.contains($0.lowercased()) }, "`\(row.say)` is told: \(spoken)")
            }
        }
    }

    @Test func `what nobody knows is said to be found by nobody, another country's law least of all`() throws {
        let moderator = Moderator(try SpecialistFixture.roster())

        for row in try rows("nobody") {
            let outcome = outcome(row, moderator)
            #expect(outcome.verdict == .nothingFound, "`\(row.say)` is put to \(outcome.picks.map(\.specialist.id))")
            #expect(outcome.answer() == nil)
        }
    }

    @Test func `a consult is offered for what specialists know and not for small talk`() throws {
        let index = KnowledgeIndex(try SpecialistFixture.roster())
        let fresh = try ConsultDetector(language: "en", knowledge: index)
        func isOffered(_ row: Row) -> Bool {
            var detector = fresh
            return detector.hear(row.say, atMs: 0).score >= ConsultLimits().detectionThreshold
        }

        let known = try rows("known", "two")
        for row in try rows("smalltalk") { #expect(!isOffered(row), "\(row.say)") }
        #expect(Double(known.count(where: isOffered)) >= 0.95 * Double(known.count))
    }

    @Test func `the place named goes before the caller's, and the caller's before the tenant's`() throws {
        let index = KnowledgeIndex(try SpecialistFixture.roster())
        func lead(_ text: String, _ whereabouts: Whereabouts) -> String? {
            index.picks(index.find(text, from: whereabouts), max: 1).first?.specialist.id.text
        }
        let american = Place("us-fl")
        let british = Place("gb")

        #expect(
            lead("What must be said on a sales call in Dubai?", Whereabouts(caller: american))
                == "gulf-telecom-and-data")
        #expect(
            lead("What must be said on a sales call?", Whereabouts(caller: american, tenant: british))
                == "us-telemarketing-law")
        #expect(lead("What must be said on a sales call?", Whereabouts(tenant: british)) == "uk-privacy-and-marketing")
    }

    @Test func `where it depends on a country that nobody named the caller is asked for it`() throws {
        let moderator = Moderator(try SpecialistFixture.roster())
        let question = ConsultQuestion(text: "What must be said on a sales call?", askedAtMs: 0, source: .tool)

        let outcome = moderator.preview(question, limits: ConsultLimits())

        #expect(outcome.verdict == .placeUnknown)
        #expect(outcome.answer(askingPlace: "Which country?")?.text == "Which country?")
    }

    @Test(arguments: [
        ("+13055550100", "us-fl"), ("+14165550100", "ca"), ("+442055550100", "gb"), ("+4930555010", "de"),
        ("+971455501", "ae"), ("+919855501", "in"), ("+80012345", nil),
    ])
    func `a number tells its place`(number: String, place: String?) {
        #expect(Places.known.place(ofNumber: number)?.code == place)
    }

    @Test func `a state lies in its country, a country in its union, and neither the other way round`() {
        let places = Places.known

        #expect(places.lies(Place("us-fl"), in: Place("us")) && places.lies(Place("de"), in: Place("eu")))
        #expect(!places.lies(Place("us"), in: Place("us-fl")) && !places.lies(Place("gb"), in: Place("eu")))
    }

    @Test(arguments: [
        ("what is your uptime and what does it cost", 2), ("do we have to say it and can we record them", 2),
        ("we sell shirts and shoes", 1), ("who called and left a message", 1),
    ])
    func `a question is cut where another begins`(text: String, count: Int) {
        #expect(QuestionParts.split(text).count == count)
    }

    @Test func `every sentence of the specialists has its vector in the program`() throws {
        for specialist in try SpecialistFixture.roster().specialists {
            for section in specialist.sections {
                for sentence in [section.title, section.text] + section.asked {
                    #expect(
                        SentenceTable.known.place(of: sentence) != nil,
                        "`\(sentence)`: run parley specialists --vectors Sources/Words/CSentenceModel/data/lines.bin")
                }
            }
        }
    }

    @Test func `sentences of one meaning are nearer than sentences of others, and the program's vectors are those`()
        throws
    {
        let asked = SentenceModel.vector(of: "Can I have my money back?")

        #expect(asked.likeness(SentenceModel.vector(of: "how do i get a refund")) > 0.5)
        #expect(asked.likeness(SentenceModel.vector(of: "the weather is nice")) < 0.2)
        let title = "What does 99.9 percent uptime mean?"
        let place = try #require(SentenceTable.known.place(of: title))
        #expect(SentenceTable.known.likeness(to: SentenceModel.vector(of: title))[place] > 0.97)
        #expect(SentenceModel.vector(of: "").values.allSatisfy { $0.isFinite })
        #expect(SentenceModel.vector(of: String(repeating: "so ", count: 5_000)).values.count == SentenceVector.width)
    }
}
