import Glibc

/// The value of the Date header (RFC 9110, 5.6.7), made once a second.
struct HTTPDate {
    private var second = 0
    private var text = ""

    mutating func now() -> String {
        let current = time(nil)
        if current != second {
            second = current
            text = Self.format(current)
        }
        return text
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`; independent of the process's language. By counting days: the C library's calendar
    /// reads the machine's time zone from a file, for which a thread that writes to a full pipe can make it wait.
    ///
    /// - Parameter seconds: since 1970.
    static func format(_ seconds: Int) -> String {
        func divided(_ number: Int, _ by: Int) -> (whole: Int, rest: Int) {
            let rest = ((number % by) + by) % by
            return ((number - rest) / by, rest)
        }
        let (sinceEpoch, ofDay) = divided(seconds, 86_400)
        // Years that begin in March, in eras of 400 of them: the leap day is the last of its year.
        let (era, ofEra) = divided(sinceEpoch + 719_468, 146_097)
        let year = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (year * 365 + year / 4 - year / 100)
        let fromMarch = (ofYear * 5 + 2) / 153
        let month = (fromMarch + 2) % 12
        let day = ofYear - (fromMarch * 153 + 2) / 5 + 1
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let clock = "\(two(ofDay / 3_600)):\(two(ofDay / 60 % 60)):\(two(ofDay % 60))"
        let date = "\(two(day)) \(Self.months[month]) \(era * 400 + year + (month < 2 ? 1 : 0))"
        return "\(Self.days[divided(sinceEpoch + 4, 7).rest]), \(date) \(clock) GMT"
    }

    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
