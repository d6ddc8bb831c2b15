import CallModel
import Compliance
import Dialing
import TestSupport
import Testing

@testable import Campaigns

@Suite struct RetryRulesTests {
    private static func minute(_ clock: String) -> Int {
        let parts = clock.split(separator: ":").compactMap { Int($0) }
        return parts[0] * 60 + parts[1]
    }

    private func step(
        after outcome: DialOutcome, machine: RetryRules.MachineEnd? = nil, times: Int = 1, attempts: Int = 1,
        at clock: String = "10:30",
        tried: Set<DayPart> = [], wasAsked: Bool = true, seed: UInt64 = 1, rules: RetryRules = RetryRules()
    ) throws -> RetryRules.Step {
        var generator = SeededGenerator(seed: seed)
        let day = try #require(CalendarDay("2026-12-31"))
        return rules.step(
            after: .init(
                outcome: outcome, machine: machine, wasAsked: wasAsked, times: times, attempts: attempts,
                local: .init(zone: "America/Chicago", day: day, minute: Self.minute(clock)), tried: tried),
            using: &generator)
    }

    private func seconds(_ step: RetryRules.Step) throws -> Double {
        guard case .after(let pause) = step else { throw Unexpected(step: step) }
        return pause / .seconds(1)
    }

    private func local(_ step: RetryRules.Step) throws -> DialQuestion.LocalTime {
        guard case .at(let local) = step else { throw Unexpected(step: step) }
        return local
    }

    private struct Unexpected: Error { var step: RetryRules.Step }

    @Test(arguments: [UInt64](1...20))
    func `a machine is tried on three more days in other parts of them; a message and a fax are the end`(
        _ seed: UInt64
    ) throws {
        for times in 1...3 {
            let next = try local(
                step(after: .completed, machine: .hangup, times: times, attempts: times, at: "11:00", seed: seed))
            #expect(next.day.description == "2027-01-01" && next.minute >= 720)
        }
        let last = try step(after: .completed, machine: .hangup, times: 4, attempts: 4, seed: seed)
        #expect(last == .over(.exhausted, reason: "machine_hangup"))
        #expect(
            try step(after: .completed, machine: .voicemailLeft, seed: seed)
                == .over(.completed, reason: "voicemail_left"))
        #expect(try step(after: .completed, machine: .network, seed: seed) == .over(.exhausted, reason: "network"))
    }

    @Test(arguments: [UInt64](1...50))
    func `a busy line is tried in a quarter of an hour, in an hour, on the next day, and then no more`(
        _ seed: UInt64
    ) throws {
        #expect((720.0...1_080).contains(try seconds(step(after: .busy, seed: seed))))
        #expect((2_880.0...4_320).contains(try seconds(step(after: .busy, times: 2, attempts: 2, seed: seed))))
        let third = try local(step(after: .busy, times: 3, attempts: 3, seed: seed))
        #expect(third.day.description == "2027-01-01" && third.zone == "America/Chicago")
        #expect(try step(after: .busy, times: 4, attempts: 4, seed: seed) == .over(.exhausted, reason: "busy"))
    }

    @Test(arguments: [UInt64](1...50))
    func `who does not answer is called at another time of the day, and each day at another`(_ seed: UInt64) throws {
        // From the morning to the evening is four hours.
        #expect(try seconds(step(after: .noAnswer, at: "11:30", seed: seed)) == 14_400)
        // From the evening there are none left of that day.
        let morning = try local(step(after: .noAnswer, at: "16:00", seed: seed))
        #expect(morning.day.description == "2027-01-01" && (600..<720).contains(morning.minute))
        let midday = try local(
            step(after: .noAnswer, times: 2, attempts: 2, at: "16:00", tried: [.morning], seed: seed))
        #expect((720..<900).contains(midday.minute))
        let again = try local(
            step(
                after: .noAnswer, times: 4, attempts: 4, at: "12:00", tried: [.morning, .midday, .evening], seed: seed))
        #expect((900..<1_140).contains(again.minute))
        #expect(
            try step(after: .noAnswer, times: 5, attempts: 5, seed: seed) == .over(.exhausted, reason: "no_answer"))
    }

    @Test func `a call at night is followed by one at day`() throws {
        for clock in ["00:00", "08:59", "19:00", "23:59"] {
            let next = try local(step(after: .declined, at: clock))
            #expect((600..<1_140).contains(next.minute), "\(clock)")
        }
    }

    @Test(arguments: [UInt64](1...20))
    func `a carrier without room is waited for, longer each time, and never counts`(_ seed: UInt64) throws {
        let pauses = try (1...9).map {
            try seconds(step(after: .carrierCongestion, times: $0, attempts: 99, wasAsked: false, seed: seed))
        }

        for (index, pause) in pauses.enumerated() {
            let longest = min(30 * Double(1 << index), 900)
            #expect((longest * 0.8...longest).contains(pause), "\(index)")
        }
        #expect(!RetryRules.counts(.carrierCongestion, wasAsked: true))
        #expect(!RetryRules.counts(.cancelled, wasAsked: false))
        #expect(RetryRules.counts(.busy, wasAsked: true))
    }

    @Test func `what is over is over, and a call that never was leaves nothing`() throws {
        #expect(try step(after: .completed) == .over(.completed, reason: "completed"))
        #expect(try step(after: .optedOut) == .over(.optedOut, reason: "left_alone"))
        #expect(try step(after: .invalidNumber) == .over(.exhausted, reason: "invalid_number"))
        #expect(try step(after: .blockedAnalytics) == .over(.exhausted, reason: "blocked_analytics"))
        #expect(try step(after: .cancelled, attempts: 0, wasAsked: false) == .back)
        #expect(try step(after: .declined, times: 2, attempts: 2) == .over(.exhausted, reason: "declined"))
        #expect(try step(after: .unknown, times: 2, attempts: 2) == .over(.exhausted, reason: "unknown"))
        #expect(try seconds(step(after: .unknown)) >= 86_400)
    }

    @Test func `a campaign has so many calls for one contact and no more`() throws {
        let two = RetryRules(attemptsMax: 2)

        #expect(try step(after: .busy, attempts: 2, rules: two) == .over(.exhausted, reason: "attempts_max"))
        #expect(try step(after: .busy, attempts: 6) == .over(.exhausted, reason: "attempts_max"))
        _ = try seconds(step(after: .busy, attempts: 1, rules: two))
    }
}
