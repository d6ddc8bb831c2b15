package import Telemetry

package enum MailMetrics {
    static let sent = MetricFamily<Counter>(
        "parley_mails_total", by: "outcome", among: MailOutcome.allCases.map(\.rawValue),
        "Mails that were brought to the mail server.")

    package static let all: [any DeclaredMetric] = [sent]
}

enum MailOutcome: String, CaseIterable {
    case taken, refused, failed
}
