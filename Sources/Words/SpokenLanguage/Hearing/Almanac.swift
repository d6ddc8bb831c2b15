import Foundation

/// The calendar as seen from one moment in one zone.
struct Almanac {
    enum Holiday: Sendable {
        case christmas, newYear, thanksgiving, easter, independenceDay, laborDay, memorialDay, halloween, valentines,
            christmasEve, boxingDay, newYearsEve, presidentsDay, kingDay, goodFriday, easterMonday
    }

    enum Season: Sendable { case spring, summer, autumn, winter }

    let now: Date
    /// The beginning of this day: what nearly every date is counted from.
    let today: Date
    let calendar: Calendar

    init(now: Date, timeZone: TimeZone) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = timeZone
        calendar.firstWeekday = 2
        self.calendar = calendar
        self.now = now
        today = calendar.startOfDay(for: now)
    }

    func day(_ offset: Int, from: Date? = nil) -> Date {
        calendar.date(byAdding: .day, value: offset, to: from ?? today)
            ?? now.addingTimeInterval(Double(offset) * 86_400)
    }

    /// 0 is Monday.
    func weekday(of date: Date) -> Int { (calendar.component(.weekday, from: date) + 5) % 7 }

    /// Monday of the week that `offset` weeks after this one.
    func monday(_ offset: Int) -> Date { day(offset * 7 - weekday(of: today)) }

    func month(_ offset: Int) -> Date {
        let parts = calendar.dateComponents([.year, .month], from: today)
        let first = calendar.date(from: parts) ?? today
        return adding(months: offset, to: first)
    }

    func adding(months: Int, to date: Date) -> Date {
        calendar.date(byAdding: .month, value: months, to: date) ?? date
    }

    /// The last day of the month that `date` is in.
    func monthEnd(_ date: Date) -> Date { day(-1, from: adding(months: 1, to: date)) }

    var year: Int { calendar.component(.year, from: today) }
    var monthNow: Int { calendar.component(.month, from: today) }

    func date(year: Int, month: Int, day: Int) -> Date? {
        var wanted = DateComponents()
        (wanted.year, wanted.month, wanted.day) = (year, month, day)
        guard let date = calendar.date(from: wanted), calendar.component(.day, from: date) == day else { return nil }
        return date
    }

    /// The next `month` `dayOfMonth` (1…12, 1…31) that is not over; nil for the 31st of February.
    func date(month: Int?, dayOfMonth: Int) -> Date? {
        for ahead in 0...12 {
            let found =
                month.map { date(year: year + ahead, month: $0, day: dayOfMonth) }
                ?? date(
                    year: year + (monthNow + ahead - 1) / 12, month: (monthNow + ahead - 1) % 12 + 1, day: dayOfMonth)
            if let found, found >= today { return found }
        }
        return nil
    }

    /// The first of the next such month; the current one counts.
    func first(of month: Int) -> Date? { date(year: month < monthNow ? year + 1 : year, month: month, day: 1) }

    /// The `count`th such weekday of the month that begins on `first`, the last one for −1.
    func weekday(_ weekday: Int, _ count: Int, ofMonth first: Date) -> Date? {
        guard (1...5).contains(count) || count == -1 else { return nil }
        if count == -1 {
            let last = monthEnd(first)
            return day(-((self.weekday(of: last) - weekday + 7) % 7), from: last)
        }
        let found = day((weekday - self.weekday(of: first) + 7) % 7 + 7 * (count - 1), from: first)
        return calendar.isDate(found, equalTo: first, toGranularity: .month) ? found : nil
    }

    /// The next one that is not over.
    func holiday(_ holiday: Holiday) -> Date? {
        [year, year + 1].compactMap { self.holiday(holiday, in: $0) }.first { $0 >= today }
    }

    private func holiday(_ holiday: Holiday, in year: Int) -> Date? {
        switch holiday {
        case .christmas: date(year: year, month: 12, day: 25)
        case .newYear: date(year: year, month: 1, day: 1)
        case .thanksgiving: date(year: year, month: 11, day: 1).flatMap { weekday(3, 4, ofMonth: $0) }
        case .easter: easter(year)
        case .goodFriday: easter(year).map { day(-2, from: $0) }
        case .easterMonday: easter(year).map { day(1, from: $0) }
        case .independenceDay: date(year: year, month: 7, day: 4)
        case .laborDay: date(year: year, month: 9, day: 1).flatMap { weekday(0, 1, ofMonth: $0) }
        case .memorialDay: date(year: year, month: 5, day: 1).flatMap { weekday(0, -1, ofMonth: $0) }
        case .halloween: date(year: year, month: 10, day: 31)
        case .christmasEve: date(year: year, month: 12, day: 24)
        case .boxingDay: date(year: year, month: 12, day: 26)
        case .newYearsEve: date(year: year, month: 12, day: 31)
        case .presidentsDay: date(year: year, month: 2, day: 1).flatMap { weekday(0, 3, ofMonth: $0) }
        case .kingDay: date(year: year, month: 1, day: 1).flatMap { weekday(0, 3, ofMonth: $0) }
        case .valentines: date(year: year, month: 2, day: 14)
        }
    }

    /// Sunday of the western church, by Gauss's rule in the form that holds for every year of the Gregorian calendar.
    private func easter(_ year: Int) -> Date? {
        let (a, b, c) = (year % 19, year / 100, year % 100)
        let (d, e) = (b / 4, b % 4)
        let g = (b - (b + 8) / 25 + 1) / 3
        let h = (19 * a + b - d - g + 15) % 30
        let l = (32 + 2 * e + 2 * (c / 4) - h - c % 4) % 7
        let m = (a + 11 * h + 22 * l) / 451
        let n = h + l - 7 * m + 114
        return date(year: year, month: n / 31, day: n % 31 + 1)
    }

    /// The first day of the next one, or of this one while it lasts.
    func season(_ season: Season) -> Date? {
        let month =
            switch season {
            case .spring: 3
            case .summer: 6
            case .autumn: 9
            case .winter: 12
            }
        let start = date(year: year, month: month, day: 1)
        // In its last month the next one is meant.
        guard let start, adding(months: 2, to: start) > today else { return date(year: year + 1, month: month, day: 1) }
        return max(start, today)
    }

    /// The first day of quarter `number` (1…4): this year's, or next year's once it is over.
    func quarter(_ number: Int) -> Date? {
        let isOver = number < (monthNow + 2) / 3
        return date(year: isOver ? year + 1 : year, month: number * 3 - 2, day: 1)
    }

    func at(_ hour: Int, _ minute: Int, on day: Date) -> Date? {
        var parts = calendar.dateComponents([.year, .month, .day], from: day)
        (parts.hour, parts.minute) = (hour, minute)
        return calendar.date(from: parts)
    }

    /// The clock of another zone on a day of this one.
    func at(_ hour: Int, _ minute: Int, on day: Date, in zone: TimeZone) -> Date? {
        var parts = calendar.dateComponents([.year, .month, .day], from: day)
        (parts.hour, parts.minute) = (hour, minute)
        var theirs = calendar
        theirs.timeZone = zone
        return theirs.date(from: parts)
    }
}
