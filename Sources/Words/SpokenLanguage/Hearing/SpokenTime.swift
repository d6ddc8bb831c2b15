package import Foundation

/// A moment somebody named.
package struct TimeMention: Equatable, Sendable {
    package enum Precision: Int, Sendable, Comparable {
        case year, quarter, month, week, day, partOfDay, time
        package static func < (a: Precision, b: Precision) -> Bool { a.rawValue < b.rawValue }
    }

    /// The moment; where no time of day was named, 9:00 on the day (of a week its Monday, of a month its first). Of "between
    /// two and four" the beginning, of "before noon" a time before it.
    package var date: Date
    package var precision: Precision
    /// The words as they stand in the source.
    package var words: String
    package var wordRange: Range<Int>
    /// A day was named, or what stands for one; otherwise it is the next day with such an hour.
    package var namesDay = true
    /// One of several: "Tuesday or Wednesday".
    package var isAlternative = false
    /// "I can't do Thursday."
    package var isRuledOut = false

    package init(
        date: Date, precision: Precision, words: String, wordRange: Range<Int>, namesDay: Bool = true,
        isAlternative: Bool = false, isRuledOut: Bool = false
    ) {
        self.date = date
        self.precision = precision
        self.words = words
        self.wordRange = wordRange
        self.namesDay = namesDay
        self.isAlternative = isAlternative
        self.isRuledOut = isRuledOut
    }

    /// Whether a clock time was named; "tomorrow morning" has none.
    package var hasTimeOfDay: Bool { precision == .time }
}

/// Reads days and times as people name them, in the speaker's zone or the one they name: "tuesday at three", "in two weeks".
///
/// Business hours decide what is left open: a bare one to seven is in the afternoon, eight to eleven in the morning.
/// A day of the week is the next one after today, `next tuesday` that of next week (weeks begin on Monday), a date
/// without a year the next one. Nothing found lies in the past, is ruled out ("not Thursday, Friday"), was corrected
/// ("Monday, sorry, Tuesday") or belongs to something else ("we close at five").
package enum SpokenTime {
    /// What was said of a time before, which a bare "at three" or "an hour later" goes on from.
    package struct Anchor: Sendable {
        package var date: Date
        package var hasTimeOfDay: Bool
        package init(date: Date, hasTimeOfDay: Bool) {
            self.date = date
            self.hasTimeOfDay = hasTimeOfDay
        }
    }

    package static func find(in text: String, now: Date, timeZone: TimeZone) -> [TimeMention] {
        find(in: SpokenText(text), now: now, timeZone: timeZone)
    }

    /// What the words answer.
    package enum Question: Sendable {
        /// "When may we call you?": a bare "three" is a time, and only what is offered for that counts.
        case appointment
        /// "When do you need it?": a length of time is an answer.
        case horizon
    }

    /// - Parameters:
    ///   - asked: the question that the words answer, nil for none that has to do with time.
    ///   - anchor: the time spoken of before.
    package static func find(
        in text: SpokenText, now: Date, timeZone: TimeZone, asked: Question? = nil, anchor: Anchor? = nil
    ) -> [TimeMention] {
        all(in: text, now: now, timeZone: timeZone, asked: asked, anchor: anchor).filter { !$0.isRuledOut }
    }

    /// With those that are ruled out.
    package static func all(
        in text: SpokenText, now: Date, timeZone: TimeZone, asked: Question? = nil, anchor: Anchor? = nil
    ) -> [TimeMention] {
        // Most utterances name no time, and are not cut into tokens to find that out.
        guard
            TimeWords.of(text.tongue).mayTell(text.plainTexts) || CountingWords.of(text.tongue).mayTell(text.plainTexts)
        else {
            return []
        }
        let tokens = TimeTokens(text)
        guard tokens.tokens.contains(where: \.word.isTelling) else { return [] }
        var reader = TimeReader(
            text: text, tokens: tokens, almanac: Almanac(now: now, timeZone: timeZone), asked: asked, anchor: anchor)
        return reader.mentions()
    }
}

