import CallModel
import Database
import FoundationEssentials

/// The statements of a worker. What crosses tenants is a function of the schema's; docs/jobs.md.
struct JobQueue: Sendable {
    /// Who has been told that something is due.
    static let channel: StaticString = "parley_jobs"
    /// What is kept of an error.
    private static let reasonCharactersMax = 500
    private static let timeoutMs = 5_000

    static let enqueueing = BulkStatement<JobColumn>(
        """
        , new as (
            insert into jobs (tenant_id, \([.kind, .payload, .uniqueKey, .freesKeyAtStart, .dueAt]))
            select (select app.tenant_id()), \(given: [.kind, .payload, .uniqueKey, .freesKeyAtStart]),
                coalesce(\(given: .dueAt), now())
            from given g
            on conflict do nothing
            returning \(.dueAt))
        select pg_notify('parley_jobs', '') from new where \(.dueAt) <= now() limit 1
        """)

    let database: Database
    let node: String
    let leaseMs: Int

    func claim(_ wanted: [(kind: String, places: Int)]) async throws -> [ClaimedJob] {
        let kinds = SQLValue.textArray(wanted.map(\.kind))
        let places = SQLValue.array(wanted.map { .int($0.places) })
        return try await database.unscoped(timeoutMs: Self.timeoutMs) { [node, leaseMs] tx in
            try tx.query(
                "select * from app.claim_jobs($1, $2, $3, $4)", [kinds, places, .text(node), .int(leaseMs)]
            ).map { row in try ClaimedJob(row) }
        }
    }

    /// The leases among these that are still ours, now for as long as when they were new.
    func renew(_ jobs: [ClaimedJob]) async throws -> Set<UUID> {
        let tenants = SQLValue.array(jobs.map { .uuid($0.run.tenant.uuid) })
        let ids = SQLValue.array(jobs.map { .uuid($0.run.id) })
        let leases = SQLValue.array(jobs.map { .uuid($0.lease) })
        return try await database.unscoped(timeoutMs: Self.timeoutMs) { [leaseMs] tx in
            Set(
                try tx.query(
                    "select app.renew_jobs($1, $2, $3, $4) as lease", [tenants, ids, leases, .int(leaseMs)]
                ).map { row in try row.uuid("lease") })
        }
    }

    /// Goes with the transaction that has the effects; fails it when the lease is no longer ours.
    static func finish(_ job: ClaimedJob, in tx: borrowing Transaction) throws(DatabaseError) {
        try tx.send("select app.finish_job($1, $2)", [.uuid(job.run.id), .uuid(job.lease)])
    }

    /// Whether an error is that of ``finish(_:in:)``.
    static func isLost(_ error: any Error) -> Bool { (error as? DatabaseError)?.sqlState == "PJ001" }

    /// False, and nothing is written, when the lease is no longer ours.
    func write(_ verdict: JobVerdict, on job: ClaimedJob) async throws -> Bool {
        let isDead = verdict.outcome == .dead
        let reason = SQLValue.text(verdict.reason.map { String($0.prefix(Self.reasonCharactersMax)) })
        return try await database.transaction(tenant: job.run.tenant, timeoutMs: Self.timeoutMs) { tx in
            try tx.execute(
                Self.ending.text,
                [
                    .uuid(job.run.id), .uuid(job.lease), isDead ? "dead" : "waiting",
                    .double(verdict.pause / .seconds(1)),
                    // A run that was given back, or came too early, counts for nothing.
                    .int(isDead || verdict.outcome == .retried ? 0 : 1), reason,
                ]) == 1
        }
    }

    private static let ending: SQL<JobColumn> = """
        update jobs set \(.state) = $3, \(.dueAt) = now() + make_interval(secs => $4), \(.attempts) = \(.attempts) - $5,
            \(.endedAt) = case when $3 = 'dead' then now() end, \(.lastError) = coalesce($6, \(.lastError)),
            \(.lease) = null, \(.leasedBy) = null, \(.leaseUntil) = null
        where tenant_id = (select app.tenant_id()) and \(.id) = $1 and \(.lease) = $2
        """

    /// Enqueues a periodic job for every tenant when it is due and nobody else does; how many, nil when it is not.
    func fire(_ periodic: PeriodicJob) async throws -> Int? {
        try await database.unscoped(timeoutMs: Self.timeoutMs) { tx in
            try tx.query(
                "select app.fire_periodic_job($1, $2, $3, $4) as fired",
                [.text(periodic.name), .int(periodic.everySeconds), .text(periodic.kind), .json(periodic.payload)]
            ).first?.intOrNil("fired")
        }
    }

    func health(of kinds: [String]) async throws -> (dead: Int, overdueSeconds: Double) {
        try await database.unscoped(timeoutMs: Self.timeoutMs) { tx in
            let row = try tx.query("select * from app.queue_health($1)", [.textArray(kinds)]).first
            return (try row?.int("dead") ?? 0, try row?.double("overdue_seconds") ?? 0)
        }
    }
}
