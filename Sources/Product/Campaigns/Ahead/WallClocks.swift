import Compliance
import Foundation

/// Clocks on walls, worked out for times to come. What decides about a call asks PostgreSQL; a look ahead asks so often that it asks
/// nobody.
struct WallClocks {
    private static let hour = 3_600.0
    private static let day = 86_400

    private var zones: [String: TimeZone?] = [:]
    /// Seconds east of Greenwich by zone and hour: no zone changes within one.
    private var offsets: [String: [Int: Int]] = [:]

    /// Nil of a zone that there is not.
    mutating func local(_ zone: String, at time: Date) -> DialQuestion.LocalTime? {
        guard let offset = offset(zone, at: time) else { return nil }
        let seconds = Int(time.timeIntervalSince1970.rounded(.down)) + offset
        let (days, second) = (Self.floored(seconds, Self.day), seconds - Self.floored(seconds, Self.day) * Self.day)
        return Self.calendarDay(days).map { .init(zone: zone, day: $0, minute: second / 60) }
    }

    mutating func date(of local: DialQuestion.LocalTime) -> Date? {
        let wall = Double(Self.days(to: local.day) * Self.day + local.minute * 60)
        // As if it were in Greenwich, then by the offset of about then.
        var date = Date(timeIntervalSince1970: wall)
        for _ in 0..<2 {
            guard let offset = offset(local.zone, at: date) else { return nil }
            date = Date(timeIntervalSince1970: wall - Double(offset))
        }
        return date
    }

    private mutating func offset(_ name: String, at time: Date) -> Int? {
        let hour = Int((time.timeIntervalSince1970 / Self.hour).rounded(.down))
        if let known = offsets[name]?[hour] { return known }
        let zone = zones[name] ?? TimeZone(identifier: name)
        zones[name] = .some(zone)
        guard let zone else { return nil }
        let offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(hour) * Self.hour))
        offsets[name, default: [:]][hour] = offset
        return offset
    }

    // MARK: The Gregorian calendar by days since 1970, after Hinnant, chrono-Compatible Low-Level Date Algorithms

    private static func floored(_ value: Int, _ divisor: Int) -> Int {
        value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor)
    }

    static func days(to day: CalendarDay) -> Int {
        let year = day.month > 2 ? day.year : day.year - 1
        let (era, month) = (floored(year, 400), (day.month + 9) % 12)
        let ofEra = year - era * 400
        return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + (153 * month + 2) / 5 + day.day - 1 - 719_468
    }

    static func calendarDay(_ days: Int) -> CalendarDay? {
        let shifted = days + 719_468
        let era = floored(shifted, 146_097)
        let ofEra = shifted - era * 146_097
        let year = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * year + year / 4 - year / 100)
        let month = (5 * ofYear + 2) / 153
        let (day, named) = (ofYear - (153 * month + 2) / 5 + 1, month < 10 ? month + 3 : month - 9)
        return CalendarDay(year: year + era * 400 + (named <= 2 ? 1 : 0), month: named, day: day)
    }
}
