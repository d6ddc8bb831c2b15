import CRM
import CallModel
import Database
import Foundation
import Runtime

/// How long the customer context of a caller takes with a million contacts: fills a private cluster of its own, asks for
/// 5,000 callers one after the other, each beside a raw lookup of the same rows, and fails when the context takes too many
/// times as long: limits in milliseconds would measure the machine and who else is on it.
@main struct ContextBenchmark {
    private static let contacts = 1_000_000
    private static let batch = 100_000
    private static let lookups = 5_000
    private static let warmups = 200
    /// Of the raw lookup's.
    private static let medianRatioMax = 4.0
    private static let p99RatioMax = 4.0
    /// Numbers +1 212 200 0000 and following.
    private static let firstNumber = 12_122_000_000

    static func main() async throws {
        let isFastEnough = try await PrivateCluster.temporary(for: "context", durable: false) { cluster, _ in
            try await run(cluster)
        }
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
        let (contexts, raws) = try await measure(database)
        await database.close()

        let medianRatio = percentile(0.5, of: contexts) / percentile(0.5, of: raws)
        let p99Ratio = percentile(0.99, of: contexts) / percentile(0.99, of: raws)
        for (what, times) in [("context", contexts), ("raw lookups of the same rows", raws)] {
            print(
                String(
                    format: "%@, %d contacts, %d times: p50 %.2f ms, p99 %.2f ms, max %.2f ms", what, contacts,
                    times.count, percentile(0.5, of: times), percentile(0.99, of: times), percentile(1, of: times)))
        }
        print(
            String(
                format: "context over raw: p50 %.2f (limit %.1f), p99 %.2f (limit %.1f)", medianRatio, medianRatioMax,
                p99Ratio, p99RatioMax))
        return medianRatio <= medianRatioMax && p99Ratio <= p99RatioMax
    }

    private static func percentile(_ share: Double, of times: [Double]) -> Double {
        let sorted = times.sorted()
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
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

    /// Milliseconds of each lookup and of the raw one beside it, in turns; the first ones, which open connections and warm
    /// caches, are not counted. Each of a pair goes first in half of the cases.
    private static func measure(_ database: Database) async throws -> (contexts: [Double], raws: [Double]) {
        let directory = CustomerDirectory(database: database)
        var (contexts, raws): ([Double], [Double]) = ([], [])
        var generator = SystemRandomNumberGenerator()
        for index in 0..<(warmups + lookups) {
            let number = firstNumber + Int.random(in: 0..<contacts, using: &generator)
            guard let phone = E164("+\(number)") else { throw NotFound(number: number) }
            for isContext in index % 2 == 0 ? [true, false] : [false, true] {
                let startedAt = MonotonicTime.now()
                let isFound =
                    isContext
                    ? try await directory.context(tenant: .initial, phone: phone, timeoutMs: 5_000).leadScore != nil
                    : try await rawLookup(phone, database)
                let nanoseconds = MonotonicTime.now().nanoseconds - startedAt.nanoseconds
                guard isFound else { throw NotFound(number: number) }
                guard index >= warmups else { continue }
                if isContext {
                    contexts.append(Double(nanoseconds) / 1e6)
                } else {
                    raws.append(Double(nanoseconds) / 1e6)
                }
            }
            if index % 1_000 == 0 { progress("looked up \(index) of \(warmups + lookups)") }
        }
        return (contexts, raws)
    }

    /// The rows a context is made of, each table by its index, in one round trip; nothing is made of them.
    private static func rawLookup(_ phone: E164, _ database: Database) async throws -> Bool {
        let contact = "(select id from contacts where phone = $1)"
        let lead = "(select id from leads where contact_id = \(contact))"
        let statements = [
            "select * from contacts where phone = $1", "select * from leads where contact_id = \(contact)",
            "select max(interaction_date) from contact_interactions where contact_id = \(contact)",
            "select * from follow_ups where lead_id = \(lead)",
            "select * from deals where contact_id = \(contact) and stage not in ('closed_won', 'closed_lost')",
            "select * from tasks where contact_id = \(contact) and status in ('pending', 'in_progress')",
        ]
        return try await database.transaction(tenant: .initial) { tx in
            let rows = try tx.queries(statements.map { (sql: $0, values: [.text(phone.text)]) })
            return rows[0].count == 1 && rows[1].count == 1
        }
    }

    private struct NotFound: Error { var number: Int }

    private static func progress(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }
}
