import Foundation

/// Ratios that a run must keep; each compares two things measured in it.
struct APIThresholds: Codable {
    /// Requests a second over those for `/healthz`, by as many clients.
    var readsOverPlainMin: Double
    var writesOverPlainMin: Double
    /// The p99 of the slowest list, search or timeline over that of the slowest single read.
    var slowestOverSingleMax: Double
    /// The audio's p99 added beside readers over that alone, `audioFloorMs` put on both.
    var audioBesideOverAloneMax: Double
    var audioFloorMs: Double

    private static let single: Set<String> = ["contact", "lead", "call"]

    static func load(_ path: String) throws -> APIThresholds {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Clients.Failure(description: "there are no thresholds at \(path)")
        }
        return try JSONDecoder().decode(APIThresholds.self, from: data)
    }

    func hold(_ result: APIResult) -> Bool {
        var passed = true
        func hold(_ what: String, _ value: Double, _ limit: Double, atLeast: Bool = false) {
            let holds = atLeast ? value >= limit : value <= limit
            passed = passed && holds
            print(
                String(
                    format: "%@ %@: %.3f, at %@ %.3f", holds ? "✓" : "✗", what, value, atLeast ? "least" : "most", limit
                ))
        }
        let plain = max(1, result.plain.perSecond)
        hold("reads over /healthz", result.reads.perSecond / plain, readsOverPlainMin, atLeast: true)
        hold("writes over /healthz", result.writes.perSecond / plain, writesOverPlainMin, atLeast: true)
        let kinds = APIResult.kinds(result.reads)
        if let slowest = kinds.first(where: { !Self.single.contains($0.kind) }),
            let single = kinds.first(where: { Self.single.contains($0.kind) })
        {
            hold("p99 of \(slowest.kind) over \(single.kind)", slowest.p99 / single.p99, slowestOverSingleMax)
        }
        let refused = result.reads.refused.merging(result.writes.refused) { $0 + $1 }
            .filter { !$0.key.hasSuffix(" 404") }.values.reduce(0, +)
        hold("answers refused", Double(refused), 0)
        if let alone = result.audioAlone, let beside = result.audioBeside {
            let worst = max(
                (beside.toAgentMs + audioFloorMs) / (alone.toAgentMs + audioFloorMs),
                (beside.toCallerMs + audioFloorMs) / (alone.toCallerMs + audioFloorMs))
            hold("audio beside readers over alone", worst, audioBesideOverAloneMax)
        }
        return passed
    }
}
