import CallModel
import Database
import FoundationEssentials
import Jobs
import TestSupport
import Testing

/// What makes a worker look: the clock, a notification, and what is due again and again.
@Suite struct WakingTests {
    @Test func `a worker that asks once an hour hears at once of what is due`() async throws {
        let stage = try await JobStage.make()
        let worker = stage.worker([Note.handler]) { $0.pollMs = 3_600_000 }
        await worker.start()
        try await stage.until {
            try await !stage.temporary.rows(
                "select from pg_stat_activity where datname = current_database() and query like 'listen %'"
            ).isEmpty
        }

        for number in 1...3 {
            try await stage.enqueue([Note(number: number)])
            try await stage.until(seconds: 20) { try await stage.effects().count == number }
        }

        await worker.stop(timeoutMs: 5_000)
        #expect(try await stage.effects() == [1, 2, 3])
    }

    @Test func `a worker whose listening connection broke listens again`() async throws {
        let stage = try await JobStage.make()
        let worker = stage.worker([Note.handler]) { $0.pollMs = 3_600_000 }
        await worker.start()
        let listening = "from pg_stat_activity where datname = current_database() and query like 'listen %'"
        try await stage.until { try await !stage.temporary.rows("select \(listening)").isEmpty }

        _ = try await stage.temporary.rows("select pg_terminate_backend(pid) \(listening)")
        try await stage.enqueue([Note(number: 1)])
        try await stage.until(seconds: 30) { try await stage.effects() == [1] }

        await worker.stop(timeoutMs: 5_000)
    }

    @Test func `behind a transaction pooler, where no notification comes, jobs of two nodes are each done once`()
        async throws
    {
        let stage = try await JobStage.make()
        let pooler = try await Pooler.start(before: stage.temporary)
        let databases = [Database(url: pooler.appURL), Database(url: pooler.appURL)]
        let workers = databases.map { database in
            var settings = JobWorker.Settings()
            settings.pollMs = 20
            return JobWorker(database: database, handlers: [Note.handler], settings: settings)
        }
        for worker in workers { await worker.start() }

        for batch in 0..<10 {
            try await databases[batch % 2].transaction(tenant: .initial) { tx in
                try tx.enqueue((1...10).map { Note(number: batch * 10 + $0) })
            }
        }
        try await stage.untilQuiet()

        for worker in workers { await worker.stop(timeoutMs: 5_000) }
        for database in databases { await database.close() }
        #expect(try await stage.effects().sorted() == Array(1...100))
        #expect(try await stage.states() == ["done": 100])
    }

    @Test func `three nodes enqueue a periodic job once a time for each tenant`() async throws {
        let stage = try await JobStage.make()
        _ = try await stage.temporary.secondTenant()
        let periodic = try PeriodicJob(Note(number: 7), everySeconds: 1)
        let workers = [1, 2, 3].map { _ in stage.worker([Note.handler], periodic: [periodic]) }

        for worker in workers { await worker.start() }
        try await stage.until { try await stage.effects().count >= 8 }

        for worker in workers { await worker.stop(timeoutMs: 5_000) }
        let times = try await stage.temporary.rows(
            """
            select tenant_id, count(*) as n, count(distinct floor(extract(epoch from created_at))) as seconds
            from jobs group by tenant_id
            """)
        #expect(times.count == 2)
        for row in times {
            // The first time is whenever it was new, and may be in the second of the next.
            let (jobs, seconds) = (try row.int("n"), try row.int("seconds"))
            #expect(jobs >= 4 && (jobs - 1...jobs).contains(seconds), "\(jobs) jobs in \(seconds) seconds")
        }
    }

    @Test func `who missed several times of a periodic job does it once`() async throws {
        let stage = try await JobStage.make()
        let periodic = try PeriodicJob(Note(number: 7), everySeconds: 3_600)
        _ = try await stage.temporary.rows(
            "insert into app.periodic_jobs (name, next_at) values ('test.note', now() - interval '9 hours')")
        let worker = stage.worker([Note.handler], periodic: [periodic])

        await worker.start()
        try await stage.until { try await stage.effects().count >= 1 }
        try await Task.sleep(for: .milliseconds(200))

        await worker.stop(timeoutMs: 5_000)
        #expect(try await stage.effects() == [7])
        let next = try await stage.temporary.rows(
            "select next_at > now() and extract(epoch from next_at)::bigint % 3600 = 0 as is_next from app.periodic_jobs"
        )
        #expect(try next.first?.bool("is_next") == true)
    }

    @Test func `a periodic job that has not started keeps the next from being enqueued beside it`() async throws {
        let stage = try await JobStage.make()
        let periodic = try PeriodicJob(Note(number: 7), everySeconds: 1)
        let worker = stage.worker([PruneJobs.handler], periodic: [periodic])

        await worker.start()
        try await Task.sleep(for: .milliseconds(2_300))

        await worker.stop(timeoutMs: 5_000)
        #expect(try await stage.states() == ["waiting": 1])
    }

    @Test func `chores are done again and again, whatever one of them throws, until they are stopped`() async throws {
        struct Broken: Error {}
        let (first, second) = (Count(), Count())
        let chores = Chores([
            Chore("first", every: .milliseconds(10)) {
                first.add()
                throw Broken()
            },
            Chore("second", every: .milliseconds(10)) { second.add() },
        ])
        while first.now < 3 || second.now < 3 { try await Task.sleep(for: .milliseconds(5)) }

        chores.stop()
        try await Task.sleep(for: .milliseconds(50))
        let done = first.now + second.now
        try await Task.sleep(for: .milliseconds(100))

        #expect(first.now + second.now == done)
    }
}
