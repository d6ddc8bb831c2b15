import Endpoints
package import Events
import FoundationEssentials
import Runtime
package import WebSocketTransport

/// Who may watch live calls, and for how long: by a token, a program's key or a browser's session.
package struct LiveDoor: Sendable {
    private let feed: LiveFeed
    private let door: APIDoor

    package init(_ feed: LiveFeed, _ dependencies: APIDependencies) {
        self.feed = feed
        door = APIDoor(dependencies)
    }

    /// Why a handshake is not taken, as far as its head says.
    package func refusal(of request: HTTPRequest) -> Problem? {
        do throws(Problem) {
            switch try door.handshake(of: request) {
            case nil, .token: return feed.refusal(of: request)
            case .key, .session: return nil
            }
        } catch {
            return error
        }
    }

    /// Whose a key or a session is stands in the database.
    package func inquiry(of request: HTTPRequest) -> (@Sendable () async -> Problem?)? {
        guard let credential = try? door.handshake(of: request) else { return nil }
        if case .token = credential { return nil }
        return {
            do throws(Problem) {
                // Everybody has an agent's role or more.
                _ = try await door.find(request, credential)
                return nil
            } catch {
                return error
            }
        }
    }

    /// The events from now on; they end with what the handshake brought.
    package func admit(_ request: HTTPRequest) throws(Problem) -> AsyncStream<LiveEvent> {
        guard let credential = try door.handshake(of: request) else { return try feed.admit(request) }
        if case .token = credential { return try feed.admit(request) }
        // ``inquiry(of:)`` has just found it, unless something was revoked since.
        guard let found = door.logins.directory.known(credential) else { throw .onceMore }
        return try feed.admit(request, by: found.token, standing: LiveStanding(found, in: door.logins.directory))
    }
}

/// Whether the key or the session that somebody watches by is still good: at once where it is ended on this node, within seconds
/// where it is on another.
struct LiveStanding: Sendable {
    static let lookMs = 1_000.0
    private static let askedEveryMs: Int64 = 5_000
    /// The database may be away for so long.
    private static let unansweredMs: Int64 = 60_000

    private let directory: CredentialDirectory
    private let found: CredentialDirectory.Found
    /// Of the last answer; none yet: what was found may be some seconds old.
    private var generation: Int?
    private var answeredAt = MonotonicTime.now()

    init(_ found: CredentialDirectory.Found, in directory: CredentialDirectory) {
        self.found = found
        self.directory = directory
    }

    mutating func isGood() async -> Bool {
        let (now, generation) = (MonotonicTime.now(), directory.generation(of: found.token.principal.tenant))
        guard generation != self.generation || now >= answeredAt.adding(milliseconds: Self.askedEveryMs) else {
            return true
        }
        do {
            let isGood = try await directory.stands(found)
            (self.generation, answeredAt) = (generation, now)
            return isGood
        } catch {
            return now < answeredAt.adding(milliseconds: Self.unansweredMs)
        }
    }
}

extension Problem {
    fileprivate static let onceMore = Problem(
        status: 503, title: "Try again", detail: "Credentials have just been revoked. Try again.",
        headers: ["retry-after": "1"])
}
