import CallModel
import Database
import Foundation
import TestSupport
import Testing

/// On Supabase whoever migrates is no superuser, and others reach the same tables: its set-up of roles on a plain server
/// (`Tests/supabase/set-up.sql`), then docs/supabase.md to the letter.
@Suite(.serialized) struct SupabaseTests {
    private static let tenant = TenantID.initial.description

    /// A server with the set-up, migrated by docs/supabase.md.
    private struct Project {
        let cluster: PrivateCluster

        func url(_ role: String) -> String { cluster.ownerURL.replacing("parley_super@", with: "\(role)@") }
        func run(_ file: String, as role: String) throws {
            try OutsideProgram.run(
                "psql", ["--no-psqlrc", "--quiet", "-v", "ON_ERROR_STOP=1", "-f", Checkout.path(file), url(role)])
        }

        /// What a statement answers in one transaction of a role, as Supabase's API runs it.
        func ask(_ sql: String, as role: String, claims: String = "") async throws -> [Row] {
            let database = Database(url: url("authenticator"), connectionsMax: 1)
            defer { Task { await database.close() } }
            return try await database.unscoped { transaction in
                _ = try transaction.query("select set_config('request.jwt.claims', $1, true)", [.text(claims)])
                try transaction.execute("set local role \(role)")
                return try transaction.query(sql)
            }
        }
    }

    private static func claims(_ tenant: String, _ role: String) -> String {
        #"{"sub":"5d0f5c1e-0000-4000-8000-000000000001","role":"authenticated","#
            + #""app_metadata":{"tenant_id":"\#(tenant)","role":"\#(role)"},"user_metadata":{"role":"super_admin"}}"#
    }

    private func withProject(_ body: (Project) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-supabase-\(UUID().uuidString)").path
        let project = Project(cluster: try await PrivateCluster.start(dataDirectory: folder, durable: false))
        do {
            try project.run("Tests/supabase/set-up.sql", as: "parley_super")
            for role in ["postgres", "authenticator", "supabase_auth_admin"] { try await project.cluster.admit(role) }
            try project.run("deploy/supabase/roles.sql", as: "postgres")
            try await Migrator(ownerURL: project.url("postgres")).up()
            try project.run("deploy/supabase/dashboards.sql", as: "postgres")
            try await body(project)
        } catch {
            Issue.record(error)
        }
        await project.cluster.stop()
        try PrivateCluster.discard(dataDirectory: folder)
        try? FileManager.default.removeItem(atPath: folder)
    }

    @Test func `the schema comes up by a login that is no superuser, and the checks of a start are content`()
        async throws
    {
        try await withProject { project in
            let database = Database(url: project.cluster.appURL, connectionsMax: 1)
            let roles = try await database.unscoped { transaction in
                try transaction.query("select rolsuper from pg_roles where rolname = 'postgres'")
            }
            #expect(try roles.first?.bool("rolsuper") == false)
            // As `parley serve` begins.
            try await database.verifyRole()
            #expect(try await Migrator(ownerURL: project.cluster.appURL).status().allSatisfy { $0.state == .applied })
            try await database.verifyFence()
            // Both files, and the migrations, once more: nothing is left to do and nothing breaks.
            try project.run("deploy/supabase/roles.sql", as: "postgres")
            #expect(try await Migrator(ownerURL: project.url("postgres")).up() == [])
            try project.run("deploy/supabase/dashboards.sql", as: "postgres")
            try await database.verifyFence()
            let written = try await database.transaction(tenant: .initial) { transaction in
                try transaction.execute(
                    "insert into leads (tenant_id, company_name) values (app.tenant_id(), 'Acme Dental')")
                return try transaction.query("select cardinality(app.leads_found('acme', 10)) as leads")
            }
            #expect(try written.first?.int("leads") == 1)
            await database.close()
        }
    }

