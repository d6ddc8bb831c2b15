import Synchronization

/// Counters, gauges and histograms of this process in the Prometheus text format. Not for the per-frame path: a call
/// counts for itself and adds its sums here when something happens or when it ends.
package final class Metrics: Sendable {
    package static let shared = Metrics()

    private struct Key: Hashable, Comparable {
        var name: String
        var labels: String
        static func < (a: Key, b: Key) -> Bool { (a.name, a.labels) < (b.name, b.labels) }
    }

    private struct Histogram {
        var buckets = Array(repeating: 0, count: Metrics.bounds.count)
        var sum = 0.0
        var count = 0
    }

    private struct State {
        var values: [Key: Double] = [:]
        var histograms: [Key: Histogram] = [:]
        var help: [String: (kind: String, text: String)] = [:]
    }

    /// Upper bounds in seconds.
    private static let bounds = [
        0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30, 60, 300, 1_800,
    ]
    private static let seriesMax = 2_000

    private let state = Mutex(State())

    package init() {}

    /// One series known before anything happened: it is shown at 0 from the start, so that its first event is a rise.
    package struct Series: Sendable {
        package enum Kind: String, Sendable { case counter, gauge, histogram }

        package let name: String
        package let kind: Kind
        package let labels: KeyValuePairs<String, String>
        package let help: String

        package init(_ name: String, _ kind: Kind, _ labels: KeyValuePairs<String, String> = [:], help: String) {
            self.name = name
            self.kind = kind
            self.labels = labels
            self.help = help
        }
    }

    /// Shows each of `series` from now on, at 0 until something happens.
    package func declare(_ series: [Series]) {
        state.withLock { state in
            for each in series {
                let key = Key(name: each.name, labels: Self.render(each.labels))
                state.help[each.name] = (each.kind.rawValue, each.help)
                if each.kind == .histogram {
                    if state.histograms[key] == nil { state.histograms[key] = Histogram() }
                } else if state.values[key] == nil {
                    state.values[key] = 0
                }
            }
        }
    }

    /// Adds to a counter, whose name ends in `_total`.
    package func add(_ name: String, _ amount: Double = 1, _ labels: KeyValuePairs<String, String> = [:], help: String)
    {
        state.withLock { state in
            let key = Key(name: name, labels: Self.render(labels))
            guard state.values[key] != nil || state.values.count < Self.seriesMax else { return }
            state.help[name] = ("counter", help)
            state.values[key, default: 0] += amount
        }
    }

    /// Moves a gauge up or down.
    package func adjust(_ name: String, by amount: Double, _ labels: KeyValuePairs<String, String> = [:], help: String)
    {
        state.withLock { state in
            let key = Key(name: name, labels: Self.render(labels))
            guard state.values[key] != nil || state.values.count < Self.seriesMax else { return }
            state.help[name] = ("gauge", help)
            state.values[key, default: 0] += amount
        }
    }

    /// Sets a gauge.
    package func set(_ name: String, to value: Double, _ labels: KeyValuePairs<String, String> = [:], help: String) {
        state.withLock { state in
            let key = Key(name: name, labels: Self.render(labels))
            guard state.values[key] != nil || state.values.count < Self.seriesMax else { return }
            state.help[name] = ("gauge", help)
            state.values[key] = value
        }
    }

    /// Notes one duration, in seconds; the name ends in `_seconds`.
    package func observe(
        _ name: String, seconds: Double, _ labels: KeyValuePairs<String, String> = [:], help: String
    ) {
        state.withLock { state in
            let key = Key(name: name, labels: Self.render(labels))
            guard state.histograms[key] != nil || state.histograms.count < Self.seriesMax else { return }
            state.help[name] = ("histogram", help)
            var histogram = state.histograms[key] ?? Histogram()
            for (index, bound) in Self.bounds.enumerated() where seconds <= bound { histogram.buckets[index] += 1 }
            histogram.sum += seconds
            histogram.count += 1
            state.histograms[key] = histogram
        }
    }

    /// Prometheus text exposition format 0.0.4, with what the system says of this process.
    package func exposition() -> String {
        let state = self.state.withLock { $0 }
        var out = ""
        var described: Set<String> = []
        func describe(_ name: String) {
            guard described.insert(name).inserted, let help = state.help[name] else { return }
            out += "# HELP \(name) \(help.text)\n# TYPE \(name) \(help.kind)\n"
        }
        for (key, value) in state.values.sorted(by: { $0.key < $1.key }) {
            describe(key.name)
            out += "\(key.name)\(key.labels.isEmpty ? "" : "{\(key.labels)}") \(Self.number(value))\n"
        }
        for (key, histogram) in state.histograms.sorted(by: { $0.key < $1.key }) {
            describe(key.name)
            let prefix = key.labels.isEmpty ? "" : key.labels + ","
            for (index, bound) in Self.bounds.enumerated() {
                out += "\(key.name)_bucket{\(prefix)le=\"\(Self.number(bound))\"} \(histogram.buckets[index])\n"
            }
            out += "\(key.name)_bucket{\(prefix)le=\"+Inf\"} \(histogram.count)\n"
            let labels = key.labels.isEmpty ? "" : "{\(key.labels)}"
            out += "\(key.name)_sum\(labels) \(histogram.sum)\n\(key.name)_count\(labels) \(histogram.count)\n"
        }
        return out + ProcessMetrics.exposition()
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
    }

    private static func render(_ labels: KeyValuePairs<String, String>) -> String {
        labels.map { name, value in
            let safe = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
            return "\(name)=\"\(safe)\""
        }.joined(separator: ",")
    }
}
