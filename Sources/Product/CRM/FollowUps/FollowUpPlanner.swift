package import CallModel
package import CallReading
package import Foundation
import SpokenLanguage

/// On which days a tenant works, and in which zone.
package struct TenantCalendar: Equatable, Sendable {
    package var timeZone: TimeZone
    /// `2026-12-25`, in ``timeZone``.
    package var holidays: Set<String>
    /// 1 is Sunday, 7 Saturday.
    package var weekend: Set<Int>

    package init(timeZone: TimeZone, holidays: Set<String> = [], weekend: Set<Int> = [1, 7]) {
        self.timeZone = timeZone
        self.holidays = holidays
        self.weekend = weekend
    }

    /// - Parameter settingsJSON: `tenants.settings`; `holidays` is a list of `yyyy-MM-dd`; the rest is skipped.
    package init(timeZone: TimeZone, settingsJSON: String) {
        struct Settings: Decodable { var holidays: [String]? }
        let settings = try? JSONDecoder().decode(Settings.self, from: Data(settingsJSON.utf8.prefix(65_536)))
        self.init(timeZone: timeZone, holidays: Set((settings?.holidays ?? []).prefix(1_000)))
    }

    var gregorian: Calendar {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = timeZone
        return calendar
    }

    package func isWorkday(_ date: Date) -> Bool {
        let parts = gregorian.dateComponents([.year, .month, .day, .weekday], from: date)
        guard let year = parts.year, let month = parts.month, let day = parts.day, let weekday = parts.weekday else {
            return true
        }
        func padded(_ number: Int, _ width: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        return !weekend.contains(weekday)
            && !holidays.contains("\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))")
    }

    /// The same time of day on the first workday from `date` on; looks 60 days ahead at most.
    package func workday(from date: Date) -> Date {
        let calendar = gregorian
        for ahead in 0..<60 {
            guard let day = calendar.date(byAdding: .day, value: ahead, to: date) else { return date }
            if isWorkday(day) { return day }
        }
        return date
    }
}

/// Decides when a lead is contacted next: a time the caller named, or the days that the timeline asks for.
package enum FollowUpPlanner {
    /// Nil after an opt-out and after a wrong number.
    ///
    /// - Parameter score: the combined score; from 80 a demo is suggested. Judged from the call alone when nil.
    package static func plan(
        insight: CallInsight, record: CallRecord, calendar: TenantCalendar, score: Int? = nil,
        criteria: ScoringCriteria = .standard
    ) -> FollowUpPlan? {
        let combined = score ?? LeadAssessor.assess(insight: insight, record: record, criteria: criteria).combined
        return plan(
            insight: insight, endedAt: record.endedAt, calendar: calendar, score: combined, criteria: criteria)
    }

    /// The same of a call that is on record.
    package static func plan(
        insight: CallInsight, endedAt: Date, calendar: TenantCalendar, score: Int, criteria: ScoringCriteria
    ) -> FollowUpPlan? {
        guard insight.doNotContact == nil, insight.outcome != .doNotCall, insight.intent.value != .wrongNumber else {
            return nil
        }
        let advice = recommendation(insight, isHot: score >= criteria.hotFrom)
        if let named = insight.followUpNamedAt, named.value > endedAt {
            let isExact = named.evidence.isEmpty || named.evidence.contains { namesDay($0.words) }
            let dueAt = isExact ? named.value : calendar.workday(from: named.value)
            return FollowUpPlan(
                dueAt: dueAt, reason: "The caller named this time.", recommendation: advice, isAsked: true)
        }
        let (days, reason) = wait(insight.bant.timeline.value)
        let gregorian = calendar.gregorian
        let later = gregorian.date(byAdding: .day, value: days, to: endedAt) ?? endedAt
        let due = calendar.workday(from: withinHours(later, gregorian))
        return FollowUpPlan(dueAt: due, reason: reason, recommendation: advice)
    }

    private static func wait(_ timeline: TimelineLevel) -> (days: Int, reason: String) {
        switch timeline {
        case .immediate: (1, "The lead wants to start at once: one day after the call.")
        case .thisMonth: (3, "The lead wants to start this month: three days after the call.")
        case .thisQuarter: (7, "The lead wants to start this quarter: seven days after the call.")
        case .thisYear: (30, "The lead wants to start within the year: thirty days after the call.")
        case .unknown: (14, "No start was named: fourteen days after the call.")
        }
    }

    private static let opensAt = 9
    private static let closesAt = 17

    /// The same time of day, moved into business hours.
    private static func withinHours(_ date: Date, _ calendar: Calendar) -> Date {
        let hour = calendar.component(.hour, from: date)
        guard hour < opensAt || hour >= closesAt else { return date }
        return calendar.date(bySettingHour: hour < opensAt ? opensAt : closesAt - 1, minute: 0, second: 0, of: date)
            ?? date
    }

    /// Whether the words name the day itself, so that a weekend is meant: "saturday", "tomorrow", "the fifth of march",
    /// unlike "in two weeks" and "next month".
    private static func namesDay(_ words: String) -> Bool {
        let said = Normalised.words(words)
        let spans: Set<String> = ["week", "weeks", "month", "months", "year", "days", "quarter"]
        let days: Set<String> = [
            "saturday", "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "weekend", "today", "tonight",
            "tomorrow", "hour", "hours", "minutes",
        ]
        return said.contains(where: days.contains) || !said.contains(where: spans.contains)
    }

    private static func recommendation(_ insight: CallInsight, isHot: Bool) -> String {
        var advice: [String] = []
        if isHot, insight.meeting == nil { advice.append("Hot lead: suggest a demo meeting.") }
        if isHot, insight.meeting != nil { advice.append("Hot lead with a meeting agreed: prepare a demo.") }
        let bant = insight.bant
        let open = [
            bant.need.value == .unknown ? "need" : nil, bant.budget.value == .unknown ? "budget" : nil,
            bant.authority.value == .unknown ? "decision maker" : nil,
            bant.timeline.value == .unknown ? "timeline" : nil,
        ].compactMap(\.self)
        if !open.isEmpty { advice.append("Still to ask: \(open.joined(separator: ", ")).") }
        if bant.authority.value == .influencer || bant.authority.value == .no {
            advice.append("Bring in the person who decides.")
        }
        if let objection = insight.objections.first { advice.append("Answer the objection: \(objection.value).") }
        if advice.isEmpty { advice.append("Confirm the next step.") }
        return advice.joined(separator: " ")
    }
}
