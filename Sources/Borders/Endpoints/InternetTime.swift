import Encoding
package import FoundationEssentials

/// A time as RFC 3339 writes it: `2026-03-05T10:00:00Z`, with a fraction and an offset if there are any.
package struct InternetTime: Equatable, Sendable {
    package let date: Date

    /// Nil for a day or an hour that does not exist, and without an offset: whose time would it be?
    package init?(_ text: String) {
        var digits = Digits(text)
        guard text.utf8.count <= 40, let days = digits.day(), digits.take("T", "t", " "), let hour = digits.number(2),
            digits.take(":"), let minute = digits.number(2), digits.take(":"), let second = digits.number(2),
            hour < 24, minute < 60, second < 60
        else { return nil }
        var seconds = Double(days * 86_400 + hour * 3_600 + minute * 60 + second)
        if digits.take(".") {
            guard let fraction = digits.fraction() else { return nil }
            seconds += fraction
        }
        if !digits.take("Z", "z") {
            let isEast = digits.take("+")
            guard isEast || digits.take("-"), let hours = digits.number(2), digits.take(":"),
                let minutes = digits.number(2), hours < 24, minutes < 60
            else { return nil }
            seconds -= Double(hours * 3_600 + minutes * 60) * (isEast ? 1 : -1)
        }
        guard digits.isAtEnd else { return nil }
        date = Date(timeIntervalSince1970: seconds)
    }

    /// `2026-03-05`, a day there is.
    package static func isDate(_ text: String) -> Bool {
        var digits = Digits(text)
        return digits.day() != nil && digits.isAtEnd
    }

    private struct Digits {
        private var rest: Substring.UTF8View

        init(_ text: String) { rest = Substring(text).utf8 }

        var isAtEnd: Bool { rest.isEmpty }

        mutating func take(_ characters: Unicode.Scalar...) -> Bool {
            guard let byte = rest.first, characters.contains(where: { UInt8(ascii: $0) == byte }) else { return false }
            rest = rest.dropFirst()
            return true
        }

        mutating func number(_ count: Int) -> Int? {
            let digits = rest.prefix(count)
            guard digits.count == count, digits.allSatisfy(\.isASCIIDigit) else { return nil }
            rest = rest.dropFirst(count)
            return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        }

        /// Of a second; at least one digit, and no more than count.
        mutating func fraction() -> Double? {
            let digits = rest.prefix { $0.isASCIIDigit }
            guard (1...9).contains(digits.count) else { return nil }
            rest = rest.dropFirst(digits.count)
            return digits.reversed().reduce(0) { ($0 + Double($1 - 0x30)) / 10 }
        }

        /// Since 1970.
        mutating func day() -> Int? {
            guard let year = number(4), take("-"), let month = number(2), take("-"), let day = number(2), year > 0,
                (1...12).contains(month), day > 0, day <= Self.length(of: month, year)
            else { return nil }
            let shifted = month <= 2 ? year - 1 : year
            let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
            return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
        }

        private static func length(of month: Int, _ year: Int) -> Int {
            switch month {
            case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
            case 4, 6, 9, 11: 30
            default: 31
            }
        }
    }
}
