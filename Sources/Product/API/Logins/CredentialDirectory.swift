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
    private struct Known {
        var token: VerifiedToken
        var until: MonotonicTime
    }

    private struct State {
        var known: [Credential: Known] = [:]
        /// Of ``forget()``: what was asked before is not kept after.
        var generation = 0
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
        let (known, generation) = state.withLock { ($0.known[credential], $0.generation) }
        if let known, now < known.until { return known.token }
        guard strangers.allows(peer, at: now) else {
            throw .tooMany("Too many credentials from here that are nobody's.", retryAfterSeconds: 2)
        }
        let found: VerifiedToken?
        do {
            found = try await look(credential)
        } catch {
            strangers.giveBack(peer)
            throw .of(error)
        }
        guard let found else { throw .unauthorized("The key or session is revoked, over, or nobody's.") }
        strangers.giveBack(peer)
        keep(Known(token: found, until: now.adding(milliseconds: Self.keptMs)), for: credential, generation, now)
        return found
    }

    /// Something was revoked: everybody is looked up anew.
    package func forget() {
        state.withLock { state in
            state.known = [:]
            state.generation &+= 1
        }
    }

    private func keep(_ found: Known, for credential: Credential, _ generation: Int, _ now: MonotonicTime) {
        state.withLock { state in
            guard state.generation == generation else { return }
            if state.known.count >= Self.knownMax {
                state.known = state.known.filter { now < $0.value.until }
                if state.known.count >= Self.knownMax { state.known = [:] }
            }
            state.known[credential] = found
        }
    }

    private func look(_ credential: Credential) async throws -> VerifiedToken? {
        let (sql, values, subject): (String, [SQLValue], (Row) throws -> String) =
            switch credential {
            case .token: ("", [], { _ in "" })
            case .key(let digest):
                ("select * from app.find_api_key($1)", [.text(digest)], { "key:\(try $0.text("id"))" })
            case .session(let digest):
                (
                    "select * from app.find_session($1, $2::integer)",
                    [.text(digest), .int(SessionQueries.idleSeconds)],
                    { try $0.text("user_id") }
                )
            }
        guard !sql.isEmpty else { return nil }
        let rows = try await database.unscoped(timeoutMs: Self.lookMs) { try $0.query(sql, values) }
        guard let row = rows.first, let role = APIRole(rawValue: try row.text("role")) else { return nil }
        return VerifiedToken(
            principal: APIPrincipal(
                subject: try subject(row), tenant: TenantID(try row.uuid("tenant_id")), role: role),
            expiresAt: try row.timestampOrNil("expires_at") ?? .distantFuture)
    }
}
