package import FoundationEssentials
package import JOSE
import Synchronization
import Telemetry

/// Somebody else whose tokens open the API (an OpenID provider, Supabase): what they say of who made them and for whom, and the
/// keys that are published for them. Those are fetched again and again, and kept meanwhile.
package final class TokenIssuer: Sendable {
    private struct Claims: Decodable {
        var iss: String?
        var aud: Audience?
    }

    /// One name or several (RFC 7519, section 4.1.3).
    private struct Audience: Decodable {
        let names: [String]
        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            names = (try? value.decode(String.self)).map { [$0] } ?? (try? value.decode([String].self)) ?? []
        }
    }

    private struct State {
        var keys: WebKeySet?
        var fetchedAt = Date.distantPast
        var askedAt = Date.distantPast
    }

    /// How often the keys are fetched.
    package static let everySeconds = 300
    /// Keys this old are used no more: one that was withdrawn does not open the API for ever because nobody tells of it.
    static let keptSeconds = 86_400.0
    /// An unknown key is looked for at most so often: whoever makes them up does not have us ask for each.
    static let lookSeconds = 30.0

    private let name: String
    private let audience: String
    private let fetch: @Sendable () async throws -> [UInt8]
    private let state = Mutex(State())

    /// - Parameters:
    ///   - name: the tokens' `iss`, to the letter.
    ///   - audience: has to be among the tokens' `aud`.
    ///   - fetch: the issuer's JWKS as it is published.
    package init(name: String, audience: String, fetch: @escaping @Sendable () async throws -> [UInt8]) {
        self.name = name
        self.audience = audience
        self.fetch = fetch
    }

    /// Fetches the keys. When that fails, those there are stay; an issuer that answers with none to use has withdrawn them.
    ///
    /// - Returns: the keys as fetched.
    @discardableResult
    package func refresh(at now: Date = .now) async throws -> WebKeySet {
        state.withLock { $0.askedAt = now }
        let document = try await fetch()
        let keys: WebKeySet
        do throws(WebKeySet.Mistake) {
            keys = try WebKeySet(document)
        } catch {
            if case .noneUsable = error { state.withLock { $0.keys = nil } }
            throw error
        }
        state.withLock { state in
            state.keys = keys
            state.fetchedAt = now
        }
        return keys
    }

    /// The key a token names. One that is not known may be new: then the keys are fetched, for the next attempt.
    func key(for token: SignedToken, at now: Date) throws(JWTError) -> WebKey {
        let keys = state.withLock { state in
            now.timeIntervalSince(state.fetchedAt) < Self.keptSeconds ? state.keys : nil
        }
        if let key = keys?.key(for: token) { return key }
        look(at: now)
        throw keys == nil ? .noKeys : .unknownKey
    }

    /// Fetches the keys and waits for nothing, unless they were asked for a moment ago.
    package func look(at now: Date = .now) {
        let isDue = state.withLock { state in
            guard now.timeIntervalSince(state.askedAt) >= Self.lookSeconds else { return false }
            state.askedAt = now
            return true
        }
        guard isDue else { return }
        Task {
            do { try await refresh(at: now) } catch {
                Log.warning("the token issuer's keys were not fetched", ["error": error])
            }
        }
    }

    /// Whether the claims say that the issuer made them, and for us.
    func check(_ payload: [UInt8]) throws(JWTError) {
        guard let claims = try? JSONDecoder().decode(Claims.self, from: Data(payload)), claims.iss == name else {
            throw .claim("iss")
        }
        guard claims.aud?.names.contains(audience) == true else { throw .claim("aud") }
    }
}
