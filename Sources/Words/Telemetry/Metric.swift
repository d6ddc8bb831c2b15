/// One metric without labels, or one series of a ``MetricFamily``. Declared once, as a constant in the `…Metrics.swift` of
/// the feature that counts it; the name ends in its unit.
package struct Metric<Kind: MetricKind>: DeclaredMetric {
    let own: Metrics.Series

    package init(_ name: String, _ help: String) { own = Metrics.Series(name, Kind.word, [], help) }

    init(_ own: Metrics.Series) { self.own = own }

    package var name: String { own.name }
    package var kind: String { Kind.word }
    package var labels: [String] { own.labels.map(\.name) }
    package var help: String { own.help }
    package var series: [Metrics.Series] { [own] }
}

/// The series of one name that differ in their labels.
package struct MetricFamily<Kind: MetricKind>: DeclaredMetric {
    package let name: String
    package let labels: [String]
    package let help: String
    private let known: [[String]]

    /// - Parameter known: the labels' values of those series that are known beforehand.
    package init(_ name: String, by labels: [String], known: [[String]] = [], _ help: String) {
        self.name = name
        self.labels = labels
        self.known = known
        self.help = help
    }

    /// Of one label, whose values are known.
    package init(_ name: String, by label: String, among values: [String], _ help: String) {
        self.init(name, by: [label], known: values.map { [$0] }, help)
    }

    /// - Precondition: as many values as labels.
    package subscript(values: String...) -> Metric<Kind> { self[values] }

    package subscript(values: [String]) -> Metric<Kind> {
        precondition(values.count == labels.count, "\(name) has the labels \(labels), not \(values.count)")
        return Metric(Metrics.Series(name, Kind.word, Array(zip(labels, values)), help))
    }

    package var kind: String { Kind.word }
    package var series: [Metrics.Series] { known.map { self[$0].own } }
}

/// A metric or a family, whatever its kind is.
package protocol DeclaredMetric: Sendable {
    var name: String { get }
    /// `counter`, `gauge` or `histogram`.
    var kind: String { get }
    var labels: [String] { get }
    var help: String { get }
    /// Those known before anything happened: they are shown at 0 from the start, so that their first event is a rise.
    var series: [Metrics.Series] { get }
}

package protocol MetricKind: Sendable {
    /// As Prometheus has it.
    static var word: String { get }
}

/// Only rises; the name ends in `_total`.
package enum Counter: MetricKind { package static let word = "counter" }
/// As it is at the moment.
package enum Gauge: MetricKind { package static let word = "gauge" }
/// Durations; the name ends in `_seconds`.
package enum Histogram: MetricKind { package static let word = "histogram" }
