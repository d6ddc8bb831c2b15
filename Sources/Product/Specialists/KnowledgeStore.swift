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
    /// Finds the passages of a question.
    let knowledge: KnowledgeIndex
    private let digest: String
    /// Tenants whose copy is known to be this roster's.
    private let loaded = Mutex<Set<TenantID>>([])

    package init(database: Database, roster: SpecialistRoster) {
        self.database = database
        self.roster = roster
        knowledge = KnowledgeIndex(roster)
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
            KnowledgeStore.counting.text,
            [.text(digest)]
        ).first?.decode(Count.self)
        if there == Count(same: count, every: count) { return false }
        try tx.execute("delete from specialist_sections")
        try tx.send(section, rows(of: roster, digest))
        return true
    }

    private struct Count: Decodable, Equatable {
        var same: Int
        var every: Int
    }

    static let counting: SQL<SectionColumn> = """
        select count(*) filter (where \(.digest) = $1) as same, count(*) as every from specialist_sections
        """

    static let section = BulkStatement<SectionColumn>(
        insert: [.specialist, .position, .title, .body, .sources, .digest])

    static func rows(of roster: SpecialistRoster, _ digest: String) -> [BulkRow<SectionColumn>] {
        roster.specialists.flatMap { specialist in
            specialist.sections.enumerated().map { index, section in
                [
                    .specialist: .text(specialist.id.text), .position: .int(index + 1), .title: .text(section.title),
                    .body: .text(section.text), .sources: .text(section.sources.joined(separator: "\n")),
                    .digest: .text(digest),
                ]
            }
        }
    }

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

    /// What a specialist knows, as the tenant has it.
    func sections(of specialist: SpecialistID, tenant: TenantID, timeoutMs: Int) async throws -> [Specialist.Section] {
        try await database.transaction(tenant: tenant, timeoutMs: timeoutMs) { tx in
            try tx.query(KnowledgeStore.reading.text, [.text(specialist.text)]).map { row in
                let found = try row.decode(Found.self)
                return Specialist.Section(
                    title: found.title, text: found.body, sources: found.sources.split(separator: "\n").map(String.init)
                )
            }
        }
    }

    private struct Found: Decodable {
        var title: String
        var body: String
        var sources: String
    }

    static let reading: SQL<SectionColumn> = """
        select \([.title, .body, .sources]) from specialist_sections where \(.specialist) = $1 order by \(.position)
        """
}
