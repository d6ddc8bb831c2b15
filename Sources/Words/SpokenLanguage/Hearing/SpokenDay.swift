import Foundation

/// A day, week or month read from words, with where the words end.
struct SpokenDay {
    var date: Date
    var precision: TimeMention.Precision
    var end: Int
    var isToday = false
    /// "next week", after which a day of that week may come.
    var weekOffset: Int?

    var isRefinable: Bool { precision < .day }

    static let weekdays: WordTable<Int> = [
        "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6, "mon": 0,
        "tue": 1, "tues": 1, "wed": 2, "thu": 3, "thurs": 3, "fri": 4,
    ]
    static let months: WordTable<Int> = [
        "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8,
        "september": 9,
        "october": 10, "november": 11, "december": 12, "jan": 1, "feb": 2, "apr": 4, "aug": 8, "sept": 9, "oct": 10,
        "nov": 11, "dec": 12,
    ]
    static let ordinals: WordTable<Int> = [
        "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
        "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15,
        "sixteenth": 16,
        "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
    ]

    static func read(
        _ text: SpokenText, at start: Int, _ almanac: Almanac, within: SpokenDay? = nil, afterWeekday: Bool = false
    ) -> SpokenDay? {
        var index = start
        var leads = ""
        while let word = text[index], ["on", "this", "next", "coming", "the", "a", "last"].contains(word),
            index - start < 3
        {
            leads += word + " "
            index += 1
        }
        if leads.contains("last") || text[start - 1] == "last" || text[start - 1] == "past" { return nil }
        guard let word = text[index] else { return nil }
        if let weekday = weekdays[word], !afterWeekday { return day(weekday, leads, text, index + 1, almanac, within) }
        if within != nil { return nil }
        return relative(word, leads, text, index, almanac)
            ?? dated(word, afterWeekday ? "on the " : leads, text, index, almanac)
    }

    private static func day(
        _ weekday: Int, _ leads: String, _ text: SpokenText, _ after: Int, _ almanac: Almanac, _ within: SpokenDay?
    ) -> SpokenDay? {
        if let within {
            guard let week = within.weekOffset else { return nil }
            return SpokenDay(date: almanac.day(weekday, from: almanac.monday(week)), precision: .day, end: after)
        }
        if text[after] == "next", text[after + 1] == "week" {
            return SpokenDay(date: almanac.day(weekday, from: almanac.monday(1)), precision: .day, end: after + 2)
        }
        // A date may follow its day of the week: "tuesday the third of march".
        if let dated = read(text, at: after, almanac, afterWeekday: true), dated.precision == .day,
            almanac.calendar.component(.weekday, from: dated.date) == (weekday + 1) % 7 + 1
        {
            return dated
        }
        if leads.contains("next") {
            return SpokenDay(date: almanac.day(weekday, from: almanac.monday(1)), precision: .day, end: after)
        }
        let thisWeek = almanac.day(weekday, from: almanac.monday(0))
        let next = thisWeek > almanac.today ? thisWeek : almanac.day(7, from: thisWeek)
        return SpokenDay(date: next, precision: .day, end: after)
    }

    private static func relative(
        _ word: String, _ leads: String, _ text: SpokenText, _ index: Int, _ almanac: Almanac
    ) -> SpokenDay? {
        switch word {
        case "today", "tonight":
            return SpokenDay(
                date: almanac.today, precision: .day, end: word == "tonight" ? index : index + 1, isToday: true)
        case "morning", "afternoon", "evening":
            guard leads == "this " else { return nil }
            return SpokenDay(date: almanac.today, precision: .day, end: index, isToday: true)
        case "tomorrow": return SpokenDay(date: almanac.day(1), precision: .day, end: index + 1)
        case "day":
            guard text[index + 1] == "after", text[index + 2] == "tomorrow" else { return nil }
            return SpokenDay(date: almanac.day(2), precision: .day, end: index + 3)
        case "week":
            if leads.contains("next") {
                return SpokenDay(date: almanac.monday(1), precision: .week, end: index + 1, weekOffset: 1)
            }
            if text[index + 1] == "from" || text[index + 1] == "after", let then = read(text, at: index + 2, almanac),
                then.precision == .day
            {
                return SpokenDay(date: almanac.day(7, from: then.date), precision: .day, end: then.end)
            }
            if text[index + 1] == "after", text[index + 2] == "next" {
                return SpokenDay(date: almanac.monday(2), precision: .week, end: index + 3, weekOffset: 2)
            }
            return nil
        case "month":
            guard leads.contains("next") else { return nil }
            return SpokenDay(date: almanac.month(1), precision: .month, end: index + 1)
        case "quarter":
            guard leads.contains("next") else { return nil }
            let month = almanac.calendar.component(.month, from: almanac.today)
            return SpokenDay(date: almanac.month(3 - (month - 1) % 3), precision: .quarter, end: index + 1)
        case "year":
            guard leads.contains("next") else { return nil }
            let month = almanac.calendar.component(.month, from: almanac.today)
            return SpokenDay(date: almanac.month(13 - month), precision: .year, end: index + 1)
        case "end": return endOf(text, index, almanac)
        default: return nil
        }
    }

