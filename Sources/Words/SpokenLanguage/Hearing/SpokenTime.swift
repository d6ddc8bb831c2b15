package import Foundation

/// A moment somebody named.
package struct TimeMention: Equatable, Sendable {
    package enum Precision: Int, Sendable, Comparable {
        case year, quarter, month, week, day, partOfDay, time
        package static func < (a: Precision, b: Precision) -> Bool { a.rawValue < b.rawValue }
    }

    /// The moment; where no time of day was named, 9:00 on the day (of a week its Monday, of a month its first).
    package var date: Date
    package var precision: Precision
    /// The words as they stand in the source.
    package var words: String
    package var wordRange: Range<Int>

    /// Whether a clock time was named; "tomorrow morning" has none.
    package var hasTimeOfDay: Bool { precision == .time }
}

/// Reads days and times as people name them, in the speaker's zone: "tuesday at three", "in two weeks".
///
/// Business hours decide what is left open: a bare one to seven is in the afternoon, eight to eleven in the morning.
/// A day of the week is the next one after today, `next tuesday` that of next week (weeks begin on Monday), a date
/// without a year the next one. Nothing found lies in the past.
package enum SpokenTime {
    package static func find(in text: String, now: Date, timeZone: TimeZone) -> [TimeMention] {
        find(in: SpokenText(text), now: now, timeZone: timeZone)
    }

    package static func find(in text: SpokenText, now: Date, timeZone: TimeZone) -> [TimeMention] {
        // No mention is without one of these words, and most utterances are.
        guard var telling = text.texts.firstIndex(where: isTelling) else { return [] }
        let almanac = Almanac(now: now, timeZone: timeZone)
        var found: [TimeMention] = []
        var index = 0
        while index < text.words.count {
            if index > telling {
                guard let next = text.texts[index...].firstIndex(where: isTelling) else { break }
                telling = next
            }
            index = max(index, telling - leadWordsMax)
            if index < telling, !mayLead(text.texts[index]) {
                index += 1
                continue
            }
            if let mention = mention(text, at: index, almanac), mention.date >= now.addingTimeInterval(-60) {
                found.append(mention)
                index = mention.wordRange.upperBound
            } else {
                index += 1
            }
        }
        return found
    }

    /// Words that may stand before the first telling one: "in about a couple of business weeks".
    private static let leadWordsMax = 8

    private static func isTelling(_ word: String) -> Bool {
        word.utf8.first.map { !(0x61...0x7A).contains($0) } ?? false || words.contains(word)
            || SpokenDay.weekdays[word] != nil || SpokenDay.months[word] != nil || SpokenDay.ordinals[word] != nil
            || SpokenNumber.units[word] != nil || SpokenNumber.tens[word] != nil
    }

    /// Whether a mention can begin with a word that is not telling by itself; `3pm` is.
    private static func mayLead(_ word: String) -> Bool {
        leadWords.contains(word) || word.hasSuffix("am") || word.hasSuffix("pm")
    }

    private static let leadWords: WordSet = [
        "in", "a", "an", "on", "this", "next", "coming", "the", "last", "at", "around", "about", "by", "say",
        "sometime", "early", "late", "mid",
    ]

    private static let words: WordSet = [
        "minute", "minutes", "hour", "hours", "day", "days", "week", "weeks", "month", "months", "quarter", "year",
        "years", "today", "tonight", "tomorrow", "morning", "mornings", "afternoon", "afternoons", "evening",
        "evenings",
        "night", "end", "lunchtime", "lunch", "noon", "midday", "half", "hundred",
    ]

    private static let glue: WordSet = [
        "at", "on", "around", "about", "in", "the", "say", "maybe", "like", "for", "of", "by", "then", "perhaps", "uh",
        "um", "would", "be", "let", "us",
    ]

    private static func mention(_ text: SpokenText, at start: Int, _ almanac: Almanac) -> TimeMention? {
        if let offset = almanac.offset(text, at: start) { return offset.asMention(text, start) }
        var end = start
        var day: SpokenDay?
        var clock: SpokenClock?
        if let first = SpokenDay.read(text, at: start, almanac) {
            day = first
            end = first.end
        } else if let first = SpokenClock.read(text, at: start, isExpected: false) {
            clock = first
            end = first.end
        } else if let first = SpokenClock.read(text, at: start, isExpected: true), first.hour != nil,
            let more = SpokenDay.read(text, at: first.end, almanac), more.precision == .day
        {
            (clock, day, end) = (first, more, more.end)
        } else {
            return nil
        }
        // The other half, and a second clock word ("afternoon at two"), may follow within a few filler words.
        for _ in 0..<3 {
            var next = end
            while next - end < 3, let word = text[next], glue.contains(word) { next += 1 }
            var advanced = false
            for place in stride(from: end, through: next, by: 1) {
                if day == nil || day?.isRefinable == true,
                    let more = SpokenDay.read(text, at: place, almanac, within: day)
                {
                    day = more
                    end = more.end
                    advanced = true
                } else if clock?.isWhole != true,
                    let more = SpokenClock.read(text, at: place, isExpected: day != nil && place - end <= 2)
                {
                    clock = clock.map { $0.merged(with: more) } ?? more
                    end = more.end
                    advanced = true
                } else if let part = SpokenClock.partOfDay(text, at: place), clock != nil, clock?.part == nil {
                    clock?.refine(part.part)
                    end = part.end
                    advanced = true
                }
                if advanced { break }
            }
            guard advanced else { break }
        }
        return almanac.resolve(day: day, clock: clock, text: text, range: start..<end)
    }
}

