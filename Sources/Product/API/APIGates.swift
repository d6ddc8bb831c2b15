package import Endpoints
import FoundationEssentials
import Telemetry
import WebSocketTransport

extension Gates {
    /// Who may pass at a gateway's API: tokens under its keys, and who may read the metrics.
    ///
    /// - Parameter carrier: checks the carrier's signature; nil where no address of the carrier's is served.
    package init(_ dependencies: APIDependencies, carrier: Gate? = nil) {
        let (keys, now, metrics) = (dependencies.keys, dependencies.now, dependencies.metrics)
        self.init(
            user: Gate { request throws(Problem) in
                guard let keys else { throw .noSecret }
                guard let token = BearerToken.header(of: request) else { throw .noToken }
                do throws(JWTError) {
                    return .user(try JWT.verify(token, keys: keys, at: now()))
                } catch {
                    metrics.add(APIMetrics.refused)
                    throw .refused(error)
                }
            },
            carrier: carrier,
            metrics: dependencies.metricsAccess.map { access in
                Gate { request throws(Problem) in
                    try access.check(request, keys: keys, at: now())
                    return .nobody
                }
            })
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
