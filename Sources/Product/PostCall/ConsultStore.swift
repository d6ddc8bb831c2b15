import CRM
import CallModel
import Consult
import Database
import Encoding
import FoundationEssentials

/// The tables `consults` and `consult_answers`, and the consents that belong to them.
enum ConsultStore {
    private static let answersMax = 16
    private static let consentsMax = 32

    /// Who said it, for the consent rows.
    struct Party: Sendable {
        var contactID: UUID?
        var phone: E164?
        /// When the phone rang: every time in the record counts from there.
        var rangAt: Date

        init(contactID: UUID? = nil, phone: E164? = nil, rangAt: Date) {
            self.contactID = contactID
            self.phone = phone
            self.rangAt = rangAt
        }
    }

    /// One consult with its answers and consents. Idempotent by the consult's id: what is there stays.
    static func add(_ record: ConsultRecord, call: CallID, by party: Party, to rows: inout CallRows) {
        let asked = ms(record.question.askedAtMs)
        let id = SQLValue.uuid(record.question.id)
        rows.add(
            .consult,
            [
                id, .uuid(call.uuid), .text(bounded(record.question.text)), .text(record.question.source.rawValue),
                .json(record.question.reasons.prefix(20).map { bounded($0) }.json),
                .textArray(record.answers.prefix(answersMax).map(\.specialist.text)), .int(asked),
                .int(record.offeredMs.map(ms)), .int(record.agreedAtMs.map(ms)), .int(record.answeredMs.map(ms)),
                .int(record.spokenMs.map(ms)), .int(record.heardMs.map(ms)), .int(max(asked, ms(record.endedMs))),
                .text(record.ending.rawValue),
                .text(record.mergedText.map { bounded($0, 20_000) }), .text(record.spokenText.map { bounded($0) }),
                .bool(record.delivered), .text(record.followUp.map { bounded($0) }),
            ])
        for (index, answer) in record.answers.prefix(answersMax).enumerated() {
            rows.add(
                .consultAnswer,
                [
                    id, .int(index + 1), .text(answer.specialist.text),
                    .json(answer.reasons.prefix(20).map { bounded($0) }.json),
                    .text(bounded(answer.text, 20_000)), .int(ms(answer.tookMs)), .text(answer.outcome.rawValue),
                ])
        }
        for (index, consent) in record.consents.prefix(consentsMax).enumerated() {
            rows.add(
                .consultConsent,
                [
                    .uuid(call.uuid), .uuid(party.contactID), .text(party.phone?.text), "consult",
                    .bool(consent.decision == .yes), .text(bounded(consent.words)),
                    .text(consent.isWithdrawal ? "withdrawal" : "caller"),
                    .timestamp(party.rangAt.addingTimeInterval(Double(ms(consent.atMs)) / 1_000)), id, .int(index + 1),
                    .text(bounded(consent.question)), .text(consent.decision.rawValue),
                    .double(CallCommit.share(consent.confidence)), .int(ms(consent.audioPositionMs)),
                ])
        }
    }

    private static func ms(_ value: Int) -> Int { min(max(0, value), Int(Int32.max)) }

    private static func bounded(_ text: String, _ charactersMax: Int = 4_000) -> String {
        StoredText.bounded(text, charactersMax: charactersMax)
    }
}
