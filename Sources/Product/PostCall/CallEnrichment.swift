import CRM
import CallModel
import CallReading
package import Database
import Encoding
import FoundationEssentials
package import Jobs
import LanguageModel
import Telemetry

/// A call that is on record as the rules read it, and that a language model is still to read. Enqueued in the transaction that
/// writes the record.
struct EnrichCall: JobKind {
    static let kind = "call.enrich"
    static let policy = {
        var policy = JobPolicy()
        policy.attemptsMax = 6
        policy.backoff = .seconds(10) ... .seconds(600)
        policy.runMax = .seconds(90)
        return policy
    }()

    /// Redacted.
    var record: CallRecord
    /// What the rules made of it: the call on record must still say so.
    var insight: CallInsight
    var interruptedReason: String?

    init(_ commit: CallCommit) {
        record = commit.record
        insight = commit.insight
        interruptedReason = commit.interruptedReason
    }
}

/// The record waits for no model: the rules' is written at once, and the model's reading goes over it when it comes. Written
/// once, in the transaction that ends its job, and only while the record says what the rules said; a record that has been
/// joined with another part meanwhile has a job of its own.
package struct CallEnrichment: Sendable {
    /// A server that is being spared is asked again after this long.
    private static let spared = Duration.seconds(30)

    let database: Database
    let pipeline: PostCallPipeline
    private let rules: TenantRulebook

    package init(database: Database, pipeline: PostCallPipeline) {
        self.database = database
        self.pipeline = pipeline
        rules = TenantRulebook(database: database)
    }

    package var handler: JobHandler {
        JobHandler(EnrichCall.self) { job, run in
            guard let insight = try await reading(job, run) else { return { _ in } }
            let book = try await rules.read(run.tenant)
            let commit = CallCommit(
                record: job.record, insight: insight, interruptedReason: job.interruptedReason, pipeline: pipeline,
                rules: book.rules)
            return { tx in try CallEnrichment.write(commit, over: job.insight, in: tx) }
        }
    }

    /// Nil when the rules' reading stands: no model, no usable answer, or none after the last attempt.
    private func reading(_ job: EnrichCall, _ run: JobRun) async throws -> CallInsight? {
        guard let enrich = pipeline.enrich else { return nil }
        do {
            var insight = FactMerge.insight(try await enrich(job.insight, job.record), record: job.record)
            if job.interruptedReason != nil { insight = FactMerge.interrupted(insight) }
            return insight == job.insight ? nil : insight
        } catch LLMError.heldBack {
            throw JobFailure.notYet(CallEnrichment.spared)
        } catch let error as LLMError {
            var isLast = run.attempt >= EnrichCall.policy.attemptsMax
            if case .notAnAnswer = error { isLast = true }
            guard isLast else { throw error }
            Log.warning(
                "call read by rules alone", ["call.sid": job.record.opening.callSid.text, "error": error])
            return nil
        }
    }

    static func write(_ commit: CallCommit, over heard: CallInsight, in tx: borrowing Transaction) throws {
        let callID = commit.record.opening.callID
        guard let parties = try CallStore.lock([callID], in: tx)[callID], parties.isFinal,
            try tx.query(
                "select 1 as one from calls where id = $1 and extraction = $2::jsonb", [commit.call, .text(heard.json)]
            ).count == 1
        else { return }
        var rows = CallRows()
        commit.addReading(to: &rows)
        if heard.doNotContact == nil { commit.addOptOut(parties, to: &rows) }
        // A later call says more of the lead than a model that comes back to an earlier one.
        if let leadID = parties.leadID,
            try tx.query(
                "select 1 as one from calls where lead_id = $1 and id <> $2 and call_start_time > $3 limit 1",
                [.uuid(leadID), commit.call, .timestamp(commit.record.opening.rangAt)]
            ).isEmpty
        {
            _ = try tx.execute("delete from lead_scores where call_id = $1", [commit.call])
            let wanted = LeadState.Wanted(
                leadID: leadID, contactID: parties.contactID, userID: parties.userID, answeredAt: commit.endedAt)
            if var known = try LeadState.read([wanted], in: tx)[leadID] {
                // This call is among them by now.
                known.lead.completedCalls = max(0, known.lead.completedCalls - 1)
                let assessed = commit.addLead(known, parties, to: &rows)
                if commit.plansAnew(over: heard) { commit.addFollowUp(leadID, parties, assessed, to: &rows) }
            }
        }
        try rows.send(in: tx)
    }
}

extension CallCommit {
    /// Whether a model is to read the call again.
    var isToBeEnriched: Bool { pipeline.enrich != nil && !record.personTurns.isEmpty }

    /// What the call is found to be about; everything else on record stays.
    func addReading(to rows: inout CallRows) {
        rows.readings.add([
            .id: call, .outcome: .text(insight.outcome.rawValue),
            .summary: .text(StoredText.bounded(insight.summary, charactersMax: 4_000)),
            .sentiment: .text(insight.sentiment.value.rawValue), .intentDetected: .text(insight.intent.value.rawValue),
            .confidenceScore: .double(CallCommit.share(insight.intent.confidence)),
            .extractor: .text(StoredText.bounded(insight.extractor, charactersMax: 200)),
            .extraction: .json(insight.json),
        ])
    }

    /// Whether this reading leads to another next step than `heard` did.
    func plansAnew(over heard: CallInsight) -> Bool {
        pipeline.plan(insight, record, rules) != pipeline.plan(heard, record, rules)
    }
}
