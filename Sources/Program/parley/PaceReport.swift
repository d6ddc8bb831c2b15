import Campaigns
import Foundation
import Plots

/// `parley campaign simulate`: the three paces side by side, before anybody is called.
struct PaceReport {
    static let options = [
        Option("--agents", "N", "simulate: who can talk at once; default 10"),
        Option("--answer-rate", "SHARE", "simulate: of all calls, those that are answered; default 0.3"),
        Option("--ring", "SECONDS", "simulate: until somebody answers, on the mean; default 12"),
        Option("--talk", "SECONDS", "simulate: on the mean; default 90"),
        Option("--hours", "N", "simulate: default 2, at most 24"),
        Option("--calls-per-second", "N", "simulate: of the fixed pace; default: what keeps all agents talking"),
        Option("--abandon-max", "SHARE", "simulate: of the predictive pace; default and at most 0.03"),
        Option("--reached", "N", "simulate: people reached in the 30 days before, none let down; default 0"),
        Option("--seed", "N", "simulate: another one is another run; default 1"),
        Option("--plot", "FILE", "simulate, forecast: as an SVG"),
    ]

    private let assumption: PaceSimulation.Assumption
    private let minutes: Int
    private let paces: [CampaignPace]
    private let seed: UInt64
    private let plot: String?

    init(_ arguments: Arguments) throws {
        func number<T: LosslessStringConvertible & Comparable>(_ name: String, _ range: ClosedRange<T>) throws -> T? {
            guard let text = arguments.text(name) else { return nil }
            guard let value = T(text), range.contains(value) else {
                throw Arguments.Mistake(text: "\(name) is a number from \(range.lowerBound) to \(range.upperBound)")
            }
            return value
        }
        var assumption = PaceSimulation.Assumption()
        assumption.agents = try number("--agents", CampaignPace.callsMaxRange) ?? assumption.agents
        assumption.answerRate = try number("--answer-rate", 0.001...1) ?? assumption.answerRate
        assumption.ringSeconds = try number("--ring", 1...60) ?? assumption.ringSeconds
        assumption.talkSeconds = try number("--talk", 1...3_600) ?? assumption.talkSeconds
        assumption.reachedBefore = try number("--reached", 0...10_000_000) ?? assumption.reachedBefore
        self.assumption = assumption
        let callsMax = try number("--calls-max", CampaignPace.callsMaxRange) ?? assumption.agents
        let busy = Double(assumption.agents) / (assumption.answerRate * assumption.talkSeconds)
        let (low, high) = (CampaignPace.callsPerSecondRange.lowerBound, CampaignPace.callsPerSecondRange.upperBound)
        let perSecond = try number("--calls-per-second", CampaignPace.callsPerSecondRange) ?? min(max(busy, low), high)
        let ceiling = try number("--abandon-max", CallsAhead.abandonMaxRange) ?? CallsAhead.abandonMaxRange.upperBound
        minutes = try number("--hours", 1...(PaceSimulation.minutesMax / 60)).map { $0 * 60 } ?? 120
        seed = try number("--seed", 0...UInt64.max) ?? 1
        plot = arguments.text("--plot")
        paces = [
            // As many lines as its pace needs: it minds no agent.
            CampaignPace(
                mode: .fixed, callsPerSecond: perSecond,
                callsMax: arguments.has("--calls-max") ? callsMax : CampaignPace.callsMaxRange.upperBound),
            CampaignPace(mode: .progressive, callsMax: callsMax),
            CampaignPace(mode: .predictive, callsMax: callsMax, abandonMax: ceiling),
        ]
    }

    func write() throws -> ExitCode {
        let results = paces.map { pace in
            var generator = SeededChance(seed)
            return (
                name: pace.mode?.rawValue ?? "",
                result: PaceSimulation(pace, assumption).run(minutes: minutes, using: &generator)
            )
        }
        print(
            "\(assumption.agents) agents, \(percent(assumption.answerRate)) answer after "
                + "\(Plot.decimal(assumption.ringSeconds, places: 0)) s and talk for "
                + "\(Plot.decimal(assumption.talkSeconds, places: 0)) s; \(minutes / 60) hours")
        print(
            row("pace", ["calls", "a second", "answered", "waiting", "longest s", "abandoned", "share", "agents busy"]))
        for (name, result) in results {
            print(
                row(
                    name,
                    [
                        "\(result.calls)", Plot.decimal(result.callsPerSecond, places: 2), "\(result.answered)",
                        "\(result.waiting)", Plot.decimal(result.waitedMax, places: 1), "\(result.abandoned)",
                        percent(result.abandonRate), percent(result.usage),
                    ]))
        }
        if let plot {
            try Data(Self.plot(results).svg.utf8).write(to: URL(filePath: plot))
            print("plot: \(plot)")
        }
        return .done
    }

    private func row(_ name: String, _ cells: [String]) -> String {
        name.padding(toLength: 12, withPad: " ", startingAt: 0)
            + cells.map { String(repeating: " ", count: max(12 - $0.count, 1)) + $0 }.joined()
    }

    private func percent(_ share: Double) -> String { Plot.decimal(share * 100, places: 1) + " %" }

    /// Over minutes.
    private static func plot(_ results: [(name: String, result: PaceSimulation.Result)]) -> Plot {
        func panel(_ title: String, _ value: (PaceSimulation.Result, Int) -> Double) -> Plot.Panel {
            Plot.Panel(
                title + " over minutes",
                results.map { name, result in
                    .init(name, points: result.minutes.indices.map { (Double($0 + 1), value(result, $0)) })
                })
        }
        return Plot(
            "parley campaign simulate",
            [
                panel("calls a second") { Double($0.minutes[$1].calls) / 60 },
                panel("seconds that people waited, a minute") { $0.minutes[$1].waited },
                panel("abandoned so far, % of those answered") { result, minute in
                    let past = result.minutes[...minute]
                    let answered = past.reduce(0) { $0 + $1.answered }
                    return Double(past.reduce(0) { $0 + $1.abandoned }) / Double(max(answered, 1)) * 100
                },
                panel("agents that talk, %") { $0.minutes[$1].usage * 100 },
            ])
    }
}
