import API
import CallModel
import Endpoints
import LiveCalls
import Runtime
import Synchronization
import WebSocketTransport

/// Who answers what on the one listener: the carrier's webhooks and media streams, the API, the console, health.
struct GatewayRoutes: Sendable {
    let router: Router
    let fence: FenceWatch

    func respond(_ request: HTTPRequest) async -> HTTPResponse {
        // Whoever reads may see another tenant's rows; calls go on, each in its own tenant's scope.
        if fence.fault != nil, request.path.hasPrefix("/api/") { return Self.later("tenants are not kept apart\n") }
        return await router.respond(to: request)
    }

    /// 503 with a time to come back after.
    static func later(_ why: String) -> HTTPResponse {
        var response = HTTPResponse.problem(503, detail: why)
        response.headers.append((name: "retry-after", value: "5"))
        return response
    }

}

extension LiveDoor {
    /// What becomes of a handshake at its address.
    var upgrade: Endpoint.Upgrade {
        Endpoint.Upgrade(
            refusal: { self.refusal(of: $0) }, inquiry: { self.inquiry(of: $0) },
            accept: { request, _ throws(Problem) in LiveSocket(events: try self.admit(request)) })
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
        var gate: WebhookGuard?
        var waiting = 0
    }

    private let state = Mutex(State())

    /// For the listener.
    var routes: ServerRoutes {
        ServerRoutes(respond: { await self.respond($0) }, upgrade: { self.upgrade($0, $1) }, admit: { self.admit($0) })
    }

    /// From here on the carrier is known, and waits; others are told so at once.
    func expect(_ gate: WebhookGuard) { state.withLock { $0.gate = gate } }
    func bind(_ routes: GatewayRoutes) { state.withLock { $0.routes = routes } }

    func respond(_ request: HTTPRequest) async -> HTTPResponse {
        if let routes = state.withLock({ $0.routes }) { return await routes.respond(request) }
        // Only who is genuine takes one of the places to wait.
        guard WebhookGuard.concerns(request), let gate = state.withLock({ $0.gate }) else { return Self.starting }
        do throws(Problem) { _ = try gate.form(of: request) } catch { return error.response }
        return await bound()?.respond(request) ?? Self.starting
    }

    private static let starting = GatewayRoutes.later("The gateway is starting.")

    func admit(_ request: HTTPRequest) -> Admission {
        if let routes = state.withLock({ $0.routes }) { return routes.router.admit(request) }
        guard WebhookGuard.concerns(request), let gate = state.withLock({ $0.gate }) else {
            return .refuse(Self.starting)
        }
        do throws(Problem) { try gate.checkHead(request) } catch { return .refuse(error.response) }
        return .admit(bodyBytesMax: WebhookGuard.bodyBytesMax)
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
            guard (try? await Task.sleep(for: .milliseconds(10))) != nil else { return nil }
        }
        return nil
    }

    func upgrade(_ request: HTTPRequest, _ loop: MediaLoop) -> UpgradeDecision {
        guard let routes = state.withLock({ $0.routes }) else { return .refuse(Self.starting) }
        return routes.router.upgrade(request, loop)
    }
}
