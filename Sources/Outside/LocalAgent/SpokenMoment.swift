import Foundation
import SpokenLanguage

/// Days and times as the agent says and writes them.
enum SpokenMoment {
    /// "Tuesday, November twenty fourth, at three in the afternoon".
    static func aloud(_ date: Date, in zone: TimeZone) -> String {
        let parts = components(date, zone)
        return "\(day(date, in: zone)), \(months[(parts.month ?? 1) - 1]) \(ordinal(parts.day ?? 1)), at \(time(parts))"
    }

    static func day(_ date: Date, in zone: TimeZone) -> String {
        weekdays[(components(date, zone).weekday ?? 1) - 1]
    }

    /// "three in the afternoon", "half past ten in the morning" style clock time.
    static func time(_ date: Date, in zone: TimeZone) -> String { time(components(date, zone)) }

    /// `2026-11-24T15:00:00-05:00`.
    static func iso(_ date: Date, in zone: TimeZone) -> String {
        date.formatted(
            Date.ISO8601FormatStyle(timeZone: zone).year().month().day().timeZone(separator: .colon)
                .time(includingFractionalSeconds: false).timeSeparator(.colon).dateSeparator(.dash)
                .dateTimeSeparator(.standard))
    }

    /// The next working day but one, at three in the afternoon: what the agent proposes on its own.
    static func proposal(after now: Date, in zone: TimeZone) -> Date {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        var day = calendar.date(byAdding: .day, value: 2, to: calendar.startOfDay(for: now)) ?? now
        while calendar.isDateInWeekend(day) { day = calendar.date(byAdding: .day, value: 1, to: day) ?? now + 86_400 }
        return calendar.date(bySettingHour: 15, minute: 0, second: 0, of: day) ?? day
    }

    /// `date`'s day with `time`'s time of day.
    static func joining(day date: Date, time: Date, in zone: TimeZone) -> Date {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let clock = calendar.dateComponents([.hour, .minute], from: time)
        return calendar.date(bySettingHour: clock.hour ?? 9, minute: clock.minute ?? 0, second: 0, of: date) ?? date
    }

    private static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    private static let ordinals = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
        "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
        "twentieth",
    ]

    private static func ordinal(_ day: Int) -> String {
        switch day {
        case 1...20: ordinals[day - 1]
        case 21...29: "twenty " + ordinals[day - 21]
        case 30: "thirtieth"
        default: "thirty first"
        }
    }

    private static func time(_ parts: DateComponents) -> String {
        let hour = parts.hour ?? 9
        let minute = parts.minute ?? 0
        let spoken = ReadAloud.cardinal((hour + 11) % 12 + 1) + (minute == 0 ? "" : " \(ReadAloud.cardinal(minute))")
        switch hour {
        case 12 where minute == 0: return "noon"
        case 0..<12: return spoken + " in the morning"
        case 12..<18: return spoken + " in the afternoon"
        default: return spoken + " in the evening"
        }
    }

    private static func components(_ date: Date, _ zone: TimeZone) -> DateComponents {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        return calendar.dateComponents([.year, .month, .day, .weekday, .hour, .minute], from: date)
    }
}
