package import Database
package import FoundationEssentials

/// A job that nobody tries any more, until a person says so.
package struct DeadJob: Equatable, Sendable {
    package let id: UUID
    package let kind: String
    package let attempts: Int
    package let lastError: String
    package let diedAt: Date
}

extension Transaction {
    /// The tenant's dead jobs, those that died last first.
    package func deadJobs(limit: Int = 100) throws(DatabaseError) -> [DeadJob] {
        let rows = try query(
            """
            select id, kind, attempts, last_error, ended_at from jobs
            where tenant_id = (select app.tenant_id()) and state = 'dead' order by ended_at desc, id limit $1
            """, [.int(limit)])
        var jobs: [DeadJob] = []
        for row in rows {
            jobs.append(
                DeadJob(
                    id: try row.uuid("id"), kind: try row.text("kind"), attempts: try row.int("attempts"),
                    lastError: try row.text("last_error"), diedAt: try row.timestamp("ended_at")))
        }
        return jobs
    }

    /// Puts dead jobs back into the line, with all their attempts before them; says how many of these were dead.
    package func tryAgain(_ ids: [UUID]) throws(DatabaseError) -> Int {
        try query(
            """
            with back as (
                update jobs set state = 'waiting', due_at = now(), attempts = 0, ended_at = null
                where tenant_id = (select app.tenant_id()) and state = 'dead' and id = any($1)
                returning id),
            told as (select pg_notify('parley_jobs', '') where exists (select from back))
            select count(*) as n from back left join told on true
            """, [.array(ids.map { .uuid($0) })]
        ).first?.int("n") ?? 0
    }

    /// Gives dead jobs up for good; says how many of these were dead.
    package func discard(_ ids: [UUID]) throws(DatabaseError) -> Int {
        try execute(
            "delete from jobs where tenant_id = (select app.tenant_id()) and state = 'dead' and id = any($1)",
            [.array(ids.map { .uuid($0) })])
    }
}
