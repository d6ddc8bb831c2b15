/// The same calls on gateways with one media thread, with two, and so on, in turns: a machine's mood lasts longer than a turn,
/// and the middle of several turns is nobody's luck.
struct ThreadsPhase {
    static let rounds = 3

    let runners: [(threads: Int, runner: LevelRunner)]
    let calls: Int
    let holdSeconds: Int

    func run() async -> (levels: [LevelResult], result: ThreadsResult) {
        var levels: [LevelResult] = []
        var result = ThreadsResult()
        for round in 0..<Self.rounds {
            // Back and forth, so that none is always the first.
            for (threads, runner) in round % 2 == 0 ? runners : runners.reversed() {
                // Only CPU counts here: a late generator voids delays.
                var level = await runner.measure(await runner.bring(to: calls), holdSeconds: holdSeconds)
                await runner.hangUpAll()
                level.target = "gateway, \(threads) thread\(threads == 1 ? "" : "s")"
                if let cpu = level.cpuMsPerCallSecond { result.cpuMsPerCallSecond[threads, default: []].append(cpu) }
                levels.append(level)
            }
        }
        return (levels, result)
    }
}

/// CPU a call-second by the number of media threads, one figure a round.
package struct ThreadsResult: Codable, Sendable {
    package var cpuMsPerCallSecond: [Int: [Double]] = [:]

    package init() {}

    package func median(_ threads: Int) -> Double? {
        guard let figures = cpuMsPerCallSecond[threads]?.sorted(), !figures.isEmpty else { return nil }
        let middle = figures.count / 2
        return figures.count % 2 == 1 ? figures[middle] : (figures[middle - 1] + figures[middle]) / 2
    }

    /// The median with so many threads over that of the fewest.
    package func ratio(_ threads: Int) -> Double? {
        guard let fewest = cpuMsPerCallSecond.keys.min(), let least = median(fewest), let mine = median(threads),
            least > 0
        else { return nil }
        return mine / least
    }
}
