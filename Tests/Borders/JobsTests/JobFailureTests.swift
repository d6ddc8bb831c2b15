import CallModel
import Database
import FoundationEssentials
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import Jobs

@Suite struct JobFailureTests {
    private struct OutOfLuck: Error {}

    @Test func `a run that fails is tried again, and leaves nothing of itself`() async throws {
        let stage = try await JobStage.make()
        let runs = Count()
        let metrics = Metrics()
        let handler = JobHandler(writing: Note.self) { note, run, tx in
            try note.write(run, tx)
            if runs.add() < 3 { throw OutOfLuck() }
        }
        let worker = stage.worker([handler], metrics: metrics)
        try await stage.enqueue([Note(number: 1)])

        await worker.start()
        try await stage.untilQuiet()

        await worker.stop(timeoutMs: 5_000)
        #expect(try await stage.effects() == [1])
        #expect(runs.now == 3)
        #expect(metrics.exposition().contains(#"parley_jobs_ended_total{outcome="retried"} 2"#))
        #expect(metrics.exposition().contains(#"parley_jobs_ended_total{outcome="done"} 1"#))
        #expect(metrics.exposition().contains("parley_jobs_active 0"))
    }

    @Test func `a job whose last attempt fails is dead, can be seen, and is done when a person says to try again`()
        async throws
    {
        let stage = try await JobStage.make()
        let isMended = Atomic(false)
        let attempts = Mutex<[Int]>([])
        let handler = JobHandler(Note.self) { note, run in
            attempts.withLock { $0.append(run.attempt) }
            guard isMended.load(ordering: .acquiring) else { throw OutOfLuck() }
            return { tx in try note.write(run, tx) }
        }
        let worker = stage.worker([handler])
        try await stage.enqueue([Note(number: 1)])

        await worker.start()
        try await stage.untilQuiet()
        let dead = try await stage.database.transaction(tenant: .initial) { try $0.deadJobs() }
        isMended.store(true, ordering: .releasing)
        let id = try #require(dead.first?.id)
        let again = try await stage.database.transaction(tenant: .initial) { try $0.tryAgain([id, UUID()]) }
        try await stage.untilQuiet()

        await worker.stop(timeoutMs: 5_000)
        #expect(dead.map(\.kind) == ["test.note"])
        #expect(dead.first?.attempts == 3)
        #expect(dead.first?.lastError == "OutOfLuck()")
        #expect(again == 1)
        #expect(attempts.withLock { $0 } == [1, 2, 3, 1])
        #expect(try await stage.effects() == [1])
        #expect(try await stage.states() == ["done": 1])
    }

    @Test func `a dead job that is given up is gone, another tenant's is not`() async throws {
        let stage = try await JobStage.make()
        let theirs = try await stage.temporary.secondTenant()
        _ = try await stage.temporary.rows(
            "insert into jobs (tenant_id, kind, state, ended_at, last_error) select id, 'test.note', 'dead', now(), 'no' from tenants"
        )
        let all = try await stage.temporary.rows("select id from jobs").map { try $0.uuid("id") }

        let discarded = try await stage.database.transaction(tenant: theirs) { try $0.discard(all) }
        let again = try await stage.database.transaction(tenant: theirs) { try $0.tryAgain(all) }

        #expect(discarded == 1)
        #expect(again == 0)
        #expect(try await stage.states() == ["dead": 1])
    }

    @Test func `what no further run would do better is dead at once, and so is what cannot be read`() async throws {
        let stage = try await JobStage.make()
        let handler = JobHandler(Note.self) { _, _ in throw JobFailure.hopeless("no such address") }
        let worker = stage.worker([handler])
        try await stage.enqueue([Note(number: 1)])
        _ = try await stage.temporary.rows(
            #"insert into jobs (tenant_id, kind, payload) select id, 'test.note', '{"secret": "4111"}' from tenants"#)

        await worker.start()
        try await stage.untilQuiet()

        await worker.stop(timeoutMs: 5_000)
        let dead = try await stage.database.transaction(tenant: .initial) { try $0.deadJobs() }
        #expect(
            Set(dead.map(\.lastError)) == ["no such address", "its payload of 18 bytes is not that of a test.note"])
        #expect(dead.allSatisfy { $0.attempts == 1 })
    }

