import Synchronization

/// Counters, gauges and histograms of this process in the Prometheus text format. Not for the per-frame path: a call
/// counts for itself and adds its sums here when something happens or when it ends.
package final class Metrics: Sendable {
    package static let shared = Metrics()

    fileprivate struct Key: Hashable, Comparable {
        var name: String
        var labels: String
        static func < (a: Key, b: Key) -> Bool { (a.name, a.labels) < (b.name, b.labels) }
    }

    private struct Buckets {
        var counts = Array(repeating: 0, count: Metrics.bounds.count)
        var sum = 0.0
        var count = 0
    }

    private struct State {
        var values: [Key: Double] = [:]
        var histograms: [Key: Buckets] = [:]
        var help: [String: (kind: String, text: String)] = [:]
    }

    /// Upper bounds in seconds.
    private static let bounds = [
        0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30, 60, 300, 1_800,
    ]
    private static let seriesMax = 2_000

    private let state = Mutex(State())

    package init() {}

    /// One line of the exposition, or the lines of one histogram.
    package struct Series: Sendable {
        package let name: String
        let kind: String
        let labels: [(name: String, value: String)]
        let help: String

        init(_ name: String, _ kind: String, _ labels: [(name: String, value: String)], _ help: String) {
            self.name = name
            self.kind = kind
            self.labels = labels
            self.help = help
        }

        fileprivate var key: Key { Key(name: name, labels: Metrics.render(labels)) }
    }

    /// Shows each of `series` from now on, at 0 until something happens.
    package func declare(_ series: [Series]) {
        state.withLock { state in
            for each in series {
                let key = each.key
                state.help[each.name] = (each.kind, each.help)
                if each.kind == Histogram.word {
                    if state.histograms[key] == nil { state.histograms[key] = Buckets() }
                } else if state.values[key] == nil {
                    state.values[key] = 0
                }
            }
        }
    }

    package func add(_ counter: Metric<Counter>, _ amount: Double = 1) {
        change(counter.own) { $0 += amount }
    }

    /// Moves a gauge up or down.
    package func adjust(_ gauge: Metric<Gauge>, by amount: Double) {
        change(gauge.own) { $0 += amount }
    }

    package func set(_ gauge: Metric<Gauge>, to value: Double) {
        change(gauge.own) { $0 = value }
    }

    private func change(_ series: Series, _ change: (inout Double) -> Void) {
        state.withLock { state in
            let key = series.key
            guard state.values[key] != nil || state.values.count < Self.seriesMax else { return }
            state.help[series.name] = (series.kind, series.help)
            change(&state.values[key, default: 0])
        }
    }

    /// Notes one duration.
    package func observe(_ histogram: Metric<Histogram>, seconds: Double) {
        state.withLock { state in
            let (series, key) = (histogram.own, histogram.own.key)
            guard state.histograms[key] != nil || state.histograms.count < Self.seriesMax else { return }
            state.help[series.name] = (series.kind, series.help)
            var buckets = state.histograms[key] ?? Buckets()
            for (index, bound) in Self.bounds.enumerated() where seconds <= bound { buckets.counts[index] += 1 }
            buckets.sum += seconds
            buckets.count += 1
            state.histograms[key] = buckets
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
                out += "\(key.name)_bucket{\(prefix)le=\"\(Self.number(bound))\"} \(histogram.counts[index])\n"
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

    private static func render(_ labels: [(name: String, value: String)]) -> String {
        labels.map { name, value in
            let safe = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
            return "\(name)=\"\(safe)\""
        }.joined(separator: ",")
    }
}
