import Foundation

/// Somewhere in the world where it is time to be called, whatever time it is here: the gate goes by the clocks of whom it lets be
/// called, on every day of the week, and on holidays.
struct AwakePlace: Sendable {
    var title: String
    /// A number that nobody has, but for its last digit.
    var stem: String
    private var zone: String
    /// Minutes of every day on which those who agreed in writing may be called under ``ruleSets``.
    private var hours: Range<Int>

    /// Those that are open on Sundays and holidays as on every day.
    static let ruleSets = ["us", "in"]

    static let all = [
        AwakePlace(title: "Guam", stem: "+1671555010", zone: "Pacific/Guam", hours: 480..<1_260),
        AwakePlace(title: "New Jersey", stem: "+1201555010", zone: "America/New_York", hours: 480..<1_260),
        AwakePlace(title: "Hawaii", stem: "+1808555010", zone: "Pacific/Honolulu", hours: 480..<1_260),
        AwakePlace(title: "India", stem: "+91981230000", zone: "Asia/Kolkata", hours: 600..<1_140),
    ]

    /// The one that is open for longest from then on; half an hour at the least.
    static func at(_ moment: Date) -> AwakePlace? {
        let open = all.compactMap { place in place.minutesLeft(at: moment).map { (place: place, left: $0) } }
        return open.max { $0.left < $1.left }?.place
    }

    /// Nil where it is not the time.
    private func minutesLeft(at moment: Date) -> Int? {
        guard let zone = TimeZone(identifier: zone) else { return nil }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let clock = calendar.dateComponents([.hour, .minute], from: moment)
        let minute = (clock.hour ?? 0) * 60 + (clock.minute ?? 0)
        return hours.contains(minute) ? hours.upperBound - minute : nil
    }

    func number(_ last: Int) -> String { "\(stem)\(last)" }
}
