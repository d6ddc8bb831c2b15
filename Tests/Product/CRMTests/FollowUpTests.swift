import CRM
import CallModel
import CallReading
import Foundation
import TestSupport
import Testing

@Suite struct FollowUpTests {
    /// The call is on Friday, 20 November 2026 at 10:00.
    private let record = Conversation.record("A: Hello\nC: hello")
    private let calendar = TenantCalendar(timeZone: Conversation.zone, holidays: ["2026-11-27"])

    private func plan(_ change: (inout CallInsight) -> Void) -> FollowUpPlan? {
        var insight = CallInsight(extractor: "", summary: "", outcome: .nurture)
        change(&insight)
        return FollowUpPlanner.plan(insight: insight, record: record, calendar: calendar)
    }

    private func day(_ level: TimelineLevel) -> String {
        String(Conversation.moment(plan { $0.bant.timeline = Finding(level) }?.dueAt).prefix(16))
    }

    @Test func `the timeline decides the day`() {
        // One day after a Friday is a Saturday: Monday. Seven days later is a holiday and a Friday: Monday.
        #expect(day(.immediate) == "2026-11-23 10:00")
        #expect(day(.thisMonth) == "2026-11-23 10:00")
        #expect(day(.thisQuarter) == "2026-11-30 10:00")
        #expect(day(.thisYear) == "2026-12-21 10:00")
        #expect(day(.unknown) == "2026-12-04 10:00")
    }

    @Test func `a time the caller named wins, on a weekend too if the caller said so`() throws {
        let saturday = try #require(Conversation.zone.date("2026-11-28 11:00"))
        let evidence = Evidence(
            turnNumber: 2, speaker: .caller, words: "saturday at eleven", startedMs: 0, endedMs: 1)

        let plan = plan {
            $0.followUpNamedAt = Finding(saturday, confidence: 0.9, evidence: [evidence])
            $0.bant.timeline = Finding(.immediate)
        }

        #expect(plan?.dueAt == saturday)
        #expect(plan?.reason == "The caller named this time.")
    }

    @Test func `a span that ends on a weekend is moved to a workday`() throws {
        let saturday = try #require(Conversation.zone.date("2026-12-05 09:00"))
        let evidence = Evidence(turnNumber: 2, speaker: .caller, words: "in two weeks", startedMs: 0, endedMs: 1)

        let plan = plan { $0.followUpNamedAt = Finding(saturday, confidence: 0.9, evidence: [evidence]) }

        #expect(Conversation.moment(plan?.dueAt) == "2026-12-07 09:00")
    }

    @Test func `a named time that has passed is no plan`() {
        let plan = plan {
            $0.followUpNamedAt = Finding(record.opening.rangAt.addingTimeInterval(-3_600), confidence: 0.9)
        }

        #expect(Conversation.moment(plan?.dueAt) == "2026-12-04 10:00")
    }

    @Test func `nobody is called who asked not to be, or who was the wrong person`() {
        #expect(plan { $0.doNotContact = Finding("stop calling me", confidence: 0.95) } == nil)
        #expect(plan { $0.intent = Finding(.wrongNumber, confidence: 0.9) } == nil)
    }

    @Test func `a hot lead is offered a demo`() {
        let insight = CallInsight(extractor: "", summary: "", outcome: .nurture)

        let hot = FollowUpPlanner.plan(insight: insight, record: record, calendar: calendar, score: 80)
        let warm = FollowUpPlanner.plan(insight: insight, record: record, calendar: calendar, score: 79)

        #expect(hot?.recommendation.contains("demo") == true)
        #expect(warm?.recommendation.contains("demo") == false)
    }

    @Test func `a tenant's holidays come from its settings`() {
        let read = TenantCalendar(timeZone: .gmt, settingsJSON: #"{"holidays":["2026-12-25"],"other":1}"#)

        #expect(read.holidays == ["2026-12-25"])
        #expect(TenantCalendar(timeZone: .gmt, settingsJSON: "nonsense").holidays.isEmpty)
    }

    @Test func `a time said in the call becomes the plan`() {
        let record = Conversation.record(
            "A: Should I call you back?\nC: yes call me tuesday at three\nA: I will call you on Tuesday at three.")
        let insight = RuleExtractor().insight(for: record, context: ExtractionContext(record: record))

        let plan = FollowUpPlanner.plan(insight: insight, record: record, calendar: calendar)

        #expect(insight.outcome == .followUpAgreed)
        #expect(Conversation.moment(plan?.dueAt) == "2026-11-24 15:00")
    }
}

extension TimeZone {
    fileprivate func date(_ text: String) -> Date? {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = self
        format.dateFormat = "yyyy-MM-dd HH:mm"
        return format.date(from: text)
    }
}
