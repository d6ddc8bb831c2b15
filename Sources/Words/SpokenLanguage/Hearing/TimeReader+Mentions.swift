import Foundation

/// From phrases to the times that hold: what is corrected, ruled out, an alternative, or about something else falls away.
extension TimeReader {
    mutating func mentions() -> [TimeMention] {
        var standing: [Phrase] = []
        var last: Phrase?
        var wasRuledOut = false
        for phrase in phrases() {
            var phrase = phrase
            let isRuledOut = isRuledOut(phrase)
            if let before = last {
                let gap = Array(tokens.tokens[before.range.upperBound..<phrase.range.lowerBound].map(\.word))
                if isCorrection(gap) {
                    complete(&phrase, from: before)
                    if !wasRuledOut || standing.last?.isRuledOut == true, !standing.isEmpty { standing.removeLast() }
                } else if gap == [.or] || gap == [.and], !isRuledOut {
                    (last, wasRuledOut) = (phrase, wasRuledOut)
                    if wasRuledOut { continue }
                    // The first of several that suit; what was said once of all holds for it.
                    if var first = standing.last {
                        first.isAlternative = true
                        if first.clock == nil { first.clock = phrase.clock }
                        if first.day == nil { first.day = phrase.day }
                        standing[standing.count - 1] = first
                    }
                    continue
                } else if isRuledOut, gap == [.and] || gap == [.or] || gap == [.to] {
                    // "Monday and Tuesday are full."
                    if !standing.isEmpty { standing[standing.count - 1].isRuledOut = true }
                } else if phrase.day == nil, before.day != nil, !wasRuledOut {
                    // "Thursday around two, two thirty": the first will do.
                    if before.clock?.hour != nil, gap.allSatisfy({ $0 == .filler }) { continue }
                    // "I land at noon tomorrow, call me at two."
                    if phrase.clock?.hour != nil || gap.count <= 3 { phrase.day = before.day }
                }
            }
            (last, wasRuledOut) = (phrase, isRuledOut)
            phrase.isRuledOut = isRuledOut
            if isRuledOut || (!isAboutOther(phrase) && !hasLeftover(phrase)) { standing.append(phrase) }
        }
        return standing.compactMap(resolve)
    }

    private func complete(_ phrase: inout Phrase, from before: Phrase) {
        if phrase.day == nil {
            (phrase.day, phrase.dayBound) = (before.day, before.dayBound)
            if phrase.clock?.hour != nil, phrase.clock?.isWhole == false { phrase.clock?.part = before.clock?.part }
        } else if phrase.clock == nil, before.clock != nil {
            (phrase.clock, phrase.clockBound) = (before.clock, before.clockBound)
        }
    }

    private func isCorrection(_ gap: [TimeWord]) -> Bool {
        gap.count <= 5 && gap.contains(.correction)
            && gap.allSatisfy {
                [.correction, .filler, .or, .and, .the, .at, .not].contains($0) || $0 == .other && gap.count <= 3
            }
    }

    // MARK: What does not count

    private func isRuledOut(_ phrase: Phrase) -> Bool {
        let words = tokens.wordRange(phrase.range)
        let before = CodedWords(text.plainTexts[..<words.lowerBound].suffix(6))
        // "I'm away until Thursday" names the day from which on it is fine, and a pause ends what was denied.
        let isApart = words.lowerBound > 0 && text.words[words.lowerBound - 1].pauses || phrase.dayBound == .from
        if !isApart {
            for start in before.indices
            where tokens.words.ruledOutBefore.contains(where: { $0.end(in: before, from: start) == before.count }) {
                return true
            }
            if before.last == "no", text.plainTexts[words.lowerBound].hasSuffix("s"), phrase.clock?.hour == nil {
                return true
            }
        }
        let next = CodedWords(text.plainTexts[words.upperBound...].prefix(7))
        return tokens.words.ruledOutAfter.matches(next)
    }

    /// An hour beside the day that was not understood: the day alone would be wrong.
    private func hasLeftover(_ phrase: Phrase) -> Bool {
        guard phrase.clock == nil, phrase.day?.precision == .day, phrase.day?.isMoment != true else { return false }
        var (after, before) = (phrase.range.upperBound, phrase.range.lowerBound - 1)
        while [.at, .filler, .by, .after, .before, .from, .on].contains(tokens[after]),
            after - phrase.range.upperBound < 3
        { after += 1 }
        while [.on, .the, .filler].contains(tokens[before]), phrase.range.lowerBound - before < 4 { before -= 1 }
        return isHourlike(after) || isHourlike(before)
    }

    private func isHourlike(_ place: Int) -> Bool {
        switch tokens[place] {
        case .half, .quarterHour, .unit(.quarter), .oclock, .am, .pm, .late: return true
        case .number(let value):
            // A telephone number, or so many of something.
            if case .number? = tokens[place + 2] { return false }
            return value <= 59 && !tokens.words.counted.contains(tokens.plain(place + 1) ?? "")
        default: return false
        }
    }

