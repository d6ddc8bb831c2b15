import CallModel
import Database
import FoundationEssentials

extension CallCommit {
    private static let marketingKinds = ["marketing_voice", "marketing_sms", "marketing_email"]
    private static let kinds = Set(marketingKinds + ["consult", "recording", "ai_disclosure"])

    /// What was agreed to or refused in this call, each in the words that were said.
    func writeConsents(_ parties: CallParties, in tx: borrowing Transaction) throws {
        var rows: [[SQLValue]] = []
        func add(_ kind: String, _ granted: Bool, _ words: String, source: String, at: Date) {
            rows.append([
                tenant, call, .uuid(parties.contactID), .text(record.opening.customerPhone?.text), .text(kind),
                .bool(granted), .text(StoredText.bounded(words, charactersMax: 2_000)), .text(source), .timestamp(at),
            ])
        }
        var told: Set<String> = []
        for case .consent(let kind, let granted, let words) in record.facts where CallCommit.kinds.contains(kind) {
            told.insert(kind)
            add(kind, granted, words, source: "agent_tool", at: endedAt)
        }
        if !told.contains("ai_disclosure"), let turn = record.transcript.turns.first(where: CallCommit.disclosesAI) {
            add("ai_disclosure", true, turn.heardText, source: "agent", at: moment(turn.startedMs))
        }
        if let optOut = insight.doNotContact {
            let at = optOut.evidence.first.map { moment($0.startedMs) } ?? endedAt
            for kind in CallCommit.marketingKinds { add(kind, false, optOut.value, source: "caller", at: at) }
        }
        try tx.send(
            into: "consents",
            [
                "tenant_id": "uuid", "call_id": "uuid", "contact_id": "uuid", "phone": "text", "kind": "text",
                "granted": "boolean", "words": "text", "source": "text", "at": "timestamptz",
            ], rows: rows)
    }

    private func moment(_ ms: Int) -> Date { record.opening.rangAt.addingTimeInterval(Double(ms) / 1_000) }

    /// Whether the caller was told, and heard, that no human speaks.
    static func disclosesAI(_ turn: Turn) -> Bool {
        guard turn.speaker == .agent else { return false }
        let words = turn.heardText.split { !$0.isLetter }.map { $0.lowercased() }
        let pairs = zip(words, words.dropFirst()).map { "\($0) \($1)" }
        return words.contains { ["ai", "artificial", "automated"].contains($0) }
            || pairs.contains { ["a i", "virtual assistant", "virtual agent", "voice assistant"].contains($0) }
    }

    /// The caller asked not to be called again: whoever shares the number is left alone from now on, and what was
    /// planned is cancelled.
    func stopContacting(_ parties: CallParties, in tx: borrowing Transaction) throws {
        let who: [SQLValue] = [.uuid(parties.contactID), .text(record.opening.customerPhone?.text)]
        let contacts = "select id from contacts where id = $1 or phone = $2"
        try tx.send(
            "update contacts set do_not_contact = true, opt_in_status = 'opted_out' where id in (\(contacts))", who)
        try tx.send(
            """
            update follow_ups set status = 'Cancelled',
                notes = concat_ws(E'\\n', notes, 'Cancelled: the caller asked not to be contacted.')
            where status = 'Pending' and lead_id in (select id from leads where contact_id in (\(contacts)))
            """, who)
        // A task carries no kind: one that begins with a call to make is a dial task.
        try tx.send(
            """
            update tasks set status = 'cancelled' where status in ('pending', 'in_progress')
                and title ~* '^\\s*(call|dial|phone|ring|follow[ -]?up call)\\M' and contact_id in (\(contacts))
            """, who)
    }
}
