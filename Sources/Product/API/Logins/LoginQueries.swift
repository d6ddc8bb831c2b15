import CallModel
import Database
import Endpoints
import FoundationEssentials
import WebSocketTransport

/// Who may log in, and who has tried to. None of it is in a tenant's scope yet: functions of the database look across.
enum LoginQueries {
    /// Attempts that a person may get wrong before waiting begins, and the longest wait.
    private static let freeAttempts = 5
    private static let waitSecondsMax = 900

    struct Candidate: Sendable {
        var tenant: TenantID
        var user: UUID
        var hash: String
    }

    /// An attempt that may be made, and with whose password.
    struct Attempt: Sendable {
        /// Nobody's otherwise: one check all the same, so that it takes as long.
        var candidate: Candidate?
        /// The address belongs to users of several tenants.
        var isOneOfSeveral: Bool
    }

    enum Opening: Sendable {
        case wait(seconds: Int)
        case attempt(Attempt)
    }

    /// Counts an attempt, until ``succeeded(_:in:)``, and finds whom it may be for. The same two statements whoever asks.
    ///
    /// - Parameter tenant: a slug.
    static func begin(_ email: String, tenant: String?, in transaction: borrowing Transaction) throws -> Opening {
        let wait = try transaction.query(
            "select app.begin_login($1, $2::integer, $3::integer) as seconds",
            [.text(email), .int(freeAttempts), .int(waitSecondsMax)])
        let rows = try transaction.query(
            "select * from app.login_candidates($1, $2)", [.text(email), .text(tenant)])
        let seconds = try wait.first?.int("seconds") ?? waitSecondsMax
        guard seconds <= 0 else { return .wait(seconds: seconds) }
        let candidate = try rows.first.map { row in
            Candidate(
                tenant: TenantID(try row.uuid("tenant_id")), user: try row.uuid("user_id"), hash: try row.text("hash"))
        }
        return .attempt(Attempt(candidate: candidate, isOneOfSeveral: rows.count > 1))
    }

    static func succeeded(_ email: String, in transaction: borrowing Transaction) throws {
        try transaction.send("select app.login_succeeded($1)", [.text(email)])
    }

    /// Who a credential speaks for, in its own tenant.
    static func identity(
        of principal: APIPrincipal, until end: Date?, in transaction: borrowing Transaction
    ) throws -> Identity {
        let rows = try transaction.query(
            """
            select t.id, t.slug, t.name, u.id as user_id, u.email, u.full_name
            from tenants t left join users u on u.id::text = $1 where t.id = $2
            """, [.text(principal.subject), .uuid(principal.tenant.uuid)])
        guard let row = rows.first else { throw Problem.notFound }
        var user: Identity.OwnUser?
        if let id = try row.uuidOrNil("user_id") {
            user = Identity.OwnUser(id: id, email: try row.text("email"), fullName: try row.text("full_name"))
        }
        return Identity(
            subject: principal.subject, role: principal.role,
            tenant: Identity.OwnTenant(
                id: try row.uuid("id"), slug: try row.text("slug"), name: try row.text("name")),
            user: user, expiresAt: end == .distantFuture ? nil : end)
    }
}

/// Who asks, as they are told.
struct Identity: Codable, Sendable {
    struct OwnTenant: Codable, Sendable {
        var id: UUID
        var slug: String
        var name: String
    }
    struct OwnUser: Codable, Sendable {
        var id: UUID
        var email: String
        var fullName: String
    }

    /// As the audit names them.
    var subject: String
    var role: APIRole
    var tenant: OwnTenant
    /// Of the tenant's users; nil for a program, and for a token of somebody else's.
    var user: OwnUser?
    /// Nil: not by itself.
    var expiresAt: Date?
}