    @Test func `the API's roles read by the claims of managers, one tenant's rows and no secrets`() async throws {
        try await withProject { project in
            let owner = Database(url: project.cluster.ownerURL, connectionsMax: 1)
            let other = UUID().uuidString.lowercased()
            try await owner.unscoped { transaction in
                _ = try transaction.query("select app.create_tenant('Other', 'other', $1::uuid, null)", [.text(other)])
                for tenant in [Self.tenant, other] {
                    try transaction.execute(
                        "insert into leads (tenant_id, company_name) values ($1::uuid, $1)", [.text(tenant)])
                }
            }
            await owner.close()
            func companies(_ role: String, _ claims: String) async throws -> [String] {
                try await project.ask("select company_name from leads", as: role, claims: claims).map {
                    try $0.text("company_name")
                }
            }

            for tenant in [Self.tenant, other] {
                #expect(try await companies("authenticated", Self.claims(tenant, "manager")) == [tenant])
                // Claims win over what anybody may set.
                let forged = "select set_config('app.tenant_id', '\(other)', true), company_name from leads"
                let rows = try await project.ask(forged, as: "authenticated", claims: Self.claims(tenant, "admin"))
                #expect(try rows.map { try $0.text("company_name") } == [tenant])
                #expect(try await companies("authenticated", Self.claims(tenant, "agent")) == [])
            }
            #expect(try await companies("authenticated", #"{"sub":"x","role":"authenticated"}"#) == [])
            #expect(try await companies("authenticated", "") == [])
            for role in ["anon", "service_role"] {
                let error = await #expect(throws: DatabaseError.self) {
                    _ = try await companies(role, Self.claims(Self.tenant, "admin"))
                }
                #expect(error?.sqlState == "42501", "\(role)")
            }
            let opened = try await project.ask(
                """
                select c.relname || ' ' || r.rolname || ' ' || p.privilege as it
                from pg_class c, pg_roles r, unnest(array['select', 'insert', 'update', 'delete', 'truncate']) p (privilege)
                where c.relnamespace in ('public'::regnamespace, 'app'::regnamespace) and c.relkind in ('r', 'p', 'v')
                    and r.rolname in ('anon', 'authenticated', 'service_role')
                    and has_table_privilege(r.oid, c.oid, p.privilege)
                    and (p.privilege <> 'select' or r.rolname <> 'authenticated'
                        or c.relname ~ 'key|password|session|invite|webhook|login_attempt|job|migration')
                """, as: "authenticated")
            #expect(try opened.map { try $0.text("it") } == [])
        }
    }

    @Test func `who signs up with a tenant in app_metadata is its user, with the same id`() async throws {
        try await withProject { project in
            let auth = Database(url: project.url("supabase_auth_admin"), connectionsMax: 1)
            func sign(_ id: UUID, _ email: String, _ metadata: String) async throws {
                try await auth.unscoped { transaction in
                    try transaction.execute(
                        """
                        insert into auth.users (id, email, raw_app_meta_data, raw_user_meta_data)
                        values ($1, $2, $3::jsonb, '{"full_name": "Ann Smith", "role": "super_admin"}')
                        on conflict (id) do update set raw_app_meta_data = excluded.raw_app_meta_data
                        """, [.uuid(id), .text(email), .text(metadata)])
                }
            }
            let (ann, eve, odd) = (UUID(), UUID(), UUID())
            try await sign(ann, "Ann@Example.com", #"{"tenant_id":"\#(Self.tenant)","role":"manager"}"#)
            try await sign(eve, "eve@example.com", #"{"provider":"email"}"#)
            try await sign(odd, "odd@example.com", #"{"tenant_id":"nowhere","role":"king"}"#)
            func users() async throws -> [String] {
                let database = Database(url: project.cluster.appURL, connectionsMax: 1)
                let rows = try await database.transaction(tenant: .initial) { transaction in
                    try transaction.query(
                        """
                        select id || ' ' || email || ' ' || full_name || ' ' || role as it from users
                        where not is_ai_agent order by email
                        """)
                }
                await database.close()
                return try rows.map { try $0.text("it") }
            }
            let first = "\(ann.uuidString.lowercased()) ann@example.com Ann Smith manager"
            #expect(try await users() == [first])

            try await sign(eve, "eve@example.com", #"{"tenant_id":"\#(Self.tenant)"}"#)
            try await sign(ann, "ann@example.com", #"{"tenant_id":"\#(Self.tenant)","role":"admin"}"#)

            let second = "\(eve.uuidString.lowercased()) eve@example.com Ann Smith agent"
            #expect(try await users() == [first.replacing("manager", with: "admin"), second])
            await auth.close()
        }
    }
}
