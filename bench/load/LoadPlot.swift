import Plots

/// Delay percentiles, CPU and memory against calls, as one SVG.
package enum LoadPlot {
    package static func svg(_ result: LoadResult) -> String {
        let targets = result.levels.map(\.target).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        func curves(_ name: String, _ colours: [String], _ value: (LevelResult) -> Double?) -> [Plot.Curve] {
            targets.enumerated().map { number, target in
                Plot.Curve(
                    targets.count > 1 ? "\(name) \(target)" : name, colour: colours[number % colours.count],
                    points: result.levels.filter { $0.target == target }
                        .compactMap { level in value(level).map { (Double(level.callsOpen), $0) } }
                        .sorted { $0.0 < $1.0 })
            }
        }
        let delays =
            curves("in p50", ["#7fb3ff", "#bbb", "#fc8"]) { $0.callerToAgent.p50 }
            + curves("in p99", ["#1f5fbf", "#777", "#c80"]) { $0.callerToAgent.p99 }
            + curves("out p99", ["#bf3f1f", "#444", "#a60"]) { $0.agentToCaller.p99 }
        let title =
            "parley bench, \(result.date), \(result.machine.processor), \(result.machine.cores) cores"
            + (result.isBelievable ? "" : " – generator late: not to be believed")
        return Plot(
            title,
            [
                .init("added delay, ms, against calls", delays),
                .init(
                    "CPU, ms a call-second, against calls",
                    curves("CPU", ["#1f7f3f", "#777", "#c80"]) { $0.cpuMsPerCallSecond }),
                .init(
                    "resident memory, MB, against calls",
                    curves("RSS", ["#7f3f9f", "#777", "#c80"]) { $0.residentKB.map { Double($0) / 1_024 } }),
            ]
        ).svg
    }
}
