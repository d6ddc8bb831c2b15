import CallModel
import Consult
import SpokenLanguage

extension ConsultRecordPayload {
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
