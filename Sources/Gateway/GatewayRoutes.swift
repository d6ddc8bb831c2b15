import HTTPAPI
import Synchronization
import WebSocketTransport

/// Who answers what on the one listener: the carrier's webhooks and media streams, the API, the console, health.
struct GatewayRoutes: Sendable {
    let webhooks: TwilioWebhooks
    let api: APIRoutes
    let live: LiveFeed
    let loops: LoopTable

    func respond(_ request: HTTPRequest) async -> HTTPResponse {
        if let answer = await webhooks.respond(to: request) { return answer }
        if let answer = await api.respond(to: request) { return answer }
        return Self.notFound
    }

    /// Path and credential, before a body is read and before a handshake reaches a loop with calls.
    func admit(_ request: HTTPRequest) -> Admission {
        if let admission = webhooks.admit(request) { return admission }
        let needsToken = request.path == Self.livePath || request.path.hasPrefix("/api/") && Self.hasBody(request)
        if needsToken, live.authorize(request) == nil { return .refuse(Self.unauthorized) }
        return .admit(bodyBytesMax: Self.bodyBytesMax)
    }

    private static let livePath = "/api/v1/live"
    /// What is posted is JSON of a few kilobytes at most.
    private static let bodyBytesMax = 64 << 10
    private static let notFound = HTTPResponse.problem(404, detail: "There is nothing at this address.")
    private static let unauthorized: HTTPResponse = {
        var response = HTTPResponse.problem(401, detail: "Send a valid token: `Authorization: Bearer …`.")
        response.headers.append((name: "www-authenticate", value: #"Bearer realm="parley""#))
        return response
    }()

    private static func hasBody(_ request: HTTPRequest) -> Bool {
        request.header("content-length").map { $0.contains { $0 != "0" } } ?? false
    }

    /// 503 with a time to come back after.
    static func later(_ why: String) -> HTTPResponse {
        var response = HTTPResponse.problem(503, detail: why)
        response.headers.append((name: "retry-after", value: "5"))
        return response
    }

    func upgrade(_ request: HTTPRequest, _ loop: MediaLoop) -> UpgradeDecision {
        if TwilioWebhooks.isMedia(request) {
            guard let calls = loops.calls(of: loop) else { return .refuse(Self.notFound) }
            return .accept(CarrierStream(calls: calls))
        }
        if request.path == Self.livePath {
            guard let tenant = live.authorize(request) else { return .refuse(Self.unauthorized) }
            guard let events = live.subscribe(tenant: tenant, callSid: LiveFeed.callSid(of: request)) else {
                return .refuse(Self.later("Too many watch already."))
            }
            return .accept(LiveSocket(events: events))
        }
        return .refuse(Self.notFound)
    }
}

/// Routes that are known only after the listener has its port: until then, everything is answered 503.
final class DeferredRoutes: Sendable {
    private let routes = Mutex<GatewayRoutes?>(nil)

    func bind(_ routes: GatewayRoutes) { self.routes.withLock { $0 = routes } }

    func respond(_ request: HTTPRequest) async -> HTTPResponse {
        guard let routes = routes.withLock({ $0 }) else { return GatewayRoutes.later("The gateway is starting.") }
        return await routes.respond(request)
    }

    func admit(_ request: HTTPRequest) -> Admission {
        guard let routes = routes.withLock({ $0 }) else {
            return .refuse(GatewayRoutes.later("The gateway is starting."))
        }
        return routes.admit(request)
    }

    func upgrade(_ request: HTTPRequest, _ loop: MediaLoop) -> UpgradeDecision {
        guard let routes = routes.withLock({ $0 }) else {
            return .refuse(GatewayRoutes.later("The gateway is starting."))
        }
        return routes.upgrade(request, loop)
    }
}
