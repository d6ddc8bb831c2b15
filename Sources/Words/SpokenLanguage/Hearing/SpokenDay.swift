import Foundation

/// A day, week, month or more read from words.
struct SpokenDay {
    var date: Date
    var precision: TimeMention.Precision
    var isToday = false
    /// "next week", after which a day of that week may come.
    var weekOffset: Int?
    /// "in two hours": day and time of day at once.
    var isMoment = false

    var isRefinable: Bool { precision == .week && weekOffset != nil || precision == .month }
}

/// The grammar of days.
extension TimeReader {
    typealias Day = (day: SpokenDay, end: Int)

    func day(at start: Int, within: SpokenDay? = nil) -> Day? {
        var at = start
        var leads: Set<Lead> = []
        while at - start < 3, let lead = lead(at) {
            leads.insert(lead)
            at += 1
        }
        if case .weekday(let weekday)? = tokens[at] {
            if [.ago, .past].contains(tokens[start - 1]) || leads.contains(.last) || tokens[at - 1] == .ordinal(-1) {
                if let nth = nthWeekday(at - 1), tokens[at - 1] == .ordinal(-1) { return nth }
                return nil
            }
            return self.weekday(weekday, leads, at + 1, within)
        }
        // "Next month on the third."
        if let within {
            guard within.precision == .month, case .ordinal(let day)? = tokens[at], day > 0 else { return nil }
            return inMonth(within.date, day, at + 1)
        }
        // "In two Mondays", "two Tuesdays from now".
        if case .number(let count)? = tokens[at], (1...6).contains(count), count.rounded() == count,
            case .weekday(let weekday)? = tokens[at + 1], tokens.plain(at + 1)?.hasSuffix("s") == true,
            leads.contains(.in) || tokens[at + 2] == .now, let first = self.weekday(weekday, [], at + 2, nil)
        {
            let end = tokens[at + 2] == .now ? at + 3 : at + 2
            return made(almanac.day(7 * (rounded(count) - 1), from: first.day.date), .day, end)
        }
        // "In 2028", "twenty twenty nine".
        if asked == .horizon || leads.contains(.in) || [.by, .before, .in, .until].contains(tokens[start - 1]),
            let year = year(at), year >= almanac.year
        {
            let first = almanac.date(year: year, month: 1, day: 1)
            return made(first.map { max($0, almanac.today) }, .year, yearEnd(at))
        }
        return part(at, leads) ?? offset(at, leads) ?? relative(at, leads) ?? dated(at, leads)
    }

    enum Lead { case on, the, this, next, every, `in`, within, last, of }

    func lead(_ place: Int) -> Lead? {
        switch tokens[place] {
        case .on: .on
        case .the: .the
        case .this: .this
        case .next: .next
        case .every: .every
        case .in: .in
        case .within: .within
        default: nil
        }
    }

    func made(_ date: Date?, _ precision: TimeMention.Precision, _ end: Int, week: Int? = nil) -> Day? {
        date.map { (SpokenDay(date: $0, precision: precision, weekOffset: week), end) }
    }

    // MARK: Weekdays

    func weekday(_ weekday: Int, _ leads: Set<Lead>, _ after: Int, _ within: SpokenDay?) -> Day? {
        if let within {
            return within.weekOffset.flatMap { made(almanac.day(weekday, from: almanac.monday($0)), .day, after) }
        }
        let soonest = almanac.day((weekday - almanac.weekday(of: almanac.today) + 6) % 7 + 1)
        let behind = tokens[after] == .of || tokens[after] == .in ? after + 1 : after
        if tokens[behind] == .next, tokens[behind + 1] == .unit(.week) {
            return made(almanac.day(weekday, from: almanac.monday(1)), .day, behind + 2)
        }
        if tokens[behind] == .this, tokens[behind + 1] == .unit(.week) { return made(soonest, .day, behind + 2) }
        if tokens[behind] == .weekAfterNext {
            return made(almanac.day(weekday, from: almanac.monday(2)), .day, behind + 1)
        }
        if tokens[after] == .unit(.week) { return made(almanac.day(7, from: soonest), .day, after + 1) }
        if tokens[after] == .fortnight { return made(almanac.day(14, from: soonest), .day, after + 1) }
        if tokens[after] == .afterNext { return made(almanac.day(7, from: soonest), .day, after + 1) }
        if tokens[after] == .in, let (count, end) = count(after + 1), tokens[end] == .unit(.week),
            count.rounded() == count
        {
            return made(almanac.day(7 * rounded(count), from: soonest), .day, end + 1)
        }
        // A date may follow its day of the week: "tuesday the third of march".
        if let dated = dated(tokens[after] == .the ? after + 1 : after, [.on, .the]), dated.day.precision == .day,
            almanac.weekday(of: dated.day.date) == weekday
        {
            return dated
        }
        if [.after, .before].contains(tokens[after]), let base = dayOfYear(after + 1) {
            let behind = (weekday - almanac.weekday(of: base.day.date) + 6) % 7 + 1
            let ahead = (almanac.weekday(of: base.day.date) - weekday + 6) % 7 + 1
            return made(almanac.day(tokens[after] == .after ? behind : -ahead, from: base.day.date), .day, base.end)
        }
        if leads.contains(.next) {
            return made(almanac.day(weekday, from: almanac.monday(1)), .day, after)
        }
        return made(soonest, .day, after)
    }

