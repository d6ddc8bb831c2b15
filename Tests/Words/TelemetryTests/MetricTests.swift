import Testing

@testable import Telemetry

@Suite struct MetricTests {
    private static let calls = Metric<Counter>("parley_calls_total", "calls")
    private static let open = Metric<Gauge>("parley_open_active", "open ones")
    private static let runs = MetricFamily<Counter>(
        "parley_runs_total", by: ["kind", "outcome"], known: [["send", "done"], ["send", "dead"]], "runs")
    private static let took = MetricFamily<Histogram>("parley_run_seconds", by: "kind", among: ["send"], "how long")

    private func lines(_ metrics: Metrics, _ name: String) -> [String] {
        metrics.exposition().split(separator: "\n").map(String.init).filter { $0.hasPrefix(name) }
    }

    @Test func `what is declared stands at 0, and what has been counted stays`() {
        let metrics = Metrics()
        metrics.add(Self.calls, 2)

        let declared: [any DeclaredMetric] = [Self.calls, Self.open, Self.runs, Self.took]
        metrics.declare(declared.flatMap(\.series))

        #expect(lines(metrics, "parley_calls") == ["parley_calls_total 2"])
        #expect(lines(metrics, "parley_open") == ["parley_open_active 0"])
        #expect(
            lines(metrics, "parley_runs_total") == [
                #"parley_runs_total{kind="send",outcome="dead"} 0"#,
                #"parley_runs_total{kind="send",outcome="done"} 0"#,
            ])
        #expect(lines(metrics, "parley_run_seconds_count") == [#"parley_run_seconds_count{kind="send"} 0"#])
    }

    @Test func `a counter adds, a gauge moves and is set, a histogram notes`() {
        let metrics = Metrics()

        metrics.add(Self.runs["send", "done"])
        metrics.add(Self.runs["send", "done"], 2)
        metrics.adjust(Self.open, by: 5)
        metrics.adjust(Self.open, by: -1)
        metrics.observe(Self.took["send"], seconds: 0.3)

        #expect(lines(metrics, "parley_runs_total") == [#"parley_runs_total{kind="send",outcome="done"} 3"#])
        #expect(lines(metrics, "parley_open") == ["parley_open_active 4"])
        metrics.set(Self.open, to: 1.5)
        #expect(lines(metrics, "parley_open") == ["parley_open_active 1.5"])
        let shown = metrics.exposition()
        #expect(shown.contains(#"parley_run_seconds_bucket{kind="send",le="0.2"} 0"#))
        #expect(shown.contains(#"parley_run_seconds_bucket{kind="send",le="0.3"} 1"#))
        #expect(shown.contains(#"parley_run_seconds_sum{kind="send"} 0.3"#))
    }

    @Test func `a family tells its kind, its labels and its meaning also before anything happened`() {
        let metrics = Metrics()
        metrics.add(Self.runs["call", "dead"])

        #expect(Self.runs.kind == "counter" && Self.took.kind == "histogram" && Self.open.kind == "gauge")
        #expect(Self.runs.labels == ["kind", "outcome"] && Self.calls.labels == [])
        #expect(metrics.exposition().hasPrefix("# HELP parley_runs_total runs\n# TYPE parley_runs_total counter\n"))
    }
}
