import Encoding
import Endpoints
import FoundationEssentials
import Telemetry
import WebSocketTransport

/// What the process says of itself: health and metrics.
enum SystemRoutes {
    static func routes(_ dependencies: APIDependencies) -> [Endpoint] {
        [alive, ready(dependencies.readiness), metrics(dependencies.metrics)]
    }

    private static let alive = Endpoint(
        .get, "/healthz", id: "alive", .anybody, "The process is alive.", shape: InputShape(query: nil),
        answers: [Endpoint.Answer(200, "alive", type: "text/plain")],
        .answer { _, _ in fresh(.text("alive\n")) })

    private static func ready(_ readiness: @escaping @Sendable () async -> ReadinessReport) -> Endpoint {
        Endpoint(
            .get, "/readyz", id: "ready", .anybody, "Whether calls are taken, with each check.",
            shape: InputShape(query: nil),
            answers: [
                Endpoint.Answer(200, "ready", .map(.anything)),
                Endpoint.Answer(503, "not ready, or full: see Retry-After", .map(.anything)),
            ],
            .answer { _, _ in
                let report = await readiness()
                var response = fresh(.json(report.json, status: report.isReady ? 200 : 503))
                if !report.isReady { response.headers.append((name: "retry-after", value: "5")) }
                return response
            })
    }

    private static func metrics(_ metrics: Metrics) -> Endpoint {
        Endpoint(
            .get, "/metrics", id: "metrics", .metrics, "Prometheus text format 0.0.4.", shape: InputShape(query: nil),
            answers: [Endpoint.Answer(200, "metrics", type: "text/plain")],
            .answer { _, _ in MetricsPage.response(metrics) })
    }

    private static func fresh(_ response: HTTPResponse) -> HTTPResponse {
        var response = response
        response.headers.append((name: "cache-control", value: "no-store"))
        return response
    }
}