/// The grammar of times: a day and a time of day in either order, bounds, windows and zones, and how one mention goes on from
/// the one before it.
struct TimeReader {
    enum Bound { case by, before, after, from, between, until }

    struct Phrase {
        var day: SpokenDay?
        var clock: SpokenClock?
        var until: SpokenClock?
        var dayBound: Bound?
        var clockBound: Bound?
        var zone: TimeZone?
        /// "Just before noon".
        var isJust = false
        var isSameTime = false
        var isAlternative = false
        var isRuledOut = false
        /// Tokens.
        var range: Range<Int>
    }

    let text: SpokenText
    let tokens: TimeTokens
    let almanac: Almanac
    let asked: SpokenTime.Question?
    let anchor: SpokenTime.Anchor?
    /// The day named last, which "the day after" goes on from.
    var reference: Date?

    init(
        text: SpokenText, tokens: TimeTokens, almanac: Almanac, asked: SpokenTime.Question?, anchor: SpokenTime.Anchor?
    ) {
        self.text = text
        self.tokens = tokens
        self.almanac = almanac
        self.asked = asked
        self.anchor = anchor
    }

    var isAsked: Bool { asked != nil }

    /// Phrases with a day or a time, in order.
    mutating func phrases() -> [Phrase] {
        var found: [Phrase] = []
        var place = 0
        while place < tokens.tokens.count {
            if let phrase = phrase(at: place) {
                found.append(phrase)
                reference = phrase.day?.date ?? reference
                place = max(phrase.range.upperBound, place + 1)
            } else {
                place += 1
            }
        }
        return found
    }

    // MARK: One phrase

    private func phrase(at start: Int) -> Phrase? {
        switch tokens[start] {
        case .other, .filler, .and, .or, .of, .correction, .now, .ago, .am, .pm, .oclock, .zoneTime, nil: return nil
        case .not: guard [.before, .until].contains(tokens[start + 1]) else { return nil }
        default: break
        }
        var phrase = Phrase(range: start..<start)
        for _ in 0..<6 {
            guard extend(&phrase, isFirst: phrase.range.isEmpty) else { break }
        }
        guard phrase.day != nil || phrase.clock != nil, !isAgo(phrase) else { return nil }
        if ["just", "shortly", "right"].contains(tokens.plain(start - 1) ?? "") { phrase.isJust = true }
        if phrase.day == nil, phrase.clock?.hour == nil, !isAsked, phrase.clock?.part != nil, !isTonight(phrase) {
            return nil
        }
        return phrase
    }

    private func isTonight(_ phrase: Phrase) -> Bool {
        tokens[phrase.range.lowerBound] == .this || tokens.plain(phrase.range.lowerBound) == "tonight"
    }

    private func isAgo(_ phrase: Phrase) -> Bool {
        tokens[phrase.range.upperBound] == .ago || tokens[phrase.range.lowerBound - 1] == .ago
    }

    /// Takes the next part of a phrase, a few words of no weight before it.
    private func extend(_ phrase: inout Phrase, isFirst: Bool) -> Bool {
        var glue = Glue()
        var place = phrase.range.upperBound
        // "No mornings, Thursday": a part of the day alone ends at a pause.
        if !isFirst, phrase.day == nil, phrase.clock?.hour == nil, !phrase.isSameTime, tokens.pauses(place - 1) {
            return false
        }
        while place - phrase.range.upperBound < 4 {
            if let end = take(&phrase, at: place, glue) {
                phrase.range = phrase.range.lowerBound..<end
                return true
            }
            guard let token = tokens[place], glue.take(token, isFirst: isFirst, plain: tokens.plain(place)) else {
                return false
            }
            place += 1
        }
        return false
    }

