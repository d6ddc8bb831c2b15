import CallModel
import Encoding
import Foundation
import TestSupport
import Testing

@testable import Database

/// Through the real PgBouncer in transaction mode, as managed PostgreSQL offers it (Supabase's port 6543).
@Suite(.serialized) struct PoolerTests {
    @Test func `two programs behind a transaction pooler each get their own answers, in their own scope`() async throws
    {
        let temporary = try await TemporaryDatabase.make()
        let theirs = try await temporary.secondTenant()
        let pooler = try await Pooler.start(before: temporary)
        let programs = [Database(url: pooler.appURL), Database(url: pooler.appURL)]

        let wrong = try await withThrowingTaskGroup(of: [String].self) { group in
            for number in 0..<400 {
                let (database, tenant) = (programs[number % 2], number % 3 == 0 ? theirs : TenantID.initial)
                group.addTask {
                    try await database.transaction(tenant: tenant, timeoutMs: 60_000) { transaction in
                        // Each program has its statements in an order of its own.
                        let texts = (0..<4).map { "select $1::int + \($0) as n, app.tenant_id() as tenant" }
                        var wrong: [String] = []
                        for (step, text) in (number % 2 == 0 ? texts : texts.reversed()).enumerated() {
                            let more = number % 2 == 0 ? step : 3 - step
                            let row = try transaction.query(text, [.int(number)]).first
                            if try row?.int("n") != number + more { wrong.append("\(number): \(text)") }
                            if try row?.uuid("tenant") != tenant.uuid { wrong.append("\(number): tenant") }
                        }
                        return wrong
                    }
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }

        #expect(wrong == [])
        for program in programs { await program.close() }
    }

    @Test func `a pooler is noticed, and a server asked directly is not taken for one`() async throws {
        let temporary = try await TemporaryDatabase.make()
        let pooler = try await Pooler.start(before: temporary)
        let database = Database(url: pooler.appURL, connectionsMax: 1)

        #expect(try await database.unscoped { $0.isPooled })
        #expect(try await !temporary.database.unscoped { $0.isPooled })

        await database.close()
    }

    @Test func `migrations run through a pooler, by two at once`() async throws {
        let temporary = try await TemporaryDatabase.make()
        let pooler = try await Pooler.start(before: temporary)
        let all = try Migration.all().map(\.name)
        let migrator = try Migrator(ownerURL: pooler.ownerURL)

        #expect(try await migrator.down() == all.reversed())
        async let first = migrator.up()
        async let second = migrator.up()
        #expect(try await (first + second).sorted() == all)
        #expect(try await Migrator(ownerURL: pooler.appURL).status().allSatisfy { $0.state == .applied })
    }

    @Test func `nothing one transaction sets is left to the next, whoever it belongs to`() async throws {
        let temporary = try await TemporaryDatabase.make()
        _ = try await temporary.rows("alter database \(temporary.name) set timezone = 'Asia/Tokyo'")
        _ = try await temporary.rows("alter database \(temporary.name) set datestyle = 'German'")
        let pooler = try await Pooler.start(before: temporary)
        let database = Database(url: pooler.appURL, connectionsMax: 1)
        let settings = """
            select current_setting('TimeZone'), current_setting('DateStyle'), current_setting('statement_timeout'),
                current_setting('idle_in_transaction_session_timeout'), current_user,
                nullif(current_setting('app.tenant_id', true), '')
            """
        let stranger = "postgresql://parley_super@127.0.0.1:\(URL(string: pooler.appURL)?.port ?? 0)/\(temporary.name)"
        func asOthersFindIt() throws -> String {
            try OutsideProgram.run("psql", ["-XAtq", stranger, "-c", settings])
        }
        let before = try asOthersFindIt()

        let noon = try await database.transaction(tenant: .initial) { transaction in
            try transaction.query("select '2026-11-29T12:00:00Z'::timestamptz as noon").first?.timestamp("noon")
        }

        #expect(noon == Date(timeIntervalSince1970: 1_795_953_600))
        for _ in 0..<4 { #expect(try asOthersFindIt() == before) }
        #expect(before.contains("Asia/Tokyo"))
        await database.close()
    }

    @Test func `what another program left in a session counts for nothing`() async throws {
        let temporary = try await TemporaryDatabase.make()
        let pooler = try await Pooler.start(before: temporary)
        let database = Database(url: pooler.appURL)
        let leavings = [
            // As pg_dump leaves it, and worse.
            "select set_config('search_path', '', false)", "set row_security = off", "set timezone = 'Asia/Tokyo'",
            "set datestyle = 'German'", "set default_transaction_read_only = on", "set lock_timeout = 1",
            "set statement_timeout = 50", "set default_transaction_isolation = 'serializable'",
            "select set_config('app.tenant_id', '\(UUID())', false)",
            #"select set_config('request.jwt.claims', '{"app_metadata": {"tenant_id": "\#(UUID())"}}', false)"#,
        ]
        // More often than there are sessions.
        for _ in 0..<4 {
            try OutsideProgram.run("psql", ["-Xq", pooler.appURL] + leavings.flatMap { ["-c", $0] })
        }

        let (clients, noon) = try await database.transaction(tenant: .initial) { transaction in
            _ = try transaction.execute(
                "insert into clients (tenant_id, client_name) values (app.tenant_id(), 'Acme')")
            return (
                try transaction.query("select pg_sleep(0.1), id from clients").count,
                try transaction.query("select '2026-11-29T12:00:00Z'::timestamptz as noon").first?.timestamp("noon")
            )
        }

        #expect(clients == 1)
        #expect(noon == Date(timeIntervalSince1970: 1_795_953_600))
        #expect(try await database.fenceGaps() == [])
        await database.close()
    }

    @Test func `a statement past its deadline is cancelled through the pooler, and the next one is served`()
        async throws
    {
        let temporary = try await TemporaryDatabase.make()
        let pooler = try await Pooler.start(before: temporary)
        let database = Database(url: pooler.appURL, connectionsMax: 1)

        for _ in 0..<3 {
            let error = await #expect(throws: DatabaseError.self) {
                try await database.transaction(tenant: .initial, timeoutMs: 150) { transaction in
                    try transaction.query("select pg_sleep(30)")
                }
            }
            guard case .timedOut? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(await database.ping())
        }
        await database.close()
    }

    @Test func `a session that has lost its plans is asked without them from then on`() async throws {
        let temporary = try await TemporaryDatabase.make(connectionsMax: 1)
        func ask() async throws -> Int? {
            try await temporary.database.transaction(tenant: .initial) { transaction in
                try transaction.query("select $1::int as n", [.int(7)]).first?.int("n")
            }
        }
        #expect(try await ask() == 7)

        // What a pooler's `server_reset_query` does to a session between two clients.
        try await temporary.database.unscoped { _ = try $0.query("deallocate all") }

        #expect(try await ask() == 7)
        #expect(try await temporary.database.unscoped { $0.isPooled })
    }

    @Test func `a plan another program left under the same name is the same statement`() async throws {
        let temporary = try await TemporaryDatabase.make(connectionsMax: 1)
        let text = "select $1::int as n"
        try await temporary.database.unscoped { transaction in
            _ = try transaction.query("prepare parley_\(FNV1a.hex(text)) (int) as \(text)")
        }

        let answer = try await temporary.database.unscoped { transaction in
            try transaction.query(text, [.int(7)]).first?.int("n")
        }

        #expect(answer == 7)
    }
}
