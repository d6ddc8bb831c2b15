import CallModel
package import Database
import Endpoints
import FoundationEssentials
package import Runtime
import Synchronization
import WebSocketTransport

/// Finds whose a key or a session is. What was found is known for some seconds, so that not every request asks the database; on
/// the node that revokes one it is forgotten at once.
package final class CredentialDirectory: Sendable {
    /// Whose a key or a session is.
    struct Found: Sendable {
        var token: VerifiedToken
        fileprivate var credential: Credential
        /// The key's or the session's: a session keeps it when its token is replaced.
        fileprivate var row: UUID
    }

    private struct Known {
        var found: Found
        var until: MonotonicTime
        /// ``State/revocations`` when it was asked for.
        var asked: Int
    }

    private struct State {
        var known: [Credential: Known] = [:]
        /// Of all tenants.
        var revocations = 0
        /// Which of them was a tenant's last: what was asked for before it is forgotten.
        var lastOf: [TenantID: Int] = [:]

        func isForgotten(_ known: Known) -> Bool {
            known.asked < lastOf[known.found.token.principal.tenant] ?? 0
        }
    }

    /// How long another node may still take what has been revoked.
    package static let keptMs: Int64 = 5_000
    private static let knownMax = 10_000
    private static let lookMs = 2_000
    /// Who brings what nobody knows may ask so often: a stranger's bytes cost the database no more.
    private static let strangersPerSecond = 1.0
    private static let strangersBurst = 20.0

    private let database: Database
    private let state = Mutex(State())
    private let strangers = RateLimiter(perSecond: strangersPerSecond, burst: strangersBurst)
    private let clock: @Sendable () -> MonotonicTime

    package init(database: Database, clock: @escaping @Sendable () -> MonotonicTime = { .now() }) {
        self.database = database
        self.clock = clock
    }

    /// - Parameters:
    ///   - credential: a key or a session.
    ///   - peer: who pays for a question that finds nobody.
    /// - Throws: 401 for what is nobody's, 429 for one too many of those, 503 without the database.
    func find(_ credential: Credential, from peer: String) async throws(Problem) -> VerifiedToken {
        let now = clock()
        let (known, revocations) = state.withLock { state in
            (state.known[credential].flatMap { state.isForgotten($0) ? nil : $0 }, state.revocations)
        }
        if let known, now < known.until { return known.found.token }
        guard strangers.allows(peer, at: now) else {
            throw .tooMany("Too many credentials from here that are nobody's.", retryAfterSeconds: 2)
        }
        let found: Found?
        do {
            found = try await look(credential)
        } catch {
            strangers.giveBack(peer)
            throw .of(error)
        }
        guard let found else { throw .unauthorized("The key or session is revoked, over, or nobody's.") }
        strangers.giveBack(peer)
        let until = now.adding(milliseconds: Self.keptMs)
        keep(Known(found: found, until: until, asked: revocations), for: credential, now)
        return found.token
    }

    /// What ``find(_:from:)`` answered a moment ago, without a question: it may have been the last moment of its being known.
    func known(_ credential: Credential) -> Found? {
        let known = state.withLock { state in state.known[credential].flatMap { state.isForgotten($0) ? nil : $0 } }
        return known.flatMap { clock() < $0.until.adding(milliseconds: Self.keptMs) ? $0.found : nil }
    }

    /// Another one after each ``forget(_:)`` of the tenant.
    func generation(of tenant: TenantID) -> Int { state.withLock { $0.lastOf[tenant] ?? 0 } }

    /// Whether it still opens what it did. To be asked is no use of a session: one that only watches is over like any other that
    /// nobody uses.
    func stands(_ found: Found) async throws -> Bool {
        let (sql, more): (String, [SQLValue]) =
            switch found.credential {
            case .session:
                (Self.sessionStands, [.int(SessionQueries.idleSeconds), .text(found.token.principal.role.rawValue)])
            case .key, .token: (Self.keyStands, [])
            }
        return try await database.transaction(tenant: found.token.principal.tenant, timeoutMs: Self.lookMs) {
            try !$0.query(sql, [.uuid(found.row)] + more).isEmpty
        }
    }

    private static let keyStands = """
        select from api_keys k where k.id = $1 and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
            and (select t.is_active from tenants t)
        """

    private static let sessionStands = """
        select from user_sessions s join users u on u.id = s.user_id
        where s.id = $1 and s.expires_at > now() and s.seen_at > now() - make_interval(secs => $2::integer)
            and u.is_active and u.role = $3 and (select t.is_active from tenants t)
        """

    /// Something of the tenant's was revoked: its people and programs are looked up anew.
    func forget(_ tenant: TenantID) {
        state.withLock { state in
            state.revocations &+= 1
            state.lastOf[tenant] = state.revocations
        }
    }

    private func keep(_ found: Known, for credential: Credential, _ now: MonotonicTime) {
        state.withLock { state in
            if state.known.count >= Self.knownMax {
                state.known = state.known.filter { now < $0.value.until && !state.isForgotten($0.value) }
                if state.known.count >= Self.knownMax { state.known = [:] }
            }
            state.known[credential] = found
        }
    }

    private func look(_ credential: Credential) async throws -> Found? {
        let (sql, values, row, subject): (String, [SQLValue], String, (Row) throws -> String) =
            switch credential {
            case .token: ("", [], "", { _ in "" })
            case .key(let digest):
                ("select * from app.find_api_key($1)", [.text(digest)], "id", { "key:\(try $0.text("id"))" })
            case .session(let digest):
                (
                    "select * from app.find_session($1, $2::integer)",
                    [.text(digest), .int(SessionQueries.idleSeconds)], "session_id", { try $0.text("user_id") }
                )
            }
        guard !sql.isEmpty else { return nil }
        let rows = try await database.unscoped(timeoutMs: Self.lookMs) { try $0.query(sql, values) }
        guard let answer = rows.first, let role = APIRole(rawValue: try answer.text("role")) else { return nil }
        let principal = APIPrincipal(
            subject: try subject(answer), tenant: TenantID(try answer.uuid("tenant_id")), role: role)
        let token = VerifiedToken(
            principal: principal, expiresAt: try answer.timestampOrNil("expires_at") ?? .distantFuture)
        return Found(token: token, credential: credential, row: try answer.uuid(row))
    }
}
