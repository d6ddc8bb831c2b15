import CallModel
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

/// Routes that are known only after the listener has its port. Until then the carrier waits: a caller whose gateway has just
/// been restarted is not sent away. All others are answered 503.
final class DeferredRoutes: Sendable {
    /// The carrier gives up after 15 s.
    private static let patienceMs: Int64 = 12_000
    private static let waitingMax = 2_000

    private struct State {
        var routes: GatewayRoutes?
        var waiting = 0
    }

    private let state = Mutex(State())

    func bind(_ routes: GatewayRoutes) { state.withLock { $0.routes = routes } }

    func respond(_ request: HTTPRequest) async -> HTTPResponse {
        let known = state.withLock { $0.routes }
        guard let routes = request.path.hasPrefix("/twilio/") && known == nil ? await bound() : known else {
            return GatewayRoutes.later("starting\n")
        }
        return await routes.respond(request)
    }

    private func bound() async -> GatewayRoutes? {
        let mayWait = state.withLock { state in
            guard state.waiting < Self.waitingMax else { return false }
            state.waiting += 1
            return true
        }
        guard mayWait else { return nil }
        defer { state.withLock { $0.waiting -= 1 } }
        let deadline = MonotonicTime.now().adding(milliseconds: Self.patienceMs)
        while MonotonicTime.now() < deadline {
            if let routes = state.withLock({ $0.routes }) { return routes }
            try? await Task.sleep(for: .milliseconds(10))
        }
        return nil
    }

    func upgrade(_ request: HTTPRequest, _ loop: MediaLoop) -> UpgradeDecision {
        guard let routes = state.withLock({ $0.routes }) else { return .refuse(GatewayRoutes.later("starting\n")) }
        return routes.upgrade(request, loop)
    }
}