    @Test func `a run that is too early counts for nothing`() async throws {
        let stage = try await JobStage.make()
        let runs = Count()
        let handler = JobHandler(Note.self) { note, run in
            if runs.add() <= 5 { throw JobFailure.notYet(.milliseconds(1)) }
            return { tx in try note.write(run, tx) }
        }
        let worker = stage.worker([handler])
        try await stage.enqueue([Note(number: 1)])

        await worker.start()
        try await stage.untilQuiet()

        await worker.stop(timeoutMs: 5_000)
        #expect(try await stage.temporary.rows("select attempts from jobs").first?.int("attempts") == 1)
        #expect(try await stage.states() == ["done": 1])
    }

    @Test func `a run past its time is cancelled and has failed`() async throws {
        struct Slow: JobKind {
            static let kind = "test.slow"
            static let policy = {
                var policy = JobPolicy()
                policy.attemptsMax = 1
                policy.runMax = .milliseconds(50)
                return policy
            }()
        }
        let stage = try await JobStage.make()
        let handler = JobHandler(Slow.self) { _, _ in
            try await Task.sleep(for: .seconds(600))
            return { _ in }
        }
        let worker = stage.worker([handler])
        try await stage.enqueue([Slow()])

        await worker.start()
        try await stage.untilQuiet()

        await worker.stop(timeoutMs: 5_000)
        let dead = try await stage.database.transaction(tenant: .initial) { try $0.deadJobs() }
        #expect(dead.map(\.lastError) == ["not done within 0.05 seconds"])
    }

    @Test func `pauses double up to the longest, less up to a half by chance`() {
        var policy = JobPolicy()
        policy.backoff = .seconds(4) ... .seconds(60)
        var generator = SystemRandomNumberGenerator()

        for (attempts, longest) in [(1, 4), (2, 8), (3, 16), (4, 32), (5, 60), (60, 60), (.max, 60)] {
            for _ in 0..<20 {
                let pause = policy.pause(after: attempts, using: &generator)
                #expect(pause >= .seconds(longest) / 2 && pause <= .seconds(longest), "\(attempts): \(pause)")
            }
        }
    }

    @Test func `what becomes of a job follows from how its run ended`() {
        var generator = SystemRandomNumberGenerator()
        var policy = JobPolicy()
        policy.attemptsMax = 2
        func outcome(_ error: any Error, attempt: Int = 1, stop: JobStop? = nil) -> JobVerdict {
            JobVerdict(on: error, attempt: attempt, policy, stop: stop, using: &generator)
        }

        #expect(outcome(OutOfLuck()).outcome == .retried)
        #expect(outcome(OutOfLuck()).reason == "OutOfLuck()")
        #expect(outcome(OutOfLuck(), attempt: 2).outcome == .dead)
        #expect(outcome(CancellationError(), stop: .overtime).reason == "not done within 60.0 seconds")
        #expect(outcome(CancellationError(), attempt: 2, stop: .overtime).outcome == .dead)
        #expect(outcome(JobFailure.hopeless("gone")).outcome == .dead)
        #expect(outcome(JobFailure.notYet(.seconds(9)), attempt: 2).outcome == .postponed)
        #expect(outcome(JobFailure.notYet(.seconds(9))).pause == .seconds(9))
        // A shutdown is nobody's failure, not even at the last attempt.
        #expect(outcome(OutOfLuck(), attempt: 2, stop: .shutdown).outcome == .released)
        #expect(outcome(OutOfLuck(), attempt: 2, stop: .shutdown).pause == .zero)
    }
}
