import CallModel
import Database
import Runtime
import TestSupport
import Testing

@Suite struct DeadlineTests {
    @Test func `a slow statement is answered at the deadline and cancelled on the server`() async throws {
        let temporary = try await TemporaryDatabase.make(connectionsMax: 1)
        #expect(await temporary.database.ping())
        let start = MonotonicTime.now()

        let error = await #expect(throws: DatabaseError.self) {
            try await temporary.database.transaction(tenant: .initial, timeoutMs: 150) { transaction in
                try transaction.query("select pg_sleep(30)")
            }
        }

        let waitedMs = MonotonicTime.now().milliseconds(since: start)
        #expect((150..<20_000).contains(waitedMs), "answered after \(waitedMs) ms")
        guard case .timedOut? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        // The only connection is free again long before the thirty seconds are over.
        #expect(await temporary.database.ping())
        let asleep = try await temporary.rows(
            "select from pg_stat_activity where datname = current_database() and query like '%pg_sleep(30)'"
                + " and state = 'active' and pid <> pg_backend_pid()")
        #expect(asleep.isEmpty)
    }

    @Test func `a cancelled task is answered at once`() async throws {
        let temporary = try await TemporaryDatabase.make(connectionsMax: 1)
        let database = temporary.database
        #expect(await database.ping())
        let start = MonotonicTime.now()
        let task = Task {
            try await database.transaction(tenant: .initial, timeoutMs: 30_000) { transaction in
                try transaction.query("select pg_sleep(30)")
            }
        }
        try await temporary.waitUntilAsleep()

        task.cancel()

        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(MonotonicTime.now().milliseconds(since: start) < 25_000)
        #expect(await database.ping())
    }

    @Test func `a call that finds all connections busy gives up at its own deadline`() async throws {
        let temporary = try await TemporaryDatabase.make(connectionsMax: 1)
        let database = temporary.database
        #expect(await database.ping())
        let holder = Task {
            try await database.transaction(tenant: .initial, timeoutMs: 30_000) { transaction in
                try transaction.query("select pg_sleep(30)")
            }
        }
        try await temporary.waitUntilAsleep()
        let start = MonotonicTime.now()

        let error = await #expect(throws: DatabaseError.self) {
            try await database.transaction(tenant: .initial, timeoutMs: 100) { try $0.query("select 1") }
        }

        #expect((100..<20_000).contains(MonotonicTime.now().milliseconds(since: start)))
        guard case .poolExhausted(_, 1)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        holder.cancel()
        _ = await holder.result
    }

    @Test func `a thousand calls share two connections and each gets its own answer`() async throws {
        let temporary = try await TemporaryDatabase.make(connectionsMax: 2)
        let database = temporary.database

        let answers = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<1_000 {
                group.addTask {
                    try await database.transaction(tenant: .initial, timeoutMs: 120_000) { transaction in
                        try transaction.query("select $1::int as n", [.int(number)]).first?.int("n") == number
                    }
                }
            }
            return try await group.reduce(into: [Bool]()) { $0.append($1) }
        }

        #expect(answers.count == 1_000)
        #expect(answers.allSatisfy { $0 })
    }

    @Test func `a connection killed between transactions is replaced unnoticed`() async throws {
        let temporary = try await TemporaryDatabase.make(connectionsMax: 1)
        #expect(await temporary.database.ping())
        try await temporary.killConnections()

        let one = try await temporary.database.transaction(tenant: .initial) { transaction in
            try transaction.query("select 1 as one").first?.int("one")
        }

        #expect(one == 1)
    }

    @Test func `a connection killed in mid-transaction fails that transaction only`() async throws {
        let temporary = try await TemporaryDatabase.make(connectionsMax: 1)
        let database = temporary.database
        let doomed = Task {
            try await database.transaction(tenant: .initial, timeoutMs: 30_000) { transaction in
                try transaction.execute("insert into clients (tenant_id, client_name) values (app.tenant_id(), 'Lost')")
                _ = try transaction.query("select pg_sleep(30)")
            }
        }
        try await temporary.waitUntilAsleep()

        try await temporary.killConnections()

        let error = await #expect(throws: DatabaseError.self) { try await doomed.value }
        #expect(error?.isRetryable == true)
        #expect(try await temporary.rows("select from clients").isEmpty)
        #expect(await database.ping())
    }

    @Test func `a server that is not there is told at once, and no password with it`() async throws {
        let database = Database(url: "postgresql://parley_app:s3cret@/parley?host=/nonexistent&port=5432")
        let start = MonotonicTime.now()

        let error = await #expect(throws: DatabaseError.self) {
            try await database.transaction(tenant: .initial) { try $0.query("select 1") }
        }

        #expect(MonotonicTime.now().milliseconds(since: start) < 20_000)
        #expect(error?.isRetryable == true)
        guard case .connectFailed(let reason)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(!reason.contains("s3cret"))
        #expect(await database.ping() == false)
        await database.close()
    }

    @Test func `a malformed URL is not repeated`() async throws {
        let database = Database(url: "postgresql://parley_app:s3%zzcret@host/parley")

        let error = await #expect(throws: DatabaseError.self) {
            try await database.unscoped { try $0.query("select 1") }
        }

        #expect(error == .malformedURL)
        await database.close()
    }

    @Test func `a closed database refuses what comes after`() async throws {
        let temporary = try await TemporaryDatabase.make()
        #expect(await temporary.database.ping())

        await temporary.database.close()

        await #expect(throws: DatabaseError.closed) {
            try await temporary.database.transaction(tenant: .initial) { try $0.query("select 1") }
        }
    }
}

extension TemporaryDatabase {
    /// Until the server runs a `pg_sleep` in this database.
    func waitUntilAsleep() async throws {
        for _ in 0..<2_000 {
            let asleep = try await rows(
                "select from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'")
            if !asleep.isEmpty { return }
        }
        Issue.record("nobody sleeps")
    }

    fileprivate func killConnections() async throws {
        _ = try await rows(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
                + " where datname = current_database() and usename = 'parley_app'")
    }
}
