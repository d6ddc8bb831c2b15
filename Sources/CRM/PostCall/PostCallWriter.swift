package import CallModel
package import Database
import FoundationEssentials
package import Telemetry

/// Writes every call that ended into the CRM, exactly once, whatever is killed or away: the journal stays until the
/// record is committed, and the record is committed in one transaction that looks first whether it was already.
package actor PostCallWriter {
    /// Calls written at the same time.
    package static let writersDefault = 4
    private static let transactionTimeoutMs = 10_000
    private static let rulesTimeoutMs = 10_000
    private static let backoffMs = 100...5_000

    /// What a restart found.
    package struct Recovery: Equatable, Sendable {
        /// Ended and not committed: they are being written.
        package var submitted: [CallID]
        /// Cut short: still on the carrier, perhaps; the caller decides when to ``recoverInterrupted(_:reason:)``.
        package var unfinished: [CallID]
    }

    private struct Job {
        var callID: CallID
        /// Set for a call without an ending.
        var interruptedReason: String?
        var isRecovered = false
        var attempts = 0
        /// Kept between attempts: reading a call may cost a model's time.
        var prepared: CallCommit?
    }

    private enum Outcome {
        case done
        case retry(CallCommit?, any Error)
        case refused(reason: String)
        case unreadable(JournalError)
        /// The database was closed: we are shutting down, and the journal waits for the next start.
        case stopped
    }

    private let database: Database
    private let journals: JournalStore
    private let pipeline: PostCallPipeline
    private let metrics: Metrics
    private let writers: Int
    private var waiting: [Job] = []
    private var known: Set<CallID> = []
    private var running = 0
    private var waiters: [CallID: [UUID: CheckedContinuation<Bool, Never>]] = [:]

    package init(
        database: Database, journals: JournalStore, pipeline: PostCallPipeline, writers: Int = writersDefault,
        metrics: Metrics = .shared
    ) {
        precondition(writers > 0, "writers: \(writers)")
        self.database = database
        self.journals = journals
        self.pipeline = pipeline
        self.writers = writers
        self.metrics = metrics
    }

    /// Writes a call whose journal is finished. Submitting it again changes nothing.
    package func submit(_ callID: CallID) { enqueue(Job(callID: callID)) }

    /// At start: what ended and was not committed is written now, failed ones included; what was cut short is named.
    package func recover() throws -> Recovery {
        _ = try journals.restoreFailed()
        let left = try journals.left()
        let (unwritten, unfinished) = (left.unwritten, left.unfinished)
        for callID in unwritten { enqueue(Job(callID: callID, isRecovered: true)) }
        if !unwritten.isEmpty || !unfinished.isEmpty {
            Log.info("calls recovered", ["unwritten": unwritten.count, "unfinished": unfinished.count])
        }
        return Recovery(submitted: unwritten, unfinished: unfinished)
    }

    /// Writes a call that was cut short, with what was said until then.
    package func recoverInterrupted(_ callID: CallID, reason: String) {
        enqueue(Job(callID: callID, interruptedReason: reason, isRecovered: true))
    }

    /// Whether the call's record is committed, waiting for it at most `timeoutMs`.
    package func waitUntilWritten(_ callID: CallID, timeoutMs: Int) async -> Bool {
        if journals.isWritten(callID) { return true }
        let ticket = UUID()
        let timeout = Task {
            try? await Task.sleep(for: .milliseconds(timeoutMs))
            self.waiters[callID]?.removeValue(forKey: ticket)?.resume(returning: false)
        }
        defer { timeout.cancel() }
        return await withCheckedContinuation { waiters[callID, default: [:]][ticket] = $0 }
    }

    /// Calls submitted and not yet written, those waiting for another attempt included.
    package var pending: Int { known.count }

    /// Waits until everything submitted is written, at most `timeoutMs`: for a graceful shutdown, before the database is
    /// closed. False when some is left to the next start.
    package func drain(timeoutMs: Int) async -> Bool {
        let deadline = MonotonicTime.now().adding(milliseconds: Int64(timeoutMs))
        while !known.isEmpty, MonotonicTime.now() < deadline { try? await Task.sleep(for: .milliseconds(10)) }
        return known.isEmpty
    }

    // MARK: - Queue

    private func enqueue(_ job: Job) {
        guard known.insert(job.callID).inserted else { return }
        gauge(1)
        waiting.append(job)
        startNext()
    }

    private func gauge(_ amount: Double) {
        metrics.adjust("parley_call_records_pending", by: amount, help: "Ended calls whose record is not committed.")
    }

    private func startNext() {
        while running < writers, !waiting.isEmpty {
            let job = waiting.removeFirst()
            running += 1
            Task(executorPreference: BackgroundThreads.afterwards) { await self.run(job) }
        }
    }

    private func run(_ job: Job) async {
        let outcome = await attempt(job)
        running -= 1
        switch outcome {
        case .done: settle(job.callID, true)
        case .retry(let prepared, let error): retry(job, prepared, error)
        case .refused(let reason): setAside(job.callID, reason)
        case .unreadable(let error):
            Log.error("call record cannot be read from its journal", ["call.id": job.callID, "error": error])
            settle(job.callID, false)
        case .stopped: settle(job.callID, false)
        }
        startNext()
    }

    private func settle(_ callID: CallID, _ isWritten: Bool) {
        if known.remove(callID) != nil { gauge(-1) }
        for waiter in (waiters.removeValue(forKey: callID) ?? [:]).values { waiter.resume(returning: isWritten) }
    }

    private func retry(_ job: Job, _ prepared: CallCommit?, _ error: any Error) {
        var again = job
        again.attempts += 1
        again.prepared = prepared
        metrics.add(
            "parley_call_record_retries_total", help: "Attempts to commit a call record that have to be repeated.")
        if again.attempts == 1 || again.attempts % 20 == 0 {
            Log.warning(
                "call record waits for another attempt",
                ["call.id": job.callID, "attempts": again.attempts, "error": error])
        }
        let doubled = PostCallWriter.backoffMs.lowerBound << min(again.attempts - 1, 10)
        let ceiling = min(doubled, PostCallWriter.backoffMs.upperBound)
        let delay = Int.random(in: ceiling / 2...ceiling)
        let waitingJob = again
        Task {
            try? await Task.sleep(for: .milliseconds(delay))
            self.waiting.append(waitingJob)
            self.startNext()
        }
    }

    private func setAside(_ callID: CallID, _ reason: String) {
        metrics.add("parley_call_records_refused_total", help: "Call records the database refused; kept in failed/.")
        Log.error("call record refused by the database and set aside", ["call.id": callID, "reason": reason])
        do {
            try journals.setAside(callID, reason: reason)
        } catch {
            Log.error("call record cannot be set aside", ["call.id": callID, "error": error])
        }
        settle(callID, false)
    }

    // MARK: - One attempt, off the actor, on threads that give way

    private nonisolated func attempt(_ job: Job) async -> Outcome {
        let commit: CallCommit
        do {
            commit = try await prepare(job)
        } catch let error as JournalError {
            if case .disk = error { return .retry(nil, error) }
            // Written by an earlier submission that was still running.
            if case .missing = error, journals.isWritten(job.callID) { return .done }
            return .unreadable(error)
        } catch {
            return PostCallWriter.outcome(error, nil)
        }
        do {
            let verdict = try await database.transaction(
                tenant: commit.record.opening.tenant, timeoutMs: Self.transactionTimeoutMs, urgency: .afterwards
            ) { tx in try commit.write(in: tx) }
            report(verdict, commit, job)
        } catch {
            return PostCallWriter.outcome(error, commit)
        }
        do {
            try journals.markWritten(job.callID)
        } catch {
            // Nothing is lost: after a restart it is submitted again and found written.
            Log.warning("committed journal cannot be moved", ["call.id": job.callID, "error": error])
        }
        return .done
    }

    private nonisolated func prepare(_ job: Job) async throws -> CallCommit {
        if let prepared = job.prepared { return prepared }
        let entries = try journals.load(job.callID)
        guard let written = CallRecord(journal: entries) else {
            throw JournalError.corrupt(job.callID, byte: 0, reason: "does not begin with the opening of a call")
        }
        let tenant = written.opening.tenant
        let rules = try await database.transaction(
            tenant: tenant, timeoutMs: Self.rulesTimeoutMs, urgency: .afterwards
        ) { tx in try TenantRules.read(in: tx) }
        let record = written.redacted(redaction(rules, of: tenant))
        var insight = FactMerge.insight(await pipeline.insight(record), record: record)
        let interruptedReason = record.ending == nil ? job.interruptedReason ?? "interrupted" : nil
        if interruptedReason != nil { insight = FactMerge.interrupted(insight) }
        return CallCommit(
            record: record, insight: insight, interruptedReason: interruptedReason, pipeline: pipeline, rules: rules)
    }

    /// Cards, national ids, and the patterns in the tenant's settings.
    private nonisolated func redaction(_ rules: TenantRules, of tenant: TenantID) -> Redaction {
        let patterns = rules.redactionPatterns
        guard !patterns.isEmpty else { return Redaction() }
        do {
            return try Redaction(tenantPatterns: patterns)
        } catch {
            Log.error("redaction patterns of a tenant are unusable", ["tenant.id": tenant, "error": error])
            return Redaction()
        }
    }

    private nonisolated func report(_ verdict: CallCommit.Verdict, _ commit: CallCommit, _ job: Job) {
        guard case .written(let outcome) = verdict else { return }
        let seconds = max(0, Date.now.timeIntervalSince(commit.record.endedAt))
        if !job.isRecovered {
            metrics.observe(
                "parley_call_record_commit_seconds", seconds: seconds, help: "Hang-up to committed call record.")
        }
        metrics.add(
            "parley_call_records_written_total", 1, ["outcome": outcome.rawValue], help: "Call records committed.")
        Log.info(
            "call record written",
            [
                "call.id": job.callID, "call.sid": commit.record.opening.callSid, "outcome": outcome.rawValue,
                "commit_ms": Int(seconds * 1_000), "attempts": job.attempts + 1,
            ])
    }

    /// The database away or busy: again. The database refusing what we wrote: aside, for a person.
    private nonisolated static func outcome(_ error: any Error, _ commit: CallCommit?) -> Outcome {
        switch error {
        case DatabaseError.closed: return .stopped
        case DatabaseError.statementFailed(let sqlState, _, let constraint):
            if let error = error as? DatabaseError, error.isRetryable { return .retry(commit, error) }
            return .refused(reason: "\(sqlState) \(constraint ?? "")")
        case let failure as CallStore.Failure: return .refused(reason: "\(failure)")
        case DatabaseError.unexpectedValue(let column, let expected):
            return .refused(reason: "column \(column) holds no \(expected)")
        case is EncodingError: return .refused(reason: "a value cannot be encoded as JSON")
        default: return .retry(commit, error)
        }
    }
}
