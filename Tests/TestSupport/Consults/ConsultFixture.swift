package import Consult
import Foundation

/// Questions, grants and the repository's specialists, for the tests of what answers from a database or a model.
package enum ConsultFixture {
    package static var folder: String {
        Checkout.path("specialists")
    }

    package static func roster() throws -> SpecialistRoster { try SpecialistRoster.load(folder: folder) }

    package static func question(_ text: String) -> ConsultQuestion {
        ConsultQuestion(text: text, askedAtMs: 4_000, source: .detected, reasons: ["domain term"])
    }

    package static func record(
        _ text: String = "May we record calls in California?", ending: ConsultRecord.Ending = .delivered,
        agreed: Bool = true, followUp: String? = nil
    ) throws -> ConsultRecord {
        let question = question(text)
        guard let one = SpecialistID("call-recording"), let two = SpecialistID("us-telemarketing-law") else {
            throw CocoaError(.coderInvalidValue)
        }
        var record = ConsultRecord(question: question, delivered: ending == .delivered, ending: ending, endedMs: 40_000)
        record.consents = [
            ConsentRecord(
                questionID: question.id, question: "Shall I ask our specialists?", words: "well hm", decision: .unclear,
                confidence: 0.4, atMs: 5_000, audioPositionMs: 4_900),
            ConsentRecord(
                questionID: question.id, question: "Shall I, yes or no?", words: agreed ? "yes please" : "no",
                decision: agreed ? .yes : .no, confidence: 0.95, atMs: 7_000, audioPositionMs: 6_900),
        ]
        record.offeredMs = 4_500
        guard agreed else { return record }
        record.agreedMs = 7_000
        record.answeredMs = 7_200
        record.heardMs = ending == .delivered ? 9_000 : nil
        record.answers = [
            SpecialistAnswer(
                specialist: one, reasons: ["“call recording” is asked about"], text: "All parties must agree.",
                tookMs: 120, outcome: .answered),
            SpecialistAnswer(specialist: two, reasons: [], text: "", tookMs: 30_000, outcome: .late),
        ]
        record.mergedText = "Recording calls: All parties must agree."
        record.spokenText = "All parties must agree."
        record.followUp = followUp
        return record
    }
}
