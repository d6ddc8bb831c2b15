package import Database
import Endpoints
package import Passwords
import WebSocketTransport

/// What the addresses that log in and out share.
package struct Logins: Sendable {
    package let site: LoginSite
    package let directory: CredentialDirectory
    let desk: PasswordDesk
    /// Of one peer, whoever it says it is. On this node only: what all nodes count together is by account.
    let guesses = RateLimiter(perSecond: 0.1, burst: 20)

    package init(
        database: Database, site: LoginSite = LoginSite(), directory: CredentialDirectory? = nil,
        desk: PasswordDesk = .shared
    ) {
        self.site = site
        self.directory = directory ?? CredentialDirectory(database: database)
        self.desk = desk
    }

    /// Counts a guess of the peer's, and takes it back when it was none.
    func guess<T>(_ request: HTTPRequest, _ work: () async throws -> T) async throws -> T {
        let peer = site.peer(request)
        guard guesses.allows(peer) else {
            throw Problem.tooMany("Too many attempts from here. Try again later.", retryAfterSeconds: 10)
        }
        let result = try await work()
        guesses.giveBack(peer)
        return result
    }

    func check(_ password: String, against hash: String?) async throws -> PasswordDesk.Verdict {
        do {
            return try await desk.check(password, against: hash)
        } catch is PasswordDesk.Refusal {
            throw Problem.busy
        }
    }

    func hash(_ password: String) async throws -> String {
        do {
            return try await desk.hash(password)
        } catch is PasswordDesk.Refusal {
            throw Problem.busy
        }
    }

    func cookie(_ token: String, seconds: Int, for request: HTTPRequest) -> [(name: String, value: String)] {
        [
            SessionCookie.header(token, seconds: seconds, isSecure: site.isSecure(request)),
            (name: "cache-control", value: "no-store"),
        ]
    }
}

extension Problem {
    fileprivate static let busy = Problem(
        status: 503, title: "Too many log in", detail: "Many are logging in at the moment. Try again shortly.",
        headers: ["retry-after": "2"])

    /// The same whatever is wrong: it tells nobody which addresses there are.
    static let wrongLogin = Problem(
        status: 401, title: "Unauthorized",
        detail: "There is no such login. Whoever belongs to several tenants names theirs in `tenant`.")

    static let severalTenants = Problem.conflict(
        "This login belongs to several tenants: name one in `tenant`, by its slug.")

    static func wait(_ seconds: Int) -> Problem {
        .tooMany("Too many attempts with this address. Try again later.", retryAfterSeconds: seconds)
    }

    static let loginsElsewhere = Problem(
        status: 409, title: "Logins are elsewhere",
        detail: "Users of this gateway log in at the issuer of PARLEY_JWKS_URL: send its token in `Authorization`.")
}
