import CRM
import CallModel
import Database
import Foundation

/// How long the customer context of a caller takes with a million contacts: fills a private cluster of its own, asks for
/// 5,000 callers one after the other, and fails when the 99th percentile is over 5 ms.
@main struct ContextBenchmark {
    private static let contacts = 1_000_000
    private static let batch = 100_000
    private static let lookups = 5_000
    private static let warmups = 200
    private static let p99MsMax = 5.0
    /// Numbers +1 212 200 0000 and following.
    private static let firstNumber = 12_122_000_000

    static func main() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "parley-context-\(UUID().uuidString)")
        let cluster = try await PrivateCluster.start(
            dataDirectory: directory.path(percentEncoded: false), durable: false)
        let isFastEnough: Bool
        do {
            isFastEnough = try await run(cluster)
        } catch {
            await cluster.stop()
            try? FileManager.default.removeItem(at: directory)
            throw error
        }
        await cluster.stop()
        try? FileManager.default.removeItem(at: directory)
        if !isFastEnough { exit(1) }
    }

    private static func run(_ cluster: PrivateCluster) async throws -> Bool {
        try await Migrator(ownerURL: cluster.ownerURL).up()
        let database = Database(url: cluster.appURL, connectionsMax: 2)
        try await fill(database)
        // As a server that has run for a while: statistics there, nothing left to clean up or to flush.
        progress("vacuuming")
        try await Migrator.runAlone("vacuum (analyze, freeze)", url: cluster.ownerURL)
        try await Migrator.runAlone("checkpoint", url: cluster.ownerURL)
        let measured = try await measure(CustomerDirectory(database: database))
        await database.close()

        let sorted = measured.sorted()
        func percentile(_ share: Double) -> Double { sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))] }
        let p99 = percentile(0.99)
        print(
            String(
                format: "context lookup, %d contacts, %d lookups: "
                    + "p50 %.2f ms, p99 %.2f ms, max %.2f ms (limit p99 %.1f ms)",
                contacts, sorted.count, percentile(0.5), p99, sorted[sorted.count - 1], p99MsMax))
        return p99 <= p99MsMax
    }

    /// Contacts with a lead each, every tenth with an open follow-up, a deal, a task and earlier interactions.
    private static func fill(_ database: Database) async throws {
        let statements = [
            """
            insert into contacts (tenant_id, phone, contact_name, contact_email, business_name, contact_role, notes)
            select app.tenant_id(), '+' || n, 'Person ' || n, n || '@example.com', 'Company ' || n % 50000, 'Buyer',
                'Met at the fair.'
            from generate_series($1::bigint, $2::bigint) n
            """,
            """
            insert into leads (tenant_id, contact_id, phone, lead_score)
            select app.tenant_id(), c.id, c.phone, substr(c.phone, 10)::integer % 101 from contacts c
            where c.phone between '+' || $1::bigint and '+' || $2::bigint
            """,
            """
            insert into follow_ups (tenant_id, lead_id, due_at)
            select app.tenant_id(), l.id, now() + interval '3 days' from leads l
            where l.phone between '+' || $1::bigint and '+' || $2::bigint and l.phone like '%0'
            """,
            """
            insert into deals (tenant_id, contact_id, title, value)
            select app.tenant_id(), c.id, 'Renewal', 9000 from contacts c
            where c.phone between '+' || $1::bigint and '+' || $2::bigint and c.phone like '%0'
            """,
            """
            insert into tasks (tenant_id, contact_id, title, due_date)
            select app.tenant_id(), c.id, 'Send the contract', now() from contacts c
            where c.phone between '+' || $1::bigint and '+' || $2::bigint and c.phone like '%0'
            """,
            """
            insert into contact_interactions (tenant_id, contact_id, interaction_type, interaction_date)
            select app.tenant_id(), c.id, 'phone_call', now() - make_interval(days => d) from contacts c,
                generate_series(1, 5) d
            where c.phone between '+' || $1::bigint and '+' || $2::bigint and c.phone like '%0'
            """,
        ]
        for start in stride(from: 0, to: contacts, by: batch) {
            let range: [SQLValue] = [.int(firstNumber + start), .int(firstNumber + start + batch - 1)]
            for statement in statements {
                try await database.transaction(tenant: .initial, timeoutMs: 600_000) { tx in
                    _ = try tx.execute(statement, range)
                }
            }
            progress("filled \(start + batch) of \(contacts) contacts")
        }
    }

    /// Milliseconds of each lookup; the first ones, which open connections and warm caches, are not counted.
    private static func measure(_ directory: CustomerDirectory) async throws -> [Double] {
        var measured: [Double] = []
        var generator = SystemRandomNumberGenerator()
        for index in 0..<(warmups + lookups) {
            let number = firstNumber + Int.random(in: 0..<contacts, using: &generator)
            guard let phone = E164("+\(number)") else { throw NotFound(number: number) }
            let startedAt = MonotonicTime.now()
            let context = try await directory.context(tenant: .initial, phone: phone, timeoutMs: 5_000)
            let nanoseconds = MonotonicTime.now().nanoseconds - startedAt.nanoseconds
            guard context.isKnown, context.leadScore != nil else { throw NotFound(number: number) }
            if index >= warmups { measured.append(Double(nanoseconds) / 1_000_000) }
            if index % 1_000 == 0 { progress("looked up \(index) of \(warmups + lookups)") }
        }
        return measured
    }

    private struct NotFound: Error { var number: Int }

    private static func progress(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }
}
