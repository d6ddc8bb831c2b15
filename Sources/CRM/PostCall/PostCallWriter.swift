package import CallModel
package import Database
import FoundationEssentials
package import Telemetry

/// Writes every call that ended into the CRM, exactly once, whatever is killed or away: the journal stays until the
/// record is committed, and the record is committed in a transaction that looks first whether it was already.
///
/// A call is read by one of a few readers, then committed together with the others of its tenant that are read by then:
/// alone when it is the only one, many at once behind a backlog.
package actor PostCallWriter {
    /// Calls read at the same time; a language model may take its time over each.
    package static let readersDefault = 4
    /// Transactions at the same time.
    private static let committersMax = 2
    /// Calls of one transaction.
    private static let batchMax = 32
    /// Calls read and not committed: beyond it, reading waits.
    private static let readMax = 128
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
        var commit: CallCommit?
        /// In a transaction of its own.
        var isAlone = false
    }

    private enum Outcome {
        case read(CallCommit)
        case written
        case again
        case alone
        case retry(any Error)
        case refused(reason: String)
        case unreadable(JournalError)
        /// The database was closed: we are shutting down, and the journal waits for the next start.
        case stopped
    }

    private let database: Database
    private let journals: JournalStore
    private let pipeline: PostCallPipeline
    private let rules: TenantRulebook
    private let zones: CustomerZones
    private let metrics: Metrics
    private let readers: Int
    private let transactionTimeoutMs: Int
    private var waiting: ArraySlice<Job> = []
    /// Read, by tenant; the tenants take turns.
    private var ready: [TenantID: ArraySlice<Job>] = [:]
    private var turns: [TenantID] = []
    private var known: Set<CallID> = []
    private var reading = 0
    private var committing = 0
    private var waiters: [CallID: [UUID: CheckedContinuation<Bool, Never>]] = [:]

    /// - Parameter transactionTimeoutMs: a transaction that is not done by then is given up, and its calls are tried again,
    ///   each alone.
    package init(
        database: Database, journals: JournalStore, pipeline: PostCallPipeline, readers: Int = readersDefault,
        transactionTimeoutMs: Int = 10_000, metrics: Metrics = .shared
    ) {
        precondition(readers > 0, "readers: \(readers)")
        self.transactionTimeoutMs = transactionTimeoutMs
        self.database = database
        self.journals = journals
        self.pipeline = pipeline
        self.readers = readers
        rules = TenantRulebook(database: database)
        zones = CustomerZones(database: database)
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
        while reading < readers, ready.values.reduce(reading, { $0 + $1.count }) < Self.readMax,
            let job = waiting.popFirst()
        {
            reading += 1
            Task(executorPreference: BackgroundThreads.afterwards) { await self.read(job) }
        }
        while committing < Self.committersMax, let batch = nextBatch() {
            committing += 1
            Task(executorPreference: BackgroundThreads.afterwards) { await self.commit(batch) }
        }
    }

    private func makeReady(_ job: Job, of tenant: TenantID) {
        if ready[tenant] == nil { turns.append(tenant) }
        ready[tenant, default: []].append(job)
    }

    private func nextBatch() -> [Job]? {
        guard !turns.isEmpty else { return nil }
        let tenant = turns.removeFirst()
        var jobs = ready.removeValue(forKey: tenant) ?? []
        let count = jobs.first?.isAlone == true ? 1 : jobs.prefix(Self.batchMax).prefix { !$0.isAlone }.count
        let batch = Array(jobs.prefix(count))
        jobs.removeFirst(count)
        if !jobs.isEmpty {
            ready[tenant] = jobs
            turns.append(tenant)
        }
        return batch
    }

    private func read(_ job: Job) async {
        let outcome = await reading(job)
        reading -= 1
        conclude(job, outcome)
        startNext()
    }

    private func commit(_ batch: [Job]) async {
        let outcomes = await committing(batch)
        committing -= 1
        for (job, outcome) in zip(batch, outcomes) {
            var job = job
            // One of them may be what all wait for, such as a lead that somebody has locked.
            if case .retry = outcome, batch.count > 1 { job.isAlone = true }
            conclude(job, outcome)
        }
        startNext()
    }

    private func conclude(_ job: Job, _ outcome: Outcome) {
        var job = job
        switch outcome {
        case .read(let commit):
            job.commit = commit
            makeReady(job, of: commit.record.opening.tenant)
        case .written: settle(job.callID, true)
        case .again: if let commit = job.commit { makeReady(job, of: commit.record.opening.tenant) }
        case .alone:
            job.isAlone = true
            if let commit = job.commit { makeReady(job, of: commit.record.opening.tenant) }
        case .retry(let error): retry(job, error)
        case .refused(let reason): setAside(job.callID, reason)
        case .unreadable(let error):
            Log.error("call record cannot be read from its journal", ["call.id": job.callID, "error": error])
            settle(job.callID, false)
        case .stopped: settle(job.callID, false)
        }
    }

    private func settle(_ callID: CallID, _ isWritten: Bool) {
        if known.remove(callID) != nil { gauge(-1) }
        for waiter in (waiters.removeValue(forKey: callID) ?? [:]).values { waiter.resume(returning: isWritten) }
    }

    private func retry(_ job: Job, _ error: any Error) {
        var again = job
        again.attempts += 1
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
            self.startAgain(waitingJob)
        }
    }

    private func startAgain(_ job: Job) {
        if let commit = job.commit {
            makeReady(job, of: commit.record.opening.tenant)
        } else {
            waiting.append(job)
        }
        startNext()
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

    // MARK: - Off the actor, on threads that give way

    private nonisolated func reading(_ job: Job) async -> Outcome {
        do {
            return .read(try await call(job))
        } catch let error as JournalError {
            if case .disk = error { return .retry(error) }
            // Written by an earlier submission that was still running.
            if case .missing = error, journals.isWritten(job.callID) { return .written }
            return .unreadable(error)
        } catch {
            return PostCallWriter.outcome(error)
        }
    }

    private nonisolated func call(_ job: Job) async throws -> CallCommit {
        let entries = try journals.load(job.callID)
        guard let written = CallRecord(journal: entries) else {
            throw JournalError.corrupt(job.callID, byte: 0, reason: "does not begin with the opening of a call")
        }
        let book = try await rules.read(written.opening.tenant)
        var record = written.redacted(book.redaction)
        record.opening.timeZone = try await zones.zone(of: record.opening)
        var insight = FactMerge.insight(await pipeline.insight(record), record: record)
        let interruptedReason = record.ending == nil ? job.interruptedReason ?? "interrupted" : nil
        if interruptedReason != nil { insight = FactMerge.interrupted(insight) }
        return CallCommit(
            record: record, insight: insight, interruptedReason: interruptedReason, pipeline: pipeline,
            rules: book.rules)
    }

    private nonisolated func committing(_ jobs: [Job]) async -> [Outcome] {
        let batch = CallBatch(commits: jobs.compactMap(\.commit))
        guard let tenant = batch.commits.first?.record.opening.tenant else { return [] }
        let verdicts: [CallBatch.Verdict]
        do {
            verdicts = try await database.transaction(
                tenant: tenant, timeoutMs: transactionTimeoutMs, urgency: .afterwards
            ) { tx in try batch.write(in: tx) }
        } catch {
            let outcome = PostCallWriter.outcome(error)
            // One of them is refused: alone, each shows whether it is the one.
            if case .refused = outcome, jobs.count > 1 { return jobs.map { _ in .alone } }
            return jobs.map { _ in outcome }
        }
        return zip(zip(jobs, batch.commits), verdicts).map { call, verdict in
            switch verdict {
            case .another: return .again
            case .written(let outcome): report(outcome, call.1, call.0)
            case .alreadyWritten: break
            }
            markWritten(call.0.callID)
            return .written
        }
    }

    private nonisolated func markWritten(_ callID: CallID) {
        do {
            try journals.markWritten(callID)
        } catch {
            // Nothing is lost: after a restart it is submitted again and found written.
            Log.warning("committed journal cannot be moved", ["call.id": callID, "error": error])
        }
    }

    private nonisolated func report(_ outcome: CallOutcome, _ commit: CallCommit, _ job: Job) {
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
    private nonisolated static func outcome(_ error: any Error) -> Outcome {
        switch error {
        case DatabaseError.closed: return .stopped
        case DatabaseError.statementFailed(let sqlState, _, let constraint):
            if let error = error as? DatabaseError, error.isRetryable { return .retry(error) }
            return .refused(reason: "\(sqlState) \(constraint ?? "")")
        case let failure as CallStore.Failure: return .refused(reason: "\(failure)")
        case DatabaseError.unexpectedValue(let column, let expected):
            return .refused(reason: "column \(column) holds no \(expected)")
        default: return .retry(error)
        }
    }
}
