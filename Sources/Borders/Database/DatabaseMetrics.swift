package import Telemetry

package enum DatabaseMetrics {
    static let privateStarts = Metric<Counter>(
        "parley_private_database_starts_total", "starts of the private PostgreSQL after the first")

    package static let all: [any DeclaredMetric] = [privateStarts]
}
