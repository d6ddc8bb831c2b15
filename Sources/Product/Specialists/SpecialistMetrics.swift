package import Telemetry

package enum SpecialistMetrics {
    static let chatRequests = MetricFamily<Counter>(
        "parley_consult_chat_requests_total", by: "outcome", among: ["ok", "failed", "cancelled"],
        "Chat completions asked for on behalf of specialists.")

    package static let all: [any DeclaredMetric] = [chatRequests]
}