/// The calendar as seen from one moment in one zone.
struct Almanac {
    let now: Date
    let calendar: Calendar

    init(now: Date, timeZone: TimeZone) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = timeZone
        calendar.firstWeekday = 2
        self.calendar = calendar
        self.now = now
    }

    var today: Date { calendar.startOfDay(for: now) }

    func day(_ offset: Int, from: Date? = nil) -> Date {
        calendar.date(byAdding: .day, value: offset, to: from ?? today)
            ?? now.addingTimeInterval(Double(offset) * 86_400)
    }

    /// Monday of the week that `offset` weeks after this one.
    func monday(_ offset: Int) -> Date {
        let weekday = calendar.component(.weekday, from: today)
        return day(offset * 7 - (weekday + 5) % 7)
    }

    func month(_ offset: Int) -> Date {
        let parts = calendar.dateComponents([.year, .month], from: today)
        let first = calendar.date(from: parts) ?? today
        return calendar.date(byAdding: .month, value: offset, to: first) ?? first
    }

    /// The next `month` `dayOfMonth` (1…12, 1…31) that is not over; nil for the 31st of February.
    func date(month: Int?, dayOfMonth: Int) -> Date? {
        let parts = calendar.dateComponents([.year, .month], from: today)
        guard let year = parts.year, let thisMonth = parts.month else { return nil }
        for ahead in 0...12 {
            let candidate =
                month.map { ($0, year + ahead) } ?? (
                    (thisMonth + ahead - 1) % 12 + 1, year + (thisMonth + ahead - 1) / 12
                )
            var wanted = DateComponents()
            (wanted.month, wanted.year, wanted.day) = (candidate.0, candidate.1, dayOfMonth)
            guard let date = calendar.date(from: wanted), calendar.component(.day, from: date) == dayOfMonth else {
                continue
            }
            if date >= today { return date }
        }
        return nil
    }

    struct Offset {
        var date: Date
        var precision: TimeMention.Precision
        var end: Int
        func asMention(_ text: SpokenText, _ start: Int) -> TimeMention {
            TimeMention(date: date, precision: precision, words: text.quote(start..<end), wordRange: start..<end)
        }
    }

    /// "in two weeks", "three days from now", "in half an hour".
    func offset(_ text: SpokenText, at start: Int) -> Offset? {
        var index = start
        let leads = text[index] == "in"
        if leads { index += 1 }
        if leads, ["about", "around", "maybe", "like", "roughly"].contains(text[index] ?? "") { index += 1 }
        var count: Double
        if text[index] == "half", ["an", "a"].contains(text[index + 1] ?? "") {
            count = 0.5
            index += 2
        } else if let number = SpokenNumber.parse(text, at: index) {
            count = number.value
            index = number.words.upperBound
        } else if ["a", "an"].contains(text[index] ?? "") {
            count = 1
            index += 1
            if text[index] == "few" {
                count = 3
                index += 1
            }
        } else {
            return nil
        }
        if text[index] == "of" { index += 1 }
        if text[index] == "business" || text[index] == "working" { index += 1 }
        guard let unit = text[index], (0.25...400).contains(count) else { return nil }
        index += 1
        if ["from", "after"].contains(text[index] ?? ""), ["now", "today"].contains(text[index + 1] ?? "") {
            index += 2
        } else if text[index] == "time" || text[index] == "or", leads {
            index += text[index] == "time" ? 1 : 0
        } else if !leads {
            return nil
        }
        let whole = Int(count.rounded())
        let nine = 9.0 * 3_600
        switch unit {
        case "minute", "minutes": return Offset(date: now.addingTimeInterval(count * 60), precision: .time, end: index)
        case "hour", "hours": return Offset(date: now.addingTimeInterval(count * 3_600), precision: .time, end: index)
        case "day", "days": return Offset(date: day(whole).addingTimeInterval(nine), precision: .day, end: index)
        case "week", "weeks": return Offset(date: day(whole * 7).addingTimeInterval(nine), precision: .day, end: index)
        case "month", "months", "year", "years":
            let months = unit.hasPrefix("year") ? whole * 12 : whole
            guard let date = calendar.date(byAdding: .month, value: months, to: today) else { return nil }
            return Offset(
                date: date.addingTimeInterval(nine), precision: unit.hasPrefix("year") ? .month : .week, end: index)
        default: return nil
        }
    }

    private func at(_ hour: Int, _ minute: Int, on day: Date) -> Date? {
        var parts = calendar.dateComponents([.year, .month, .day], from: day)
        (parts.hour, parts.minute) = (hour, minute)
        return calendar.date(from: parts)
    }

    /// Puts a day and a time of day together.
    func resolve(day: SpokenDay?, clock: SpokenClock?, text: SpokenText, range: Range<Int>) -> TimeMention? {
        let time = clock?.resolved
        var date = day?.date ?? today
        var precision = day?.precision ?? .day
        if let clock, let time {
            precision = clock.hour == nil ? .partOfDay : .time
            if let day, day.precision < .day, clock.hour == nil || day.precision < .week { precision = day.precision }
            guard let exact = at(time.hour, time.minute, on: date) else { return nil }
            date = exact
            if day == nil, date <= now {
                guard clock.hour != nil else { return nil }
                date = self.day(1, from: date)
            }
        } else {
            date = at(9, 0, on: date) ?? date
            if date < now, day?.isToday == true { date = now }
        }
        return TimeMention(date: date, precision: precision, words: text.quote(range), wordRange: range)
    }
}
