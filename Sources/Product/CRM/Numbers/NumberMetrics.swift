package import Telemetry

package enum NumberMetrics {
    static let staleRoutes = Metric<Counter>(
        "parley_number_routes_stale_total", "Calls routed by an older answer while the database was away.")

    package static let all: [any DeclaredMetric] = [staleRoutes]
}
