import CallModel
package import Database
import FoundationEssentials
package import Jobs

/// Removes files of imports that are over from this node's disk, and ends those that nobody has started in a week.
package struct ImportUpkeep: Sendable {
    private let database: Database
    private let files: ImportFiles

    package init(_ database: Database, _ files: ImportFiles) {
        self.database = database
        self.files = files
    }

    package var chore: Chore { Chore("files of imports", every: .seconds(600)) { try await tidy() } }

    func tidy(at now: Date = .now) async throws {
        files.removeParts(at: now)
        for (tenant, held) in Dictionary(grouping: files.settled(at: now), by: \.tenant) {
            let ids = SQLValue.array(held.map { .uuid($0.id) })
            let needed = try await database.transaction(tenant: tenant, urgency: .afterwards) { tx in
                try tx.execute(
                    """
                    update imports set state = 'cancelled', ended_at = now(), failure = 'Nobody started it within a week.'
                    where tenant_id = (select app.tenant_id()) and id = any($1::uuid[]) and state = 'uploaded'
                        and created_at < now() - interval '7 days'
                    """, [ids])
                return Set(
                    try tx.query(
                        """
                        select id from imports where tenant_id = (select app.tenant_id()) and id = any($1::uuid[])
                            and state in ('uploaded', 'running')
                        """, [ids]
                    ).map { try $0.uuid("id") })
            }
            for file in held where !needed.contains(file.id) { files.remove(tenant, file.id) }
        }
    }
}
