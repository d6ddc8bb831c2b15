package import Endpoints
import FoundationEssentials
import Telemetry
import WebSocketTransport

extension Gates {
    /// Who may pass at a gateway's API: tokens under the secret, and who may read the metrics.
    ///
    /// - Parameter carrier: checks the carrier's signature; nil where no address of the carrier's is served.
    package init(_ dependencies: APIDependencies, carrier: Gate? = nil) {
        let (secret, now, metrics) = (dependencies.jwtSecret, dependencies.now, dependencies.metrics)
        self.init(
            user: Gate { request throws(Problem) in
                guard let secret, !secret.isEmpty else { throw .noSecret }
                guard let token = BearerToken.header(of: request) else { throw .noToken }
                do throws(JWTError) {
                    return .user(try JWT.verify(token, secret: secret, at: now()))
                } catch {
                    metrics.add(APIMetrics.refused)
                    throw .unauthorized(error.description)
                }
            },
            carrier: carrier,
            metrics: dependencies.metricsAccess.map { access in
                Gate { request throws(Problem) in
                    try access.check(request, jwtSecret: secret, at: now())
                    return .nobody
                }
            })
    }
}

extension Problem {
    static let noToken = Problem(
        status: 401, title: "Unauthorized", detail: "Send a token: `Authorization: Bearer …`.",
        headers: ["www-authenticate": #"Bearer realm="parley""#])

    static let noSecret = Problem(
        status: 503, title: "Tokens are not configured", detail: "Set PARLEY_JWT_SECRET to use the API.")
}