    /// A day that has a place in the year, not only in the week.
    func dayOfYear(_ place: Int) -> Day? {
        switch tokens[place] {
        case .holiday, .month, .date, .ordinal, .the: day(at: place).flatMap { $0.day.precision == .day ? $0 : nil }
        default: nil
        }
    }

    // MARK: Parts of longer times

    /// "early next week", "the end of January", "mid March", "the first week of February".
    func part(_ start: Int, _ leads: Set<Lead>) -> Day? {
        switch tokens[start] {
        case .early, .middle, .late, .end, .beginning: break
        case .ordinal(let count):
            guard tokens[start + 1] == .unit(.week), let scope = scope(start + 2), scope.day.precision == .month else {
                return nil
            }
            let last = almanac.day(-6, from: almanac.monthEnd(scope.day.date))
            let date = count == -1 ? last : almanac.day(7 * (count - 1), from: scope.day.date)
            return (1...4).contains(count) || count == -1 ? made(date, .week, scope.end) : nil
        default: return nil
        }
        guard let scope = scope(start + 1) ?? (leads.contains(.the) ? nil : nil) else { return nil }
        var day = scope.day
        let isEnd = tokens[start] == .end
        let share = tokens[start] == .early || tokens[start] == .beginning ? 0.0 : tokens[start] == .middle ? 0.5 : 0.8
        switch day.precision {
        case .week:
            day.date = almanac.day(
                share == 0 ? 0 : share == 0.5 ? 2 : isEnd ? 4 : 3, from: almanac.monday(day.weekOffset ?? 0))
            day.precision = .day
            if day.date < almanac.today { day.date = almanac.day(7, from: day.date) }
        case .month:
            let first = almanac.calendar.dateInterval(of: .month, for: day.date)?.start ?? day.date
            day.date =
                isEnd ? almanac.monthEnd(first) : almanac.day(share == 0 ? 2 : share == 0.5 ? 14 : 24, from: first)
            day.precision = isEnd ? .day : .week
            if day.date < almanac.today { day.date = almanac.adding(months: 1, to: day.date) }
            let weekday = almanac.weekday(of: day.date)
            if !isEnd, weekday > 4 { day.date = almanac.day(7 - weekday, from: day.date) }
        case .quarter:
            day.date =
                isEnd
                ? almanac.day(-1, from: almanac.adding(months: 3, to: day.date))
                : almanac.day(Int(share * 90), from: day.date)
            day.precision = isEnd ? .day : .month
        case .year:
            day.date =
                isEnd
                ? almanac.day(-1, from: almanac.adding(months: 12, to: yearStart(day.date)))
                : almanac.adding(months: Int(share * 12), to: day.date)
            day.precision = isEnd ? .day : .month
        default: return nil
        }
        day.weekOffset = nil
        return (day, scope.end)
    }

    func yearStart(_ date: Date) -> Date { almanac.calendar.dateInterval(of: .year, for: date)?.start ?? date }

    /// A week, month, quarter or year behind "early", "the end of": "the month", "next week", "March".
    func scope(_ start: Int) -> Day? {
        var at = start
        while [.of, .the, .in].contains(tokens[at]), at - start < 2 { at += 1 }
        if tokens[at] == .unit(.week) { return made(almanac.monday(0), .week, at + 1, week: 0) }
        if tokens[at] == .unit(.month) { return made(almanac.month(0), .month, at + 1) }
        if tokens[at] == .unit(.quarter) { return made(almanac.quarter((almanac.monthNow + 2) / 3), .quarter, at + 1) }
        if tokens[at] == .unit(.year) { return made(almanac.date(year: almanac.year, month: 1, day: 1), .year, at + 1) }
        guard let found = day(at: tokens[at - 1] == .the && tokens[at] == .unit(.week) ? at - 1 : at),
            found.day.precision < .day
        else { return nil }
        return found
    }

