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
            try transaction.send(
                BulkStatement<Contact>(insert: [.phone, .notes]),
                ["+14155550101", "+14155550102"].map { [.phone: .text($0), .notes: "0"] })
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

    @Test func `many rows go in with one statement and every one arrives`() async throws {
        let temporary = try await TemporaryDatabase.make()

        try await temporary.database.transaction(tenant: .initial) { transaction in
            try transaction.send(
                BulkStatement<Contact>(insert: [.phone, .doNotContact, .notes]),
                (0..<5_000).map {
                    [
                        .phone: .text("+1415\(2_000_000 + $0)"), .doNotContact: .bool($0.isMultiple(of: 2)),
                        .notes: nil,
                    ]
                })
        }

        let count = try await temporary.rows(
            "select count(*) as n, count(*) filter (where do_not_contact) as half from contacts")
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

@Suite struct PipelineTests {
    private let insert = "insert into contacts (tenant_id, phone) values (app.tenant_id(), $1)"

    @Test func `what was sent without waiting is committed in its order`() async throws {
        let temporary = try await TemporaryDatabase.make()

        try await temporary.database.transaction(tenant: .initial) { transaction in
            try transaction.send(insert, ["+14155550123"])
            try transaction.send("update contacts set notes = 'first'")
            let seen = try transaction.query("select notes from contacts")
            #expect(try seen.first?.text("notes") == "first")
            try transaction.send("update contacts set notes = 'last'")
        }

        let rows = try await temporary.rows("select notes from contacts")
        #expect(try rows.map { try $0.text("notes") } == ["last"])
    }

    @Test func `a failure of what was sent with the commit comes out, and nothing of it stays`() async throws {
        let temporary = try await TemporaryDatabase.make(connectionsMax: 1)

        let failure = await #expect(throws: DatabaseError.self) {
            try await temporary.database.transaction(tenant: .initial) { transaction in
                try transaction.send(insert, ["+14155550123"])
                try transaction.send(insert, ["call me maybe"])
                try transaction.send(insert, ["+14155550124"])
            }
        }

        guard case .statementFailed("23514", _, "phone_is_e164") = failure else {
            Issue.record("not the rule's failure: \(String(describing: failure))")
            return
        }
        // The same connection serves the next transaction.
        let rows = try await temporary.rows("select count(*) as n from contacts")
        #expect(try rows.first?.int("n") == 0)
    }

    @Test func `several queries are answered in one round trip, each with its rows`() async throws {
        let temporary = try await TemporaryDatabase.make()

        let answers = try await temporary.database.transaction(tenant: .initial) { transaction in
            try transaction.queries([
                ("select 1 as n union all select 2", []), ("select 7 as n where false", []),
                ("select $1::int as n", [3]),
            ]).map { rows in try rows.map { try $0.int("n") } }
        }

        #expect(answers == [[1, 2], [], [3]])
    }

    @Test func `many rows keep their quotes, commas, braces, backslashes and nulls`() async throws {
        let temporary = try await TemporaryDatabase.make()
        let notes: [String?] = ["say \"hi\", {you}", #"back\slash"#, nil, "", "NULL", "line\nbreak", "π ≈ 3"]

        try await temporary.database.transaction(tenant: .initial) { transaction in
            let contact = BulkStatement<Contact>(insert: [.notes, .customFields, .doNotContact])
            try transaction.send(
                contact,
                notes.map {
                    [.notes: .text($0), .customFields: .json(#"{"a": ["\"", 1]}"#), .doNotContact: true]
                })
            try transaction.send(contact, [])
        }

        let rows = try await temporary.rows("select notes, custom_fields #>> '{a,0}' as quote from contacts")
        #expect(try Set(rows.map { try $0.textOrNil("notes") }) == Set(notes))
        #expect(try rows.allSatisfy { try $0.text("quote") == "\"" })
    }

    @Test func `a pooled connection that died is replaced before the body notices`() async throws {
        let temporary = try await TemporaryDatabase.make(connectionsMax: 1)
        func server() async throws -> Int? {
            try await temporary.database.unscoped { transaction in
                try transaction.query("select pg_backend_pid() as pid").first?.int("pid")
            }
        }
        let first = try await server()
        let ended = try await temporary.rows("select pg_terminate_backend($1::int, 10000) as it", [.int(first)])

        let second = try await server()

        #expect(try ended.first?.bool("it") == true)
        #expect(first != nil && second != nil && first != second)
    }
}
