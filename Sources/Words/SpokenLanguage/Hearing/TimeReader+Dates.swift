import Foundation

/// The grammar of dates.
extension TimeReader {
    // MARK: Dates

    /// "the fifth of march", "march fifth", "march 5", "5 march", "on the fifth", "the first monday in january".
    func dated(_ at: Int, _ leads: Set<Lead>) -> Day? {
        if case .date(let year, let month, let dayOfMonth)? = tokens[at] {
            guard let year else { return made(almanac.date(month: month, dayOfMonth: dayOfMonth), .day, at + 1) }
            let date = almanac.date(year: year, month: month, day: dayOfMonth)
            // `09/12/2026` is December where September is over.
            if dayOfMonth <= 12, date.map({ $0 < almanac.today }) ?? true,
                let other = almanac.date(year: year, month: dayOfMonth, day: month), other >= almanac.today
            {
                return made(other, .day, at + 1)
            }
            return made(date, .day, at + 1)
        }
        if let nth = nthWeekday(at) { return nth }
        if case .month(let month, let isSure)? = tokens[at] { return self.month(month, isSure, at, leads) }
        guard let (dayOfMonth, end, isOrdinal) = ordinal(at) else { return nil }
        // "The third of next month", "the third of the month".
        var scope = tokens[end] == .of || tokens[end] == .in ? end + 1 : end
        let offset = tokens[scope] == .next ? 1 : [.this, .the].contains(tokens[scope]) && scope > end ? 0 : nil
        if let offset, isOrdinal, tokens[scope + 1] == .unit(.month) {
            scope += 2
            return inMonth(almanac.month(offset), dayOfMonth, scope)
        }
        let next = tokens[end] == .of || text.tongue != .english && [.the, .in].contains(tokens[end]) ? end + 1 : end
        if case .month(let month, _)? = tokens[next] { return withYear(month, dayOfMonth, next + 1) }
        guard isOrdinal, leads.contains(.the) || leads.contains(.on) || isWritten(at), isPlain(end) else { return nil }
        return made(almanac.date(month: nil, dayOfMonth: dayOfMonth), .day, end)
    }

    func isWritten(_ place: Int) -> Bool {
        tokens.plain(place)?.utf8.first.map { (0x30...0x39).contains($0) } ?? false
    }

    /// A day of the month that begins on or before `first`; of this month, when it is over, the next one's.
    func inMonth(_ first: Date, _ dayOfMonth: Int, _ end: Int) -> Day? {
        let parts = almanac.calendar.dateComponents([.year, .month], from: first)
        let date = almanac.date(year: parts.year ?? 0, month: parts.month ?? 0, day: dayOfMonth)
        guard let date, date < almanac.today else { return made(date, .day, end) }
        return made(almanac.adding(months: 1, to: date), .day, end)
    }

    /// What may follow "the fifth" when it is a day: not "the first time", nor "the second one".
    func isPlain(_ place: Int) -> Bool {
        if tokens.plain(place) == "one" { return false }
        return switch tokens[place] {
        case nil, .at, .in, .of, .filler, .by, .after, .before, .or, .and, .part, .written, .from, .between,
            .correction, .number,
            .named, .not, .to:
            true
        default: ["is", "would", "i", "we", "then", "please", "that"].contains(tokens.plain(place) ?? "")
        }
    }

    func month(_ month: Int, _ isSure: Bool, _ at: Int, _ leads: Set<Lead>) -> Day? {
        let next = tokens[at + 1] == .the ? at + 2 : at + 1
        if let (dayOfMonth, end, isOrdinal) = ordinal(next),
            isSure || isOrdinal || isWritten(next) || leads.contains(.on),
            tokens[end] != .oclock, tokens[end] != .am, tokens[end] != .pm
        {
            return withYear(month, dayOfMonth, end)
        }
        let isLed =
            leads.contains(.in) || leads.contains(.next) || leads.contains(.this)
            || [.in, .by, .of, .early, .middle, .late, .end, .beginning, .before, .after, .until, .on].contains(
                tokens[at - 1])
        guard isSure || isLed || (isAsked && (at == 0 || tokens[at - 1] == .filler || tokens[at - 1] == .at)) else {
            return nil
        }
        if let year = year(at + 1) { return made(almanac.date(year: year, month: month, day: 1), .month, at + 2) }
        guard let first = almanac.first(of: month) else { return nil }
        return made(max(first, almanac.today), .month, at + 1)
    }

    func withYear(_ month: Int, _ dayOfMonth: Int, _ end: Int) -> Day? {
        if let year = year(end) {
            return made(almanac.date(year: year, month: month, day: dayOfMonth), .day, yearEnd(end))
        }
        return made(almanac.date(month: month, dayOfMonth: dayOfMonth), .day, end)
    }

    /// `2027`, `twenty twenty seven`.
    func year(_ place: Int) -> Int? {
        guard case .number(let value)? = tokens[place] else { return nil }
        if value == 20, case .number(let rest)? = tokens[place + 1], (20...40).contains(rest) {
            return Int(2_000 + rest)
        }
        return value == value.rounded() && (2_020...2_060).contains(value) ? Int(value) : nil
    }

    func yearEnd(_ place: Int) -> Int { tokens[place] == .number(20) ? place + 2 : place + 1 }

    func nthWeekday(_ at: Int) -> Day? {
        guard case .ordinal(let count)? = tokens[at], case .weekday(let weekday)? = tokens[at + 1],
            tokens[at + 2] == .in || tokens[at + 2] == .of
        else { return nil }
        let next = tokens[at + 3] == .the ? at + 4 : at + 3
        var first: Date?
        if case .month(let month, _)? = tokens[next] { first = almanac.first(of: month) }
        if tokens[next] == .unit(.month) { first = almanac.month(0) }
        if tokens[next] == .holiday(.newYear) || tokens[at + 3] == .holiday(.newYear) {
            first = almanac.holiday(.newYear)
        }
        if tokens[next] == .next, tokens[next + 1] == .unit(.month) {
            return made(almanac.weekday(weekday, count, ofMonth: almanac.month(1)), .day, next + 2)
        }
        return made(first.flatMap { almanac.weekday(weekday, count, ofMonth: $0) }, .day, next + 1)
    }

    /// A day of the month, 1…31: `fifth`, `twenty first`, `5th`; `five` and `5` beside a month.
    func ordinal(_ at: Int) -> (Int, Int, isOrdinal: Bool)? {
        switch tokens[at] {
        case .ordinal(let day) where day > 0: return (day, at + 1, true)
        case .number(let value):
            if value == 20 || value == 30, case .ordinal(let unit)? = tokens[at + 1], (1..<10).contains(unit) {
                return (Int(value) + unit, at + 2, true)
            }
            return value == value.rounded() && (1...31).contains(value) ? (Int(value), at + 1, false) : nil
        default: return nil
        }
    }
}
