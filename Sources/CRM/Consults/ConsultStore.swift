package import CallModel
package import Consult
package import Database
package import FoundationEssentials

/// The tables `consults` and `consult_answers`, and the consents that belong to them.
package enum ConsultStore {
    private static let answersMax = 16
    private static let consentsMax = 32

    /// Who said it, for the consent rows.
    package struct Party: Sendable {
        package var contactID: UUID?
        package var phone: E164?
        /// When the phone rang: every time in the record counts from there.
        package var rangAt: Date

        package init(contactID: UUID? = nil, phone: E164? = nil, rangAt: Date) {
            self.contactID = contactID
            self.phone = phone
            self.rangAt = rangAt
        }
    }

    /// Writes one consult with its answers and consents. Idempotent by the consult's id: what is there stays.
    ///
    /// - Parameter tx: in the scope of the call's tenant; the call's row exists.
    package static func write(
        _ record: ConsultRecord, call: CallID, by party: Party, in tx: borrowing Transaction
    ) throws {
        let asked = ms(record.question.askedAtMs)
        let id = SQLValue.uuid(record.question.id)
        let written = try tx.execute(
            """
            insert into consults (
                id, tenant_id, call_id, question, source, reasons, specialists, asked_ms, offered_ms, agreed_ms,
                answered_ms, spoken_ms, heard_ms, ended_ms, ending, merged_text, spoken_text, delivered, follow_up)
            values ($1, app.tenant_id(), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
                $18)
            on conflict do nothing
            """,
            [
                id, .uuid(call.uuid), .text(bounded(record.question.text)), .text(record.question.source.rawValue),
                .json(try StoredText.json(record.question.reasons.prefix(20).map { bounded($0) })),
                .textArray(record.answers.prefix(answersMax).map(\.specialist.text)), .int(asked),
                .int(record.offeredMs.map(ms)), .int(record.agreedAtMs.map(ms)), .int(record.answeredMs.map(ms)),
                .int(record.spokenMs.map(ms)), .int(record.heardMs.map(ms)), .int(max(asked, ms(record.endedMs))),
                .text(record.ending.rawValue),
                .text(record.mergedText.map { bounded($0, 20_000) }), .text(record.spokenText.map { bounded($0) }),
                .bool(record.delivered), .text(record.followUp.map { bounded($0) }),
            ])
        guard written == 1 else { return }
        try tx.insert(
            into: "consult_answers",
            ["tenant_id", "consult_id", "position", "specialist", "reasons", "text", "took_ms", "outcome"],
            rows: try record.answers.prefix(answersMax).enumerated().map { index, answer in
                [
                    try tenant(in: tx), id, .int(index + 1), .text(answer.specialist.text),
                    .json(try StoredText.json(answer.reasons.prefix(20).map { bounded($0) })),
                    .text(bounded(answer.text, 20_000)), .int(ms(answer.tookMs)), .text(answer.outcome.rawValue),
                ]
            }, suffix: "on conflict do nothing")
        try tx.insert(
            into: "consents",
            [
                "tenant_id", "call_id", "contact_id", "phone", "kind", "granted", "words", "source", "at", "consult_id",
                "reply_number", "question", "decision", "confidence", "audio_position_ms",
            ],
            rows: try record.consents.prefix(consentsMax).enumerated().map { index, consent in
                [
                    try tenant(in: tx), .uuid(call.uuid), .uuid(party.contactID), .text(party.phone?.text),
                    .text("consult"), .bool(consent.decision == .yes), .text(bounded(consent.words)),
                    .text(consent.isWithdrawal ? "withdrawal" : "caller"),
                    .timestamp(party.rangAt.addingTimeInterval(Double(ms(consent.atMs)) / 1_000)), id, .int(index + 1),
                    .text(bounded(consent.question)), .text(consent.decision.rawValue),
                    .double(CallCommit.share(consent.confidence)), .int(ms(consent.audioPositionMs)),
                ]
            }, suffix: "on conflict do nothing")
    }

    private static func tenant(in tx: borrowing Transaction) throws -> SQLValue {
        .uuid(try tx.query("select app.tenant_id() as id").first?.uuid("id"))
    }

    private static func ms(_ value: Int) -> Int { min(max(0, value), Int(Int32.max)) }

    private static func bounded(_ text: String, _ charactersMax: Int = 4_000) -> String {
        StoredText.bounded(text, charactersMax: charactersMax)
    }
}
