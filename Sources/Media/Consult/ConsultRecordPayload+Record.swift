package import CallModel
package import Consult
import Foundation

extension ConsultRecordPayload {
    /// The record as the journal takes it: append `.consult(try ConsultRecordPayload(record), atMs: …)` when it ends.
    package init(_ record: ConsultRecord) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        self.init(
            id: record.question.id, wasBegun: record.agreedAtMs != nil && !record.answers.isEmpty,
            json: String(decoding: try encoder.encode(record), as: UTF8.self))
    }

    /// Nil when the JSON is not a consult's record.
    package var record: ConsultRecord? { try? JSONDecoder().decode(ConsultRecord.self, from: Data(json.utf8)) }

    /// What was said and answered without what `redaction` names; JSON that cannot be read is dropped.
    func redacted(_ redaction: Redaction) -> ConsultRecordPayload {
        guard var record else { return ConsultRecordPayload(id: id, wasBegun: wasBegun, json: "{}") }
        let question = record.question
        record.question = ConsultQuestion(
            id: question.id, text: redaction.redact(question.text), askedAtMs: question.askedAtMs,
            source: question.source, reasons: question.reasons.map(redaction.redact))
        record.consents = record.consents.map { consent in
            var consent = consent
            consent.question = redaction.redact(consent.question)
            consent.words = redaction.redact(consent.words)
            return consent
        }
        record.answers = record.answers.map { answer in
            var answer = answer
            answer.text = redaction.redact(answer.text)
            answer.reasons = answer.reasons.map(redaction.redact)
            return answer
        }
        record.mergedText = record.mergedText.map(redaction.redact)
        record.spokenText = record.spokenText.map(redaction.redact)
        record.followUp = record.followUp.map(redaction.redact)
        guard let payload = try? ConsultRecordPayload(record) else {
            return ConsultRecordPayload(id: id, wasBegun: wasBegun, json: "{}")
        }
        return ConsultRecordPayload(id: id, wasBegun: wasBegun, json: payload.json)
    }
}

extension ConsultRecord {
    /// When the caller agreed: as noted, or as the consents have it.
    var agreedAtMs: Int? { agreedMs ?? consents.first { $0.decision == .yes }?.atMs }
}
