import Database
import FoundationEssentials

/// Sessions of browsers. Each statement is of a transaction of the user's tenant.
enum SessionQueries {
    /// One that is not used so long is over.
    static let idleSeconds = 8 * 3_600
    /// One is over after so long in any case.
    static let wholeSeconds = 7 * 86_400
    /// A user who logs in once more ends the oldest.
    private static let ofUserMax = 50
    private static let sweptAtOnce = 100

    /// As the audit has it: nothing of its token.
    private static let json = """
        jsonb_build_object('id', s.id, 'user_id', s.user_id, 'expires_at', s.expires_at)::text as body, \
        ceil(extract(epoch from s.expires_at - now()))::integer as seconds
        """

    struct Begun {
        /// For the audit.
        var json: String
        /// What is left of it.
        var seconds: Int

        fileprivate init(_ row: Row) throws {
            json = try row.text("body")
            seconds = try row.int("seconds")
        }
    }

    /// Nil when the user may not log in, or no more.
    static func begin(of user: UUID, token: String, in transaction: borrowing Transaction) throws -> Begun? {
        try transaction.send(
            """
            delete from user_sessions where id in (
                select id from user_sessions where expires_at <= now() or seen_at <= now() - make_interval(secs => $1::integer)
                limit \(sweptAtOnce))
            """, [.int(idleSeconds)])
        try transaction.send(
            """
            delete from user_sessions where id in (
                select id from user_sessions where user_id = $1 order by created_at desc offset \(ofUserMax - 1))
            """, [.uuid(user)])
        return try transaction.query(
            """
            insert into user_sessions as s (tenant_id, user_id, token_digest, expires_at)
            select u.tenant_id, u.id, $2, now() + make_interval(secs => $3::integer)
            from users u where u.id = $1 and u.is_active and not u.is_ai_agent
            returning \(json)
            """, [.uuid(user), .text(Secrets.digest(token)), .int(wholeSeconds)]
        ).first.map { try Begun($0) }
    }

    /// The same session under another token; nil when it is gone.
    static func rotate(
        _ digest: String, to token: String, in transaction: borrowing Transaction
    ) throws -> Begun? {
        try transaction.query(
            """
            update user_sessions s set token_digest = $2, seen_at = now()
            where s.token_digest = $1 and s.expires_at > now() returning \(json)
            """, [.text(digest), .text(Secrets.digest(token))]
        ).first.map { try Begun($0) }
    }

    /// As it was; nil when it is gone already.
    static func end(_ digest: String, in transaction: borrowing Transaction) throws -> String? {
        try transaction.query(
            "delete from user_sessions s where s.token_digest = $1 returning \(json)", [.text(digest)]
        )
        .first?.text("body")
    }

    static func endAll(of user: UUID, in transaction: borrowing Transaction) throws {
        try transaction.send("delete from user_sessions where user_id = $1", [.uuid(user)])
    }
}

/// Passwords, of which the database has the hashes.
enum PasswordQueries {
    static func set(_ hash: String, of user: UUID, in transaction: borrowing Transaction) throws {
        try transaction.send(
            """
            insert into user_passwords (tenant_id, user_id, hash) values ((select app.tenant_id()), $1, $2)
            on conflict (tenant_id, user_id) do update set hash = excluded.hash
            """, [.uuid(user), .text(hash)])
    }

    /// As the audit has it: that it was set.
    static func json(_ user: UUID) -> String { "{\"id\":\"\(user.uuidString.lowercased())\"}" }
}
