import Foundation
import Telemetry
import TestSupport
import Testing

@testable import Gateway

@Suite struct MetricCatalogueTests {
    @Test func `every metric the product counts is there at 0 from the start, with the same words`() throws {
        let metrics = Metrics()
        metrics.declare(GatewayMetrics.all.flatMap(\.series))
        BuildInfo.note(in: metrics)
        let shown = metrics.exposition()

        let declared = try Self.metricsInSources()

        #expect(declared.map(\.name).sorted() == GatewayMetrics.all.map(\.name).sorted())
        // The series of endpoints are known to the router alone.
        for metric in GatewayMetrics.all where metric.labels.first != "route" {
            #expect(shown.contains("# HELP \(metric.name) \(metric.help)\n# TYPE \(metric.name) \(metric.kind)\n"))
        }
        let unused = declared.filter { !$0.isUsed }.map(\.name)
        #expect(unused.isEmpty, "nobody counts \(unused)")
    }

    /// Each constant that is a metric, and whether anybody names it besides the list of its feature.
    private static func metricsInSources() throws -> [(name: String, isUsed: Bool)] {
        let texts = try Checkout.texts(under: "Sources", ending: ".swift")
        let declaration = #/static let (\w+) = Metric(?:Family)?<\w+>\(\s*"(parley_\w+)"/#
        return texts.flatMap { text -> [(name: String, isUsed: Bool)] in
            guard let list = text.firstMatch(of: #/\benum (\w+Metrics) \{/#) else { return [] }
            return text.matches(of: declaration).map { metric in
                let use = "\(list.1).\(metric.1)"
                return (String(metric.2), texts.contains { $0.contains(use) })
            }
        }
    }

    @Test func `the page of metrics lists each with its kind, its labels and its meaning`() throws {
        let rows = try Checkout.text("docs/metrics.md").split(separator: "\n").filter { $0.hasPrefix("| `parley_") }

        #expect(
            rows.map(String.init)
                == GatewayMetrics.all.map { metric in
                    let labels = metric.labels.map { "`\($0)`" }.joined(separator: ", ")
                    return "| `\(metric.name)` | \(metric.kind) | \(labels.isEmpty ? "–" : labels) | \(metric.help) |"
                })
    }

    @Test func `a page names no metric that is not there`() throws {
        let known = Set(GatewayMetrics.all.map(\.name))
        let units = #/\bparley_\w+_(?:total|seconds|bytes|ratio|active|pending|info)\b/#

        let named = try Checkout.texts(under: "docs", ending: ".md").flatMap { text in
            text.matches(of: units).map { String($0.0) }
        }

        #expect(named.count > known.count)
        #expect(Set(named).subtracting(known) == [])
    }

    @Test func `the exposition is what Prometheus reads`() throws {
        let metrics = Metrics()
        metrics.declare(GatewayMetrics.all.flatMap(\.series))
        BuildInfo.note(in: metrics)
        metrics.add(Metric("parley_ended_total", "ended"), 3)
        metrics.observe(Metric("parley_answer_seconds", "x"), seconds: 0.7)
        metrics.add(MetricFamily("parley_odd_total", by: ["label"], "odd")["a \"b\" \\ \n c"])

        var described: Set<String> = []
        var kinds: [String: String] = [:]
        for line in metrics.exposition().split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            let line = String(line)
            if let match = line.wholeMatch(of: #/# HELP (\w+) .+/#) {
                #expect(described.insert(String(match.1)).inserted, "\(match.1) is described twice")
            } else if let match = line.wholeMatch(of: #/# TYPE (\w+) (counter|gauge|histogram)/#) {
                kinds[String(match.1)] = String(match.2)
            } else if let match = line.wholeMatch(
                of: #/([a-z_]+)(?:\{(?:\w+="(?:[^"\\\n]|\\[\\"n])*",?)+\})? (-?[0-9.e+-]+)/#)
            {
                let name = String(match.1)
                let family = kinds.keys.first { kinds[$0] == "histogram" && name.hasPrefix($0 + "_") } ?? name
                #expect(described.contains(family), "\(line)")
                #expect(Double(match.2) != nil, "\(line)")
                if kinds[family] == "counter" { #expect(family.hasSuffix("_total"), "\(line)") }
            } else {
                Issue.record("not a line of the text format: \(line)")
            }
        }
        #expect(described == Set(kinds.keys))
    }

    @Test func `the process tells of itself by the usual names`() throws {
        let before = Metrics().exposition()
        let descriptors = (0..<20).compactMap { _ in FileHandle(forReadingAtPath: "/dev/null") }
        let after = Metrics().exposition()
        func value(_ name: String, _ text: String) -> Double? {
            text.split(separator: "\n").first { $0.hasPrefix(name + " ") }.flatMap {
                Double($0.split(separator: " ")[1])
            }
        }

        let open = try #require(value("process_open_fds", after))
        let openMax = try #require(value("process_max_fds", after))
        let resident = try #require(value("process_resident_memory_bytes", after))
        let virtual = try #require(value("process_virtual_memory_bytes", after))
        let cpu = try #require(value("process_cpu_seconds_total", before))
        let threads = try #require(value("process_threads", after))
        let startedAt = try #require(value("process_start_time_seconds", after))

        #expect(open > 20 && open < openMax)
        #expect(resident > 1_000_000 && virtual > resident)
        #expect(cpu > 0 && threads >= 1)
        #expect((Date.now.timeIntervalSince1970 - 7_200...Date.now.timeIntervalSince1970 + 2).contains(startedAt))
        #expect(descriptors.count == 20)
    }
}
