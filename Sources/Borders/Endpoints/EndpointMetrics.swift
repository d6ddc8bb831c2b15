package import Telemetry

/// Their series are those of the router.
package enum EndpointMetrics {
    static let requests = MetricFamily<Counter>(
        "parley_http_requests_total", by: ["route", "status"], "requests by endpoint and kind of answer")
    static let seconds = MetricFamily<Histogram>(
        "parley_http_request_seconds", by: ["route"], "from a whole request to its answer, by endpoint")

    package static let all: [any DeclaredMetric] = [requests, seconds]
}