    // MARK: From now on

    /// "in two weeks", "three days from now", "in half an hour", "three weeks from Monday", "a week on Tuesday".
    func offset(_ start: Int, _ leads: Set<Lead>) -> Day? {
        let leads =
            leads.contains(.in) || leads.contains(.within) || [.in, .within, .after].contains(tokens[start - 1])
        var at = start
        while [.at, .filler].contains(tokens[at]), leads, at - start < 2 { at += 1 }
        guard var (count, end) = count(at) else { return nil }
        if tokens[end] == .of { end += 1 }
        var unit: TimeWord.Unit
        switch tokens[end] {
        case .unit(let said): unit = said
        case .fortnight: (unit, count) = (.week, count * 2)
        default: return nil
        }
        end += 1
        if tokens[end] == .and, tokens[end + 1] == .one, tokens[end + 2] == .half {
            (count, end) = (count + 0.5, end + 3)
        }
        if text.tongue != .english, tokens[end] == .and, tokens[end + 1] == .half {
            (count, end) = (count + 0.5, end + 2)
        }
        guard (0.1...400).contains(count), tokens[end] != .ago else { return nil }
        // "A week on Tuesday", "two weeks from Monday", "a week tomorrow".
        if tokens[end] == .before, unit == .week || unit == .day, let base = dayOfYear(end + 1) {
            return made(almanac.day(-rounded(count * (unit == .week ? 7 : 1)), from: base.day.date), .day, base.end)
        }
        let behind = [.from, .after, .on].contains(tokens[end]) ? end + 1 : end
        if unit == .week || unit == .day && behind > end || unit == .month && behind > end, let then = baseDay(behind) {
            let base = then.day.date
            let date =
                unit == .month
                ? almanac.adding(months: rounded(count), to: base)
                : almanac.day(rounded(count * (unit == .week ? 7 : 1)), from: base)
            return made(date, .day, then.end)
        }
        if tokens[end] == .filler { end += 1 }
        if tokens[end] == .now || tokens[end] == .zoneTime && leads {
            end += 1
        } else if !leads, !isGiven(start), !isAsked || [.minute, .hour].contains(unit) {
            return nil
        }
        return ahead(count, unit, end)
    }

    func rounded(_ count: Double) -> Int { Int(exactly: count.rounded()) ?? 0 }

    /// "give me a week", and a length of time that answers the question.
    func isGiven(_ start: Int) -> Bool {
        let said = text.texts[..<(tokens.tokens.indices.contains(start) ? tokens.tokens[start].words.lowerBound : 0)]
            .suffix(2)
        return said.elementsEqual(["give", "me"])
    }

    func baseDay(_ place: Int) -> Day? {
        switch tokens[place] {
        case .weekday, .relative, .month, .date, .holiday, .next, .this: day(at: place)
        case .the, .on: day(at: place)
        case .ordinal, .number: day(at: place)
        default: nil
        }
    }

    func count(_ start: Int) -> (Double, Int)? {
        switch tokens[start] {
        case .number(let value):
            // "Three quarters of an hour", "three or four days".
            if tokens[start + 1] == .unit(.quarter), tokens[start + 2] == .of, tokens[start + 3] == .one,
                tokens[start + 4] == .unit(.hour)
            {
                return (value / 4, start + 4)
            }
            if tokens[start + 1] == .or || tokens[start + 1] == .to, case .number? = tokens[start + 2],
                isUnit(start + 3)
            {
                return (value, start + 3)
            }
            return (value, start + 1)
        case .half:
            return tokens[start + 1] == .one ? (0.5, start + 2) : text.tongue != .english ? (0.5, start + 1) : nil
        case .quarterHour: return tokens[start + 1] == .of ? (0.25, start + (tokens[start + 2] == .one ? 3 : 2)) : nil
        case .one: return tokens[start + 1] == .half ? (0.5, start + 2) : (1, start + 1)
        case .fortnight: return nil
        default: return nil
        }
    }

    func isUnit(_ place: Int) -> Bool {
        if case .unit? = tokens[place] { return true }
        return tokens[place] == .fortnight
    }

    func ahead(_ count: Double, _ unit: TimeWord.Unit, _ end: Int) -> Day? {
        switch unit {
        case .minute, .hour:
            let date = almanac.now.addingTimeInterval(count * (unit == .hour ? 3_600 : 60))
            return (SpokenDay(date: date, precision: .time, isMoment: true), end)
        case .day: return made(almanac.day(rounded(count)), .day, end)
        case .week: return made(almanac.day(rounded(count * 7)), .day, end)
        case .month, .quarter, .year:
            let months = count * (unit == .month ? 1 : unit == .quarter ? 3 : 12)
            let whole = months.rounded(.down)
            let date = almanac.adding(months: Int(exactly: whole) ?? 0, to: almanac.today)
            return made(almanac.day(rounded((months - whole) * 30), from: date), unit == .month ? .week : .month, end)
        }
    }

