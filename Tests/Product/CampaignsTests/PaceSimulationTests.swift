import Testing

@testable import Campaigns

@Suite struct PaceSimulationTests {
    private static let agents = 10

    private static func run(
        _ pace: CampaignPace, minutes: Int = 90, seed: UInt64 = 1,
        _ change: (inout PaceSimulation.Assumption) -> Void = { _ in }
    ) -> PaceSimulation.Result {
        var assumption = PaceSimulation.Assumption()
        assumption.agents = agents
        change(&assumption)
        var chance = SeededChance(seed)
        return PaceSimulation(pace, assumption).run(minutes: minutes, using: &chance)
    }

    private static let progressive = CampaignPace(mode: .progressive, callsMax: agents)
    private static let predictive = CampaignPace(mode: .predictive, callsMax: agents, abandonMax: 0.03)

    @Test func `with as many calls as agents nobody waits, at the price of agents who wait for an answer`() {
        let result = Self.run(Self.progressive)

        #expect(result.waiting == 0 && result.abandoned == 0)
        // A talk takes 90 s, and an answer costs three calls or so of 12 to 25 s.
        #expect((0.4...0.75).contains(result.usage), "\(result.usage)")
        #expect(abs(Double(result.answered) / Double(result.calls) - 0.3) < 0.05)
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `calls ahead keep agents busier, and the ceiling is kept at every minute`(_ seed: UInt64) {
        let result = Self.run(Self.predictive, minutes: 240, seed: seed) { $0.reachedBefore = 2_000 }
        let other = Self.run(Self.progressive, minutes: 240, seed: seed)

        #expect(result.usage > other.usage + 0.1, "\(result.usage) to \(other.usage)")
        #expect(result.calls > other.calls)
        var (reached, abandoned) = (2_000, 0)
        for minute in result.minutes {
            (reached, abandoned) = (reached + minute.answered, abandoned + minute.abandoned)
            #expect(Double(abandoned) <= 0.03 * Double(reached))
        }
    }

    @Test func `a predictive pace begins as a progressive one, and one without a ceiling stays so`() {
        let (begun, stays) = (Self.run(Self.predictive, minutes: 5), Self.run(Self.progressive, minutes: 5))
        let without = Self.run(CampaignPace(mode: .predictive, callsMax: Self.agents), minutes: 60)

        #expect(begun.calls == stays.calls && begun.abandoned == 0)
        #expect(without == Self.run(Self.progressive, minutes: 60))
    }

    @Test func `a fixed pace places what it says, whoever is there to talk`() {
        let result = Self.run(CampaignPace(mode: .fixed, callsPerSecond: 1, callsMax: 1_000), minutes: 30)

        #expect(abs(result.callsPerSecond - 1) < 0.02, "\(result.callsPerSecond)")
        // Twenty seven agents' worth of talk for ten.
        #expect(result.usage > 0.85 && result.abandonRate > 0.4, "\(result.usage), \(result.abandonRate)")
        #expect(result.waitedMax <= 2.1 && result.waiting > result.abandoned)
    }

    @Test func `the same seed is the same run, and another one another`() {
        #expect(Self.run(Self.predictive, minutes: 20) == Self.run(Self.predictive, minutes: 20))
        #expect(Self.run(Self.predictive, minutes: 20) != Self.run(Self.predictive, minutes: 20, seed: 2))
    }

    @Test func `every call is one thing at a time, and nothing runs for ever`() {
        let result = Self.run(Self.progressive, minutes: 1_000_000) { $0.agents = 1 }

        #expect(result.minutes.count == PaceSimulation.minutesMax)
        #expect(result.minutes.allSatisfy { $0.usage >= 0 && $0.usage <= 1.0001 })
        #expect(result.answered <= result.calls)
    }
}
