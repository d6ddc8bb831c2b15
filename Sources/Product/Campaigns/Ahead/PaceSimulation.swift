import Foundation

/// Calls at a pace on a clock of its own: how it would go before anybody is called. Who dials is ``CampaignPace``, as in a campaign.
package struct PaceSimulation: Sendable {
    /// What is assumed of those who are called.
    package struct Assumption: Sendable {
        /// Of all calls, those that somebody answers.
        package var answerRate = 0.3
        /// On the mean, until they do; from half of it to half as much again.
        package var ringSeconds = 12.0
        /// So long it rings where nobody does.
        package var unansweredSeconds = 25.0
        /// On the mean; exponential.
        package var talkSeconds = 90.0
        /// Who can talk at once.
        package var agents = 10
        /// People reached in the 30 days before, none of whom was let down.
        package var reachedBefore = 0

        package init() {}
    }

    package struct Minute: Equatable, Sendable {
        package var calls = 0
        package var answered = 0
        package var abandoned = 0
        /// Seconds that those who answered waited, all together.
        package var waited = 0.0
        /// Of all agents' time, the share in which they talked.
        package var usage = 0.0
    }

    package struct Result: Equatable, Sendable {
        package var minutes: [Minute] = []
        /// Of those who answered, how many did not hear an agent at once.
        package var waiting = 0
        package var waitedMax = 0.0
        package var calls: Int { minutes.reduce(0) { $0 + $1.calls } }
        package var answered: Int { minutes.reduce(0) { $0 + $1.answered } }
        package var abandoned: Int { minutes.reduce(0) { $0 + $1.abandoned } }
        package var waited: Double { minutes.reduce(0) { $0 + $1.waited } }
        package var usage: Double { minutes.reduce(0) { $0 + $1.usage } / Double(max(minutes.count, 1)) }
        package var callsPerSecond: Double { Double(calls) / Double(max(minutes.count, 1) * 60) }
        package var abandonRate: Double { answered > 0 ? Double(abandoned) / Double(answered) : 0 }
    }

    package static let minutesMax = 24 * 60

    private let pace: CampaignPace
    private let assumption: Assumption

    package init(_ pace: CampaignPace, _ assumption: Assumption) {
        self.pace = pace
        self.assumption = assumption
    }

    package func run(minutes: Int, using generator: inout some RandomNumberGenerator) -> Result {
        var run = PaceRun(pace, assumption)
        for _ in 0..<min(max(minutes, 0), Self.minutesMax) { run.minute(using: &generator) }
        return run.result
    }
}

/// One run, as far as it has come.
struct PaceRun {
    private enum State {
        /// Until then, and whether somebody answers.
        case ringing(until: Double, isAnswered: Bool)
        case waiting(since: Double)
        case talking(until: Double)
        case over

        var isOver: Bool { if case .over = self { true } else { false } }
    }

    private struct Call {
        var state: State
        var ringSeconds: Double
        /// Nil where nobody answered.
        var talkSeconds: Double?
    }

    /// Finer than a dialer looks.
    private static let tick = 0.1
    /// Who hears nobody for longer is let down.
    private static let patience = 2.0
    /// How often a dialer looks that nobody wakes.
    private static let poll = 1.0

    private let pace: CampaignPace
    private let assumption: PaceSimulation.Assumption
    private(set) var result = PaceSimulation.Result()
    private var now = 0.0
    private var calls: [Call] = []
    private var talking = 0
    /// As the campaign's row has it.
    private var nextDial = 0.0
    private var nextLook = 0.0
    private var past = PaceMeasure()
    private var latest: [Call] = []

    init(_ pace: CampaignPace, _ assumption: PaceSimulation.Assumption) {
        self.pace = pace
        self.assumption = assumption
        past.reached = assumption.reachedBefore
    }

    mutating func minute(using generator: inout some RandomNumberGenerator) {
        result.minutes.append(PaceSimulation.Minute())
        let (first, ticks) = (now, Int(60 / Self.tick))
        for number in 1...ticks {
            now = first + Double(number) * Self.tick
            let before = calls.count
            moveOn()
            answer(using: &generator)
            calls.removeAll(where: \.state.isOver)
            // The end of a call wakes the dialer.
            if calls.count < before { nextLook = now }
            dial(using: &generator)
            let share = Double(talking) / Double(max(assumption.agents, 1) * ticks)
            add { $0.usage += share }
        }
        latest.removeFirst(max(latest.count - PaceMeasure.callsMax, 0))
    }

    private mutating func add(_ change: (inout PaceSimulation.Minute) -> Void) {
        change(&result.minutes[result.minutes.count - 1])
    }

    // MARK: Calls

    private mutating func moveOn() {
        for index in calls.indices {
            switch calls[index].state {
            case .ringing(let until, let isAnswered) where until <= now:
                guard isAnswered else {
                    end(index)
                    continue
                }
                add { $0.answered += 1 }
                past.reached += 1
                calls[index].state = .waiting(since: now)
            case .talking(let until) where until <= now:
                talking -= 1
                end(index)
            default: break
            }
        }
    }

    private mutating func answer(using generator: inout some RandomNumberGenerator) {
        for index in calls.indices {
            guard case .waiting(let since) = calls[index].state else { continue }
            let waited = now - since
            let isAnswered = talking < assumption.agents
            guard isAnswered || waited >= Self.patience else { continue }
            if waited > 0 { result.waiting += 1 }
            result.waitedMax = max(result.waitedMax, waited)
            add { $0.waited += waited }
            guard isAnswered else {
                past.abandoned += 1
                add { $0.abandoned += 1 }
                calls[index].talkSeconds = waited
                end(index)
                continue
            }
            talking += 1
            // Exponential: how long a talk has lasted says nothing about how long it goes on.
            let seconds =
                -assumption.talkSeconds * log(Double.random(in: Double.leastNonzeroMagnitude...1, using: &generator))
            calls[index].talkSeconds = seconds
            calls[index].state = .talking(until: now + seconds)
        }
    }

    private mutating func end(_ index: Int) {
        latest.append(calls[index])
        calls[index].state = .over
    }

    // MARK: Dialling

    private mutating func dial(using generator: inout some RandomNumberGenerator) {
        guard now >= nextLook || pace.mode == .fixed else { return }
        nextLook = now + Self.poll
        let places = pace.ahead?.underWayMax(talking: talking, after: measure) ?? pace.places
        let due = pace.due(late: now - nextDial, free: places - calls.count)
        nextDial += pace.advance(late: now - nextDial, dialled: due)
        // Where it took as many as it may at once, it goes on at once.
        if due == CampaignPace.claimMax { nextLook = now }
        add { $0.calls += due }
        for _ in 0..<due {
            let isAnswered = Double.random(in: 0..<1, using: &generator) < assumption.answerRate
            let seconds =
                isAnswered
                ? assumption.ringSeconds * Double.random(in: 0.5...1.5, using: &generator)
                : assumption.unansweredSeconds
            calls.append(
                Call(
                    state: .ringing(until: now + seconds, isAnswered: isAnswered), ringSeconds: seconds,
                    talkSeconds: nil))
        }
    }

    private var measure: PaceMeasure {
        var measure = past
        let answered = latest.filter { $0.talkSeconds != nil }
        measure.calls = latest.count
        measure.answered = answered.count
        guard !answered.isEmpty else { return measure }
        measure.ringSeconds = answered.reduce(0) { $0 + $1.ringSeconds } / Double(answered.count)
        measure.talkSeconds = answered.reduce(0) { $0 + ($1.talkSeconds ?? 0) } / Double(answered.count)
        return measure
    }
}