    // MARK: By name

    func relative(_ at: Int, _ leads: Set<Lead>) -> Day? {
        switch tokens[at] {
        case .relative(let days):
            // "Tomorrow in a week."
            if tokens[at + 1] == .in, let (count, end) = count(at + 2), tokens[end] == .unit(.week) {
                return made(almanac.day(days + 7 * rounded(count)), .day, end + 1)
            }
            return (SpokenDay(date: almanac.day(days), precision: .day, isToday: days == 0), at + 1)
        case .part(let part) where leads == [.this] || tokens.plain(at) == "tonight":
            guard !part.isBeforeNoon || leads == [.this] else { return nil }
            return (SpokenDay(date: almanac.today, precision: .day, isToday: true), at)
        case .unit(let unit):
            if unit == .week, tokens[at + 1] == .of, leads.contains(.the) || tokens[at - 1] == .the,
                let date = day(at: at + 2), date.day.precision == .day
            {
                return made(almanac.day(-almanac.weekday(of: date.day.date), from: date.day.date), .week, date.end)
            }
            // "The week before Christmas."
            if unit == .week, tokens[at + 1] == .before, let base = dayOfYear(at + 2) {
                return made(almanac.day(-7, from: base.day.date), .week, base.end)
            }
            if tokens[at + 1] == .afterNext { return self.unit(unit, 2, at + 2) }
            if leads.contains(.within) || tokens[at - 1] == .within {
                return unit == .minute || unit == .hour ? ahead(1, unit, at + 1) : self.unit(unit, 1, at + 1)
            }
            // "La semana que viene."
            if text.tongue == .spanish, tokens[at + 1] == .next { return self.unit(unit, 1, at + 2) }
            // "El día tres."
            if text.tongue == .spanish, unit == .day, case .number(let day)? = tokens[at + 1], (1...31).contains(day) {
                let behind = tokens[at + 2] == .of ? at + 3 : at + 2
                if case .month(let month, _)? = tokens[behind] { return withYear(month, rounded(day), behind + 1) }
                return made(almanac.date(month: nil, dayOfMonth: rounded(day)), .day, at + 2)
            }
            if leads.contains(.next) { return self.unit(unit, 1, at + 1) }
            if leads.contains(.this) { return self.unit(unit, 0, at + 1) }
            return nil
        case .weekAfterNext: return unit(.week, 2, at + 1)
        case .workday:
            let days = (1...3).first { almanac.weekday(of: almanac.day($0)) < 5 } ?? 1
            return made(almanac.day(days), .day, at + 1)
        case .weekend:
            let saturday = almanac.day((5 - almanac.weekday(of: almanac.today) + 7) % 7)
            let isNext = leads.contains(.next) && almanac.weekday(of: almanac.today) < 5
            return made(isNext ? almanac.day(7, from: saturday) : saturday, .day, at + 1)
        case .holiday(let holiday): return made(almanac.holiday(holiday), .day, at + 1)
        case .season(let season):
            let isLead = leads.contains(.in) || leads.contains(.the) || leads.contains(.this) || leads.contains(.next)
            guard isLead || isAsked || [.by, .before, .in, .early, .late, .of, .middle].contains(tokens[at - 1]) else {
                return nil
            }
            return made(almanac.season(season), .quarter, at + 1)
        case .quarter(let number): return made(almanac.quarter(number), .quarter, at + 1)
        default: return nil
        }
    }

    func unit(_ unit: TimeWord.Unit, _ offset: Int, _ end: Int) -> Day? {
        switch unit {
        case .week: return made(offset == 0 ? almanac.today : almanac.monday(offset), .week, end, week: offset)
        case .month: return made(offset == 0 ? almanac.today : almanac.month(offset), .month, end)
        case .quarter:
            let first = almanac.quarter((almanac.monthNow + 2) / 3) ?? almanac.today
            return made(offset == 0 ? almanac.today : almanac.adding(months: 3 * offset, to: first), .quarter, end)
        case .year:
            let date = almanac.date(year: almanac.year + offset, month: 1, day: 1)
            return made(offset == 0 ? almanac.today : date, .year, end)
        case .day: return offset == 1 ? made(almanac.day(1), .day, end) : nil
        case .minute, .hour: return nil
        }
    }

}
