package enum TelemetryMetrics {
    static let build = MetricFamily<Gauge>("parley_build_info", by: ["version", "swift"], "what is running")
    static let linesDropped = MetricFamily<Counter>(
        "parley_log_lines_dropped_total", by: "reason", among: ["rate", "queue"],
        "lines that are not in the log: their kind came too often (rate), or nobody took them (queue)")

    package static let all: [any DeclaredMetric] = [build, linesDropped]
}