    private func isAboutOther(_ phrase: Phrase) -> Bool {
        let clause = TimeClause(around: tokens.wordRange(phrase.range), in: text)
        if clause.isAboutOther(tokens.words) { return true }
        guard asked == .appointment else { return false }
        return clause.saysMore { word in
            guard let named = tokens.words.index.longest(in: [word], at: 0)?.label else {
                return word.utf8.first.map { !(0x61...0x7A).contains($0) } ?? true || SpokenNumber.units[word] != nil
                    || SpokenNumber.tens[word] != nil
            }
            return named != .filler
        }
    }

    // MARK: To a moment

    func resolve(_ phrase: Phrase) -> TimeMention? {
        let range = tokens.wordRange(phrase.range)
        var precision = phrase.day?.precision ?? .day
        var date = phrase.day?.date ?? anchor.map { almanac.calendar.startOfDay(for: $0.date) } ?? almanac.today
        if phrase.day?.isMoment != true {
            (date, precision) = bounded(date, precision, phrase)
            var clock = phrase.clock
            if clock == nil, isCarried(phrase), let anchor, anchor.hasTimeOfDay {
                clock = time(of: anchor.date)
            } else if clock == nil, phrase.isSameTime {
                clock = time(of: almanac.now)
                if phrase.day?.weekOffset == 1 { date = almanac.day(7) }
            }
            if let clock {
                guard let exact = exact(clock, phrase, on: date) else { return nil }
                if let day = phrase.day, day.precision < .week || day.precision == .week && clock.hour == nil {
                    precision = day.precision
                } else {
                    precision = clock.hour == nil ? .partOfDay : .time
                }
                date = exact
                if phrase.day == nil, anchor == nil, date <= almanac.now {
                    guard clock.hour != nil || isAsked else { return nil }
                    date = almanac.day(1, from: date)
                }
            } else {
                date = almanac.at(9, 0, on: date) ?? date
                if date < almanac.now, almanac.calendar.isDate(date, inSameDayAs: almanac.now) { date = almanac.now }
            }
        }
        guard date >= almanac.now.addingTimeInterval(-60) else { return nil }
        return TimeMention(
            date: date, precision: precision, words: text.quote(range), wordRange: range,
            namesDay: phrase.day != nil || anchor != nil, isAlternative: phrase.isAlternative,
            isRuledOut: phrase.isRuledOut)
    }

    /// "Friday same time", "the week after": the hour that was spoken of stays.
    private func isCarried(_ phrase: Phrase) -> Bool {
        phrase.isSameTime || tokens[phrase.range.upperBound - 1] == .oneAfter
    }

    private func time(of date: Date) -> SpokenClock {
        let parts = almanac.calendar.dateComponents([.hour, .minute], from: date)
        return SpokenClock(hour: parts.hour, minute: parts.minute ?? 0, isSettled: true)
    }

    private func bounded(
        _ date: Date, _ precision: TimeMention.Precision, _ phrase: Phrase
    ) -> (Date, TimeMention.Precision) {
        guard phrase.day != nil else { return (date, precision) }
        switch phrase.dayBound {
        case .before:
            let day = almanac.day(-1, from: date)
            return (max(day, almanac.today), .day)
        case .after:
            switch precision {
            case .week: return (almanac.day(7, from: almanac.day(-almanac.weekday(of: date), from: date)), precision)
            case .month: return (almanac.adding(months: 1, to: date), precision)
            case .quarter: return (almanac.adding(months: 3, to: date), precision)
            case .year: return (almanac.adding(months: 12, to: date), precision)
            default: return (phrase.clock == nil ? almanac.day(1, from: date) : date, precision)
            }
        default: return (date, precision)
        }
    }

    private func exact(_ clock: SpokenClock, _ phrase: Phrase, on day: Date) -> Date? {
        var (hour, minute) = clock.resolved
        let bound = phrase.clockBound ?? (clock.part == .lunch ? phrase.dayBound : nil)
        if bound == .before {
            if phrase.isJust {
                (hour, minute) = minute >= 15 ? (hour, minute - 15) : (hour - 1, minute + 45)
            } else {
                (hour, minute) =
                    hour > 9 || (hour == 9 && minute > 0)
                    ? (clock.part == .lunch ? 11 : 9, 0) : (max(0, hour - 1), minute)
            }
        }
        if bound == .after, clock.hour == nil, clock.part == .lunch { (hour, minute) = (13, 30) }
        let zone = phrase.zone
        let date = zone.map { almanac.at(hour, minute, on: day, in: $0) } ?? almanac.at(hour, minute, on: day)
        guard let date = date ?? nil else { return nil }
        if bound == .before, date < almanac.now { return max(almanac.now, date) }
        return date
    }
}
