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
        return Problem.nothingHere.response
    }

    /// Path and credential, before a body is read and before a handshake reaches a loop with calls.
    func admit(_ request: HTTPRequest) -> Admission {
        if let admission = webhooks.admit(request) { return admission }
        if request.path == Self.livePath, request.header("upgrade") != nil, let problem = live.refusal(of: request) {
            return .refuse(problem.response)
        }
        if let problem = api.refusal(of: request) { return .refuse(problem.response) }
        return .admit(bodyBytesMax: Self.bodyBytesMax)
    }

    private static let livePath = "/api/v1/live"
    /// Nothing is read from the body of a GET.
    private static let bodyBytesMax = 4 << 10

    /// 503 with a time to come back after.
    static func later(_ why: String) -> HTTPResponse {
        var response = HTTPResponse.problem(503, detail: why)
        response.headers.append((name: "retry-after", value: "5"))
        return response
    }

    func upgrade(_ request: HTTPRequest, _ loop: MediaLoop) -> UpgradeDecision {
        if TwilioWebhooks.isMedia(request) {
            guard let calls = loops.calls(of: loop) else { return .refuse(Problem.nothingHere.response) }
            return .accept(CarrierStream(calls: calls))
        }
        if request.path == Self.livePath {
            do throws(Problem) {
                return .accept(LiveSocket(events: try live.admit(request).events))
            } catch {
                return .refuse(error.response)
            }
        }
        return .refuse(Problem.nothingHere.response)
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
