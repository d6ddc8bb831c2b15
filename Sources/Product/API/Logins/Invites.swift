import Database
import Endpoints
import FoundationEssentials
import WebSocketTransport

/// Invitations to set a password: a link that somebody passes on, good once and for some days. A user has one at most.
enum Invites {
    static let seconds = 3 * 86_400

    /// What whoever invites is told, once.
    struct Invite: Codable, Sendable {
        /// For the one who is invited; nobody else may see it.
        var url: String
        /// What it ends in, for `POST /api/auth/accept-invite`.
        var token: String
        var expiresAt: Date
    }

    /// - Parameter site: its public address begins the link.
    static func make(
        for user: UUID, at site: LoginSite, _ audit: Audit, in transaction: borrowing Transaction
    ) throws -> Invite {
        let token = LoginToken.make()
        try transaction.send("delete from user_invites where user_id = $1", [.uuid(user)])
        let rows = try transaction.query(
            """
            insert into user_invites as i (tenant_id, user_id, token_digest, expires_at)
            values ((select app.tenant_id()), $1, $2, now() + make_interval(secs => $3::integer))
            returning i.expires_at,
                jsonb_build_object('id', i.id, 'user_id', i.user_id, 'expires_at', i.expires_at)::text as body
            """, [.uuid(user), .text(Secrets.digest(token)), .int(seconds)])
        guard let row = rows.first else { throw Problem.broken }
        try audit.note("user_invites", before: nil, after: try row.text("body"), in: transaction)
        return Invite(
            url: "\(site.publicURL ?? "")/#invite=\(token)", token: token, expiresAt: try row.timestamp("expires_at"))
    }

    /// False when it is used or over.
    static func use(_ digest: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.execute(
            "delete from user_invites where token_digest = $1 and expires_at > now()", [.text(digest)]) > 0
    }
}
