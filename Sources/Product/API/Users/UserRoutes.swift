import CRM
import Database
import Encoding
import Endpoints
import FoundationEssentials
import WebSocketTransport

/// A tenant's users. None is ever deleted, so that what they did keeps its name: one who leaves is deactivated.
enum UserRoutes {
    static func routes(_ dependencies: APIDependencies) -> [Endpoint] {
        let logins = dependencies.logins
        return resource.endpoints.map { endpoint in
            guard endpoint.method == .patch else { return endpoint }
            var endpoint = endpoint
            endpoint.afterwards = { logins.directory.forget($0.tenant) }
            return endpoint
        } + [invite(logins, isElsewhere: dependencies.hasIssuer)]
    }

    static let resource = Resource(
        "users", of: "User", verbs: [.list, .read, .create, .patch],
        access: [.list: .manager, .read: .manager, .create: .admin, .patch: .admin],
        completedBy: { transaction, context, given, before in
            try check(transaction, context, before, given)
            return given
        },
        [
            .text(UserColumn.email, [.required, .search], format: .email),
            .text(UserColumn.fullName, [.required, .search], max: 200),
            .choice(UserColumn.role, APIRole.allCases.map(\.rawValue), .filter, standard: APIRole.agent.rawValue),
            .flag(UserColumn.isActive, .filter, standard: true),
            .flag(UserColumn.isAIAgent, [.filter, .readOnly], standard: false),
        ])

    private static func check(
        _ transaction: borrowing Transaction, _ context: RequestContext, _ before: JSONValue?,
        _ given: [String: JSONValue]
    ) throws {
        let old = before.map { user($0, UserRules.User(role: .agent, isActive: true)) }
        let new = user(.object(given), old ?? UserRules.User(role: .agent, isActive: true))
        let changes = ["email", "role", "is_active"].contains { name in
            given[name].map { $0 != before?[name] } ?? false
        }
        if let problem = UserRules.problem(by: try context.principal.role, from: old, to: new, changes: changes) {
            throw problem
        }
        guard UserRules.needsAnotherAdmin(from: old, to: new) else { return }
        // Two who demote each other at once would both be sure of the other.
        let admins = try transaction.query(
            """
            select id from users where is_active and not is_ai_agent and role in ('admin', 'super_admin') order by id
            for update
            """)
        guard try admins.contains(where: { try $0.text("id") != before?["id"]?.text }) else {
            throw Problem.conflict("This is the last admin of the tenant: make another one first.")
        }
    }

    private static func user(_ row: JSONValue, _ standard: UserRules.User) -> UserRules.User {
        func flag(_ name: String, _ standard: Bool) -> Bool {
            if case .bool(let value)? = row[name] { value } else { standard }
        }
        return UserRules.User(
            role: row["role"]?.text.flatMap { APIRole(rawValue: $0) } ?? standard.role,
            isActive: flag("is_active", standard.isActive), isAIAgent: flag("is_ai_agent", standard.isAIAgent))
    }

    struct OneUser: EndpointInput {
        var id: UUID
        static let rules: [String: FieldRule] = ["id": .help("The user's id.")]
    }

    private static func invite(_ logins: Logins, isElsewhere: Bool) -> Endpoint {
        .act(
            .post, "/api/v1/users/{id}/invite", id: "inviteUser", .role(.admin),
            "Makes the link with which a user sets a password; shown once, it is passed on by whoever asks.",
            OneUser.self, Invites.Invite.self, problems: [409]
        ) { context, one in
            guard !isElsewhere else { throw Problem.loginsElsewhere }
            let role = try context.principal.role
            let invite = try await context.write { transaction in
                let rows = try transaction.query(
                    "select role, is_active, is_ai_agent from users where id = $1 for key share", [.uuid(one.id)])
                guard let row = rows.first else { throw Problem.notFound }
                let user = UserRules.User(
                    role: APIRole(rawValue: try row.text("role")) ?? .superAdmin, isActive: try row.bool("is_active"),
                    isAIAgent: try row.bool("is_ai_agent"))
                if let problem = UserRules.problem(by: role, from: user, to: user) { throw problem }
                guard user.isActive else { throw Problem.conflict("This user is deactivated.") }
                return try Invites.make(for: one.id, at: logins.site, Audit(context), in: transaction)
            }
            return try .value(invite).with([(name: "cache-control", value: "no-store")])
        }
    }
}
