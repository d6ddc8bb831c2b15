import CRM
package import CallModel
package import Database
import FoundationEssentials
package import Journal
import Runtime
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
    /// So many new records refused one after the other are no longer the records' fault.
    private static let refusedInARowMax = 3
    private static let backoffMs = 100...5_000

    /// What a restart found.
    package struct Recovery: Equatable, Sendable {
        /// Ended and not committed: they are being written.
        package var submitted: [CallID]
        /// Cut short: still on the carrier, perhaps; the caller decides when to ``recoverInterrupted(_:reason:)``.
        package var unfinished: [CallID]
    }

    struct Job {
        var callID: CallID
        /// Set for a call without an ending.
        var interruptedReason: String?
        var isRecovered = false
        var attempts = 0
        /// Kept between attempts: reading a call may cost a model's time.
        var commit: CallCommit?
        /// In a transaction of its own.
        var isAlone = false
        /// Comes from `failed/`.
        var wasRefused = false
        /// The call on record that this one is a part of.
        var joins: CallID?
    }

    enum Outcome {
        case read(CallCommit)
        case written
        case again
        case alone
        /// To be read again, as a part of another call.
        case partOf(CallID)
        case retry(any Error)
        /// The database is away: nobody need try before it is back.
        case away(any Error)
        case refused(reason: String)
        case unreadable(JournalError)
        /// The database was closed: we are shutting down, and the journal waits for the next start.
        case stopped
    }

    let database: Database
    let journals: JournalStore
    let pipeline: PostCallPipeline
    let rules: TenantRulebook
    let zones: CustomerZones
    let metrics: Metrics
    private let readers: Int
    let transactionTimeoutMs: Int
    private var waiting: ArraySlice<Job> = []
    /// Read, by tenant; the tenants take turns.
    private var ready: [TenantID: ArraySlice<Job>] = [:]
    private var turns: [TenantID] = []
    private var known: Set<CallID> = []
    private var reading = 0
    private var committing = 0
    /// Set while the database is away: nothing is read or committed before the next attempt.
    private var isPaused = false
    private var outages = 0
    private var refusedInARow = 0
    /// What this process has put into `failed/`.
    private var failed: Set<CallID> = []
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
        let restored = Set(try journals.restoreFailed())
        let left = try journals.left()
        let (unwritten, unfinished) = (left.unwritten, left.unfinished)
        for callID in unwritten {
            enqueue(Job(callID: callID, isRecovered: true, wasRefused: restored.contains(callID)))
        }
        if !unwritten.isEmpty || !unfinished.isEmpty {
            Log.info("calls recovered", ["unwritten": unwritten.count, "unfinished": unfinished.count])
        }
        return Recovery(submitted: unwritten, unfinished: unfinished)
    }

    /// Writes a call that was cut short, with what was said until then.
    package func recoverInterrupted(_ callID: CallID, reason: String) {
        enqueue(Job(callID: callID, interruptedReason: reason, isRecovered: true))
    }

    /// Gives every record in `failed/` another attempt: the schema, a grant or a rule may have been put right since.
    package func retryFailed() throws {
        for callID in try journals.restoreFailed() {
            if failed.remove(callID) != nil { gaugeFailed(-1) }
            enqueue(Job(callID: callID, interruptedReason: "node_shutdown", isRecovered: true, wasRefused: true))
        }
    }

    /// False when three new records in a row were refused: whatever comes next will be too.
    package var isAccepted: Bool { refusedInARow < Self.refusedInARowMax }

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
        metrics.adjust(PostCallMetrics.pending, by: amount)
    }

    private func gaugeFailed(_ amount: Double) {
        metrics.adjust(PostCallMetrics.failed, by: amount)
    }

    private func startNext() {
        guard !isPaused else { return }
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

    /// The database is away: one attempt after a while shows whether it is back, instead of one for each call.
    private func pause(_ error: any Error) {
        guard !isPaused else { return }
        isPaused = true
        outages += 1
        if outages == 1 || outages % 20 == 0 {
            Log.warning(
                "call records wait for the database", ["pending": known.count, "attempts": outages, "error": error])
        }
        let delay = PostCallWriter.delayMs(attempts: outages)
        Task {
            try? await Task.sleep(for: .milliseconds(delay))
            self.isPaused = false
            self.startNext()
        }
    }

    /// Back to the head of the line, in their order.
    private func putBack(_ jobs: [Job]) {
        metrics.add(PostCallMetrics.retries, Double(jobs.count))
        for job in jobs.reversed() {
            var job = job
            job.attempts += 1
            guard let tenant = job.commit?.record.opening.tenant else {
                waiting.insert(job, at: waiting.startIndex)
                continue
            }
            if ready[tenant] == nil { turns.append(tenant) }
            ready[tenant] = [job] + (ready[tenant] ?? [])
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
        var away: [Job] = []
        for (job, outcome) in zip(batch, outcomes) {
            var job = job
            switch outcome {
            case .away(let error):
                away.append(job)
                pause(error)
                continue
            case .retry(let error):
                // One of them may be what all wait for, such as a lead that somebody has locked.
                if batch.count > 1 {
                    job.isAlone = true
                } else if job.joins == nil, !Self.isOwnFault(error) {
                    job.isAlone = false
                }
            default: break
            }
            conclude(job, outcome)
        }
        putBack(away)
        startNext()
    }

    /// Whether the call itself may be what the transaction waited for.
    private static func isOwnFault(_ error: any Error) -> Bool { (error as? DatabaseError)?.isRetryable != false }

    private func conclude(_ job: Job, _ outcome: Outcome) {
        var job = job
        switch outcome {
        case .read(let commit):
            job.commit = commit
            makeReady(job, of: commit.record.opening.tenant)
        case .written:
            refusedInARow = 0
            outages = 0
            settle(job.callID, true)
        case .away(let error):
            putBack([job])
            pause(error)
        case .partOf(let other):
            // Read again, as it stands now: the record may have changed since.
            guard job.joins == nil else { return retry(job, CallStore.Failure.changed(other)) }
            job.joins = other
            job.isAlone = true
            job.commit = nil
            waiting.append(job)
        case .again: if let commit = job.commit { makeReady(job, of: commit.record.opening.tenant) }
        case .alone:
            job.isAlone = true
            if let commit = job.commit { makeReady(job, of: commit.record.opening.tenant) }
        case .retry(let error): retry(job, error)
        case .refused(let reason): setAside(job, reason)
        case .unreadable(let error): giveUp(job.callID, error)
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
        metrics.add(PostCallMetrics.retries)
        if again.attempts == 1 || again.attempts % 20 == 0 {
            Log.warning(
                "call record waits for another attempt",
                ["call.id": job.callID, "attempts": again.attempts, "error": error])
        }
        if again.joins != nil { again.commit = nil }
        let delay = PostCallWriter.delayMs(attempts: again.attempts)
        let waitingJob = again
        Task {
            try? await Task.sleep(for: .milliseconds(delay))
            self.startAgain(waitingJob)
        }
    }

    private static func delayMs(attempts: Int) -> Int {
        let ceiling = min(backoffMs.lowerBound << min(attempts - 1, 10), backoffMs.upperBound)
        return Int.random(in: ceiling / 2...ceiling)
    }

    private func startAgain(_ job: Job) {
        if let commit = job.commit {
            makeReady(job, of: commit.record.opening.tenant)
        } else {
            waiting.append(job)
        }
        startNext()
    }

    private func setAside(_ job: Job, _ reason: String) {
        metrics.add(PostCallMetrics.refused)
        Log.error("call record refused by the database and set aside", ["call.id": job.callID, "reason": reason])
        do {
            try journals.setAside(job.callID, reason: reason)
            if failed.insert(job.callID).inserted { gaugeFailed(1) }
        } catch {
            Log.error("call record cannot be set aside", ["call.id": job.callID, "error": error])
        }
        if !job.wasRefused { refusedInARow += 1 }
        settle(job.callID, false)
    }

    private func giveUp(_ callID: CallID, _ error: JournalError) {
        metrics.add(PostCallMetrics.unreadable)
        Log.error("call record cannot be read from its journal", ["call.id": callID, "error": error])
        if case .corrupt(_, _, let reason) = error { journals.quarantine(callID, reason: reason) }
        settle(callID, false)
    }
}
