package import Endpoints
import FoundationEssentials
import Telemetry
import WebSocketTransport

extension Gates {
    /// Who may pass at a gateway's API: tokens under its keys, programs' keys, browsers' sessions; and who may read the metrics.
    ///
    /// - Parameter carrier: checks the carrier's signature; nil where no address of the carrier's is served.
    package init(_ dependencies: APIDependencies, carrier: Gate? = nil) {
        let (keys, now) = (dependencies.keys, dependencies.now)
        let door = APIDoor(dependencies)
        self.init(
            user: Gate(
                head: { request throws(Problem) in try door.look(at: request, door.credential(of: request)) },
                whole: { request async throws(Problem) in try await door.find(request, door.credential(of: request)) }),
            session: Gate(
                head: { request throws(Problem) in try door.look(at: request, door.session(of: request)) },
                whole: { request async throws(Problem) in try await door.find(request, door.session(of: request)) }),
            carrier: carrier,
            metrics: dependencies.metricsAccess.map { access in
                Gate { request throws(Problem) in
                    try access.check(request, keys: keys, at: now())
                    return .nobody
                }
            })
    }
}

/// Finds whose a request's credential is.
struct APIDoor: Sendable {
    private let keys: TokenKeys?
    private let hasIssuer: Bool
    let logins: Logins
    private let metrics: Metrics
    private let now: @Sendable () -> Date

    init(_ dependencies: APIDependencies) {
        keys = dependencies.keys
        hasIssuer = dependencies.hasIssuer
        logins = dependencies.logins
        metrics = dependencies.metrics
        now = dependencies.now
    }

    func credential(of request: HTTPRequest) throws(Problem) -> Credential? {
        try checked(try counted { () throws(Problem) in try Credential.read(request, logins.site) })
    }

    /// Of a WebSocket's handshake.
    func handshake(of request: HTTPRequest) throws(Problem) -> Credential? {
        try checked(try counted { () throws(Problem) in try Credential.handshake(request, logins.site) })
    }

    private func checked(_ credential: Credential?) throws(Problem) -> Credential? {
        if case .session? = credential, hasIssuer { throw .unauthorized(Problem.loginsElsewhere.detail) }
        return credential
    }

    func session(of request: HTTPRequest) throws(Problem) -> Credential? {
        if hasIssuer { throw .unauthorized(Problem.loginsElsewhere.detail) }
        return try counted { () throws(Problem) in try Credential.session(request, logins.site) }
    }

    /// What the head alone tells: a token is its own proof.
    func look(at request: HTTPRequest, _ credential: Credential?) throws(Problem) -> Caller {
        switch credential {
        case nil: throw .noToken
        case .token(let token): try verified(token)
        case .key, .session: .claimed
        }
    }

    func find(_ request: HTTPRequest, _ credential: Credential?) async throws(Problem) -> Caller {
        guard case .claimed = try look(at: request, credential), let credential else {
            return try look(at: request, credential)
        }
        do throws(Problem) {
            return .user(try await logins.directory.find(credential, from: logins.site.peer(request)))
        } catch {
            if error.status == 401 { metrics.add(APIMetrics.refused) }
            throw error
        }
    }

    private func verified(_ token: String) throws(Problem) -> Caller {
        guard let keys else { throw .noSecret }
        do throws(JWTError) {
            return .user(try JWT.verify(token, keys: keys, at: now()))
        } catch {
            metrics.add(APIMetrics.refused)
            throw .refused(error)
        }
    }

    private func counted<T>(_ work: () throws(Problem) -> T) throws(Problem) -> T {
        do throws(Problem) {
            return try work()
        } catch {
            metrics.add(APIMetrics.refused)
            throw error
        }
    }
}

extension Problem {
    /// Why a token opens nothing.
    static func refused(_ error: JWTError) -> Problem {
        guard error == .noKeys else { return .unauthorized(error.description) }
        return Problem(
            status: 503, title: "Keys not known", detail: error.description + " Try again shortly.",
            headers: ["retry-after": "5"])
    }

    static let noToken = Problem(
        status: 401, title: "Unauthorized", detail: "Send a token: `Authorization: Bearer …`.",
        headers: ["www-authenticate": #"Bearer realm="parley""#])

    static let noSecret = Problem(
        status: 503, title: "Tokens are not configured", detail: "Set PARLEY_JWT_SECRET to use the API.")
}
