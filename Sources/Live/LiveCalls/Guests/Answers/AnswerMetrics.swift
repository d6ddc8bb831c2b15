import Answering
package import Telemetry

package enum AnswerMetrics {
    static let answered = MetricFamily<Counter>(
        "parley_calls_answered_total", by: "by", among: Answerer.allCases.map(\.rawValue),
        "calls placed that were answered, by who or what did")

    package static let all: [any DeclaredMetric] = [answered]
}
