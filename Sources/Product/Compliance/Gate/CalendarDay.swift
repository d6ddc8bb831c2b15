import Encoding

/// A day of the Gregorian calendar, nowhere in particular: `2026-11-30`.
package struct CalendarDay: Hashable, Comparable, Sendable {
    package let year: Int
    /// 1…12.
    package let month: Int
    /// 1…31.
    package let day: Int

    private static let monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    private static let years = 1900...2200

    /// Nil for a day that there is not.
    package init?(year: Int, month: Int, day: Int) {
        guard Self.years.contains(year), (1...12).contains(month), (1...Self.length(of: month, in: year)).contains(day)
        else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
    }

    /// `2026-11-30`.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.map(\.utf8.count) == [4, 2, 2],
            parts.allSatisfy({ $0.utf8.allSatisfy(\.isASCIIDigit) }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    static func length(of month: Int, in year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return month == 2 && isLeap ? 29 : monthLengths[month - 1]
    }

    /// 1 is Monday, 7 Sunday.
    package var weekday: Int {
        // Zeller's congruence counts from March, and Saturday as 0.
        let (month, year) = month < 3 ? (month + 12, year - 1) : (month, year)
        let zeller = (day + 13 * (month + 1) / 5 + year + year / 4 - year / 100 + year / 400) % 7
        return (zeller + 5) % 7 + 1
    }

    /// The day after; nil at the end of what is counted.
    package var next: CalendarDay? {
        CalendarDay(year: year, month: month, day: day + 1) ?? CalendarDay(year: year, month: month + 1, day: 1)
            ?? CalendarDay(year: year + 1, month: 1, day: 1)
    }

    var previous: CalendarDay? {
        if day > 1 { return CalendarDay(year: year, month: month, day: day - 1) }
        let (year, month) = month == 1 ? (year - 1, 12) : (year, month - 1)
        return CalendarDay(year: year, month: month, day: Self.length(of: month, in: year))
    }

    func moved(by days: Int) -> CalendarDay? {
        var found: CalendarDay? = self
        for _ in 0..<abs(days) { found = days < 0 ? found?.previous : found?.next }
        return found
    }

    package static func < (one: CalendarDay, other: CalendarDay) -> Bool {
        (one.year, one.month, one.day) < (other.year, other.month, other.day)
    }
}

extension CalendarDay: CustomStringConvertible, Codable {
    package var description: String { "\(year)-\(Self.two(month))-\(Self.two(day))" }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let day = CalendarDay(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "`\(text)` is no day like 2026-11-30"))
        }
        self = day
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
