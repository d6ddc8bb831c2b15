import Encoding
import Endpoints
package import FoundationEssentials
package import Telemetry
package import WebSocketTransport

/// Who may read the metrics. They tell of all tenants at once, so that a tenant's own token does not do.
package struct MetricsAccess: Sendable {
    /// `PARLEY_METRICS_TOKEN`, which opens nothing else.
    let token: String?
    /// Whether a request from this machine needs no token. Never with a token set: behind a proxy on the same machine that
    /// does not say for whom it asks, everybody would be let in.
    let trustsThisMachine: Bool

    package init(token: String?, trustsThisMachine: Bool) {
        self.token = token
        self.trustsThisMachine = trustsThisMachine && token == nil
    }

    /// Headers by which a proxy says that it asks for somebody else; the family of `x-forwarded-…` besides.
    private static let proxyHeaders: Set<String> = [
        "forwarded", "x-forwarded", "via", "x-real-ip", "x-client-ip", "x-cluster-client-ip", "true-client-ip",
        "cf-connecting-ip",
        "x-original-host", "x-original-forwarded-for", "x-envoy-external-address",
    ]

    func check(_ request: HTTPRequest, keys: TokenKeys?, at now: Date) throws(Problem) {
        if trustsThisMachine, Self.isFromThisMachine(request) { return }
        guard let given = BearerToken.header(of: request) else {
            throw .unauthorized("Metrics need the token of PARLEY_METRICS_TOKEN, or an API token of a super_admin.")
        }
        if let token, Digest.areEqual(Digest.sha256(Array(token.utf8)), Digest.sha256(Array(given.utf8))) { return }
        guard let keys else { throw .unauthorized("The token is not the one of the metrics.") }
        do {
            guard try JWT.verify(given, keys: keys, at: now).principal.role.includes(.superAdmin) else {
                throw Problem.forbidden(.superAdmin)
            }
        } catch let error as JWTError {
            throw .refused(error)
        } catch let problem as Problem {
            throw problem
        } catch {
            throw .broken
        }
    }

    /// The peer is this machine, and so is the name it asked by, and nothing says that it asks for another.
    private static func isFromThisMachine(_ request: HTTPRequest) -> Bool {
        isLoopback(request.peerAddress)
            && request.headers.allSatisfy { !proxyHeaders.contains($0.name) && !$0.name.hasPrefix("x-forwarded-") }
            && request.headers.filter { $0.name == "host" }.allSatisfy { isLoopback(host(of: $0.value)) }
    }

    /// Without its port; an IPv6 address without its brackets.
    private static func host(of authority: String) -> String {
        if authority.hasPrefix("[") { return String(authority.dropFirst().prefix { $0 != "]" }) }
        return String(authority.prefix { $0 != ":" })
    }

    private static func isLoopback(_ host: String) -> Bool {
        let numbers = host.lowercased().hasPrefix("::ffff:") ? host.dropFirst(7) : host[...]
        let parts = numbers.split(separator: ".", omittingEmptySubsequences: false)
        let isIPv4 = parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
        return isIPv4 || host == "::1" || host.lowercased() == "localhost"
    }
}

/// The metrics at an address of their own (`PARLEY_METRICS_LISTEN`), and at nothing but `/metrics`.
package struct MetricsPage: Sendable {
    private let metrics: Metrics
    private let access: MetricsAccess?
    private let keys: TokenKeys?

    /// - Parameter access: nil: whoever reaches the address may read.
    package init(metrics: Metrics = .shared, access: MetricsAccess?, keys: TokenKeys?) {
        self.metrics = metrics
        self.access = access
        self.keys = keys
    }

    package func respond(to request: HTTPRequest, at now: Date = .now) -> HTTPResponse {
        guard request.path == "/metrics" else { return Problem.nothingHere.response }
        guard request.method == "GET" || request.method == "HEAD" else {
            return Problem.methodNotAllowed(allowed: "GET, HEAD").response
        }
        do throws(Problem) {
            try access?.check(request, keys: keys, at: now)
            return Self.response(metrics)
        } catch {
            return error.response
        }
    }

    /// Prometheus text exposition format 0.0.4.
    static func response(_ metrics: Metrics) -> HTTPResponse {
        HTTPResponse(
            status: 200,
            headers: [
                ("content-type", "text/plain; version=0.0.4; charset=utf-8"), ("cache-control", "no-store"),
            ], body: Array(metrics.exposition().utf8))
    }
}
