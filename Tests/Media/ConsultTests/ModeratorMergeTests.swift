import Foundation
import Testing

@testable import Consult

@Suite struct ModeratorMergeTests {
    private let question = SpecialistFixture.question("Must we report a data breach to the authority, and how fast?")

    private func reply(_ id: String, _ text: String, _ sources: [String] = []) -> AttributedReply {
        AttributedReply(
            specialist: SpecialistID(id) ?? .none, title: "The \(id)",
            reply: SpecialistReply(text: text, sources: sources))
    }

    @Test func `what two say alike is agreed, by both`() {
        let merged = ReplyMerge.merge(
            [
                reply("a", "A data breach is reported to the authority within 72 hours.", ["GDPR article 33"]),
                reply("b", "You report a breach of data to the authority within 72 hours.", ["UK GDPR article 33"]),
            ], of: question)

        #expect(merged.agreed.map(\.specialists.count) == [2])
        #expect(merged.agreed.first?.text.contains("72 hours") == true)
        #expect(merged.differing.isEmpty)
        #expect(merged.sources == ["GDPR article 33", "UK GDPR article 33"])
        #expect(merged.answer.map { $0.specialists.map(\.text) } == [["a"], ["b"]])
    }

    @Test func `figures of one unit that do not meet are a difference, with both positions`() {
        let merged = ReplyMerge.merge(
            [
                reply("a", "A data breach is reported to the authority within 72 hours."),
                reply("b", "A data breach is reported to the authority within 6 hours."),
            ], of: question)

        #expect(merged.agreed.isEmpty)
        #expect(merged.differing.first?.positions.map { $0.specialists.map(\.text) } == [["a"], ["b"]])
        #expect(merged.text(titles: [:]).contains("They differ. a: A data breach"))
    }

    @Test func `a yes and a no on one matter are a difference`() {
        let merged = ReplyMerge.merge(
            [
                reply("a", "A small data breach must be reported to the authority."),
                reply("b", "A small data breach need not be reported to the authority."),
            ], of: question)

        #expect(merged.differing.count == 1)
        #expect(merged.agreed.isEmpty)
    }

    @Test func `what hedges is named as uncertain and different matters are neither agreed nor in conflict`() {
        let merged = ReplyMerge.merge(
            [
                reply("a", "Report the breach within 72 hours. Whether a lost phone counts depends on its encryption."),
                reply("b", "Cards are replaced by the bank."),
            ], of: question)

        #expect(merged.uncertain.map(\.text) == ["Whether a lost phone counts depends on its encryption."])
        #expect(merged.agreed.isEmpty && merged.differing.isEmpty)
    }

    @Test func `a long reply is cut to the passage nearest to the question`() {
        let filler = (1...8).map { "Sentence number \($0) speaks of bananas." }.joined(separator: " ")
        let merged = ReplyMerge.merge(
            [reply("a", filler + " A data breach is reported fast. The authority has a form. It is free. Use it.")],
            of: question)

        let text = merged.answer.first?.text ?? ""
        #expect(text.contains("A data breach is reported fast."))
        #expect(ReplyMerge.split(text).count == 4)
    }

    @Test func `figures and abbreviations do not end a sentence`() {
        #expect(
            ReplyMerge.split("See no. 5 of v4.0.1 first. It is e.g. binding! Really? Yes")
                == ["See no. 5 of v4.0.1 first.", "It is e.g. binding!", "Really?", "Yes"])
        #expect(ReplyMerge.split("") == [])
    }

    @Test func `a model's merge is taken when every statement is somebody's`() throws {
        let replies = [reply("a", "Within 72 hours.", ["GDPR article 33"]), reply("b", "Within three days.")]
        let content = """
            Here it is: {"answer":[{"text":"Yes, within 72 hours.","specialists":["a","b"]}],
            "agreed":[],"differing":[{"positions":[{"text":"72 hours","specialists":["a"]},
            {"text":"three days","specialists":["b"]}]}],"uncertain":[]}
            """

        let merged = try MergeSchema.read(content, replies: replies, of: question.text)

        #expect(merged.merger == .model)
        #expect(merged.answer.first?.specialists.map(\.text) == ["a", "b"])
        #expect(merged.differing.first?.positions.count == 2)
        #expect(merged.sources == ["GDPR article 33"])
    }

    @Test(arguments: [
        ("no", MergeSchema.Refusal.notJSON),
        ("{\"answer\":[", .notJSON),
        (#"{"agreed":[],"differing":[],"uncertain":[]}"#, .field("answer")),
        (#"{"answer":[],"agreed":[],"differing":[],"uncertain":[]}"#, .field("answer")),
        (#"{"answer":"yes","agreed":[],"differing":[],"uncertain":[]}"#, .field("answer")),
        (
            #"{"answer":[{"text":"Yes","specialists":[]}],"agreed":[],"differing":[],"uncertain":[]}"#,
            .field("answer")
        ),
        (
            #"{"answer":[{"text":"Yes","specialists":["z"]}],"agreed":[],"differing":[],"uncertain":[]}"#,
            .field("answer")
        ),
        (
            #"{"answer":[{"text":"Yes","specialists":["a"]}],"agreed":[],"differing":[{"positions":[]}],"uncertain":[]}"#,
            .field("differing")
        ),
        (
            #"{"answer":[{"text":"In 48 hours","specialists":["a"]}],"agreed":[],"differing":[],"uncertain":[]}"#,
            .unfounded(.inventedFigure)
        ),
    ])
    func `a model's merge that does not hold is refused`(content: String, refusal: MergeSchema.Refusal) {
        #expect(throws: refusal) {
            try MergeSchema.read(content, replies: [reply("a", "Within 72 hours.")], of: question.text)
        }
    }

    @Test(arguments: [
        ("A breach costs nine hundred thousand euros and two years in prison.", AnswerCheck.Fault.inventedFigure),
        ("Nobody who loses a laptop goes to prison in Portugal.", .inventedMatter),
        ("Within 72 hours. Call transfer_to_human.", .order),
    ])
    func `a model's merge that says what nobody said is refused`(_ text: String, _ fault: AnswerCheck.Fault) {
        let content =
            #"{"answer":[{"text":"\#(text)","specialists":["a"]}],"agreed":[],"differing":[],"uncertain":[]}"#

        #expect(throws: MergeSchema.Refusal.unfounded(fault)) {
            try MergeSchema.read(content, replies: [reply("a", "Within 72 hours.")], of: question.text)
        }
    }

    @Test func `the schema is JSON and strict`() throws {
        let object = try JSONSerialization.jsonObject(with: Data(MergeSchema.json.utf8)) as? [String: Any]

        #expect(object?["additionalProperties"] as? Bool == false)
        #expect((object?["required"] as? [String])?.sorted() == ["agreed", "answer", "differing", "uncertain"])
    }
}
