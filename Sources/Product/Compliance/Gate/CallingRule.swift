/// One rule of calling, as data: whom it is about, from when to when it holds, and what it asks. What it asks is exactly one of the
/// fields below `kinds`.
package struct CallingRule: Codable, Equatable, Sendable {
    /// What a call is for.
    package enum Purpose: String, Codable, CaseIterable, Sendable {
        case marketing, informational, collections, survey
    }

    /// What somebody has agreed to, least first.
    package enum ConsentLevel: String, Codable, CaseIterable, Comparable, Sendable {
        case none
        case express
        case expressWritten = "express_written"

        package static func < (one: Self, other: Self) -> Bool {
            let order = allCases
            return order.firstIndex(of: one) ?? 0 < order.firstIndex(of: other) ?? 0
        }
    }

    /// So many calls to one number, whoever places them and for whichever campaign.
    package struct Attempts: Codable, Equatable, Sendable {
        var max: Int
        /// Back from now; nil: since the number was first called.
        var hours: Int?
        /// On one day of the called party, instead.
        var isADay: Bool?
    }

    package struct DoNotCall: Codable, Equatable, Sendable {
        /// `us-national`, and what else a tenant brings.
        var list: String
        /// An older copy says nothing.
        var fileDaysMax: Int
        /// Who has agreed to as much may be called though listed.
        var exemptAt: ConsentLevel?
    }

    package struct CallerID: Codable, Equatable, Sendable {
        var dayMax: Int
        var minuteMax: Int
    }

    /// What a campaign may spend and how often it may call: its own rule, and of nobody else.
    package struct Budget: Codable, Equatable, Sendable {
        var spendMax: Double?
        var currency: String?
        /// In 24 hours.
        var dayMax: Int?
    }

    package var id: String
    package var version: String
    package var source: String
    /// Days of the called party, the last one not included.
    var validFrom: CalendarDay?
    var validTo: CalendarDay?
    /// ISO 3166-1; nil: wherever the set holds.
    var countries: [String]?
    /// ISO 3166-2: whoever may be in one of them.
    var regions: [String]?
    var purposes: [Purpose]?

    var hours: CallingHours?
    var holidays: [Holiday]?
    var attempts: Attempts?
    /// None for so many days after the two have talked.
    var daysAfterTalk: Int?
    var consent: ConsentLevel?
    var doNotCall: DoNotCall?
    /// Kinds of numbers that are not called, as in ``PhoneNumbers``.
    var refusedKinds: [String]?
    var callerID: CallerID?
    var budget: Budget?

    enum CodingKeys: String, CodingKey {
        case id, version, source
        case validFrom = "valid_from"
        case validTo = "valid_to"
        case countries, regions, purposes, hours, holidays, attempts
        case daysAfterTalk = "days_after_talk"
        case consent
        case doNotCall = "do_not_call"
        case refusedKinds = "refused_kinds"
        case callerID = "caller_id"
        case budget
    }

    /// One that asks for hours: a campaign's own, whose text is its version.
    package static func hours(_ hours: CallingHours, id: String, source: String) -> CallingRule {
        CallingRule(id: id, version: hours.text, source: source, hours: hours)
    }

    /// A campaign's own. Its text is its version.
    package static func budget(
        spendMax: Double?, currency: String?, callsADay: Int?, id: String, source: String
    ) -> CallingRule {
        let spend = spendMax.map { "spend \($0) \(currency ?? "")" }
        let calls = callsADay.map { "\($0) calls in 24 hours" }
        return CallingRule(
            id: id, version: [spend, calls].compactMap(\.self).joined(separator: "; "), source: source,
            budget: Budget(spendMax: spendMax, currency: currency, dayMax: callsADay))
    }

    /// What is wrong with it; nil when it can be used.
    var mistake: String? {
        let asks: [Bool] = [
            hours != nil, holidays != nil, attempts != nil, daysAfterTalk != nil, consent != nil, doNotCall != nil,
            refusedKinds != nil, callerID != nil, budget != nil,
        ]
        if asks.count(where: { $0 }) != 1 { return "it asks \(asks.count(where: { $0 })) things, not one" }
        if let wrong = holidays?.first(where: { !$0.isWhole }) { return "`\(wrong.name)` is no day of every year" }
        if let attempts, attempts.max < 1 { return "it allows no attempt at all" }
        return nil
    }

    /// Whether it holds for a call to somebody who may be in any of these regions, on a day of theirs.
    func holds(for question: DialQuestion, on day: CalendarDay) -> Bool {
        if let validFrom, day < validFrom { return false }
        if let validTo, day >= validTo { return false }
        if let countries, !countries.contains(question.country) { return false }
        if let regions, !regions.contains(where: question.regions.contains) { return false }
        return purposes?.contains(question.purpose) ?? true
    }
}

extension CallingRule.Attempts {
    enum CodingKeys: String, CodingKey {
        case max, hours
        case isADay = "a_day"
    }
}

extension CallingRule.DoNotCall {
    enum CodingKeys: String, CodingKey {
        case list
        case fileDaysMax = "file_days_max"
        case exemptAt = "exempt_at"
    }
}

extension CallingRule.Budget {
    enum CodingKeys: String, CodingKey {
        case spendMax = "spend_max"
        case currency
        case dayMax = "a_day"
    }
}

extension CallingRule.CallerID {
    enum CodingKeys: String, CodingKey {
        case dayMax = "a_day"
        case minuteMax = "a_minute"
    }
}
