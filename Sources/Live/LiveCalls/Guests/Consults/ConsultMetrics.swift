import Consult
package import Telemetry

package enum ConsultMetrics {
    static let offered = Metric<Counter>("parley_consults_offered_total", "consults offered to callers")
    static let accepted = Metric<Counter>("parley_consults_accepted_total", "consults callers agreed to")
    static let declined = Metric<Counter>(
        "parley_consults_declined_total", "consults that were offered and not agreed to")
    static let unclear = Metric<Counter>("parley_consults_unclear_total", "replies to an offer, neither yes nor no")
    static let ended = MetricFamily<Counter>(
        "parley_consults_total", by: "outcome", among: ConsultRecord.Ending.allCases.map(\.rawValue),
        "consults by how they ended")
    static let answerSeconds = Metric<Histogram>(
        "parley_consult_answer_seconds", "from the caller's yes to the first of the answer in the caller's ear")

    package static let all: [any DeclaredMetric] = [offered, accepted, declined, unclear, ended, answerSeconds]
}
