import CallModel
import Database
import FoundationEssentials
import Jobs
import Telemetry
import TestSupport
import Testing

@Suite struct LeaseTests {
    /// One at a time: a worker that has one does not take it up again itself.
    private struct Lone: JobKind {
        static let kind = "test.lone"
        static let policy = {
            var policy = JobPolicy()
            policy.placesMax = 1
            return policy
        }()
    }

    /// Ends when it is told to, whatever becomes of its task.
    private static func stubborn(_ runs: Count, until mayEnd: Count) -> JobHandler {
        JobHandler(Lone.self) { _, run in
            runs.add()
            while mayEnd.now == 0 { await Task.detached { try? await Task.sleep(for: .milliseconds(5)) }.value }
            return { tx in try Note(number: 1).write(run, tx) }
        }
    }

    @Test func `a node that stood still loses its job to another, and cannot write its effect any more`() async throws {
        let stage = try await JobStage.make()
        let (runs, mayEnd) = (Count(), Count())
        let metrics = Metrics()
        let still = stage.worker([Self.stubborn(runs, until: mayEnd)], metrics: metrics) { $0.leaseMs = 600_000 }
        try await stage.enqueue([Lone()])
        await still.start()
        try await stage.until { runs.now == 1 }

        _ = try await stage.temporary.rows("update jobs set lease_until = now() - interval '1 second'")
        let prompt = JobHandler(writing: Lone.self) { _, run, tx in try Note(number: 1).write(run, tx) }
        let other = stage.worker([prompt]) { $0.node = "other" }
        await other.start()
        try await stage.untilQuiet()
        mayEnd.add()
        try await stage.until { metrics.exposition().contains(#"{outcome="lost"} 1"#) }

        await still.stop(timeoutMs: 5_000)
        await other.stop(timeoutMs: 5_000)
        #expect(try await stage.effects() == [1])
        #expect(try await stage.temporary.rows("select attempts from jobs").first?.int("attempts") == 2)
    }

    @Test func `a run that takes longer than a lease keeps its job`() async throws {
        let stage = try await JobStage.make()
        let runs = Count()
        let handler = JobHandler(Note.self) { note, run in
            runs.add()
            try await Task.sleep(for: .seconds(2))
            return { tx in try note.write(run, tx) }
        }
        let workers = [1, 2].map { _ in stage.worker([handler]) { $0.leaseMs = 900 } }
        try await stage.enqueue([Note(number: 1)])

        for worker in workers { await worker.start() }
        try await stage.untilQuiet()

        for worker in workers { await worker.stop(timeoutMs: 5_000) }
        #expect(runs.now == 1)
        #expect(try await stage.effects() == [1])
    }

    @Test func `a run whose job is another's by now is cancelled`() async throws {
        let stage = try await JobStage.make()
        let (runs, cancelled) = (Count(), Count())
        let handler = JobHandler(Note.self) { _, _ in
            runs.add()
            do { try await Task.sleep(for: .seconds(600)) } catch {
                cancelled.add()
                throw error
            }
            return { _ in }
        }
        let worker = stage.worker([handler]) { $0.leaseMs = 600 }
        try await stage.enqueue([Note(number: 1)])
        await worker.start()
        try await stage.until { runs.now == 1 }

        _ = try await stage.temporary.rows(
            "update jobs set lease = gen_random_uuid(), lease_until = now() + interval '1 hour', leased_by = 'other'")
        try await stage.until { cancelled.now == 1 }

        await worker.stop(timeoutMs: 5_000)
        #expect(try await stage.temporary.rows("select leased_by from jobs").first?.text("leased_by") == "other")
    }

    @Test func `a job that takes its node with it again and again is dead in the end`() async throws {
        let stage = try await JobStage.make()
        let worker = stage.worker([Note.handler])
        _ = try await stage.temporary.rows(
            """
            insert into jobs (tenant_id, kind, payload, state, attempts, lease, leased_by, lease_until)
            select id, 'test.note', '{"number": 1}', 'running', 3, gen_random_uuid(), 'node 7', now() from tenants
            """)

        await worker.start()
        try await stage.untilQuiet()

        await worker.stop(timeoutMs: 5_000)
        let dead = try await stage.database.transaction(tenant: .initial) { try $0.deadJobs() }
        #expect(dead.map(\.lastError) == ["its lease ran out: node node 7 died, or stood still"])
        #expect(try await stage.effects() == [])
    }

    @Test func `at its end a worker lets what runs end, and gives back what does not`() async throws {
        struct Endless: JobKind { static let kind = "test.endless" }
        let stage = try await JobStage.make()
        let runs = Count()
        let slow = JobHandler(Note.self) { note, run in
            runs.add()
            try await Task.sleep(for: .milliseconds(300))
            return { tx in try note.write(run, tx) }
        }
        let endless = JobHandler(Endless.self) { _, _ in
            runs.add()
            try await Task.sleep(for: .seconds(600))
            return { _ in }
        }
        let worker = stage.worker([slow, endless])
        try await stage.enqueue([Note(number: 1)])
        try await stage.enqueue([Endless()])
        await worker.start()
        try await stage.until { runs.now == 2 }

        let ended = await worker.stop(timeoutMs: 2_000)

        #expect(ended)
        #expect(try await stage.effects() == [1])
        let left = try await stage.temporary.rows("select kind, state, attempts, lease from jobs where state <> 'done'")
        #expect(try left.map { try $0.text("kind") } == ["test.endless"])
        #expect(try left.first?.text("state") == "waiting")
        #expect(try left.first?.int("attempts") == 0)
        try await stage.enqueue([Note(number: 2)])
        try await Task.sleep(for: .milliseconds(100))
        #expect(try await stage.states() == ["done": 1, "waiting": 2])
    }

    @Test func `no more of a kind run at once than it has places, and other kinds have theirs`() async throws {
        struct Wide: JobKind {
            static let kind = "test.wide"
            static let policy = {
                var policy = JobPolicy()
                policy.placesMax = 7
                return policy
            }()
        }
        let stage = try await JobStage.make()
        let (narrow, wide) = (Count(), Count())
        @Sendable func counted(_ count: Count) async throws {
            count.add()
            try await Task.sleep(for: .milliseconds(20))
            count.add(-1)
        }
        let handlers = [
            JobHandler(Note.self) { _, _ in
                try await counted(narrow)
                return { _ in }
            },
            JobHandler(Wide.self) { _, _ in
                try await counted(wide)
                return { _ in }
            },
        ]
        try await stage.enqueue((1...40).map { Note(number: $0) })
        try await stage.enqueue((1...40).map { _ in Wide() })
        let worker = stage.worker(handlers)

        await worker.start()
        try await stage.untilQuiet()

        await worker.stop(timeoutMs: 5_000)
        #expect(narrow.most == 4)
        #expect(wide.most == 7)
    }

    @Test func `connections that break cost attempts and nothing else`() async throws {
        let stage = try await JobStage.make()
        let worker = stage.worker([Note.handler]) { $0.leaseMs = 600 }
        try await stage.enqueue((1...300).map { Note(number: $0) })
        await worker.start()

        for _ in 0..<12 {
            _ = try await stage.temporary.rows(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'test'"
            )
            try await Task.sleep(for: .milliseconds(30))
        }
        try await stage.untilQuiet()

        await worker.stop(timeoutMs: 5_000)
        let dead = try await stage.temporary.rows(
            "select (payload ->> 'number')::int as n from jobs where state = 'dead'"
        ).map { try $0.int("n") }
        #expect(try await (stage.effects() + dead).sorted() == Array(1...300))
    }
}
