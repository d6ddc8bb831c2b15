import CallModel
import Database
import FoundationEssentials
import TestSupport
import Testing

@Suite struct TenantFenceTests {
    @Test func `through the application role no verb on any table reaches another tenant`() async throws {
        let temporary = try await TemporaryDatabase.make()
        let ours = TenantID.initial
        let theirs = try await temporary.secondTenant()
        for tenant in [ours, theirs] { try await Everything.insert(for: tenant, into: temporary) }
        let tables = try await temporary.rows(
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
        ).map { try $0.text("relname") }
        let before = try await Everything.fingerprint(of: theirs, tables, in: temporary)
        #expect(tables.count >= 21)

        for table in tables {
            let foreign = SQLValue.uuid(theirs.uuid)
            let counts = try await temporary.database.transaction(tenant: ours) { transaction in
                let rows = try transaction.query(
                    "select count(*) filter (where tenant_id = $1) as theirs,"
                        + " count(*) filter (where tenant_id <> $1) as ours from \(table)", [foreign])
                return try rows.map { (theirs: try $0.int("theirs"), ours: try $0.int("ours")) }
            }
            #expect(counts.first?.theirs == 0, "\(table): select")
            #expect(counts.first.map { $0.ours > 0 } == true, "\(table): the fixture has no row of our own to see")

            let column = table == "tenants" ? "name" : "created_at"
            let touched = table == "usage_records" || table == "lead_scores" ? "id" : column
            let update = await temporary.attempt(
                ours, "update \(table) set \(touched) = \(touched) where tenant_id = $1", [foreign])
            #expect(update.isHarmless, "\(table): update gives \(update)")
            let gift = await temporary.attempt(ours, "update \(table) set tenant_id = $1", [foreign])
            #expect(gift.isRefused, "\(table): giving a row away gives \(gift)")
            let delete = await temporary.attempt(ours, "delete from \(table) where tenant_id = $1", [foreign])
            #expect(delete.isHarmless, "\(table): delete gives \(delete)")

            let columns = try await temporary.rows(
                "select string_agg(quote_ident(attname), ', ') as list from pg_attribute"
                    + " where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''",
                [.text(table)])
            let list = try columns.first?.text("list") ?? ""
            let row = try await temporary.rows(
                "select (to_jsonb(t) || jsonb_build_object('id', gen_random_uuid()))::text as row from \(table) t"
                    + " where tenant_id = $1 limit 1", [foreign])
            let insert = await temporary.attempt(
                ours, "insert into \(table) (\(list)) select \(list) from jsonb_populate_record(null::\(table), $1)",
                [.json(try row.first?.text("row"))])
            #expect(insert == .failed("42501"), "\(table): insert gives \(insert)")
        }

        #expect(try await Everything.fingerprint(of: theirs, tables, in: temporary) == before)
    }

    @Test func `without a tenant nothing is seen and nothing can be written`() async throws {
        let temporary = try await TemporaryDatabase.make()

        let seen = try await temporary.database.unscoped { transaction in
            try transaction.query("select from tenants").count + transaction.query("select from profiles").count
        }
        let insert = await temporary.attempt(
            nil, "insert into clients (tenant_id, client_name) values ($1, 'Acme')", [.uuid(TenantID.initial.uuid)])

        #expect(seen == 0)
        #expect(insert == .failed("42501"))
    }

    @Test func `a reference cannot cross tenants`() async throws {
        let temporary = try await TemporaryDatabase.make()
        let theirs = try await temporary.secondTenant()
        try await Everything.insert(for: theirs, into: temporary)
        let contact = try await temporary.rows(
            "select id from contacts where tenant_id = $1", [.uuid(theirs.uuid)]
        ).first?.uuid("id")

        let insert = await temporary.attempt(
            .initial, "insert into deals (tenant_id, contact_id, title) values (app.tenant_id(), $1, 'Theirs')",
            [.uuid(contact)])

        #expect(contact != nil)
        #expect(insert == .failed("23503"))
    }

    @Test func `verified claims win over the setting`() async throws {
        let temporary = try await TemporaryDatabase.make()
        let theirs = try await temporary.secondTenant()

        let slug = try await temporary.database.transaction(tenant: .initial) { transaction in
            _ = try transaction.query(
                "select set_config('request.jwt.claims', $1, true)",
                [.json(#"{"app_metadata": {"tenant_id": "\#(theirs)"}}"#)])
            return try transaction.query("select id from tenants").map { try $0.uuid("id") }
        }

        #expect(slug == [theirs.uuid])
    }

    @Test func `the migrated schema has no gap in its fence`() async throws {
        let temporary = try await TemporaryDatabase.make()

        #expect(try await temporary.owner.fenceGaps() == [])
        #expect(try await temporary.database.fenceGaps() == [])
    }

    @Test(arguments: [
        ("drop policy tenant_isolation on leads", "leads: no policy tenant_isolation for all verbs and everybody"),
        ("alter table calls no force row level security", "calls: row-level security is not forced"),
        ("alter table calls disable row level security", "calls: row-level security is not enabled"),
        ("create table notes (id uuid)", "notes: no column tenant_id not null"),
        ("create policy all_of_it on deals using (true)", "deals: policy all_of_it opens it to others than its owner"),
        ("create view v as select * from leads", "v: view without security_invoker"),
        (
            "create view v with (security_invoker = false) as select * from leads", "v: view without security_invoker"
        ),
        ("create materialized view m as select * from leads", "m: a materialized view, which no policy binds"),
        (
            "alter policy tenant_isolation on leads using (tenant_id = (select app.tenant_id()) or true)",
            "leads: no policy tenant_isolation for all verbs and everybody"
        ),
        (
            "alter policy backup on leads to public",
            "leads: policy backup opens it to others than its owner"
        ),
        (
            """
            create or replace function app.tenant_id() returns uuid language sql stable
            as $$ select '00000000-0000-4000-8000-000000000001'::uuid $$
            """, "app.tenant_id(): gives a tenant where none is set"
        ),
    ])
    func `a gap in the fence is found`(damage: String, gap: String) async throws {
        let temporary = try await TemporaryDatabase.make()
        _ = try await temporary.rows(damage)

        #expect(try await temporary.owner.fenceGaps().contains(gap))
    }

    @Test func `a table our login may empty past its policy is a gap, what an extension brought is none`() async throws
    {
        let temporary = try await TemporaryDatabase.make()
        _ = try await temporary.rows("create extension pg_stat_statements schema public")
        #expect(try await temporary.database.fenceGaps() == [])

        _ = try await temporary.rows("grant all on calls to parley_app")

        #expect(try await temporary.database.fenceGaps() == ["calls: our login may truncate it"])
    }

    @Test func `consents are only ever added, even by the owner of the table`() async throws {
        let temporary = try await TemporaryDatabase.make()
        try await Everything.insert(for: .initial, into: temporary)

        for change in ["update consents set granted = true", "delete from consents", "truncate consents"] {
            let byApp = await temporary.attempt(.initial, change)
            #expect(byApp == .failed("42501"), "\(change)")
            let byOwner = await #expect(throws: DatabaseError.self) { _ = try await temporary.rows(change) }
            #expect(byOwner?.sqlState == "23001", "\(change)")
        }
    }
}