    private struct Glue {
        var bound: Bound?
        var isIntroduced = false
        /// Another time instead of the first, or the end of a window.
        var isSecond = false
        var isNot = false
        var isJust = false

        mutating func take(_ token: TimeWord, isFirst: Bool, plain: String?) -> Bool {
            switch token {
            case .at: isIntroduced = true
            case .on, .in, .the, .of, .this: break
            case .within: bound = .by
            case .by: (bound, isIntroduced) = (.by, true)
            case .before: (bound, isIntroduced, isNot) = (isNot ? .from : .before, true, false)
            case .after: (bound, isIntroduced) = (.after, true)
            case .until: (bound, isIntroduced, isNot) = (isNot || isFirst ? .from : .until, true, false)
            case .from: (bound, isIntroduced) = (.from, true)
            case .between: (bound, isIntroduced) = (.between, true)
            case .or, .to, .and: isSecond = true
            case .not: isNot = true
            case .filler where !isFirst: isJust = isJust || plain == "just" || plain == "shortly"
            default: return false
            }
            return true
        }
    }

    /// The end of what was taken at `place`; nil when nothing there belongs to the phrase.
    private func take(_ phrase: inout Phrase, at place: Int, _ glue: Glue) -> Int? {
        if phrase.day == nil || phrase.day?.isRefinable == true,
            let found = moved(place) ?? day(at: place, within: phrase.day)
        {
            if glue.isNot, glue.bound == nil { return nil }
            // "Tuesday or Wednesday" are two.
            if glue.isSecond, phrase.day != nil { return nil }
            phrase.day = found.day
            phrase.dayBound = glue.bound ?? phrase.dayBound
            if found.day.isMoment { phrase.clock = nil }
            if case .date? = tokens[found.end - 1],
                let clock = WrittenTime.isoClock(text.plainTexts[tokens.tokens[found.end - 1].words.upperBound - 1])
            {
                phrase.clock = clock
            }
            return found.end
        }
        if phrase.day?.isMoment == true { return nil }
        if tokens[place] == .sameTime {
            phrase.isSameTime = true
            return place + 1
        }
        if let zone = zone(at: place), phrase.clock?.hour != nil {
            phrase.zone = zone.zone
            return zone.end
        }
        guard phrase.clock?.isWhole != true || glue.isSecond || glue.isNot else { return nil }
        let isExpected =
            phrase.day != nil && phrase.clock == nil || phrase.clock?.hour != nil && (glue.isSecond || glue.isNot)
        guard let found = clock(at: place, isExpected: isExpected, isIntroduced: glue.isIntroduced) else { return nil }
        if let known = phrase.clock {
            return merge(found.clock, into: &phrase, known, glue) ? found.end : nil
        }
        if glue.isNot, glue.bound == nil { return nil }
        phrase.clock = found.clock
        phrase.clockBound = glue.bound
        phrase.isJust = phrase.isJust || glue.isJust
        return found.end
    }

    private func merge(_ clock: SpokenClock, into phrase: inout Phrase, _ known: SpokenClock, _ glue: Glue) -> Bool {
        if glue.isNot { return clock.hour != nil }
        if clock.hour != nil, known.hour != nil {
            guard glue.isSecond, phrase.until == nil else { return false }
            phrase.until = clock
            // "From two to four in the afternoon", "2 to 4 pm".
            if phrase.clock?.isWhole == false, let part = clock.part { phrase.clock?.part = part }
            if phrase.clock?.isWhole == false, clock.isSettled, let end = clock.hour, let start = known.hour,
                start <= 12
            {
                phrase.clock?.settle(isAfternoon: start % 12 + 12 <= end)
            }
            return true
        }
        guard !glue.isSecond else { return false }
        if known.hour == nil {
            phrase.clock = clock
            if clock.part == nil, !clock.isSettled { phrase.clock?.part = known.part }
            phrase.clockBound = glue.bound ?? phrase.clockBound
        } else {
            phrase.clock?.part = clock.part
        }
        return true
    }

