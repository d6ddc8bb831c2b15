import CallModel
import Database
import FoundationEssentials
import Jobs
import TestSupport
import Testing

@Suite struct JobQueueTests {
    private struct OutOfLuck: Error {}

    @Test func `a job is done once, and its effect and its end are one transaction`() async throws {
        let stage = try await JobStage.make()
        let worker = stage.worker([Note.handler])
        try await stage.enqueue((1...50).map { Note(number: $0) })

        await worker.start()
        try await stage.untilQuiet()

        #expect(await worker.stop(timeoutMs: 5_000))
        #expect(try await stage.effects().sorted() == Array(1...50))
        #expect(try await stage.states() == ["done": 50])
        // The same transaction wrote both, to the microsecond of its beginning.
        let apart = try await stage.temporary.rows(
            "select from jobs j join app.effects e on (j.payload ->> 'number')::int = e.number where j.xmin <> e.xmin")
        #expect(apart.isEmpty)
    }

    @Test func `a transaction that fails has enqueued nothing`() async throws {
        let stage = try await JobStage.make()

        await #expect(throws: OutOfLuck.self) {
            try await stage.database.transaction(tenant: .initial) { tx in
                try tx.enqueue(Note(number: 1))
                _ = try tx.query("select 1")
                throw OutOfLuck()
            }
        }

        #expect(try await stage.states() == [:])
    }

    @Test func `a job belongs to the tenant of the transaction, and so does its run`() async throws {
        let stage = try await JobStage.make()
        let theirs = try await stage.temporary.secondTenant()
        let seen = Count()
        let handler = JobHandler(writing: Note.self) { note, run, tx in
            let mine = try tx.query("select id from tenants").map { try $0.uuid("id") }
            if mine == [run.tenant.uuid] { seen.add() }
            try note.write(run, tx)
        }
        try await stage.enqueue([Note(number: 1)])
        try await stage.enqueue([Note(number: 2)], for: theirs)
        let others = try await stage.database.transaction(tenant: .initial) { tx in
            try tx.query("select from jobs where tenant_id <> $1", [.uuid(TenantID.initial.uuid)]).count
        }
        let worker = stage.worker([handler])

        await worker.start()
        try await stage.untilQuiet()

        await worker.stop(timeoutMs: 5_000)
        #expect(others == 0)
        #expect(seen.now == 2)
        let rows = try await stage.temporary.rows(
            "select from app.effects where number = 2 and tenant_id = $1", [.uuid(theirs.uuid)])
        #expect(rows.count == 1)
    }

    @Test func `a key that is held once keeps a second job out, also after the first was done`() async throws {
        let stage = try await JobStage.make()
        let worker = stage.worker([Note.handler])
        try await stage.enqueue([Note(number: 1), Note(number: 2)], unique: .once("invoice 7"))

        await worker.start()
        try await stage.untilQuiet()
        try await stage.enqueue([Note(number: 3)], unique: .once("invoice 7"))
        try await stage.enqueue([Note(number: 4)], unique: .once("invoice 8"))
        try await stage.untilQuiet()

        await worker.stop(timeoutMs: 5_000)
        #expect(try await stage.effects() == [1, 4])
    }

    @Test func `a key of what waits is free once it starts, so that a wish during the run gets a run`() async throws {
        let stage = try await JobStage.make()
        let started = Count()
        let mayEnd = Count()
        let handler = JobHandler(Note.self) { note, run in
            started.add()
            while mayEnd.now == 0 { try await Task.sleep(for: .milliseconds(5)) }
            return { tx in try note.write(run, tx) }
        }
        let worker = stage.worker([handler])
        try await stage.enqueue([Note(number: 1), Note(number: 2)], unique: .oneWaiting("lead 7"))

        await worker.start()
        try await stage.until { started.now == 1 }
        try await stage.enqueue([Note(number: 3), Note(number: 4)], unique: .oneWaiting("lead 7"))
        mayEnd.add()
        try await stage.untilQuiet()

        await worker.stop(timeoutMs: 5_000)
        #expect(try await stage.effects().sorted() == [1, 3])
    }

    @Test func `a job waits for its time`() async throws {
        let stage = try await JobStage.make()
        let worker = stage.worker([Note.handler])
        try await stage.enqueue([Note(number: 2)], at: .now.addingTimeInterval(3_600))
        try await stage.enqueue([Note(number: 1)], at: .now.addingTimeInterval(-3_600))

        await worker.start()
        try await stage.until { try await stage.states()["done"] == 1 }
        try await Task.sleep(for: .milliseconds(100))

        await worker.stop(timeoutMs: 5_000)
        #expect(try await stage.effects() == [1])
        #expect(try await stage.states() == ["done": 1, "waiting": 1])
    }

    @Test func `what was done is pruned after a day, what is dead or waits is not`() async throws {
        let stage = try await JobStage.make()
        _ = try await stage.temporary.rows(
            """
            insert into jobs (tenant_id, kind, state, ended_at, last_error)
            select id, 'test.rest', state, now() - ago, 'no' from tenants,
                (values ('done', interval '23 hours'), ('done', interval '25 hours'), ('dead', interval '90 days'))
                    as old (state, ago)
            """)
        try await stage.enqueue([Note(number: 1)])
        try await stage.enqueue([PruneJobs()])
        let worker = stage.worker([PruneJobs.handler])

        await worker.start()
        try await stage.until {
            try await stage.temporary.rows("select from jobs where kind = 'jobs.prune' and state = 'done'").count == 1
        }

        await worker.stop(timeoutMs: 5_000)
        #expect(try await stage.states() == ["done": 2, "dead": 1, "waiting": 1])
    }

    @Test func `behind one tenant's backlog another's job is among the first`() async throws {
        let stage = try await JobStage.make()
        let theirs = try await stage.temporary.secondTenant()
        try await stage.enqueue((1...400).map { Note(number: $0) })
        try await stage.enqueue([Note(number: 1_000)], for: theirs)
        let worker = stage.worker([Note.handler])

        await worker.start()
        try await stage.untilQuiet()

        await worker.stop(timeoutMs: 5_000)
        let place = try #require(try await stage.effects().firstIndex(of: 1_000))
        #expect(place < 20, "it was number \(place)")
    }

    @Test func `a job for which nobody here has a handler is left to others`() async throws {
        let stage = try await JobStage.make()
        let worker = stage.worker([PruneJobs.handler])
        try await stage.enqueue([Note(number: 1)])

        await worker.start()
        try await Task.sleep(for: .milliseconds(200))

        await worker.stop(timeoutMs: 5_000)
        #expect(try await stage.states() == ["waiting": 1])
    }

    @Test func `a statement of the application cannot claim past the function, nor see another tenant's queue`()
        async throws
    {
        let stage = try await JobStage.make()
        try await stage.enqueue([Note(number: 1)])

        let seen = try await stage.database.unscoped { tx in try tx.query("select from jobs").count }
        let refused = await #expect(throws: DatabaseError.self) {
            try await stage.database.unscoped { tx in
                try tx.query("select from app.take_jobs('test.note', null, 1, 'me', 1000)")
            }
        }

        #expect(seen == 0)
        #expect(refused?.sqlState == "42501")
    }
}
