package import Foundation

/// Times at which a demo could be: in business hours of the tenant, on its workdays, beside what is in the calendar
/// already.
package enum DemoSlots {
    private static let hours = [10, 14, 16]
    package static let minutes = 30
    /// Nobody is shown a demo within this time.
    private static let notice: TimeInterval = 2 * 3_600
    private static let daysMax = 30

    /// At most one a day, the soonest first.
    ///
    /// - Parameter taken: when whoever shows it has something else to do.
    package static func free(
        from now: Date, calendar: TenantCalendar, taken: [DateInterval], countMax: Int = 3
    ) -> [DateInterval] {
        let gregorian = calendar.gregorian
        var slots: [DateInterval] = []
        for ahead in 0...daysMax where slots.count < countMax {
            guard let day = gregorian.date(byAdding: .day, value: ahead, to: now), calendar.isWorkday(day) else {
                continue
            }
            let free = hours.lazy.compactMap { hour -> DateInterval? in
                guard let start = gregorian.date(bySettingHour: hour, minute: 0, second: 0, of: day) else { return nil }
                return DateInterval(start: start, duration: Double(minutes) * 60)
            }.first { slot in
                slot.start >= now.addingTimeInterval(notice)
                    // That one ends as the other begins is no conflict.
                    && !taken.contains { $0.start < slot.end && slot.start < $0.end }
            }
            if let free { slots.append(free) }
        }
        return slots
    }
}
