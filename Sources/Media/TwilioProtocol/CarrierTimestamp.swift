package import FoundationEssentials

/// The two ways the carrier writes a moment: RFC 2822 in call callbacks and resources, ISO 8601 in stream callbacks.
package enum CarrierTimestamp {
    /// `Fri, 02 Jan 2026 03:04:05 +0000`; the day of the week is not checked. Nil for anything else.
    package static func rfc2822(_ text: String) -> Date? {
        guard text.utf8.count <= 40 else { return nil }
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[0].last == ",", let day = Int(parts[1]),
            let month = months.firstIndex(of: String(parts[2])), let year = Int(parts[3]),
            let offset = offsetSeconds(parts[5])
        else { return nil }
        let clock = parts[4].split(separator: ":").map { Int($0) }
        guard clock.count == 3, let hour = clock[0], let minute = clock[1], let second = clock[2] else { return nil }
        return date(year, month + 1, day, hour, minute, Double(second)).map { $0 - Double(offset) }
    }

    /// `2026-01-02T03:04:05.678Z`, with or without a fraction. Nil for anything else.
    package static func iso8601(_ text: String) -> Date? {
        guard text.utf8.count <= 40, text.hasSuffix("Z") else { return nil }
        let halves = text.dropLast().split(separator: "T")
        guard halves.count == 2 else { return nil }
        let days = halves[0].split(separator: "-").map { Int($0) }
        let clock = halves[1].split(separator: ":")
        guard days.count == 3, clock.count == 3, let year = days[0], let month = days[1], let day = days[2],
            let hour = Int(clock[0]), let minute = Int(clock[1]), let second = Double(clock[2])
        else { return nil }
        return date(year, month, day, hour, minute, second)
    }

    /// As the REST API and the call status callbacks write it, in UTC.
    package static func rfc2822(_ moment: Date) -> String {
        let total = Int(moment.timeIntervalSince1970.rounded(.down))
        let days = total >= 0 ? total / 86_400 : (total - 86_399) / 86_400
        let second = total - days * 86_400
        let civil = civilDate(days)
        let weekday = weekdays[((days + 4) % 7 + 7) % 7]
        return "\(weekday), \(padded(civil.day)) \(months[civil.month - 1]) \(padded(civil.year, 4)) "
            + "\(padded(second / 3_600)):\(padded(second / 60 % 60)):\(padded(second % 60)) +0000"
    }

    /// As the stream status callbacks write it, in UTC, to the millisecond.
    package static func iso8601(_ moment: Date) -> String {
        let totalMs = Int((moment.timeIntervalSince1970 * 1_000).rounded(.down))
        let days = totalMs >= 0 ? totalMs / 86_400_000 : (totalMs - 86_399_999) / 86_400_000
        let ms = totalMs - days * 86_400_000
        let civil = civilDate(days)
        return "\(padded(civil.year, 4))-\(padded(civil.month))-\(padded(civil.day))T\(padded(ms / 3_600_000)):"
            + "\(padded(ms / 60_000 % 60)):\(padded(ms / 1_000 % 60)).\(padded(ms % 1_000, 3))Z"
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

    private static func padded(_ number: Int, _ width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func offsetSeconds(_ text: Substring) -> Int? {
        guard text.utf8.count == 5, let number = Int(text.dropFirst()), number >= 0 else { return nil }
        let seconds = number / 100 * 3_600 + number % 100 * 60
        switch text.first {
        case "+": return seconds
        case "-": return -seconds
        default: return nil
        }
    }

    private static func date(
        _ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int, _ second: Double
    ) -> Date? {
        guard (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day), (0...23).contains(hour),
            (0...59).contains(minute), second >= 0, second < 61
        else { return nil }
        // Days from the civil date, counting years from March so that the leap day comes last.
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
        return Date(timeIntervalSince1970: Double(days * 86_400 + hour * 3_600 + minute * 60) + second)
    }

    private static func civilDate(_ daysSince1970: Int) -> (year: Int, month: Int, day: Int) {
        let days = daysSince1970 + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}
