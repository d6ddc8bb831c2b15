import Foundation

/// The result as text for a terminal.
package enum LoadTable {
    package static func text(_ result: LoadResult) -> String {
        let head = [
            "target", "calls", "in p50", "p99", "p99.9", "max", "out p50", "p99", "p99.9", "max", "lost", "late",
            "under",
            "cpu ms", "core %", "KB/call", "own p99",
        ]
        var rows = [head]
        for level in result.levels {
            let (inward, outward) = (level.callerToAgent, level.agentToCaller)
            var row = [level.target, "\(level.callsOpen)"]
            for delay in [inward, outward] {
                row += [delay.p50, delay.p99, delay.p999, delay.max].map { decimal($0, 2) }
            }
            row.append("\(level.counts.callerFramesLost + level.counts.agentFramesLost)")
            row.append("\(level.counts.callerFramesLate + level.counts.agentFramesLate)")
            row.append("\(level.counts.underruns)")
            row.append(level.cpuMsPerCallSecond.map { decimal($0, 2) } ?? "–")
            row.append(level.cpuShare.map { decimal($0 * 100, 0) } ?? "–")
            row.append(level.memoryKBPerCall.map { decimal($0, 0) } ?? "–")
            row.append(decimal(level.ownLateness.p99, 2))
            rows.append(row)
        }
        let widths = head.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        var lines = rows.map { row in
            zip(row, widths).map { String(repeating: " ", count: $1 - $0.count) + $0 }.joined(separator: "  ")
        }
        lines.append("delays in ms: in = caller to agent, out = agent to caller; cpu ms = CPU a call-second")
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
                "  generator          \(decimal(level.generatorCPUShare * 100, 0)) % of a core, frames late \(percentiles(level.ownLateness))"
            )
            if let overload = level.overload { lines.append("  past capacity: \(overload)") }
            if !level.isBelievable {
                lines.append(
                    "  NOT TO BE BELIEVED: the generator itself was late (p99 over 2 ms); free a core, or fewer calls")
            }
        }
        if let soak = result.soak, let last = soak.last, soak.count > 2 {
            let middle = soak[soak.count / 2]
            let calls = Double(max(1, last.calls - middle.calls))
            lines.append("")
            lines.append(
                "soak: \(last.calls) calls; from call \(middle.calls) on memory moved by "
                    + "\(decimal(Double(last.residentKB - middle.residentKB) * 1_024 / calls, 0)) bytes a call, descriptors by "
                    + "\(last.descriptors - middle.descriptors), threads by \(last.threads - middle.threads)")
        }
        if let counted = result.allocations {
            lines.append("")
            lines.append(
                "allocations: \(decimal(counted.perFrame, 4)) a frame on the media loops (\(counted.mediaAllocations) of "
                    + "\(counted.mediaBytes) bytes in \(counted.frames) frames of \(counted.calls) calls, "
                    + "\(decimal(counted.seconds, 1)) s), \(counted.otherAllocations) on other threads")
        }
        if let delays = result.hangUpToRecord {
            lines.append("")
            lines.append(
                "hang-up to record    \(percentiles(delays)), \(delays.count) records, \(result.recordsMissing ?? 0) missing"
            )
        }
        for (calls, ratio) in result.cpuOverRelay.sorted(by: { (Int($0.key) ?? 0) < (Int($1.key) ?? 0) }) {
            lines.append("CPU over the C relay's at \(calls) calls: \(decimal(ratio, 2))")
        }
        if let capacity = result.capacityCalls {
            lines.append("capacity: \(capacity) calls with p99 added ≤ 5 ms, no lost frame, no underrun")
        }
        return lines.joined(separator: "\n")
    }

    private static func percentiles(_ delay: DelaySummary) -> String {
        delay.count == 0
            ? "–"
            : "p50 \(decimal(delay.p50, 2))  p90 \(decimal(delay.p90, 2))  p99 \(decimal(delay.p99, 2))  "
                + "p99.9 \(decimal(delay.p999, 2))  max \(decimal(delay.max, 2)) ms"
    }

    package static func decimal(_ value: Double, _ places: Int) -> String {
        String(format: "%.\(places)f", value)
    }
}
