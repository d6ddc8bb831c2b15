import CallModel
import Database
import FoundationEssentials
import Jobs
import Runtime
import Synchronization
import Telemetry
import TestSupport

/// Writes its number into `app.effects`, a table without any key: what is done twice is there twice.
struct Note: JobKind {
    static let kind = "test.note"
    static let policy = {
        var policy = JobPolicy()
        policy.attemptsMax = 3
        policy.backoff = .milliseconds(1) ... .milliseconds(20)
        policy.runMax = .seconds(20)
        return policy
    }()
    var number: Int

    static let handler = JobHandler(writing: Note.self) { note, run, tx in try note.write(run, tx) }

    func write(_ run: JobRun, _ tx: borrowing Transaction) throws {
        try tx.execute(
            "insert into app.effects (tenant_id, number) values ($1, $2)", [.uuid(run.tenant.uuid), .int(number)])
    }
}

/// A database with a queue, and somewhere for effects.
struct JobStage: Sendable {
    let temporary: TemporaryDatabase
    var database: Database { temporary.database }

    static func make(connectionsMax: Int = 4) async throws -> JobStage {
        let temporary = try await TemporaryDatabase.make(connectionsMax: connectionsMax)
        _ = try await temporary.rows(
            "create table app.effects (tenant_id uuid, number int, at timestamptz default now())")
        _ = try await temporary.rows("grant select, insert on app.effects to parley_app")
        return JobStage(temporary: temporary)
    }

    func worker(
        _ handlers: [JobHandler], periodic: [PeriodicJob] = [], metrics: Metrics = Metrics(),
        _ adjust: (inout JobWorker.Settings) -> Void = { _ in }
    ) -> JobWorker {
        var settings = JobWorker.Settings()
        settings.pollMs = 20
        settings.leaseMs = 10_000
        settings.periodicMs = 20
        adjust(&settings)
        return JobWorker(
            database: database, handlers: handlers, periodic: periodic, settings: settings, metrics: metrics)
    }

    func enqueue<Kind: JobKind>(
        _ jobs: [Kind], for tenant: TenantID = .initial, at moment: Date? = nil, unique: UniqueKey? = nil
    ) async throws {
        try await database.transaction(tenant: tenant) { tx in try tx.enqueue(jobs, at: moment) { _ in unique } }
    }

    /// Numbers written, in the order in which they were.
    func effects() async throws -> [Int] {
        try await temporary.rows("select number from app.effects order by at, number").map { try $0.int("number") }
    }

    /// Of all tenants, by state.
    func states() async throws -> [String: Int] {
        let rows = try await temporary.rows("select state, count(*) as n from jobs group by state")
        return try Dictionary(uniqueKeysWithValues: rows.map { (try $0.text("state"), try $0.int("n")) })
    }

    /// Until no job waits or runs.
    func untilQuiet(seconds: Int = 60) async throws {
        try await until(seconds: seconds) {
            try await temporary.rows("select from jobs where state in ('waiting', 'running') limit 1").isEmpty
        }
    }

    struct TookTooLong: Error {}

    func until(seconds: Int = 60, _ condition: () async throws -> Bool) async throws {
        let deadline = MonotonicTime.now().adding(milliseconds: Int64(seconds) * 1_000)
        while try await !condition() {
            guard MonotonicTime.now() < deadline else { throw TookTooLong() }
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}

/// A count that many may raise.
final class Count: Sendable {
    private let value = Mutex((now: 0, most: 0))

    var now: Int { value.withLock { $0.now } }
    var most: Int { value.withLock { $0.most } }

    @discardableResult
    func add(_ amount: Int = 1) -> Int {
        value.withLock { value in
            value.now += amount
            value.most = max(value.most, value.now)
            return value.now
        }
    }
}
