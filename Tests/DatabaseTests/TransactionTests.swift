import CallModel
import Database
import FoundationEssentials
import TestSupport
import Testing

@Suite struct TransactionTests {
    @Test func `what a transaction wrote is there in the next one`() async throws {
        let temporary = try await TemporaryDatabase.make()

        let written = try await temporary.database.transaction(tenant: .initial) { transaction in
            try transaction.execute(
                "insert into contacts (tenant_id, phone) values ($1, $2)",
                [
                    .uuid(TenantID.initial.uuid), "+14155550123",
                ])
        }
        let found = try await temporary.database.transaction(tenant: .initial) { transaction in
            try transaction.query("select phone from contacts").map { row in try row.text("phone") }
        }

        #expect(written == 1)
        #expect(found == ["+14155550123"])
    }

    @Test func `an error of the body rolls back and comes out`() async throws {
        struct Refused: Error {}
        let temporary = try await TemporaryDatabase.make()

        await #expect(throws: Refused.self) {
            try await temporary.database.transaction(tenant: .initial) { transaction in
                try transaction.execute(
                    "insert into contacts (tenant_id, phone) values (app.tenant_id(), '+14155550123')")
                throw Refused()
            }
        }

        let count = try await temporary.rows("select count(*) as n from contacts")
        #expect(try count.first?.int("n") == 0)
    }

    @Test func `a statement's failure that the body swallows does not pass for a commit`() async throws {
        let temporary = try await TemporaryDatabase.make()

        await #expect(throws: DatabaseError.self) {
            try await temporary.database.transaction(tenant: .initial) { transaction in
                try transaction.execute(
                    "insert into contacts (tenant_id, phone) values (app.tenant_id(), '+14155550123')")
                _ = try? transaction.query("select 1 / 0")
            }
        }
    }

    @Test func `a broken rule is named, and the value that broke it is not`() async throws {
        let temporary = try await TemporaryDatabase.make()

        let rule = await #expect(throws: DatabaseError.self) {
            try await temporary.database.transaction(tenant: .initial) { transaction in
                try transaction.execute(
                    "insert into contacts (tenant_id, phone) values (app.tenant_id(), $1)", ["call me maybe"])
            }
        }
        let type = await #expect(throws: DatabaseError.self) {
            try await temporary.database.transaction(tenant: .initial) { transaction in
                try transaction.query("select $1::integer", ["my card is 4242"])
            }
        }

        guard case .statementFailed("23514", _, "phone_is_e164")? = rule else {
            Issue.record("\(String(describing: rule))")
            return
        }
        #expect(type?.sqlState == "22P02")
        #expect("\(String(describing: type))".contains("4242") == false)
    }

    @Test func `the tenant does not stay on a pooled connection`() async throws {
        let temporary = try await TemporaryDatabase.make(connectionsMax: 1)
        let inside = try await temporary.database.transaction(tenant: .initial) { transaction in
            try transaction.query("select app.tenant_id() as id").first?.uuidOrNil("id")
        }

        let after = try await temporary.database.unscoped { transaction in
            try transaction.query("select app.tenant_id() as id").first?.uuidOrNil("id")
        }

        #expect(inside == TenantID.initial.uuid)
        #expect(after == nil)
    }

    @Test func `two transactions that deadlock both succeed in the end`() async throws {
        let temporary = try await TemporaryDatabase.make()
        try await temporary.database.transaction(tenant: .initial) { transaction in
            try transaction.insert(
                into: "contacts", ["tenant_id", "phone", "notes"],
                rows: ["+14155550101", "+14155550102"].map { [.uuid(TenantID.initial.uuid), .text($0), "0"] })
        }
        let database = temporary.database

        try await withThrowingTaskGroup(of: Void.self) { group in
            for order in [["+14155550101", "+14155550102"], ["+14155550102", "+14155550101"]] {
                group.addTask {
                    try await database.transaction(tenant: .initial, timeoutMs: 120_000) { transaction in
                        for phone in order {
                            try transaction.execute(
                                "update contacts set notes = (notes::int + 1)::text where phone = $1", [.text(phone)])
                            _ = try transaction.query("select pg_sleep(0.1)")
                        }
                    }
                }
            }
            try await group.waitForAll()
        }

        let notes = try await temporary.rows("select notes from contacts")
        #expect(try notes.map { try $0.text("notes") } == ["2", "2"])
    }

    @Test func `many rows go in with few statements and every one arrives`() async throws {
        let temporary = try await TemporaryDatabase.make()

        let written = try await temporary.database.transaction(tenant: .initial) { transaction in
            try transaction.insert(
                into: "contacts", ["tenant_id", "phone", "do_not_contact", "notes"],
                rows: (0..<5_000).map {
                    [.uuid(TenantID.initial.uuid), .text("+1415\(2_000_000 + $0)"), .bool($0.isMultiple(of: 2)), nil]
                })
        }

        let count = try await temporary.rows(
            "select count(*) as n, count(*) filter (where do_not_contact) as half from contacts")
        #expect(written == 5_000)
        #expect(try count.first?.int("n") == 5_000)
        #expect(try count.first?.int("half") == 2_500)
    }

    @Test func `two databases of two tests see nothing of each other`() async throws {
        let one = try await TemporaryDatabase.make()
        let other = try await TemporaryDatabase.make()

        try await one.database.transaction(tenant: .initial) { transaction in
            try transaction.execute("insert into clients (tenant_id, client_name) values (app.tenant_id(), 'Acme')")
        }

        #expect(try await one.rows("select from clients").count == 1)
        #expect(try await other.rows("select from clients").isEmpty)
    }
}
