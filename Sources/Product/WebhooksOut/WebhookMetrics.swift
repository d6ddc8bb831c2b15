package import Telemetry

package enum WebhookMetrics {
    static let attempts = MetricFamily<Counter>(
        "parley_webhook_attempts_total", by: "outcome", among: WebhookOutcome.allCases.map(\.rawValue),
        "Requests to the endpoints of tenants.")
    static let disabled = Metric<Counter>(
        "parley_webhook_endpoints_disabled_total", "Endpoints that are asked no more: gone, or silent for a day.")

    package static let all: [any DeclaredMetric] = [attempts, disabled]
}

enum WebhookOutcome: String, CaseIterable {
    case delivered, refused, failed
}
