package import Telemetry

package enum TransportMetrics {
    static let evicted = Metric<Counter>(
        "parley_http_evicted_total", "connections with an unfinished request that gave their place to another")

    package static let all: [any DeclaredMetric] = [evicted]
}
