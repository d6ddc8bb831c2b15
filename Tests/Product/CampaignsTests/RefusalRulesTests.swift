import Foundation
import Testing

@testable import Campaigns
@testable import Compliance

@Suite struct RefusalRulesTests {
    private static let now = Date(timeIntervalSince1970: 1_796_144_400)

    private func step(_ refusals: (DialVerdict.Code, DialVerdict.Again)...) -> RefusalRules.Step {
        RefusalRules.step(
            after: DialVerdict(
                sets: ["us"], applied: [],
                refusals: refusals.map { .init(rule: "r", version: "1", code: $0.0, detail: "", again: $0.1) }),
            at: Self.now)
    }

    @Test func `outside of hours it is waited for the opening, in each zone`() throws {
        let day = try #require(CalendarDay("2026-12-01"))
        let eastern = DialQuestion.LocalTime(zone: "America/New_York", day: day, minute: 600)
        let pacific = DialQuestion.LocalTime(zone: "America/Los_Angeles", day: day, minute: 600)

        let step = step((.outsideHours, .local(eastern)), (.holiday, .local(pacific)))

        #expect(step == .wait(reason: "outside_hours", [.local(eastern), .local(pacific)]))
    }

    @Test func `what no time will change is for good, whatever else holds`() {
        let later = DialVerdict.Again.at(Self.now.addingTimeInterval(60))
        #expect(step((.outsideHours, later), (.consentMissing, .never)) == .over(.refused, reason: "consent_missing"))
        #expect(step((.callerIDWornOut, later), (.leftAlone, .never)) == .over(.optedOut, reason: "left_alone"))
        #expect(step((.consentMissing, .never), (.leftAlone, .never)) == .over(.optedOut, reason: "left_alone"))
        #expect(step((.placeUnknown, .never)) == .over(.refused, reason: "place_unknown"))
        #expect(step((.outsideHours, .never)) == .over(.refused, reason: "outside_hours"))
        #expect(step((.tooManyAttempts, .never)) == .over(.exhausted, reason: "too_many_attempts"))
        #expect(step((.tooManyAttempts, later)) == .wait(reason: "too_many_attempts", [later]))
    }

    @Test func `what lies with us holds up the campaign and nobody in it`() {
        let soon = DialVerdict.Again.at(Self.now.addingTimeInterval(42))
        let tomorrow = DialVerdict.Again.at(Self.now.addingTimeInterval(86_400))
        #expect(step((.callerIDWornOut, soon)) == .campaignWaits(reason: "caller_id_worn_out", seconds: 42))
        #expect(step((.budgetSpent, .never)) == .campaignWaits(reason: "budget_spent", seconds: 900))
        #expect(step((.callsOfDayPlaced, soon)) == .campaignWaits(reason: "calls_of_day_placed", seconds: 42))
        #expect(step((.callerIDWornOut, tomorrow)) == .campaignWaits(reason: "caller_id_worn_out", seconds: 900))
        #expect(step((.callerIDUnusable, .never)) == .campaignWaits(reason: "caller_id_unusable", seconds: 900))
        #expect(step((.tenantStopped, .never)) == .campaignWaits(reason: "tenant_stopped", seconds: 900))
        // Who may not be called now anyway does not wait in front of who may.
        #expect(step((.callerIDWornOut, soon), (.outsideHours, tomorrow)) == .wait(reason: "outside_hours", [tomorrow]))
    }
}
