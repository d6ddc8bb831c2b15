import CallModel
import Database
import FoundationEssentials

/// All that one call leaves in the database, written in one transaction: the call row is locked first, and a call that
/// is finalized already is left alone. Runs again from the start when the transaction meets another.
///
/// Three round trips for a call whose row was written when it began: the call, the lead, and all that is written, with
/// the commit.
struct CallCommit: Sendable {
    enum Verdict: Equatable, Sendable {
        case written(CallOutcome)
        case alreadyWritten
    }

    let record: CallRecord
    /// What was extracted, the call's facts over it.
    let insight: CallInsight
    /// Why a call without an ending ended; nil for a call that ended by itself.
    let interruptedReason: String?
    let pipeline: PostCallPipeline
    /// The tenant's, as they were when the call was read.
    let rules: TenantRules

    var call: SQLValue { .uuid(record.opening.callID.uuid) }
    var tenant: SQLValue { .uuid(record.opening.tenant.uuid) }
    var endedAt: Date { max(record.endedAt, record.opening.rangAt) }
    var isOptOut: Bool { insight.doNotContact != nil }

    func write(in tx: borrowing Transaction) throws -> Verdict {
        var parties = try CallStore.begin(record.opening, answeredAt: record.answeredAt, sessionID: nil, in: tx)
        guard !parties.isFinal else { return .alreadyWritten }
        if parties.leadID == nil, isWorthALead { try parties.makeMissing(record.opening, in: tx) }

        try writeCall(parties, in: tx)
        try writeTurns(in: tx)
        try writeUsage(in: tx)
        try writeConsults(parties, in: tx)
        try writeConsents(parties, in: tx)
        if isOptOut { try stopContacting(parties, in: tx) }
        if let leadID = parties.leadID {
            let assessed = try writeLead(leadID, parties, in: tx)
            try writeMeeting(leadID, parties, in: tx)
            try writeFollowUp(leadID, parties, assessed, in: tx)
            try writeConsultFollowUps(leadID, parties, in: tx)
            try writeActivity(leadID, parties, in: tx)
        }
        return .written(insight.outcome)
    }

    /// A caller who withheld the number becomes a lead when there is a way or a promise to meet again.
    private var isWorthALead: Bool {
        insight.contact.email != nil || insight.contact.name != nil || insight.meeting != nil
            || insight.followUpNamedAt != nil
    }

    // MARK: - The call

    private struct Usage: Encodable {
        var connectedSeconds: Int
        var callerWords: Int
        var agentWords: Int
        var turns: Int
    }

    private var usage: Usage {
        func words(_ speaker: Speaker) -> Int {
            record.transcript.turns.reduce(0) {
                $0 + ($1.speaker == speaker ? $1.heardText.split(whereSeparator: \.isWhitespace).count : 0)
            }
        }
        return Usage(
            connectedSeconds: min(record.connectedSeconds, Int(Int32.max)), callerWords: words(.caller),
            agentWords: words(.agent), turns: record.transcript.turns.count)
    }

    private var endReason: String {
        StoredText.line(interruptedReason ?? record.ending?.reason, charactersMax: 100) ?? "unknown"
    }

    private var isFailed: Bool {
        insight.outcome == .failed || ["agent_fault", "carrier_failed"].contains(endReason)
    }

    /// An inbound call's disposition; the dialer's codes are the dialer's to give.
    var disposition: InboundDisposition? {
        guard record.opening.direction == .inbound else { return nil }
        if interruptedReason != nil || isFailed { return .failed }
        let isSilent = !record.transcript.callerTurns.contains { !$0.text.isEmpty } && record.dtmf.isEmpty
        return record.answeredAt == nil || (isSilent && endReason == "caller_hangup") ? .abandoned : .completed
    }

    private func writeCall(_ parties: CallParties, in tx: borrowing Transaction) throws {
        let status = interruptedReason != nil ? "interrupted" : isFailed ? "failed" : "completed"
        try tx.send(
            """
            update calls set lead_id = $2, contact_id = $3, status = $4, answered_at = coalesce(answered_at, $5),
                call_end_time = greatest($6::timestamptz, call_start_time), duration = $7, end_reason = $8, outcome = $9,
                disposition = $10, transcript = $11, summary = $12, sentiment = $13, intent_detected = $14,
                confidence_score = $15, usage = $16, ear = $17, dtmf = $18, notes = $19, extractor = $20,
                extraction = $21, finalized_at = now()
            where id = $1
            """,
            [
                call, .uuid(parties.leadID), .uuid(parties.contactID), .text(status), .timestamp(record.answeredAt),
                .timestamp(endedAt), .int(usage.connectedSeconds), .text(endReason), .text(insight.outcome.rawValue),
                .text(disposition?.rawValue), .text(StoredText.bounded(record.transcript.plainText)),
                .text(StoredText.bounded(insight.summary, charactersMax: 4_000)),
                .text(insight.sentiment.value.rawValue),
                .text(insight.intent.value.rawValue), .double(CallCommit.share(insight.intent.confidence)),
                .json(try StoredText.json(usage)), .json(try StoredText.json(record.ending?.ear ?? EarLedger())),
                .text(record.dtmf.isEmpty ? nil : StoredText.bounded(record.dtmf, charactersMax: 1_000)),
                .json(try StoredText.json(Array(record.notes.prefix(500)))),
                .text(StoredText.bounded(insight.extractor, charactersMax: 200)), .json(try StoredText.json(insight)),
            ])
    }

    /// `value` as a number from 0 to 1.
    static func share(_ value: Double) -> Double { value.isFinite ? min(1, max(0, value)) : 0 }

    private func writeTurns(in tx: borrowing Transaction) throws {
        let rows = record.transcript.turns.filter { $0.number >= 1 && $0.number <= Int(Int32.max) }.map { turn in
            let started = min(max(0, turn.startedMs), Int(Int32.max))
            return [
                tenant, call, .int(turn.number), .text(turn.speaker.rawValue), .int(started),
                .int(min(max(started, turn.endedMs), Int(Int32.max))), .text(turn.text), .bool(turn.interrupted),
                .text(turn.heardText),
            ]
        }
        try tx.send(
            into: "conversations",
            [
                "tenant_id": "uuid", "call_id": "uuid", "turn_number": "integer", "speaker": "text",
                "started_ms": "integer", "ended_ms": "integer", "text": "text", "interrupted": "boolean",
                "heard_text": "text",
            ], rows: rows, suffix: "on conflict do nothing")
    }

    /// What billing counts: unique by call and kind, so that nothing is billed twice.
    private func writeUsage(in tx: borrowing Transaction) throws {
        let usage = usage
        let quantities: [(kind: String, quantity: Int)] = [
            ("call", 1), ("connected_seconds", usage.connectedSeconds), ("caller_words", usage.callerWords),
            ("agent_words", usage.agentWords), ("consults", record.consults.count(where: \.wasBegun)),
        ]
        try tx.send(
            into: "usage_records",
            [
                "tenant_id": "uuid", "call_id": "uuid", "kind": "text", "quantity": "bigint",
                "recorded_at": "timestamptz",
            ],
            rows: quantities.map { [tenant, call, .text($0.kind), .int($0.quantity), .timestamp(endedAt)] },
            suffix: "on conflict do nothing")
    }
}
