import CRM
import CallModel
import Compliance
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
        rows.consults.add([
            .id: id, .callID: .uuid(call.uuid), .question: .text(bounded(record.question.text)),
            .source: .text(record.question.source.rawValue),
            .reasons: .json(record.question.reasons.prefix(20).map { bounded($0) }.json),
            .specialists: .textArray(record.answers.prefix(answersMax).map(\.specialist.text)),
            .askedMs: .int(asked), .offeredMs: .int(record.offeredMs.map(ms)),
            .agreedMs: .int(record.agreedAtMs.map(ms)), .answeredMs: .int(record.answeredMs.map(ms)),
            .spokenMs: .int(record.spokenMs.map(ms)), .heardMs: .int(record.heardMs.map(ms)),
            .endedMs: .int(max(asked, ms(record.endedMs))), .ending: .text(record.ending.rawValue),
            .mergedText: .text(record.mergedText.map { bounded($0, 20_000) }),
            .spokenText: .text(record.spokenText.map { bounded($0) }), .delivered: .bool(record.delivered),
            .followUp: .text(record.followUp.map { bounded($0) }),
        ])
        for (index, answer) in record.answers.prefix(answersMax).enumerated() {
            rows.consultAnswers.add([
                .consultID: id, .position: .int(index + 1), .specialist: .text(answer.specialist.text),
                .reasons: .json(answer.reasons.prefix(20).map { bounded($0) }.json),
                .text: .text(bounded(answer.text, 20_000)), .tookMs: .int(ms(answer.tookMs)),
                .outcome: .text(answer.outcome.rawValue),
            ])
        }
        for (index, consent) in record.consents.prefix(consentsMax).enumerated() {
            rows.consultConsents.add([
                .callID: .uuid(call.uuid), .contactID: .uuid(party.contactID), .phone: .text(party.phone?.text),
                .kind: "consult", .granted: .bool(consent.decision == .yes), .words: .text(bounded(consent.words)),
                .source: .text(consent.isWithdrawal ? "withdrawal" : "caller"),
                .at: .timestamp(party.rangAt.addingTimeInterval(Double(ms(consent.atMs)) / 1_000)), .consultID: id,
                .replyNumber: .int(index + 1), .question: .text(bounded(consent.question)),
                .decision: .text(consent.decision.rawValue), .confidence: .double(CallCommit.share(consent.confidence)),
                .audioPositionMs: .int(ms(consent.audioPositionMs)),
            ])
        }
    }

    private static func ms(_ value: Int) -> Int { min(max(0, value), Int(Int32.max)) }

    private static func bounded(_ text: String, _ charactersMax: Int = 4_000) -> String {
        StoredText.bounded(text, charactersMax: charactersMax)
    }
}
