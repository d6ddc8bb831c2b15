import CallModel
import Database
import FoundationEssentials
package import Jobs
import Telemetry

/// Computes the scores of a tenant's leads anew, every night: what was done on the site wears off, and rules change.
/// Some at a time, each batch in the transaction that ends its job and begins the next.
package struct RescoreLeads: JobKind {
    package static let kind = "leads.rescore"
    package static let policy = {
        var policy = JobPolicy()
        policy.placesMax = 1
        return policy
    }()
    package static let everySeconds = 86_400
    static let batchMax = 200

    /// The last lead of the batch before; nil at the start.
    var after: UUID?

    package init() {}
    private init(after: UUID) { self.after = after }

    package static let handler = JobHandler(writing: RescoreLeads.self) { job, _, tx in
        guard let next = try job.work(at: .now, in: tx) else { return }
        try tx.enqueue(next, unique: .oneWaiting(next.after?.uuidString ?? ""))
    }

    /// One batch.
    ///
    /// - Returns: the next; nil after the last.
    func work(at moment: Date, in tx: borrowing Transaction) throws -> RescoreLeads? {
        let leads = try tx.query(
            """
            select id from leads where tenant_id = (select app.tenant_id())
                and ($1::uuid is null or id > $1::uuid) order by id limit $2::bigint
            """, [.uuid(after), .int(Self.batchMax)]
        ).map { try $0.uuid("id") }
        guard let last = leads.last else { return nil }
        let scoring = LeadScoring(ScoringCriteria(try TenantRules.read(in: tx)), at: moment)
        let changed = try scoring.rescore(leads, in: tx)
        Log.debug("leads scored anew", ["leads": leads.count, "changed": changed])
        return leads.count == Self.batchMax ? RescoreLeads(after: last) : nil
    }
}
