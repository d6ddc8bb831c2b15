import CallModel
import Encoding
import Endpoints
import FoundationEssentials
import WebSocketTransport

/// The platform's tenants, for a `super_admin`: the only addresses that look across. Of what is in a tenant they show nothing.
enum TenantRoutes {
    static func routes(_ dependencies: APIDependencies) -> [Endpoint] {
        [list, read, make(dependencies.logins, isElsewhere: dependencies.hasIssuer)]
    }

    private static let path = "/api/v1/tenants"

    struct Page: EndpointInput {
        var limit: Int
        var cursor: TimeCursor?
        static let rules: [String: FieldRule] = [
            "limit": .range(1...200, standard: 50, "Rows a page."),
            "cursor": .help("`next_cursor` of the page before."),
        ]
    }

    struct Tenant: Codable, Sendable {
        var id: UUID
        var name: String
        var slug: String
        var isDemo: Bool
        var isActive: Bool
        var currency: String
        var timeZone: String
        var createdAt: Date
    }

    struct TenantPage: Codable, Sendable {
        var data: [Tenant]
        var nextCursor: String?
    }

    private static let list = Endpoint.get(
        path, id: "listTenants", .role(.superAdmin), "Lists the tenants, newest first.", Page.self, TenantPage.self
    ) { context, page in .json(try await context.unscoped { try TenantQueries.page(page, in: $0) }) }

    struct OneTenant: EndpointInput {
        var id: UUID
        static let rules: [String: FieldRule] = ["id": .help("The tenant's id.")]
    }

    private static let read = Endpoint.get(
        "\(path)/{id}", id: "getTenant", .role(.superAdmin), "Reads one tenant.", OneTenant.self, Tenant.self
    ) { context, one in
        guard let tenant = try await context.unscoped({ try TenantQueries.one(one.id, in: $0) }) else {
            throw Problem.notFound
        }
        return .json(tenant)
    }

    struct NewTenant: EndpointInput {
        var name: String
        var slug: Slug
        var number: E164?
        var adminEmail: String?
        var adminName: String?
        static let rules: [String: FieldRule] = [
            "name": .lengths(1...200, "As the agent says it."), "slug": .help("For logins: acme-berlin."),
            "number": .help("Its first phone number."),
            "admin_email": .lengths(3...254, "Its first admin, who is invited."), "admin_name": .lengths(1...200),
        ]
    }

    struct MadeTenant: Codable, Sendable {
        var tenant: Tenant
        /// For the first admin, shown once.
        var invite: Invites.Invite?
    }

    /// No `Idempotency-Key` here: the answer would be kept, and the invitation with it. The slug makes it safe to repeat.
    private static func make(_ logins: Logins, isElsewhere: Bool) -> Endpoint {
        .act(
            .post, path, id: "createTenant", .role(.superAdmin),
            "Makes a tenant with all it needs to take calls, and its first admin's invitation.", NewTenant.self,
            MadeTenant.self, status: 201, problems: [409]
        ) { context, new in
            if new.adminEmail != nil, isElsewhere { throw Problem.loginsElsewhere }
            if let email = new.adminEmail, !Schema.Format.email.holds(email) {
                throw Problem.unprocessable([Problem.Fault(.pointer("/admin_email"), "This is no e-mail address.")])
            }
            let (tenant, audit) = (TenantID(UUID()), try Audit(context))
            let made = try await context.write(tenant: tenant) { transaction in
                let json = try TenantQueries.add(
                    tenant, name: new.name, slug: new.slug, number: new.number, audit, in: transaction)
                guard let email = new.adminEmail else { return "{\"tenant\":\(json),\"invite\":null}" }
                let user = try UserAccounts.insert(
                    email: email, name: new.adminName ?? email, role: .admin, hash: nil, audit, in: transaction)
                let invite = try Reply.value(
                    Invites.make(for: user, at: logins.site, audit, in: transaction))
                let text = String(decoding: invite.response.body, as: UTF8.self)
                return "{\"tenant\":\(json),\"invite\":\(text)}"
            }
            return .json(made, status: 201).with([
                (name: "location", value: "\(path)/\(tenant)"), (name: "cache-control", value: "no-store"),
            ])
        }
    }
}
