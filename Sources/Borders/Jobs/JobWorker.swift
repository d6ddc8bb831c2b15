package import Database
import FoundationEssentials
import Runtime
package import Telemetry

#if canImport(Glibc)
    import Glibc
#endif

/// Runs the jobs of all tenants on this node: claims what is due, keeps its leases alive, ends each job in the transaction
/// that holds its effects, and puts back or buries what failed. Any number of nodes share a queue. docs/jobs.md.
package actor JobWorker {
    package struct Settings: Sendable {
        /// So long after a node's death its jobs are taken up by others.
        package var leaseMs = 30_000
        /// How often the queue is asked when nobody tells of something due.
        package var pollMs = 1_000
        /// How often each periodic job is looked at.
        package var periodicMs = 10_000
        /// How often the state of the whole queue is measured.
        package var healthMs = 60_000
        /// Who holds a lease, for people to read.
        package var node = JobWorker.thisNode

        package init() {}
    }

    private struct Running {
        let job: ClaimedJob
        let work: Task<Void, any Error>
        let startedAt: MonotonicTime
        var stop: JobStop?
    }

    private let database: Database
    private let queue: JobQueue
    private let handlers: [String: JobHandler]
    private let periodic: [PeriodicJob]
    private let settings: Settings
    private let report: JobReport
    private let observe: @Sendable (JobStep) -> Void
    private var running: [UUID: Running] = [:]
    private var places: [String: Int]
    /// Kinds of which there was more than there were places.
    private var crowded: Set<String> = []
    private var loops: [Task<Void, Never>] = []
    private var listener: NotificationListener?
    private var isStopping = false
    private var isWoken = false
    private var sleeper: CheckedContinuation<Void, Never>?
    private var failedClaims = 0

    /// Does nothing before ``start()``.
    ///
    /// - Parameter observe: told of every step, on whatever thread takes it.
    package init(
        database: Database, handlers: [JobHandler], periodic: [PeriodicJob] = [], settings: Settings = Settings(),
        metrics: Metrics = .shared, observe: @escaping @Sendable (JobStep) -> Void = { _ in }
    ) {
        self.database = database
        self.periodic = periodic
        self.settings = settings
        self.observe = observe
        self.handlers = Dictionary(handlers.map { ($0.kind, $0) }) { first, second in
            preconditionFailure("two handlers of \(first.kind)")
        }
        queue = JobQueue(database: database, node: settings.node, leaseMs: settings.leaseMs)
        report = JobReport(metrics: metrics)
        places = self.handlers.mapValues(\.policy.placesMax)
    }

    package func start() {
        guard loops.isEmpty, !isStopping else { return }
        listener = database.listen(to: JobQueue.channel) { [weak self] in
            Task { await self?.wake() }
        }
        loops = [
            Task { await self.serve() },
            repeating(everyMs: max(1, settings.leaseMs / 3)) { await $0.renew() },
            repeating(everyMs: settings.periodicMs, atOnce: true) { await $0.firePeriodic() },
            repeating(everyMs: settings.healthMs, atOnce: true) { await $0.measure() },
        ]
    }

    /// Claims nothing from now on, lets what runs end, and gives back what has not ended after `timeoutMs`, for others to
    /// take at once. To be called before the database is closed. False when work went on past its cancellation.
    @discardableResult
    package func stop(timeoutMs: Int) async -> Bool {
        isStopping = true
        wake()
        await untilIdle(timeoutMs: timeoutMs)
        for lease in running.keys { cancel(lease, .shutdown) }
        await untilIdle(timeoutMs: 2_000)
        for loop in loops { loop.cancel() }
        listener?.close()
        for loop in loops { await loop.value }
        return running.isEmpty
    }

    private func untilIdle(timeoutMs: Int) async {
        let deadline = MonotonicTime.now().adding(milliseconds: Int64(timeoutMs))
        while !running.isEmpty, MonotonicTime.now() < deadline { try? await Task.sleep(for: .milliseconds(10)) }
    }

    private nonisolated func repeating(
        everyMs: Int, atOnce: Bool = false, _ work: @escaping @Sendable (JobWorker) async -> Void
    ) -> Task<Void, Never> {
        Task { [weak self] in
            if atOnce, let self { await work(self) }
            while (try? await Task.sleep(for: .milliseconds(everyMs))) != nil, let self { await work(self) }
        }
    }

    // MARK: - Claiming

    private func serve() async {
        while !isStopping, !Task.isCancelled {
            await claim()
            await rest()
        }
    }

    private func claim() async {
        let wanted = places.filter { $0.value > 0 }.map { (kind: $0.key, places: $0.value) }
        guard !wanted.isEmpty else { return }
        observe(.claiming)
        let claimed: [ClaimedJob]
        do {
            claimed = try await queue.claim(wanted.sorted { $0.kind < $1.kind })
            if failedClaims > 0 { Log.info("jobs go on", ["attempts": failedClaims]) }
            failedClaims = 0
        } catch {
            failedClaims += 1
            if failedClaims == 1 || failedClaims % 60 == 0 {
                Log.warning("jobs wait for the database", ["attempts": failedClaims, "error": error])
            }
            return
        }
        observe(.claimed)
        crowded = []
        for (kind, places) in wanted where claimed.count(where: { $0.kind == kind }) >= places { crowded.insert(kind) }
        for job in claimed { begin(job) }
    }

    /// Until something may be due.
    private func rest() async {
        if !isWoken, !isStopping {
            let alarm = Task {
                guard (try? await Task.sleep(for: .milliseconds(settings.pollMs))) != nil else { return }
                self.wake()
            }
            await withCheckedContinuation { sleeper = $0 }
            alarm.cancel()
        }
        isWoken = false
    }

    private func wake() {
        isWoken = true
        sleeper?.resume()
        sleeper = nil
    }

    // MARK: - Running

    private func begin(_ job: ClaimedJob) {
        guard let handler = handlers[job.kind] else { return }
        places[job.kind, default: 0] -= 1
        report.began(job)
        let startedAt = MonotonicTime.now()
        let work = Task(executorPreference: BackgroundThreads.afterwards) { try await self.perform(job, handler) }
        running[job.lease] = Running(job: job, work: work, startedAt: startedAt)
        if isStopping { cancel(job.lease, .shutdown) }
        Task(executorPreference: BackgroundThreads.afterwards) {
            let alarm = Task {
                guard (try? await Task.sleep(for: handler.policy.runMax)) != nil else { return }
                await self.cancel(job.lease, .overtime)
            }
            let result = await work.result
            alarm.cancel()
            let ending = await self.ending(of: job, handler.policy, result, self.running[job.lease]?.stop)
            self.report.ended(job, ending, startedAt: startedAt)
            await self.leave(job)
        }
    }

    private nonisolated func perform(_ job: ClaimedJob, _ handler: JobHandler) async throws {
        observe(.started)
        guard job.run.attempt <= handler.policy.attemptsMax else {
            throw JobFailure.hopeless(job.run.lastError ?? "it was begun \(job.run.attempt - 1) times and never ended")
        }
        let effect = try await handler.work(job)
        observe(.worked)
        try Task.checkCancellation()
        let timeoutMs = Int(clamping: Int64((handler.policy.runMax / .milliseconds(1)).rounded(.up)))
        try await database.transaction(
            tenant: job.run.tenant, timeoutMs: timeoutMs, urgency: handler.policy.urgency
        ) { [observe] tx in
            try effect(tx)
            try JobQueue.finish(job, in: tx)
            observe(.committing)
        }
        observe(.committed)
    }

    private func cancel(_ lease: UUID, _ stop: JobStop) {
        guard running[lease]?.stop == nil else { return }
        running[lease]?.stop = stop
        running[lease]?.work.cancel()
    }

    private func leave(_ job: ClaimedJob) {
        running[job.lease] = nil
        places[job.kind, default: 0] += 1
        // A claim for many places costs as much as one for one.
        if crowded.contains(job.kind), places[job.kind, default: 0] * 2 >= handlers[job.kind]?.policy.placesMax ?? 0 {
            wake()
        }
    }

    /// Writes down what becomes of a job whose run did not end it.
    private nonisolated func ending(
        of job: ClaimedJob, _ policy: JobPolicy, _ result: Result<Void, any Error>, _ stop: JobStop?
    ) async -> JobEnding {
        guard case .failure(let error) = result else { return JobEnding(.done) }
        if stop == .lost || JobQueue.isLost(error) { return JobEnding(.lost) }
        observe(.failing)
        defer { observe(.failed) }
        var generator = SystemRandomNumberGenerator()
        let verdict = JobVerdict(on: error, attempt: job.run.attempt, policy, stop: stop, using: &generator)
        do {
            return try await queue.write(verdict, on: job)
                ? JobEnding(verdict.outcome, verdict.reason) : JobEnding(.lost)
        } catch {
            // It stays leased until the lease runs out, and is due then.
            return JobEnding(.unwritten, "\(error)")
        }
    }

    // MARK: - Beside

    /// What another node has taken by now is cancelled here. A lease that is new has time until the next look: most jobs are done
    /// by then, and one that ends just now would be taken for one that was taken over.
    private func renew() async {
        let now = MonotonicTime.now()
        let held = running.values.filter {
            $0.stop == nil && now.milliseconds(since: $0.startedAt) * 6 >= Int64(settings.leaseMs)
        }.map(\.job)
        guard !held.isEmpty else { return }
        observe(.renewing)
        do {
            let kept = try await queue.renew(held)
            for job in held where !kept.contains(job.lease) { cancel(job.lease, .lost) }
        } catch {
            Log.warning("leases of jobs could not be renewed", ["jobs": held.count, "error": error])
        }
        observe(.renewed)
    }

    private func firePeriodic() async {
        for job in periodic where !isStopping {
            observe(.firing)
            do {
                if let fired = try await queue.fire(job) {
                    Log.info("periodic jobs enqueued", ["job": job.name, "jobs": fired])
                }
            } catch {
                Log.warning("periodic job could not be looked at", ["job": job.name, "error": error])
            }
            observe(.fired)
        }
    }

    private func measure() async {
        guard let health = try? await queue.health(of: handlers.keys.sorted()) else { return }
        report.measured(dead: health.dead, overdueSeconds: health.overdueSeconds)
    }

    private static let thisNode: String = {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, 255)
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) + ":\(getpid())"
    }()
}
