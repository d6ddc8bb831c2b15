import CRM
import CallModel
import CallReading
import Database
import Encoding
import FoundationEssentials

/// All that one call leaves in the database, as rows of the statements of ``CallStatement``.
struct CallCommit: Sendable {
    let record: CallRecord
    /// What was extracted, the call's facts over it.
    let insight: CallInsight
    /// Why a call without an ending ended; nil for a call that ended by itself.
    let interruptedReason: String?
    let pipeline: PostCallPipeline
    /// The tenant's, as they were when the call was read.
    let rules: TenantRules
    /// The call on record that ``record`` includes, with the part that is to be written.
    var joins: JoinedCall?

    var call: SQLValue { .uuid(record.opening.callID.uuid) }
    var endedAt: Date { max(record.endedAt, record.opening.rangAt) }
    var isOptOut: Bool { insight.doNotContact != nil }
    /// The carrier doubts that the caller is who the number says: what the call changes is marked.
    var isUnverified: Bool { record.opening.callerDoubt != nil }
    /// A number the caller gave, who withheld the one they called from.
    var statedPhone: E164? {
        record.opening.customerPhone == nil ? insight.contact.phone.flatMap { E164($0.value) } : nil
    }
    /// The customer's number: the one that called or was called, else the one that was given.
    var phone: E164? { record.opening.customerPhone ?? statedPhone }

    /// - Parameter known: what is on record of the call's lead, locked; nil when the call has none.
    func add(to rows: inout CallRows, _ parties: CallParties, _ known: LeadState.Known?) {
        let usage = usage
        addCall(parties, usage, to: &rows)
        addTurns(to: &rows)
        addUsage(usage, to: &rows)
        addConsults(parties, to: &rows)
        addConsents(parties, to: &rows)
        addOptOut(parties, to: &rows)
        guard let known else { return }
        let assessed = addLead(known, parties, to: &rows)
        addMeeting(known.lead.id, parties, to: &rows)
        addFollowUp(known.lead.id, parties, assessed, to: &rows)
        addConsultFollowUps(known.lead.id, parties, to: &rows)
        // A call is told of once.
        if joins?.isFinal != true { addActivity(known.lead.id, parties, to: &rows) }
    }

    /// A caller who withheld the number becomes a lead when there is a way or a promise to meet again.
    var isWorthALead: Bool {
        insight.contact.email != nil || insight.contact.name != nil || phone != nil || insight.meeting != nil
            || insight.followUpNamedAt != nil
    }

    // MARK: - The call

    private struct Usage: JSONWritable {
        var connectedSeconds: Int
        var callerWords: Int
        var agentWords: Int
        var turns: Int

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.add("connected_seconds", connectedSeconds)
                json.add("caller_words", callerWords)
                json.add("agent_words", agentWords)
                json.add("turns", turns)
            }
        }
    }

    private var usage: Usage {
        func words(_ speaker: Speaker) -> Int {
            record.transcript.turns.reduce(0) {
                $0 + ($1.speaker == speaker ? StoredText.words($1.heardText) : 0)
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

    private func addCall(_ parties: CallParties, _ usage: Usage, to rows: inout CallRows) {
        let status = interruptedReason != nil ? "interrupted" : isFailed ? "failed" : "completed"
        rows.calls.add([
            .id: call, .leadID: .uuid(parties.leadID), .contactID: .uuid(parties.contactID), .status: .text(status),
            .answeredAt: .timestamp(record.answeredAt), .callEndTime: .timestamp(endedAt),
            .duration: .int(usage.connectedSeconds), .endReason: .text(endReason),
            .outcome: .text(insight.outcome.rawValue), .disposition: .text(disposition?.rawValue),
            .transcript: .text(StoredText.bounded(record.transcript.plainText)),
            .summary: .text(StoredText.bounded(insight.summary, charactersMax: 4_000)),
            .sentiment: .text(insight.sentiment.value.rawValue), .intentDetected: .text(insight.intent.value.rawValue),
            .confidenceScore: .double(CallCommit.share(insight.intent.confidence)), .usage: .json(usage.json),
            .ear: .json((record.ending?.ear ?? EarLedger()).json),
            .dtmf: .text(record.dtmf.isEmpty ? nil : StoredText.bounded(record.dtmf, charactersMax: 1_000)),
            .notes: .json(Array(record.notes.prefix(500)).json),
            .extractor: .text(StoredText.bounded(insight.extractor, charactersMax: 200)),
            .extraction: .json(insight.json),
        ])
    }

    /// `value` as a number from 0 to 1.
    static func share(_ value: Double) -> Double { value.isFinite ? min(1, max(0, value)) : 0 }

    private func addTurns(to rows: inout CallRows) {
        var numbers: Set<Int> = []
        for turn in record.transcript.turns
        where turn.number >= 1 && turn.number <= Int(Int32.max) && numbers.insert(turn.number).inserted {
            let started = min(max(0, turn.startedMs), Int(Int32.max))
            rows.turns.add([
                .callID: call, .turnNumber: .int(turn.number), .speaker: .text(turn.speaker.rawValue),
                .startedMs: .int(started), .endedMs: .int(min(max(started, turn.endedMs), Int(Int32.max))),
                .text: .text(turn.text), .interrupted: .bool(turn.interrupted), .heardText: .text(turn.heardText),
            ])
        }
    }

    private func addUsage(_ usage: Usage, to rows: inout CallRows) {
        let quantities: [(kind: String, quantity: Int)] = [
            ("call", 1), ("connected_seconds", usage.connectedSeconds), ("caller_words", usage.callerWords),
            ("agent_words", usage.agentWords), ("consults", record.consults.count(where: \.wasBegun)),
        ]
        for each in quantities {
            rows.usage.add([
                .callID: call, .kind: .text(each.kind), .quantity: .int(each.quantity),
                .recordedAt: .timestamp(endedAt),
            ])
        }
    }
}
