package import Telemetry

package enum APIMetrics {
    static let refused = Metric<Counter>("parley_api_refused_total", "API requests refused for their credential.")
    static let logins = MetricFamily<Counter>(
        "parley_logins_total", by: "result", among: ["begun", "refused", "limited"],
        "logins by password; limited: after too many attempts")

    package static let all: [any DeclaredMetric] = [refused, logins]
}
