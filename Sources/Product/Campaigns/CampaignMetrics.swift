package import Telemetry

package enum CampaignMetrics {
    enum Answer: String, CaseIterable { case reserved, refused, postponed }

    static let asked = MetricFamily<Counter>(
        "parley_campaign_contacts_asked_total", by: "answer", among: Answer.allCases.map(\.rawValue),
        "Contacts of campaigns that the gate was asked about, by what it said.")

    package static let all: [any DeclaredMetric] = [asked]
}