    /// "end of the week", "end of next week", "end of the month".
    private static func endOf(_ text: SpokenText, _ index: Int, _ almanac: Almanac) -> SpokenDay? {
        guard text[index + 1] == "of" else { return nil }
        var at = index + 2
        var next = 0
        while let word = text[at], ["the", "this", "next"].contains(word) {
            if word == "next" { next = 1 }
            at += 1
        }
        switch text[at] {
        case "week":
            var friday = almanac.day(4, from: almanac.monday(next))
            if friday < almanac.today { friday = almanac.day(7, from: friday) }
            return SpokenDay(date: friday, precision: .day, end: at + 1)
        case "month":
            return SpokenDay(date: almanac.day(-1, from: almanac.month(next + 1)), precision: .day, end: at + 1)
        default: return nil
        }
    }

    /// "the fifth of march", "march fifth", "march 5", "5 march", "on the fifth".
    private static func dated(
        _ word: String, _ leads: String, _ text: SpokenText, _ index: Int, _ almanac: Almanac
    ) -> SpokenDay? {
        if let month = months[word] {
            let at = text[index + 1] == "the" ? index + 2 : index + 1
            guard let (dayOfMonth, end) = ordinal(text, at, cardinal: true) else {
                guard !["may", "march"].contains(word) || leads == "next " || text[index - 1] == "in" else {
                    return nil
                }
                return almanac.date(month: month, dayOfMonth: 1).map {
                    SpokenDay(date: $0, precision: .month, end: index + 1)
                }
            }
            return almanac.date(month: month, dayOfMonth: dayOfMonth).map {
                SpokenDay(date: $0, precision: .day, end: end)
            }
        }
        guard let (dayOfMonth, end) = ordinal(text, index, cardinal: text[index + 1].flatMap { months[$0] } != nil)
        else {
            return nil
        }
        let at = text[end] == "of" ? end + 1 : end
        if let month = text[at].flatMap({ months[$0] }) {
            return almanac.date(month: month, dayOfMonth: dayOfMonth).map {
                SpokenDay(date: $0, precision: .day, end: at + 1)
            }
        }
        guard leads.contains("on the") || word.first?.isNumber == true else { return nil }
        let isPlain =
            text[end] == nil
            || ["at", "in", "around", "of", "please", "would", "is", "works", "then"].contains(text[end] ?? "")
        guard isPlain else { return nil }
        return almanac.date(month: nil, dayOfMonth: dayOfMonth).map { SpokenDay(date: $0, precision: .day, end: end) }
    }

    /// A day of the month, 1…31: `fifth`, `twenty first`, `5th`, and with `cardinal` also `five` and `5`.
    private static func ordinal(_ text: SpokenText, _ index: Int, cardinal: Bool) -> (Int, Int)? {
        guard let word = text[index] else { return nil }
        if let day = ordinals[word] { return (day, index + 1) }
        if let tens = SpokenNumber.tens[word], tens <= 30, let unit = text[index + 1].flatMap({ ordinals[$0] }),
            unit < 10,
            Int(tens) + unit <= 31
        {
            return (Int(tens) + unit, index + 2)
        }
        for suffix in ["st", "nd", "rd", "th"] where word.hasSuffix(suffix) {
            if let day = Int(word.dropLast(2)), (1...31).contains(day) { return (day, index + 1) }
        }
        guard cardinal, let number = SpokenNumber.parse(text, at: index), number.value == number.value.rounded(),
            (1...31).contains(number.value)
        else { return nil }
        return (Int(number.value), number.words.upperBound)
    }
}
