import CallModel
import Database
import TestSupport
import Testing

@Suite struct TaskKindTests {
    private static let titles = [
        "Call back about the offer": "call", "  call Mr Meier": "call", "Dial in": "call", "Phone the shop": "call",
        "ring them": "call", "Follow-up call on Monday": "call", "follow up call": "call", "followup call": "call",
        "Send the invoice": "other", "Recall the goods": "other", "Calling card": "other", "Callback": "other",
        "Follow up": "other", "": "other",
    ]

    @Test func `a task that says its kind has that one, another has what its title says`() async throws {
        let temporary = try await TemporaryDatabase.make()
        _ = try await temporary.rows(
            "insert into tasks (tenant_id, title, kind) select id, 'Call Mr Meier', 'email' from tenants")
        for title in Self.titles.keys {
            _ = try await temporary.rows(
                "insert into tasks (tenant_id, title) select id, $1 from tenants", [.text(title)])
        }

        let rows = try await temporary.rows("select title, kind from tasks")

        #expect(rows.count == Self.titles.count + 1)
        for row in rows {
            let title = try row.text("title")
            #expect(try row.text("kind") == (title == "Call Mr Meier" ? "email" : Self.titles[title]), "\(title)")
        }
    }

    @Test func `tasks of before have the kind that was guessed from their titles, and were not touched`() async throws {
        let temporary = try await TemporaryDatabase.make()
        _ = try await temporary.secondTenant()
        let migrations = try Migration.all().filter { $0.version >= 13 }.count
        let migrator = try Migrator(ownerURL: temporary.ownerURL)
        try await migrator.down(count: migrations)
        for title in Self.titles.keys {
            _ = try await temporary.rows(
                "insert into tasks (tenant_id, title, updated_at) select id, $1, '2026-01-01Z' from tenants",
                [.text(title)])
        }

        try await migrator.up()

        let rows = try await temporary.rows("select title, kind, updated_at = '2026-01-01Z' as is_untouched from tasks")
        #expect(rows.count == 2 * Self.titles.count)
        for row in rows {
            let title = try row.text("title")
            #expect(try row.text("kind") == Self.titles[title], "\(title)")
            #expect(try row.bool("is_untouched"))
        }
    }

    @Test func `no task has a kind that nobody knows`() async throws {
        let temporary = try await TemporaryDatabase.make()

        let refused = await #expect(throws: DatabaseError.self) {
            _ = try await temporary.rows(
                "insert into tasks (tenant_id, title, kind) select id, 'x', 'fax' from tenants")
        }

        #expect(refused?.sqlState == "23514")
    }
}
