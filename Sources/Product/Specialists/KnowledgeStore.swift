package import CallModel
package import Consult
package import Database
import Encoding
import Foundation
import Synchronization
import Telemetry

/// The specialists' knowledge in the database: `specialist_sections`, a copy for each tenant, replaced when the roster's
/// files have changed. Of two gateways with different files the one that started last wins.
package final class KnowledgeStore: Sendable {
    private static let loadTimeoutMs = 5_000

    private let database: Database
    private let roster: SpecialistRoster
    private let digest: String
    /// Tenants whose copy is known to be this roster's.
    private let loaded = Mutex<Set<TenantID>>([])

    package init(database: Database, roster: SpecialistRoster) {
        self.database = database
        self.roster = roster
        digest = KnowledgeStore.digest(roster)
    }

    /// Loads the knowledge for a tenant unless it is there: at start for every tenant, or with its first consult.
    package func prepare(_ tenant: TenantID, timeoutMs: Int = loadTimeoutMs) async throws {
        guard !loaded.withLock({ $0.contains(tenant) }) else { return }
        let (roster, digest) = (roster, digest)
        let isNew = try await database.transaction(tenant: tenant, timeoutMs: timeoutMs) { tx in
            try KnowledgeStore.load(roster, digest, in: tx)
        }
        loaded.withLock { _ = $0.insert(tenant) }
        if isNew {
            Log.info("specialists loaded", ["tenant.id": tenant, "specialists": roster.specialists.count])
        }
    }

    /// Returns whether anything was written.
    private static func load(
        _ roster: SpecialistRoster, _ digest: String, in tx: borrowing Transaction
    ) throws -> Bool {
        _ = try tx.query("select pg_advisory_xact_lock(hashtextextended('specialists' || app.tenant_id()::text, 0))")
        let count = roster.specialists.reduce(0) { $0 + $1.sections.count }
        let there = try tx.query(
            "select count(*) filter (where digest = $1) as same, count(*) as every from specialist_sections",
            [.text(digest)]
        ).first.map { (try $0.int("same"), try $0.int("every")) }
        if let there, there == (count, count) { return false }
        try tx.execute("delete from specialist_sections")
        let rows: [[SQLValue]] = roster.specialists.flatMap { specialist in
            specialist.sections.enumerated().map { index, section in
                [
                    .text(specialist.id.text), .int(index + 1), .text(section.title), .text(section.text),
                    .text(section.sources.joined(separator: "\n")), .text(digest),
                ]
            }
        }
        try tx.send(KnowledgeStore.section, rows: rows)
        return true
    }

    private static let section = BulkStatement(
        into: "specialist_sections",
        [
            "specialist": .text, "position": .integer, "title": .text, "body": .text, "sources": .text,
            "digest": .text,
        ])

    /// FNV-1a over all that is stored: tells files that changed, not files that were forged.
    private static func digest(_ roster: SpecialistRoster) -> String {
        var hash = FNV1a()
        func add(_ text: String) {
            hash.add(text.utf8)
            hash.add([0xFF])
        }
        for specialist in roster.specialists {
            add(specialist.id.text)
            for section in specialist.sections {
                add(section.title)
                add(section.text)
                section.sources.forEach(add)
            }
        }
        return String(hash.value, radix: 16)
    }

    // MARK: - Asking

    struct Passage: Sendable {
        var title: String
        var text: String
        var sources: [String]
        var rank: Double
    }

    /// A specialist's passages for a question, best first: those with all its words, then those with any.
    func passages(_ specialist: SpecialistID, _ words: String, tenant: TenantID, timeoutMs: Int) async throws
        -> [Passage]
    {
        try await database.transaction(tenant: tenant, timeoutMs: timeoutMs) { tx in
            try tx.query(KnowledgeStore.query, [.text(specialist.text), .text(words)]).map { row in
                Passage(
                    title: try row.text("title"), text: try row.text("body"),
                    sources: try row.text("sources").split(separator: "\n").map(String.init),
                    rank: try row.double("rank"))
            }
        }
    }

    private static let query = """
        with asked as (
            select websearch_to_tsquery('english', $2) as every,
                nullif(replace(plainto_tsquery('english', $2)::text, ' & ', ' | '), '')::tsquery as some
        )
        select s.title, s.body, s.sources,
            ts_rank_cd('{0.05, 0.2, 0.4, 1.0}', s.terms, a.some) + case when s.terms @@ a.every then 10 else 0 end as rank
        from specialist_sections s, asked a
        where s.specialist = $1 and s.terms @@ a.some
        order by rank desc, s.position limit 2
        """
}
