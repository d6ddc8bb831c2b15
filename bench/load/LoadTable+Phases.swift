extension LoadTable {
    /// What was measured beside the levels, a block each.
    static func phases(_ result: LoadResult) -> [String] {
        var lines: [String] = []
        if let storm = result.storm { lines += [""] + self.storm(storm) }
        if let consults = result.consults { lines += [""] + self.consults(consults) }
        if let strangers = result.strangers { lines += [""] + self.strangers(strangers) }
        if let overload = result.overload { lines += [""] + self.overload(overload) }
        if let idle = result.idle { lines += [""] + self.idle(idle) }
        if let threads = result.threads { lines += [""] + self.threads(threads) }
        if let soak = result.soak { lines += [""] + self.soak(soak) }
        if let counted = result.allocations {
            lines += [
                "",
                "allocations: \(decimal(counted.perFrame, 4)) a frame on the media loops (\(counted.mediaAllocations) of "
                    + "\(counted.mediaBytes) bytes in \(counted.frames) frames of \(counted.calls) calls, "
                    + "\(decimal(counted.seconds, 1)) s), \(counted.otherAllocations) on other threads",
            ]
        }
        if let delays = result.hangUpToRecord {
            lines += [
                "",
                "hang-up to record    \(percentiles(delays)), \(delays.count) records, \(result.recordsMissing ?? 0) missing",
            ]
        }
        lines += ratios(result.cpuOverRelay).map { "CPU over the C relay's at \($0) calls: \(decimal($1, 2))" }
        let aim = decimal(LoadResult.cpuOverFloorAim, 1)
        lines += ratios(result.cpuOverFloor).map {
            "CPU over the floor at \($0) calls: \(decimal($1, 2)), the aim is \(aim) at most"
        }
        for (target, capacity) in result.capacityCalls.sorted(by: { $0.key < $1.key }) {
            lines.append("capacity, \(target): \(capacity) calls with p99 added ≤ 5 ms, no lost frame, no underrun")
        }
        return lines
    }

    private static func line(_ name: String, _ level: LevelResult) -> String {
        "  \(name) \(level.callsOpen) calls  p99 in \(decimal(level.callerToAgent.p99, 2)) out "
            + "\(decimal(level.agentToCaller.p99, 2)) ms, \(level.counts.callerFramesLost + level.counts.agentFramesLost) "
            + "frames lost, \(level.counts.underruns) underruns, CPU "
            + (level.cpuShare.map { decimal($0 * 100, 0) + " % of a core" } ?? "–")
            + (level.isBelievable ? "" : "  VOID: the generator was late")
    }

    /// A line for each side of each round, and their medians.
    private static func turns(_ turns: Turns, without: String, with: String) -> [String] {
        let width = max(without.count, with.count)
        func named(_ name: String, _ level: LevelResult) -> String {
            line(name + String(repeating: " ", count: width - name.count), level)
        }
        func medians(_ name: String, _ side: (Turns.Round) -> LevelResult) -> String {
            "\(name) p99 in \(decimal(turns.median(side, \.callerToAgent), 2))"
                + " out \(decimal(turns.median(side, \.agentToCaller), 2)) ms"
                + " (\(turns.onTime(side).count) of \(turns.seconds(side).count) s)"
        }
        return turns.rounds.flatMap { [named(without, $0.without), named(with, $0.with)] } + [
            "  medians of seconds with the generator on time: \(medians(without, \.without)), \(medians(with, \.with))"
                + (turns.isBelievable ? "" : "  VOID: too few seconds")
        ]
    }

    private static func storm(_ storm: StormResult) -> [String] {
        [
            "set-up storm: \(decimal(storm.perSecond, 0)) calls set up a second (\(storm.perSecondWanted) wanted), "
                + "\(storm.failed) failed; calls under way beside it, and beside \(storm.standing) calls that stay",
            "  ring to TwiML      \(percentiles(storm.webhook))",
            "  pickup to audio    \(percentiles(storm.pickupToAudio))",
        ] + turns(storm.turns, without: "beside calls", with: "beside storm")
    }

    /// By calls, the fewest first.
    private static func ratios(_ ratios: [String: Double]) -> [(calls: Int, ratio: Double)] {
        ratios.compactMap { calls, ratio in Int(calls).map { (calls: $0, ratio: ratio) } }.sorted {
            $0.calls < $1.calls
        }
    }

    private static func consults(_ consults: ConsultsResult) -> [String] {
        let endings = consults.endings.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        return [
            "consults: \(consults.consulting) calls consult all the time: \(consults.begun) begun, \(consults.over) over"
                + (endings.isEmpty ? "" : "; on record: " + endings.joined(separator: ", "))
        ] + turns(consults.turns, without: "small talk", with: "consults")
    }

    private static func strangers(_ strangers: StrangersResult) -> [String] {
        let seconds = max(0.001, strangers.seconds)
        return [
            "strangers: \(decimal(Double(strangers.connections) / seconds, 0)) connections a second "
                + "(\(strangers.perSecondWanted) wanted), \(decimal(Double(strangers.answers) / seconds, 0)) requests answered a "
                + "second, \(strangers.unanswered) not answered"
        ] + turns(strangers.turns, without: "alone", with: "strangers")
    }

    private static func overload(_ overload: OverloadResult) -> [String] {
        var rows = [
            [
                "offered", "on", "fallback", "503", "no answer", "refused in p50", "p99", "/readyz",
                "under way: in p99",
                "out p99", "lost", "underruns",
            ]
        ]
        for step in overload.steps {
            rows.append([
                "\(step.offered)", "\(step.accepted)", "\(step.refusedWithTwiML)", "\(step.answered503)",
                "\(step.failed)", decimal(step.refusal.p50, 2), decimal(step.refusal.p99, 2),
                "\(step.readyStatus)" + (step.readyHasRetryAfter ? " later" : ""),
                decimal(step.level.callerToAgent.p99, 2), decimal(step.level.agentToCaller.p99, 2),
                "\(step.level.counts.callerFramesLost + step.level.counts.agentFramesLost)",
                "\(step.level.counts.underruns)",
            ])
        }
        return ["refusal curve of a gateway with PARLEY_CALLS_MAX=\(overload.limit) (times in ms):"] + columns(rows)
            + (overload.faults.isEmpty
                ? [
                    overload.steps.allSatisfy(\.level.isBelievable)
                        ? "✓ nobody past the limit, everybody answered, calls under way unharmed"
                        : "✓ nobody past the limit, everybody answered; delays VOID: the generator was late"
                ]
                : overload.faults.map { "✗ \($0)" })
    }

    private static func idle(_ idle: IdleResult) -> [String] {
        func cpu(_ level: LevelResult) -> String {
            (level.cpuShare.map { decimal($0 * 100, 1) } ?? "–") + " % of a core, "
                + (level.cpuMsPerCallSecond.map { decimal($0, 3) } ?? "–") + " ms a call-second"
        }
        var lines = [
            "idle: \(idle.silence.callsOpen) open calls", "  frames of silence, gateway  \(cpu(idle.silence))",
        ]
        if let relay = idle.silenceOnRelay { lines.append("  frames of silence, relay    \(cpu(relay))") }
        lines.append(
            "  nothing at all, gateway     \(decimal(idle.nothingCPUShare * 100, 2)) % of a core over "
                + "\(decimal(idle.nothingSeconds, 0)) s with \(idle.callsOpen) calls open, \(idle.fillerFrames) frames of filler "
                + "silence sent to their agents")
        return lines
    }

    private static func threads(_ threads: ThreadsResult) -> [String] {
        let rows = threads.cpuMsPerCallSecond.keys.sorted().map { count in
            [
                "\(count)",
                threads.cpuMsPerCallSecond[count, default: []].map { decimal($0, 2) }.joined(separator: " "),
                threads.median(count).map { decimal($0, 2) } ?? "–", threads.ratio(count).map { decimal($0, 2) } ?? "–",
            ]
        }
        return ["CPU by media threads (ms a call-second; 1.8 times the calls with two is a ratio of 1.11):"]
            + columns([["threads", "each round", "median", "ratio"]] + rows)
    }

    private static func soak(_ samples: [LoadResult.SoakSample]) -> [String] {
        guard let last = samples.last, let slopes = SoakSlopes(samples) else { return ["soak: too short for a slope"] }
        return [
            "soak: \(last.calls) calls; slopes over the second half:",
            "  memory       \(decimal(slopes.bytesPerCall, 0)) bytes a call, at most \(decimal(SoakSlopes.bytesPerCallMax, 0))",
            "  descriptors  \(decimal(slopes.descriptorsPerThousand, 2)) a thousand calls, at most "
                + decimal(SoakSlopes.descriptorsPerThousandMax, 1),
            "  threads      \(decimal(slopes.threadsPerThousand, 2)) a thousand calls, at most "
                + decimal(SoakSlopes.threadsPerThousandMax, 1),
            slopes.isFlat ? "✓ flat" : "✗ NOT flat",
        ]
    }

    /// Rows with every column as wide as its widest entry, to the right.
    static func columns(_ rows: [[String]]) -> [String] {
        guard let first = rows.first else { return [] }
        let widths = first.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).map { String(repeating: " ", count: $1 - $0.count) + $0 }.joined(separator: "  ")
        }
    }
}
