import Foundation

/// The result as text for a terminal.
package enum LoadTable {
    package static func text(_ result: LoadResult) -> String {
        // The first two lines are one heading: what, and of it.
        let head = [
            "", "", "in", "in", "in", "out", "out", "out", "lost", "late", "under", "set-ups", "CPU ms a", "of a",
            "KB a",
            "own",
        ]
        let second = [
            "target", "calls", "p50", "p99", "max", "p50", "p99", "max", "frames", "frames", "runs", "a second",
            "call-second", "core", "call", "p99",
        ]
        var rows = result.levels.isEmpty ? [] : [head, second]
        for level in result.levels {
            let (inward, outward) = (level.callerToAgent, level.agentToCaller)
            var row = [level.target, "\(level.callsOpen)"]
            for delay in [inward, outward] {
                row += [delay.p50, delay.p99, delay.max].map { decimal($0, 2) }
            }
            row.append("\(level.counts.callerFramesLost + level.counts.agentFramesLost)")
            row.append("\(level.counts.callerFramesLate + level.counts.agentFramesLate)")
            row.append("\(level.counts.underruns)")
            row.append(decimal(level.setUpsPerSecond, 0))
            row.append(level.cpuMsPerCallSecond.map { decimal($0, 2) } ?? "–")
            row.append(level.cpuShare.map { decimal($0 * 100, 0) + " %" } ?? "–")
            row.append(level.memoryKBPerCall.map { decimal($0, 0) } ?? "–")
            row.append(decimal(level.ownLateness.p99, 2))
            rows.append(row)
        }
        var lines = columns(rows)
        if !result.levels.isEmpty {
            lines += [
                "",
                "in    delay added to the caller's audio on its way to the agent, ms; out: to the agent's on its way back",
                "lost  frames that never came; late: 20 ms or more behind; under: the caller's ear ran dry in mid-speech",
                "CPU   of the target, user and system; KB a call: its memory while the calls were brought up",
                "own   how late the load generator itself was, ms: past \(decimal(LevelResult.ownLatenessMsMax, 0)) the row is void",
            ]
        }
        for level in result.levels {
            lines.append("")
            lines.append("\(level.target), \(level.calls) calls, \(decimal(level.measuredSeconds, 1)) s:")
            lines.append("  set-ups a second   \(decimal(level.setUpsPerSecond, 1))")
            lines.append("  ring to TwiML      \(percentiles(level.webhook))")
            lines.append("  pickup to audio    \(percentiles(level.pickupToAudio))")
            lines.append("  barge-in to clear  \(percentiles(level.bargeInToClear))")
            let counts = level.counts
            lines.append(
                "  frames             \(counts.callerFramesHeard) of \(counts.callerFramesSent) in, "
                    + "\(counts.agentFramesHeard) of \(counts.agentFramesSent) out (the rest cut off by \(counts.bargeIns) "
                    + "barge-ins and hang-ups)")
            if counts.callerMessagesHeard > 0 {
                let frames = Double(counts.callerFramesHeard) / Double(counts.callerMessagesHeard)
                lines.append("  frames a message   \(decimal(frames, 2)) in")
            }
            let odd = [
                (counts.callerFramesDoubled + counts.agentFramesDoubled, "doubled"),
                (counts.agentFramesLeaked, "leaked"),
                (counts.fillerFrames, "of filler silence"), (counts.foreignFrames, "not understood"),
                (counts.clearsMissing, "clears missing"), (counts.streamsLost, "streams lost"),
                (counts.setUpsRefused, "set-ups refused"), (counts.setUpsFailed, "set-ups failed"),
                (counts.framesRefusedBySocket, "refused by a socket"),
            ].filter { $0.0 > 0 }
            if !odd.isEmpty {
                lines.append("  odd                " + odd.map { "\($0) \($1)" }.joined(separator: ", "))
            }
            lines.append(
                "  generator          \(decimal(level.generatorCPUShare * 100, 0)) % of a core, \(decimal(level.generatorCPUMsPerCallSecond, 2)) ms a call-second, frames late \(percentiles(level.ownLateness))"
            )
            if let overload = level.overload { lines.append("  past capacity: \(overload)") }
            if !level.isBelievable {
                lines.append(
                    "  NOT TO BE BELIEVED: the generator itself was late (p99 over 2 ms); free a core, or fewer calls")
            }
        }
        lines += phases(result)
        return lines.joined(separator: "\n")
    }

    static func percentiles(_ delay: DelaySummary) -> String {
        delay.count == 0
            ? "–"
            : "p50 \(decimal(delay.p50, 2))  p90 \(decimal(delay.p90, 2))  p99 \(decimal(delay.p99, 2))  "
                + "p99.9 \(decimal(delay.p999, 2))  max \(decimal(delay.max, 2)) ms"
    }

    package static func decimal(_ value: Double, _ places: Int) -> String {
        String(format: "%.\(places)f", value)
    }
}
