import CallModel
import Database
import Foundation

/// Fills a database: the first tenant with everything, the others with a thousandth of it each.
struct CRMFill: Sendable {
    struct Tenants: Sendable {
        var big: TenantID
        var others: [TenantID]
        /// Of the big tenant: a sample of each.
        var contacts: [UUID] = []
        var leads: [UUID] = []
        var calls: [UUID] = []
        /// Of whom names and numbers are made: `Person 12122000000`.
        var contactCount: Int
    }

    /// Numbers +1 212 200 0000 and following.
    static let firstNumber = 12_122_000_000
    private static let batch = 100_000
    private static let sample = 5_000

    let cluster: PrivateCluster
    let options: APIBenchmarkOptions

    func fill() async throws -> Tenants {
        let database = Database(url: cluster.appURL, connectionsMax: 2)
        var tenants = Tenants(big: .initial, others: [], contactCount: options.contacts)
        for number in 1..<options.tenants {
            let id = UUID()
            _ = try await database.unscoped(timeoutMs: 60_000) { tx in
                try tx.query(
                    "select app.add_tenant($1, $2, $3, $4)",
                    [
                        .uuid(id), .text("Tenant \(number)"), .text("tenant-\(number)"),
                        .text("+1555\(1_000_000 + number)"),
                    ])
            }
            tenants.others.append(TenantID(id))
        }
        let owner = Database(url: cluster.ownerURL, connectionsMax: 1)
        for part in Self.parts {
            try await withoutIndexes(of: part.table, owner) { try await fill(.initial, part, 1, database) }
        }
        await owner.close()
        for tenant in tenants.others {
            for part in Self.parts { try await fill(tenant, part, 1_000, database) }
        }
        APIBenchmark.say("vacuuming")
        try await Migrator.runAlone("vacuum (analyze, freeze)", url: cluster.ownerURL)
        try await Migrator.runAlone("checkpoint", url: cluster.ownerURL)
        tenants.contacts = try await ids("contacts", database)
        tenants.leads = try await ids("leads", database)
        tenants.calls = try await ids("calls", database)
        await database.close()
        return tenants
    }

    private struct Part: Sendable {
        let table: String
        /// Each of numbers from `$1` to `$2`.
        let statements: [String]
        let count: @Sendable (APIBenchmarkOptions) -> Int
    }

    private static let parts = [
        Part(table: "contacts", statements: contacts) { $0.contacts },
        Part(table: "leads", statements: leads) { $0.leads },
        Part(table: "calls", statements: calls) { $0.callRows },
    ]

    /// Rows are made where they are kept: there is nothing to copy to the server.
    private func fill(_ tenant: TenantID, _ part: Part, _ fraction: Int, _ database: Database) async throws {
        let total = part.count(options) / fraction
        for start in stride(from: 0, to: total, by: Self.batch) {
            let range: [SQLValue] = [
                .int(Self.firstNumber + start), .int(Self.firstNumber + min(start + Self.batch, total) - 1),
            ]
            try await database.transaction(tenant: tenant, timeoutMs: 600_000) { tx in
                for statement in part.statements { try tx.execute(statement, range) }
            }
            if fraction == 1 { APIBenchmark.say("filled \(min(start + Self.batch, total)) of \(total) \(part.table)") }
        }
    }

    /// A dozen indexes, two of words among them, are made of a million rows at once in half the time that it takes to enter the rows
    /// into them one by one. What is unique stays: others refer to it.
    private func withoutIndexes(
        of table: String, _ owner: Database, _ body: () async throws -> Void
    ) async throws {
        let indexes = try await owner.unscoped(timeoutMs: 60_000) { tx in
            let rows = try tx.query(
                """
                select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition from pg_index
                where indrelid = $1::regclass and not indisunique
                """, [.text(table)])
            let indexes = try rows.map { (name: try $0.text("name"), definition: try $0.text("definition")) }
            for index in indexes { try tx.execute("drop index \(index.name)", []) }
            return indexes.map(\.definition)
        }
        try await body()
        APIBenchmark.say("making \(indexes.count) indexes of \(table)")
        try await owner.unscoped(timeoutMs: 1_800_000) { tx in
            try tx.execute("set local maintenance_work_mem = '512MB'", [])
            for definition in indexes { try tx.execute(definition, []) }
        }
    }

    private func ids(_ table: String, _ database: Database) async throws -> [UUID] {
        try await database.transaction(tenant: .initial, timeoutMs: 60_000) { tx in
            try tx.query("select id from \(table) order by id limit \(Self.sample)").map { try $0.uuid("id") }
        }
    }

    private static let contacts = [
        """
        insert into contacts (tenant_id, phone, contact_name, contact_email, business_name, contact_role, status, tags,
            created_at)
        select app.tenant_id(), '+' || n, 'Person ' || n, n || '@example.com', 'Company ' || n % 50000, 'Buyer',
            (array['lead', 'prospect', 'customer'])[1 + n % 3], array['fair-' || n % 200],
            now() - make_interval(secs => n % 10000000)
        from generate_series($1::bigint, $2::bigint) n
        """
    ]

    private static let leads = [
        """
        insert into leads (tenant_id, contact_id, phone, contact_person, company_name, email, lead_score, stage, deal_value,
            created_at)
        select app.tenant_id(), c.id, c.phone, c.contact_name, c.business_name, c.contact_email,
            substr(c.phone, 9)::integer % 101, (array['LEAD', 'MQL', 'SQL', 'OPPORTUNITY'])[1 + substr(c.phone, 9)::integer % 4],
            substr(c.phone, 9)::integer % 90000, c.created_at
        from contacts c where c.phone between '+' || $1::bigint and '+' || $2::bigint
        """,
        """
        insert into follow_ups (tenant_id, lead_id, due_at)
        select app.tenant_id(), l.id, now() + interval '3 days' from leads l
        where l.phone between '+' || $1::bigint and '+' || $2::bigint and l.phone like '%0'
        """,
        """
        insert into tasks (tenant_id, contact_id, title, due_date)
        select app.tenant_id(), l.contact_id, 'Send the contract', now() from leads l
        where l.phone between '+' || $1::bigint and '+' || $2::bigint and l.phone like '%1'
        """,
    ]

    private static let calls = [
        """
        insert into calls (tenant_id, lead_id, contact_id, carrier_call_sid, from_number, status, call_start_time,
            call_end_time, duration, outcome, finalized_at)
        select app.tenant_id(), l.id, c.id, 'CA' || md5(app.tenant_id()::text || n), c.phone, 'completed',
            now() - make_interval(secs => n % 10000000),
            now() - make_interval(secs => n % 10000000 - n % 600), n % 600,
            (array['qualified', 'nurture', 'not_interested'])[1 + n % 3], now()
        from generate_series($1::bigint, $2::bigint) n
        left join contacts c on c.phone = '+' || n left join leads l on l.contact_id = c.id
        """
    ]
}
