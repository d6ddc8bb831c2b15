import CRM
import CallModel
import Database
import Encoding
import Endpoints
import FoundationEssentials
import Passwords
import Telemetry
import WebSocketTransport

/// Browsers' ways in and out. A session's token is in its cookie and nowhere else.
enum LoginRoutes {
    static func routes(_ dependencies: APIDependencies) -> [Endpoint] {
        let (logins, isElsewhere) = (dependencies.logins, dependencies.hasIssuer)
        return [
            login(logins, dependencies.metrics, isElsewhere), logout(logins), refresh(logins), me,
            changePassword(logins), acceptInvite(logins, isElsewhere),
        ]
    }

    struct Login: EndpointInput {
        var email: String
        var password: String
        var tenant: String?
        static let rules: [String: FieldRule] = [
            "email": .lengths(1...254), "password": .lengths(1...512),
            "tenant": .lengths(1...63, "The tenant's slug, where the address is of several tenants."),
        ]
    }

    private static let small = RequestTerms(bodyBytesMax: 8 << 10)

    // MARK: In

    private static func login(_ logins: Logins, _ metrics: Metrics, _ isElsewhere: Bool) -> Endpoint {
        .act(
            .post, "/api/auth/login", id: "login", .anybody, "Begins a session: who it is, and a cookie.", Login.self,
            Identity.self, problems: [401, 403, 409, 429, 503], terms: small
        ) { context, login in
            guard !isElsewhere else { throw Problem.loginsElsewhere }
            do {
                let reply = try await logins.guess(context.request) { try await begin(logins, context, login) }
                metrics.add(APIMetrics.logins["begun"])
                return reply
            } catch let problem as Problem {
                metrics.add(APIMetrics.logins[problem.status == 429 ? "limited" : "refused"])
                let peer = logins.site.peer(context.request)
                Log.info("login refused", ["peer": peer, "status": problem.status], from: .strangers)
                throw problem
            }
        }
    }

    private static func begin(
        _ logins: Logins, _ context: RequestContext, _ login: Login
    ) async throws -> Reply<Identity> {
        guard logins.site.origin(context.request) != .foreign else { throw Problem.foreignOrigin }
        let opening = try await context.unscoped { try LoginQueries.begin(login.email, tenant: login.tenant, in: $0) }
        guard case .attempt(let attempt) = opening else {
            if case .wait(let seconds) = opening { throw Problem.wait(seconds) }
            throw Problem.wrongLogin
        }
        let verdict = try await logins.check(login.password, against: attempt.candidate?.hash)
        guard verdict != .wrong, let candidate = attempt.candidate else { throw Problem.wrongLogin }
        if attempt.isOneOfSeveral { throw Problem.severalTenants }
        let newer = verdict == .dated ? try await logins.hash(login.password) : nil
        return try await begin(
            logins, context, candidate.user, candidate.tenant,
            or: .wrongLogin
        ) { transaction in
            try LoginQueries.succeeded(login.email, in: transaction)
            if let newer { try PasswordQueries.set(newer, of: candidate.user, in: transaction) }
        }
    }

    /// Begins a session, in one transaction with what goes before it.
    private static func begin(
        _ logins: Logins, _ context: RequestContext, _ user: UUID, _ tenant: TenantID, or refusal: Problem,
        after first: @escaping @Sendable (borrowing Transaction) throws -> Void
    ) async throws -> Reply<Identity> {
        let token = LoginToken.make()
        let (identity, seconds) = try await context.write(tenant: tenant) { transaction in
            try first(transaction)
            guard let session = try SessionQueries.begin(of: user, token: token, in: transaction),
                let role = try transaction.query("select role from users where id = $1", [.uuid(user)]).first?
                    .text("role")
            else { throw refusal }
            let principal = APIPrincipal(
                subject: user.uuidString.lowercased(), tenant: tenant, role: APIRole(rawValue: role) ?? .agent)
            try Audit(context, by: principal).note("user_sessions", before: nil, after: session.json, in: transaction)
            let end = context.now.addingTimeInterval(Double(session.seconds))
            return (
                try LoginQueries.identity(of: principal, until: end, in: transaction), session.seconds
            )
        }
        return try .value(identity).with(logins.cookie(token, seconds: seconds, for: context.request))
    }

    // MARK: While it lasts

    private static let me = Endpoint.get(
        "/api/auth/me", id: "me", .role(.agent), "Who asks.", NoInput.self, Identity.self
    ) { context, _ in
        guard case .user(let token) = context.caller else { throw Problem.nothingHere }
        return try .value(
            try await context.read {
                try LoginQueries.identity(of: token.principal, until: token.expiresAt, in: $0)
            })
    }

    private static func refresh(_ logins: Logins) -> Endpoint {
        .act(
            .post, "/api/auth/refresh", id: "refresh", .session(.agent),
            "Puts another cookie in place of the session's, which is worth nothing from then on.", NoInput.self,
            Nothing.self, status: 204
        ) { context, _ in
            let digest = try digest(context, logins)
            let token = LoginToken.make()
            let session = try await context.write { transaction in
                let session = try SessionQueries.rotate(digest, to: token, in: transaction)
                if let session {
                    try Audit(context).note(
                        "user_sessions", before: session.json, after: session.json, in: transaction)
                }
                return session
            }
            guard let session else { throw Problem.noToken }
            logins.directory.forget(try context.principal.tenant)
            return .done.with(logins.cookie(token, seconds: session.seconds, for: context.request))
        }
    }

