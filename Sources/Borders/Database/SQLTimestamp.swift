import Encoding
package import FoundationEssentials

/// `timestamptz` as text, both ways, in UTC and to the microsecond: `2026-11-21 08:03:04.123456+00`.
package enum SQLTimestamp {
    package static func text(_ date: Date) -> String {
        let (whole, fraction) = divide(micros(date), 1_000_000)
        let (days, second) = divide(whole, 86_400)
        let (year, month, day) = civil(days)
        return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2) + " " + padded(second / 3_600, 2) + ":"
            + padded(second / 60 % 60, 2) + ":" + padded(second % 60, 2) + "." + padded(fraction, 6) + "+00"
    }

    /// Microseconds since 1970, within the years 1 to 9999: all that the product and this notation know.
    static func micros(_ date: Date) -> Int {
        let seconds = min(max(date.timeIntervalSince1970, -62_135_596_800), 253_402_300_799)
        return Int((seconds * 1_000_000).rounded())
    }

    /// Reads what PostgreSQL prints for `timestamptz` and `date` under `DateStyle ISO` and `TimeZone UTC`; nil for
    /// anything else, `infinity` and years before our era included.
    package static func date(_ text: String) -> Date? {
        var rest = Substring(text).utf8
        func number(_ digits: ClosedRange<Int>) -> Int? {
            let taken = rest.prefix { $0.isASCIIDigit }
            guard digits.contains(taken.count), let value = Int(String(Substring(taken))) else { return nil }
            rest = rest.dropFirst(taken.count)
            return value
        }
        func take(_ character: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: character) else { return false }
            rest = rest.dropFirst()
            return true
        }
        guard let year = number(4...6), take("-"), let month = number(2...2), take("-"), let day = number(2...2),
            (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        var seconds = Double(daysSince1970(year, month, day)) * 86_400
        if rest.isEmpty { return Date(timeIntervalSince1970: seconds) }
        guard take(" "), let hour = number(2...2), take(":"), let minute = number(2...2), take(":"),
            let second = number(2...2)
        else { return nil }
        seconds += Double(hour * 3_600 + minute * 60 + second)
        if take(".") {
            let before = rest.count
            guard let fraction = number(1...6) else { return nil }
            var scale = 1.0
            for _ in 0..<(before - rest.count) { scale *= 10 }
            seconds += Double(fraction) / scale
        }
        guard take("+"), number(2...2) == 0, rest.isEmpty else { return nil }
        return Date(timeIntervalSince1970: seconds)
    }

    private static func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func divide(_ value: Int, _ by: Int) -> (quotient: Int, remainder: Int) {
        let quotient = (value - (value < 0 ? by - 1 : 0)) / by
        return (quotient, value - quotient * by)
    }

    /// Days since 1970-01-01 to the proleptic Gregorian calendar and back (Howard Hinnant, chrono-compatible dates).
    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let (era, dayOfEra) = divide(days + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let (era, yearOfEra) = divide(month <= 2 ? year - 1 : year, 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
