import Foundation
import LoadBenchmark

/// What a run measured.
struct APIResult {
    let options: APIBenchmarkOptions
    let date: String
    var plain = Clients.Tally()
    var reads = Clients.Tally()
    var writes = Clients.Tally()
    var readsBeside: Clients.Tally?
    var audioAlone: APIStage.Audio?
    var audioBeside: APIStage.Audio?

    /// How long answers of one kind took, in ms.
    struct Kind: Codable {
        var kind: String
        var count: Int
        var p50: Double
        var p99: Double
        var max: Double
    }

    static func kinds(_ tally: Clients.Tally) -> [Kind] {
        tally.times.map { kind, times in
            let sorted = times.sorted()
            func at(_ share: Double) -> Double { sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))] }
            return Kind(kind: kind, count: sorted.count, p50: at(0.5), p99: at(0.99), max: at(1))
        }
        .sorted { $0.p99 > $1.p99 }
    }

    func printTable() {
        print(
            "\(options.contacts) contacts, \(options.callRows) calls, \(options.leads) leads in one tenant of"
                + " \(options.tenants); \(options.connections) connections")
        for (name, tally) in [("reads", reads), ("writes", writes)] {
            print(String(format: "%@: %.0f a second (/healthz: %.0f)", name, tally.perSecond, plain.perSecond))
            for kind in Self.kinds(tally) {
                let name = kind.kind.padding(toLength: 24, withPad: " ", startingAt: 0)
                print(
                    String(
                        format: "  %@ %7d   p50 %8.2f ms   p99 %8.2f ms   max %8.2f ms", name, kind.count, kind.p50,
                        kind.p99, kind.max))
            }
            for (what, count) in tally.refused.sorted(by: { $0.key < $1.key }) where !what.hasSuffix(" 404") {
                print("  refused: \(what), \(count) times")
            }
        }
        for (name, audio) in [("alone", audioAlone), ("beside readers", audioBeside)] {
            guard let audio else { continue }
            print(
                String(
                    format: "audio of %d calls %@: p99 added %.2f ms to the agent, %.2f to the caller%@%@",
                    options.calls,
                    name, audio.toAgentMs, audio.toCallerMs, audio.loss.map { ", " + $0 } ?? "",
                    audio.isBelievable ? "" : " (the generator was late)"))
        }
        if let readsBeside { print(String(format: "reads beside the calls: %.0f a second", readsBeside.perSecond)) }
    }

    private struct Written: Codable {
        var date: String
        var machine: MachineDescription
        var contacts: Int
        var calls: Int
        var leads: Int
        var tenants: Int
        var connections: Int
        var plainPerSecond: Double
        var readsPerSecond: Double
        var writesPerSecond: Double
        var readsPerSecondBesideCalls: Double?
        var reads: [Kind]
        var writes: [Kind]
        var audioAlone: APIStage.Audio?
        var audioBeside: APIStage.Audio?
    }

    func writeJSON(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let written = Written(
            date: date, machine: .current(), contacts: options.contacts, calls: options.callRows, leads: options.leads,
            tenants: options.tenants, connections: options.connections, plainPerSecond: plain.perSecond,
            readsPerSecond: reads.perSecond, writesPerSecond: writes.perSecond,
            readsPerSecondBesideCalls: readsBeside?.perSecond, reads: Self.kinds(reads), writes: Self.kinds(writes),
            audioAlone: audioAlone, audioBeside: audioBeside)
        try write(encoder.encode(written), to: path)
    }

    /// A bar from the median to the p99 of each kind, on a scale of tens.
    func writePlot(to path: String) throws {
        let kinds = Self.kinds(reads) + Self.kinds(writes)
        let (left, width, row) = (170.0, 560.0, 20.0)
        func x(_ ms: Double) -> Double { left + (log10(max(ms, 0.1)) + 1) / 5 * width }
        var svg = """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(Int(left + width + 40))" \
            height="\(Int(Double(kinds.count) * row + 80))" font-family="sans-serif" font-size="12">
            <rect width="100%" height="100%" fill="white"/>
            <text x="10" y="20">\(Int(reads.perSecond)) reads and \(Int(writes.perSecond)) writes a second, \
            \(options.connections) connections; p50 to p99 in ms, \(date)</text>

            """
        let bottom = Double(kinds.count) * row + 45
        for ms in [0.1, 1, 10, 100, 1_000, 10_000] {
            svg += "<line x1=\"\(x(ms))\" y1=\"35\" x2=\"\(x(ms))\" y2=\"\(bottom)\" stroke=\"#ddd\"/>"
            svg +=
                "<text x=\"\(x(ms))\" y=\"\(bottom + 16)\" text-anchor=\"middle\">\(ms < 1 ? "0.1" : "\(Int(ms))")</text>\n"
        }
        for (number, kind) in kinds.enumerated() {
            let y = 40 + Double(number) * row
            let bar = max(2, x(kind.p99) - x(kind.p50))
            svg += "<text x=\"\(left - 8)\" y=\"\(y + 13)\" text-anchor=\"end\">\(kind.kind)</text>"
            svg += "<rect x=\"\(x(kind.p50))\" y=\"\(y + 3)\" width=\"\(bar)\" height=\"12\" fill=\"#1f5fbf\"/>\n"
        }
        try write(Data((svg + "</svg>\n").utf8), to: path)
    }

    private func write(_ data: Data, to path: String) throws {
        let url = URL(fileURLWithPath: path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: url)
    }
}
