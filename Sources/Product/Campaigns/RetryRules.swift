package import Compliance
package import Dialing

/// When somebody is called again, by what came of the calls to them: growing gaps, and another part of the day.
package struct RetryRules: Codable, Equatable, Sendable {
    /// What is known when a call is over.
    package struct Ended: Sendable {
        package var outcome: DialOutcome
        /// What a machine made of it that answered; nil where a person did, or nobody.
        package var machine: MachineEnd?
        /// What the talk leaves to do; nil where there was none, or nothing is.
        package var talk: TalkEnd?
        /// The carrier was asked for it: before that it was no call.
        package var wasAsked: Bool
        /// How many calls of this enrolment have ended so, this one included.
        package var times: Int
        /// Those that count, this one included.
        package var attempts: Int
        /// The clock on the called party's wall when it was placed.
        package var local: DialQuestion.LocalTime
        /// Parts of the day in which they were called before.
        package var tried: Set<DayPart>

        package init(
            outcome: DialOutcome, machine: MachineEnd? = nil, talk: TalkEnd? = nil, wasAsked: Bool = true, times: Int,
            attempts: Int, local: DialQuestion.LocalTime,
            tried: Set<DayPart> = []
        ) {
            self.outcome = outcome
            self.machine = machine
            self.talk = talk
            self.wasAsked = wasAsked
            self.times = times
            self.attempts = attempts
            self.local = local
            self.tried = tried
        }

        var reason: String { talk?.rawValue ?? machine?.rawValue ?? outcome.rawValue }

        /// All that it can be.
        package static let reasons =
            DialOutcome.allCases.map(\.rawValue) + MachineEnd.allCases.map(\.rawValue)
            + TalkEnd.allCases.map(\.rawValue)
    }

    /// A talk that is not over though the call is.
    package enum TalkEnd: String, CaseIterable, Sendable {
        /// They have named a time.
        case callback
        /// The line was lost after somebody had spoken.
        case incomplete = "talked_incomplete"
        /// Ours was: there was no agent any more.
        case agentFault = "agent_fault"
    }

    /// How a call ended that a machine answered, where the agent was not to talk to it.
    package enum MachineEnd: String, CaseIterable, Sendable {
        case voicemailLeft = "voicemail_left"
        case hangup = "machine_hangup"
        /// A fax, or the network that says why there is no call.
        case network
    }

    package enum Step: Equatable, Sendable {
        case over(EnrolmentStatus, reason: String)
        /// As if it had never been tried.
        case back
        case after(Duration)
        case at(DialQuestion.LocalTime)
        /// When they have asked for it.
        case callBack
    }

    package static let attemptsMaxRange = 1...20
    private static let attemptsMaxStandard = 6
    private static let congestionPauseMax = Duration.seconds(900)

    /// Calls to one contact that count as such.
    package var attemptsMax: Int?

    package init(attemptsMax: Int? = nil) { self.attemptsMax = attemptsMax }

    enum CodingKeys: String, CodingKey {
        case attemptsMax = "attempts_max"
    }

    /// Whether a call counts as one: a carrier without room has called nobody.
    package static func counts(_ outcome: DialOutcome, wasAsked: Bool) -> Bool {
        wasAsked && outcome != .carrierCongestion
    }

    package func step(after call: Ended, using generator: inout some RandomNumberGenerator) -> Step {
        let reason = call.reason
        switch call.outcome {
        case .completed where call.machine == .network: return .over(.exhausted, reason: reason)
        case .completed where call.machine == .hangup: break
        case .completed where call.talk != nil && call.machine == nil: break
        case .completed: return .over(.completed, reason: reason)
        case .optedOut: return .over(.optedOut, reason: "left_alone")
        case .invalidNumber, .blockedAnalytics: return .over(.exhausted, reason: reason)
        case .carrierCongestion:
            let pause = min(Duration.seconds(30) * (1 << min(max(call.times, 1) - 1, 10)), Self.congestionPauseMax)
            return .after(pause * Double.random(in: 0.8...1, using: &generator))
        case .cancelled where !call.wasAsked: return .back
        default: break
        }
        if call.attempts >= attemptsMax ?? Self.attemptsMaxStandard {
            return .over(call.talk == nil ? .exhausted : .completed, reason: "attempts_max")
        }
        if call.talk == .callback { return .callBack }
        guard let gap = Self.gaps(after: call).dropFirst(max(call.times, 1) - 1).first else {
            return .over(call.talk == nil ? .exhausted : .completed, reason: reason)
        }
        switch gap {
        case .about(let pause): return .after(pause * Double.random(in: 0.8...1.2, using: &generator))
        case .within(let pauses):
            let (least, most) = (pauses.lowerBound / .seconds(1), pauses.upperBound / .seconds(1))
            return .after(.seconds(Double.random(in: least...most, using: &generator)))
        case .atLeast(let pause): return .after(pause * Double.random(in: 1...1.1, using: &generator))
        case .anotherPart(let hours):
            let minute = call.local.minute + hours * 60
            if let part = DayPart(of: minute), part != DayPart(of: call.local.minute) {
                return .after(.seconds(hours * 3_600))
            }
            return Self.tomorrow(call, using: &generator)
        case .nextDay: return Self.tomorrow(call, using: &generator)
        }
    }

    // MARK: The table

    private enum Gap {
        /// A fifth more or less.
        case about(Duration)
        case atLeast(Duration)
        case within(ClosedRange<Duration>)
        /// So many hours later, where that is another part of the day; otherwise on the next one.
        case anotherPart(hours: Int)
        /// In a part of the day that was not tried.
        case nextDay
    }

    /// After the first such end, the second, … None is left: it is over.
    private static func gaps(after call: Ended) -> [Gap] {
        switch call.outcome {
        case .completed where call.machine == .hangup: [.nextDay, .nextDay, .nextDay]
        case .completed where call.talk == .incomplete: [.within(.seconds(300) ... .seconds(900))]
        case .completed where call.talk == .agentFault: [.about(.seconds(1_800))]
        case .busy: [.about(.seconds(900)), .about(.seconds(3_600)), .nextDay]
        case .noAnswer: [.anotherPart(hours: 4), .nextDay, .nextDay, .nextDay]
        case .declined: [.nextDay]
        case .unknown: [.atLeast(.seconds(86_400))]
        case .carrierRefused, .cancelled: [.about(.seconds(3_600))]
        case .completed, .optedOut, .invalidNumber, .blockedAnalytics, .carrierCongestion: []
        }
    }

    /// Parts that were not tried come first, then those after the one of this call.
    private static func tomorrow(_ call: Ended, using generator: inout some RandomNumberGenerator) -> Step {
        let last = DayPart.around(call.local.minute)
        let following = (1...DayPart.allCases.count).map { last.later(by: $0) }
        let tried = call.tried.union([last])
        let part = following.first { !tried.contains($0) } ?? last.later(by: 1)
        let minute = Int.random(in: part.minutes, using: &generator)
        return .at(.init(zone: call.local.zone, day: call.local.day.next ?? call.local.day, minute: minute))
    }
}

/// When somebody is to be found at home differs from when they are to be found at work.
package enum DayPart: Int, CaseIterable, Sendable {
    case morning, midday, evening

    /// Within the hours of most rules.
    var minutes: Range<Int> {
        switch self {
        case .morning: 600..<720
        case .midday: 720..<900
        case .evening: 900..<1_140
        }
    }

    /// Nil outside of them all.
    init?(of minute: Int) {
        guard let part = Self.allCases.first(where: { $0.minutes.contains(minute) }) else { return nil }
        self = part
    }

    /// The nearest, of a minute that is in none.
    package static func around(_ minute: Int) -> DayPart { DayPart(of: minute) ?? (minute < 600 ? .morning : .evening) }

    func later(by parts: Int) -> DayPart { DayPart(rawValue: (rawValue + parts) % Self.allCases.count) ?? .morning }
}
