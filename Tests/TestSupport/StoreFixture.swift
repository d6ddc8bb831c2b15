package import CallModel
package import Database
import Foundation

/// A database of its own for one test, with what tests look at in it.
package struct StoreFixture: Sendable {
    package let temporary: TemporaryDatabase
    package var database: Database { temporary.database }

    package static func make() async throws -> StoreFixture {
        StoreFixture(temporary: try await TemporaryDatabase.make(connectionsMax: 6))
    }

    /// Rows as the application sees them, inside the tenant's fence.
    package func rows(_ sql: String, _ values: [SQLValue] = [], tenant: TenantID = .initial) async throws -> [Row] {
        try await database.transaction(tenant: tenant) { tx in try tx.query(sql, values) }
    }

    package func row(_ sql: String, _ values: [SQLValue] = [], tenant: TenantID = .initial) async throws -> Row {
        guard let row = try await rows(sql, values, tenant: tenant).first else { throw Missing(sql: sql) }
        return row
    }

    package func count(_ table: String, tenant: TenantID = .initial) async throws -> Int {
        try await row("select count(*) as n from \(table)", tenant: tenant).int("n")
    }

    /// Every table a call leaves rows in, with how many there are.
    package func counts() async throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for table in [
            "calls", "contacts", "leads", "conversations", "usage_records", "consents", "lead_scores",
            "lead_activities",
            "follow_ups", "meetings", "contact_interactions",
        ] {
            counts[table] = try await count(table)
        }
        return counts
    }

    /// The same database behind a directory that is not there until it is opened: a server that is away.
    package func door(in directory: JournalDirectory) throws -> Door {
        guard let parts = URLComponents(string: temporary.appURL),
            let socket = parts.queryItems?.first(where: { $0.name == "host" })?.value
        else { throw Missing(sql: "host in the URL") }
        let link = directory.path + "/door"
        let name = parts.path.dropFirst()
        let url = "host=\(link) dbname=\(name) user=parley_app"
        return Door(database: Database(url: url, connectionsMax: 6), link: link, socket: socket)
    }

    package struct Door {
        package let database: Database
        let link: String
        let socket: String
        package func open() throws {
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: socket)
        }
        package func close() throws { try FileManager.default.removeItem(atPath: link) }
    }

    /// Lets `number` reach the default profile of the initial tenant.
    package func addNumber(_ number: String) async throws {
        _ = try await rows(
            """
            insert into phone_numbers (tenant_id, number, profile_id)
            select app.tenant_id(), $1, id from profiles where is_default
            """, [.text(number)])
    }

    struct Missing: Error { var sql: String }
}