    private static func logout(_ logins: Logins) -> Endpoint {
        .act(
            .post, "/api/auth/logout", id: "logout", .session(.agent), "Ends the session.", NoInput.self, Nothing.self,
            status: 204
        ) { context, _ in
            let digest = try digest(context, logins)
            try await context.write { transaction in
                guard let session = try SessionQueries.end(digest, in: transaction) else { return }
                try Audit(context).note("user_sessions", before: session, after: nil, in: transaction)
            }
            logins.directory.forget(try context.principal.tenant)
            return .done.with(logins.cookie("", seconds: 0, for: context.request))
        }
    }

    private static func digest(_ context: RequestContext, _ logins: Logins) throws(Problem) -> String {
        guard case .session(let digest)? = try Credential.session(context.request, logins.site) else { throw .noToken }
        return digest
    }

    // MARK: Passwords

    struct PasswordChange: EndpointInput {
        var currentPassword: String
        var newPassword: String
        static let rules: [String: FieldRule] = [
            "current_password": .lengths(1...512),
            "new_password": .lengths(1...512, "12 characters or more; none that others guess first."),
        ]
    }

    private static func changePassword(_ logins: Logins) -> Endpoint {
        .act(
            .post, "/api/auth/password", id: "changePassword", .session(.agent),
            "Changes one's password and ends one's sessions; the one that asks gets another cookie.",
            PasswordChange.self, Identity.self, problems: [404], terms: small
        ) { context, change in
            let principal = try context.principal
            guard let user = UUID(uuidString: principal.subject) else { throw Problem.notFound }
            let rows = try await context.read { transaction in
                try transaction.query(
                    """
                    select u.email, p.hash from users u join user_passwords p on p.user_id = u.id where u.id = $1
                    """, [.uuid(user)])
            }
            guard let row = rows.first else { throw Problem.notFound }
            let (email, hash) = (try row.text("email"), try row.text("hash"))
            try check(change.newPassword, at: "/new_password", email)
            let opening = try await context.unscoped { try LoginQueries.begin(email, tenant: nil, in: $0) }
            if case .wait(let seconds) = opening { throw Problem.wait(seconds) }
            guard try await logins.check(change.currentPassword, against: hash) != .wrong else {
                throw Problem.unprocessable([Problem.Fault(.pointer("/current_password"), "This is another password.")])
            }
            let new = try await logins.hash(change.newPassword)
            let reply = try await begin(logins, context, user, principal.tenant, or: .noToken) { transaction in
                try LoginQueries.succeeded(email, in: transaction)
                try put(new, of: user, Audit(context), in: transaction)
            }
            logins.directory.forget(principal.tenant)
            return reply
        }
    }

    /// From now on it is this password, and who came by another one is out.
    private static func put(
        _ hash: String, of user: UUID, _ audit: Audit, in transaction: borrowing Transaction
    ) throws {
        try PasswordQueries.set(hash, of: user, in: transaction)
        try SessionQueries.endAll(of: user, in: transaction)
        try audit.note("user_passwords", before: nil, after: PasswordQueries.json(user), in: transaction)
    }

    private static func check(_ password: String, at pointer: String, _ email: String) throws(Problem) {
        guard let fault = PasswordRules.fault(in: password, email: email) else { return }
        throw .unprocessable([Problem.Fault(.pointer(pointer), fault)])
    }

    struct Acceptance: EndpointInput {
        var token: String
        var password: String
        static let rules: [String: FieldRule] = [
            "token": .lengths(1...128, "What the invitation's link ends in."),
            "password": .lengths(1...512, "12 characters or more; none that others guess first."),
        ]
    }

    private static func acceptInvite(_ logins: Logins, _ isElsewhere: Bool) -> Endpoint {
        .act(
            .post, "/api/auth/accept-invite", id: "acceptInvite", .anybody,
            "Sets the password of an invited user and begins a session; an invitation is good once.", Acceptance.self,
            Identity.self, problems: [403, 409, 429, 503], terms: small
        ) { context, acceptance in
            guard !isElsewhere else { throw Problem.loginsElsewhere }
            return try await logins.guess(context.request) {
                guard logins.site.origin(context.request) != .foreign else { throw Problem.foreignOrigin }
                guard LoginToken.isOne(acceptance.token) else { throw Problem.noInvite }
                let digest = Secrets.digest(acceptance.token)
                let rows = try await context.unscoped { transaction in
                    try transaction.query("select * from app.find_invite($1)", [.text(digest)])
                }
                guard let row = rows.first else { throw Problem.noInvite }
                let (user, tenant) = (try row.uuid("user_id"), TenantID(try row.uuid("tenant_id")))
                let principal = APIPrincipal(
                    subject: user.uuidString.lowercased(), tenant: tenant,
                    role: APIRole(rawValue: try row.text("role")) ?? .agent)
                try check(acceptance.password, at: "/password", try row.text("email"))
                let hash = try await logins.hash(acceptance.password)
                let reply = try await begin(logins, context, user, tenant, or: .noInvite) { transaction in
                    guard try Invites.use(digest, in: transaction) else { throw Problem.noInvite }
                    try put(hash, of: user, Audit(context, by: principal), in: transaction)
                }
                logins.directory.forget(tenant)
                return reply
            }
        }
    }
}

extension Problem {
    fileprivate static let noInvite = Problem.unprocessable([
        Fault(.pointer("/token"), "This invitation is used, over, or none. Ask for another.")
    ])
}
