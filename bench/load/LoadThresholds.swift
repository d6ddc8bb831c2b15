import Foundation

/// Ratios that a run must not exceed, from a file under `bench/thresholds`. Each compares two things measured in the same
/// run on the same machine; no absolute time is among them.
package struct LoadThresholds: Codable, Sendable {
    /// The gateway's CPU a call-second over the C relay's, at equal calls.
    var cpuOverRelayMax: Double
    /// The gateway's p99 added delay over the relay's, plus `delayFloorMs` on both: below that the clock decides.
    var delayOverRelayMax: Double
    var delayFloorMs: Double
    /// Frames lost, doubled or leaked, and underruns, over all frames.
    var faultShareMax: Double
    /// Allocations of the gateway's media loops a frame, while calls do nothing but carry audio. Independent of the
    /// machine and its mood.
    var allocationsPerFrameMax: Double

    package static func load(path: String) throws -> LoadThresholds {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw LoadScenario.Mistake(description: "there are no thresholds at \(path)")
        }
        do {
            return try JSONDecoder().decode(LoadThresholds.self, from: data)
        } catch {
            throw LoadScenario.Mistake(description: "\(path) holds no thresholds: \(error)")
        }
    }

    package struct Verdict: Sendable {
        package var passed = true
        package var lines: [String] = []

        mutating func hold(_ what: String, _ value: Double, atMost limit: Double) {
            let holds = value <= limit
            passed = passed && holds
            lines.append(
                "\(holds ? "✓" : "✗") \(what): \(LoadTable.decimal(value, 4)), at most \(LoadTable.decimal(limit, 4))")
        }
    }

    /// Fails when a ratio is exceeded, when the relay was not measured, or when the generator was late itself.
    package func verdict(on result: LoadResult) -> Verdict {
        var verdict = Verdict()
        if let allocations = result.allocations {
            verdict.hold("allocations a frame", allocations.perFrame, atMost: allocationsPerFrameMax)
        } else {
            verdict.passed = false
            verdict.lines.append("✗ allocations were not counted: add --count-allocations")
        }
        let relays = result.levels.filter { $0.target == "relay" }
        if relays.isEmpty || !result.isBelievable {
            verdict.passed = false
            verdict.lines.append(
                relays.isEmpty ? "✗ no relay to compare with" : "✗ the generator was late itself: nothing is compared")
            return verdict
        }
        for relay in relays {
            let others = ["relay", "floor"]
            guard
                let mine = result.levels.first(where: { !others.contains($0.target) && $0.calls == relay.calls })
            else { continue }
            if let ratio = mine.cpu(over: relay) {
                verdict.hold("CPU over the relay's at \(mine.calls) calls", ratio, atMost: cpuOverRelayMax)
            }
            for (name, path) in [("in", \LevelResult.callerToAgent), ("out", \LevelResult.agentToCaller)] {
                let ratio = (mine[keyPath: path].p99 + delayFloorMs) / (relay[keyPath: path].p99 + delayFloorMs)
                verdict.hold(
                    "p99 added \(name) over the relay's at \(mine.calls) calls", ratio, atMost: delayOverRelayMax)
            }
            let counts = mine.counts
            let faults =
                counts.callerFramesLost + counts.agentFramesLost + counts.callerFramesDoubled
                + counts.agentFramesDoubled + counts.agentFramesLeaked + counts.underruns
            let frames = max(1, counts.callerFramesSent + counts.agentFramesSent)
            verdict.hold("faulty frames at \(mine.calls) calls", Double(faults) / Double(frames), atMost: faultShareMax)
        }
        return verdict
    }
}
