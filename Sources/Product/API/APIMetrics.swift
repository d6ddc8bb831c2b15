package import Telemetry

package enum APIMetrics {
    static let refused = Metric<Counter>("parley_api_refused_total", "API requests refused for their token.")

    package static let all: [any DeclaredMetric] = [refused]
}
