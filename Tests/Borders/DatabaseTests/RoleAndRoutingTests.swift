import CallModel
import Database
import FoundationEssentials
import TestSupport
import Testing

@Suite struct RoleAndRoutingTests {
    @Test func `the application role is accepted`() async throws {
        let temporary = try await TemporaryDatabase.make()

        try await temporary.database.verifyRole()
    }

    @Test func `a superuser is refused with a word on what to do`() async throws {
        let temporary = try await TemporaryDatabase.make()

        let error = await #expect(throws: DatabaseError.self) { try await temporary.owner.verifyRole() }

        #expect(error?.description.contains("superuser") == true)
        #expect(error?.description.contains("parley_app") == true)
    }

    @Test func `a role that steps over the fence in another way is refused`() async throws {
        let temporary = try await TemporaryDatabase.make()

        for (attributes, membership) in [
            ("bypassrls", ""), ("", "in role parley_owner"), ("", "in role parley_backup"),
        ] {
            let name = "test_" + UUID().uuidString.lowercased().replacing("-", with: "")
            _ = try await temporary.rows("create role \(name) \(attributes) \(membership)")
            let refused = await #expect(throws: DatabaseError.self) {
                // Roles of a superuser session: what a login as that role would find.
                try await temporary.owner.unscoped { transaction in
                    try transaction.execute("set local role \(name)")
                    try Database.verifyRole(in: transaction)
                }
            }
            _ = try await temporary.rows("drop role \(name)")
            guard case .unsafeRole(name, _)? = refused else {
                Issue.record("\(attributes)\(membership): \(String(describing: refused))")
                continue
            }
        }
    }

    @Test func `a new installation takes calls on its first number`() async throws {
        let temporary = try await TemporaryDatabase.make()

        let route = try await temporary.route("+15550100100")

        #expect(try route?.uuid("tenant_id") == TenantID.initial.uuid)
        #expect(try route?.text("name") == "Sales qualification")
        #expect(try route?.text("greeting_known").contains("{{first_name}}") == true)
        #expect(try route?.int("rollout_percent") == 100)
        #expect(try route?.text("time_zone") == "America/New_York")
    }

    @Test func `an unknown number reaches the only tenant, and nobody when there are two`() async throws {
        let temporary = try await TemporaryDatabase.make()
        let alone = try await temporary.route("+15550199999")
        let second = try await temporary.secondTenant()

        #expect(try alone?.uuid("tenant_id") == TenantID.initial.uuid)
        #expect(try await temporary.route("+15550199999") == nil)
        #expect(try await temporary.route("+15550100200")?.uuid("tenant_id") == second.uuid)
    }

    @Test func `a number switched off is an unknown one`() async throws {
        let temporary = try await TemporaryDatabase.make()
        _ = try await temporary.secondTenant()
        _ = try await temporary.rows("update phone_numbers set is_active = false where number = '+15550100200'")

        #expect(try await temporary.route("+15550100200") == nil)
    }

    @Test func `making a tenant twice makes one`() async throws {
        let temporary = try await TemporaryDatabase.make()

        _ = try await temporary.rows("select app.create_tenant('Parley Demo', 'default')")

        let counts = try await temporary.rows(
            "select (select count(*) from tenants) as tenants, (select count(*) from users) as users,"
                + " (select count(*) from pipeline_stages) as stages, (select count(*) from profiles) as profiles")
        #expect(try counts.first?.int("tenants") == 1)
        #expect(try counts.first?.int("users") == 1)
        #expect(try counts.first?.int("stages") == 6)
        #expect(try counts.first?.int("profiles") == 1)
    }

    @Test func `the application role can neither make tenants nor change the schema`() async throws {
        let temporary = try await TemporaryDatabase.make()

        for sql in ["select app.create_tenant('X', 'x')", "create table t (id int)", "alter table leads add x int"] {
            #expect(await temporary.attempt(.initial, sql) == .failed("42501"), "\(sql)")
        }
    }
}

extension TemporaryDatabase {
    fileprivate func route(_ number: String) async throws -> Row? {
        try await database.unscoped { transaction in
            try transaction.query("select * from app.route_number($1)", [.text(number)]).first
        }
    }
}
