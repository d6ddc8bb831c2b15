package import Database
package import FoundationEssentials

/// A job that nobody tries any more, until a person says so.
package struct DeadJob: Equatable, Sendable, Codable {
    package let id: UUID
    package let kind: String
    package let attempts: Int
    package let lastError: String
    package let diedAt: Date
}

extension Transaction {
    /// The tenant's dead jobs, those that died last first.
    package func deadJobs(limit: Int = 100) throws -> [DeadJob] {
        let dead: SQL<JobColumn> = """
            select \([.id, .kind, .attempts, .lastError]), \(.endedAt) as died_at from jobs
            where tenant_id = (select app.tenant_id()) and \(.state) = 'dead'
            order by \(.endedAt) desc, \(.id) limit $1
            """
        return try query(dead.text, [.int(limit)]).map { try $0.decode(DeadJob.self) }
    }

    /// Puts dead jobs back into the line, with all their attempts before them; says how many of these were dead.
    package func tryAgain(_ ids: [UUID]) throws(DatabaseError) -> Int {
        let again: SQL<JobColumn> = """
            with back as (
                update jobs set \(.state) = 'waiting', \(.dueAt) = now(), \(.attempts) = 0, \(.endedAt) = null
                where tenant_id = (select app.tenant_id()) and \(.state) = 'dead' and \(.id) = any($1)
                returning \(.id)),
            told as (select pg_notify('parley_jobs', '') where exists (select from back))
            select count(*) as n from back left join told on true
            """
        return try query(again.text, [.array(ids.map { .uuid($0) })]).first?.int("n") ?? 0
    }

    /// Gives dead jobs up for good; says how many of these were dead.
    package func discard(_ ids: [UUID]) throws(DatabaseError) -> Int {
        let discarding: SQL<JobColumn> = """
            delete from jobs where tenant_id = (select app.tenant_id()) and \(.state) = 'dead' and \(.id) = any($1)
            """
        return try execute(discarding.text, [.array(ids.map { .uuid($0) })])
    }
}
