/// A day of each year on which somebody is left in peace, as a rule set writes it down: by date (`month`, `day`), as the nth weekday
/// of a month (`month`, `weekday`, `nth`; -1 is the last), or by its distance from Easter Sunday (`easter`). `offset` moves it by days.
package struct Holiday: Codable, Hashable, Sendable {
    package var name: String
    var month: Int?
    var day: Int?
    /// 1 is Monday.
    var weekday: Int?
    var nth: Int?
    var easter: Int?
    var offset: Int?
    /// On a Sunday the Monday after is kept too, on a Saturday the Friday before.
    var observed: Bool?

    /// The days of `year` that are kept; of one that is observed on another day, both.
    package func days(in year: Int) -> [CalendarDay] {
        guard let named = named(in: year).flatMap({ $0.moved(by: offset ?? 0) }) else { return [] }
        guard observed == true else { return [named] }
        let beside: CalendarDay? =
            switch named.weekday {
            case 6: named.previous
            case 7: named.next
            default: nil
            }
        return [named] + (beside.map { [$0] } ?? [])
    }

    /// Whether it names a day of every year.
    var isWhole: Bool { (2024...2051).allSatisfy { !days(in: $0).isEmpty } }

    private func named(in year: Int) -> CalendarDay? {
        if let easter { return Self.easterSunday(year)?.moved(by: easter) }
        guard let month else { return nil }
        if let day { return CalendarDay(year: year, month: month, day: day) }
        guard let weekday, let nth, (1...7).contains(weekday), (1...12).contains(month) else { return nil }
        let length = CalendarDay.length(of: month, in: year)
        let matching = (1...length).compactMap { CalendarDay(year: year, month: month, day: $0) }
            .filter { $0.weekday == weekday }
        let index = nth > 0 ? nth - 1 : matching.count + nth
        return matching.indices.contains(index) ? matching[index] : nil
    }

    /// Of the Gregorian calendar, after Meeus, Astronomical Algorithms, chapter 8.
    static func easterSunday(_ year: Int) -> CalendarDay? {
        let (century, ofCentury) = (year / 100, year % 100)
        let golden = year % 19
        let moon = (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15) % 30
        let week = (32 + 2 * (century % 4) + 2 * (ofCentury / 4) - moon - ofCentury % 4) % 7
        let late = (golden + 11 * moon + 22 * week) / 451
        let days = moon + week - 7 * late + 114
        return CalendarDay(year: year, month: days / 31, day: days % 31 + 1)
    }
}