    private func clock(at place: Int, isExpected: Bool, isIntroduced: Bool) -> (clock: SpokenClock, end: Int)? {
        if let sure = clock(at: place, isExpected: isExpected) { return sure }
        guard let likely = clock(at: place, isExpected: true) else { return nil }
        if likely.clock.hour == nil {
            return isAsked && likely.clock.part != .lunch || isIntroduced && likely.clock.part == .lunch ? likely : nil
        }
        let next = tokens.plain(likely.end)
        if isIntroduced || isAsked,
            next.map(tokens.words.mayFollow.contains) ?? true || (isIntroduced && likely.clock.minute != 0)
        {
            return likely
        }
        if isAsked, likely.clock.minute != 0 { return likely }
        if endsWindow(likely.end) { return likely }
        // "Ten on Wednesday": the day that follows makes it one.
        var at = likely.end
        while [.on, .the, .filler, .at].contains(tokens[at]), at - likely.end < 2 { at += 1 }
        if case .number? = tokens[at] { return nil }
        return day(at: at).map { $0.day.precision >= .day } ?? false ? likely : nil
    }

    /// "2-4pm": the end of a window makes its beginning one.
    private func endsWindow(_ place: Int) -> Bool {
        tokens[place] == .to && clock(at: place + 1, isExpected: isAsked)?.clock.hour != nil
    }

    private func zone(at place: Int) -> (zone: TimeZone, end: Int)? {
        switch tokens[place] {
        case .zone(let name, let isPlace):
            let end = tokens[place + 1] == .zoneTime ? place + 2 : place + 1
            guard !isPlace || end == place + 2, let zone = TimeZone(identifier: name) else { return nil }
            return (zone, end)
        case .ownZone:
            let named = tokens.tokens.compactMap { token -> TimeZone? in
                guard case .zone(let name, _) = token.word else { return nil }
                return TimeZone(identifier: name)
            }
            return (named.first ?? almanac.calendar.timeZone, place + 1)
        default: return nil
        }
    }

    /// "The day after", "the one after", "next" alone, "an hour later": what goes on from the time before.
    private func moved(_ place: Int) -> (day: SpokenDay, end: Int)? {
        if tokens[place] == .oneAfter, let base = dayOfYear(place + 1) {
            let isDay = text.plainTexts[tokens.tokens[place].words.upperBound - 2] == "day"
            let days = isDay ? 1 : 7 - almanac.weekday(of: base.day.date)
            return (SpokenDay(date: almanac.day(days, from: base.day.date), precision: isDay ? .day : .week), base.end)
        }
        if tokens[place] == .oneAfter, let from = reference ?? anchor?.date {
            let date = almanac.calendar.startOfDay(for: from)
            let isDay =
                tokens.tokens[place].words.count == 3
                && text.plainTexts[tokens.tokens[place].words.lowerBound + 1] == "day"
            return (SpokenDay(date: almanac.day(isDay ? 1 : 7, from: date), precision: .day), place + 1)
        }
        let isNext = tokens[place] == .next || tokens[place] == .within && tokens.plain(place) == "the"
        if isNext, place + 1 == tokens.tokens.count, let reference {
            return (SpokenDay(date: almanac.day(7, from: reference), precision: .day), place + 1)
        }
        guard let anchor, anchor.hasTimeOfDay, let (count, end) = count(place), case .unit(let unit)? = tokens[end],
            let way = tokens.plain(end + 1), ["later", "earlier"].contains(way)
        else { return nil }
        let seconds = count * (unit == .hour ? 3_600 : unit == .minute ? 60 : unit == .day ? 86_400 : 7 * 86_400)
        let date = anchor.date.addingTimeInterval(way == "later" ? seconds : -seconds)
        return (SpokenDay(date: date, precision: .time, isMoment: true), end + 2)
    }
}
