import HTTPAPI
import Synchronization
import WebSocketTransport

/// Who answers what on the one listener: the carrier's webhooks and media streams, the API, the console, health.
struct GatewayRoutes: Sendable {
    let webhooks: TwilioWebhooks
    let api: APIRoutes
    let live: LiveFeed
    let loops: LoopTable
    let fence: FenceWatch

    func respond(_ request: HTTPRequest) async -> HTTPResponse {
        if let answer = await webhooks.respond(to: request) { return answer }
        // Whoever reads may see another tenant's rows; calls go on, each in its own tenant's scope.
        if fence.fault != nil, request.path.hasPrefix("/api/") { return Self.later("tenants are not kept apart\n") }
        if let answer = await api.respond(to: request) { return answer }
        return .text("not found\n", status: 404)
    }

    /// 503 with a time to come back after.
    static func later(_ why: String) -> HTTPResponse {
        var response = HTTPResponse.text(why, status: 503)
        response.headers.append((name: "retry-after", value: "5"))
        return response
    }

    func upgrade(_ request: HTTPRequest, _ loop: MediaLoop) -> UpgradeDecision {
        if request.path == "/twilio/media" || request.path.hasPrefix("/twilio/media/") {
            guard webhooks.isGenuineUpgrade(request), let calls = loops.calls(of: loop) else {
                return .refuse(.text("refused\n", status: 403))
            }
            return .accept(CarrierStream(calls: calls))
        }
        if request.path == "/api/v1/live" {
            guard let tenant = live.authorize(request) else { return .refuse(.text("unauthorized\n", status: 401)) }
            guard let events = live.subscribe(tenant: tenant, callSid: LiveFeed.callSid(of: request)) else {
                return .refuse(Self.later("too many watchers\n"))
            }
            return .accept(LiveSocket(events: events))
        }
        return .refuse(.text("not found\n", status: 404))
    }
}

/// Routes that are known only after the listener has its port: until then, everything is answered 503.
final class DeferredRoutes: Sendable {
    private let routes = Mutex<GatewayRoutes?>(nil)

    func bind(_ routes: GatewayRoutes) { self.routes.withLock { $0 = routes } }

    func respond(_ request: HTTPRequest) async -> HTTPResponse {
        guard let routes = routes.withLock({ $0 }) else { return GatewayRoutes.later("starting\n") }
        return await routes.respond(request)
    }

    func upgrade(_ request: HTTPRequest, _ loop: MediaLoop) -> UpgradeDecision {
        guard let routes = routes.withLock({ $0 }) else { return .refuse(GatewayRoutes.later("starting\n")) }
        return routes.upgrade(request, loop)
    }
}
