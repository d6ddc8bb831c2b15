import CallModel
package import Telemetry

package enum PostCallMetrics {
    static let commitSeconds = Metric<Histogram>(
        "parley_call_record_commit_seconds", "Hang-up to committed call record.")
    static let written = MetricFamily<Counter>(
        "parley_call_records_written_total", by: "outcome", among: CallOutcome.allCases.map(\.rawValue),
        "Call records committed.")
    static let pending = Metric<Gauge>("parley_call_records_pending", "Ended calls whose record is not committed.")
    static let retries = Metric<Counter>(
        "parley_call_record_retries_total", "Attempts to commit a call record that have to be repeated.")
    static let refused = Metric<Counter>(
        "parley_call_records_refused_total", "Call records the database refused; kept in failed/.")
    static let failed = Metric<Gauge>(
        "parley_call_records_failed_pending", "Call records the database refused, waiting in failed/.")
    static let unreadable = Metric<Counter>(
        "parley_call_records_unreadable_total", "Call records whose journal could not be read.")

    package static let all: [any DeclaredMetric] = [
        commitSeconds, written, pending, retries, refused, failed, unreadable,
    ]
}
