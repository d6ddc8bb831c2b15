import Foundation
import Telemetry
import TestSupport
import Testing

@testable import Gateway

@Suite struct MetricCatalogueTests {
    @Test func `every metric the product counts is there at 0 from the start, with the same words`() throws {
        let metrics = Metrics()
        metrics.declare(MetricCatalogue.series)
        BuildInfo.note(in: metrics)
        let shown = metrics.exposition()

        let used = try Self.metricsInSources()

        #expect(used.count > 20)
        for (name, help) in used {
            let isThere = shown.contains("# HELP \(name) \(help)\n")
            #expect(isThere, "Sources/Program/Gateway/Health/MetricCatalogue.swift lacks \(name), \"\(help)\"")
        }
        let unused = Set(MetricCatalogue.series.map(\.name)).subtracting(used.map(\.name))
        #expect(unused.isEmpty, "nobody counts \(unused)")
    }

    /// Name and help of each call of `add`, `adjust`, `observe` and `set`.
    private static func metricsInSources() throws -> [(name: String, help: String)] {
        let call = #/\b(?:add|adjust|observe|set)\(\s*"(parley_\w+)"[^"]*?(?:\["[^\]]*\][^"]*?)?help:\s*"([^"]*)"/#
            .wordBoundaryKind(.simple)
        return try Checkout.texts(under: "Sources", ending: ".swift").flatMap { text in
            text.matches(of: call).map { (name: String($0.1), help: String($0.2)) }
        }
    }

    @Test func `the exposition is what Prometheus reads`() throws {
        let metrics = Metrics()
        metrics.declare(MetricCatalogue.series)
        BuildInfo.note(in: metrics)
        metrics.add("parley_calls_ended_total", 3, help: "calls that ended, with their journal on disk")
        metrics.observe("parley_consult_answer_seconds", seconds: 0.7, help: "x")
        metrics.add("parley_odd_total", 1, ["label": "a \"b\" \\ \n c"], help: "odd")

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
