import Database

/// Removes what was done a day ago and more.
package struct PruneJobs: JobKind {
    package static let kind = "jobs.prune"
    package static let policy = {
        var policy = JobPolicy()
        policy.placesMax = 1
        return policy
    }()
    /// Of one run; a tenant with more is done with sooner or later.
    static let rowsMax = 20_000

    package init() {}

    package static let handler = JobHandler(writing: PruneJobs.self) { _, _, tx in
        let removed = try tx.execute(
            """
            delete from jobs where tenant_id = (select app.tenant_id()) and id = any(array(
                select j.id from jobs j where j.tenant_id = (select app.tenant_id()) and j.state = 'done'
                    and j.ended_at < now() - interval '1 day' order by j.ended_at limit $1))
            """, [.int(rowsMax)])
        if removed == rowsMax { try tx.enqueue(PruneJobs(), unique: .oneWaiting("more")) }
    }
}
