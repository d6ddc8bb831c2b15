import Foundation

/// A value that a labelled call wants, or one that was read: a number, a word, yes or no, or several words.
enum WantedValue: Decodable, Equatable, Sendable, CustomStringConvertible {
    case number(Double)
    case text(String)
    case flag(Bool)
    case texts([String])

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let flag = try? value.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else {
            self = .texts(try value.decode([String].self))
        }
    }

    var description: String {
        switch self {
        case .number(let number): String(number)
        case .text(let text): "\"\(text)\""
        case .flag(let flag): String(flag)
        case .texts(let texts): "[\(texts.joined(separator: ", "))]"
        }
    }

    /// Whether `read` is what is wanted here: texts in whatever case and order, a moment within a range of minutes
    /// (`2026-12-08T00:00/2026-12-08T23:59`).
    func holds(_ read: WantedValue) -> Bool {
        switch (self, read) {
        case (.number(let wanted), .number(let read)): return abs(wanted - read) < 0.005
        case (.flag(let wanted), .flag(let read)): return wanted == read
        case (.texts(let wanted), .texts(let read)): return Set(wanted) == Set(read)
        case (.text(let wanted), .text(let read)):
            let ends = wanted.split(separator: "/")
            if Self.isMoment(wanted), let first = ends.first, let last = ends.last {
                return first <= read && read <= last
            }
            return wanted.lowercased() == read.lowercased()
        default: return false
        }
    }

    /// `2026-12-03T14:30`, alone or as the two ends of a range.
    static func isMoment(_ text: String) -> Bool {
        let ends = text.split(separator: "/", omittingEmptySubsequences: false)
        return (1...2).contains(ends.count)
            && ends.allSatisfy { $0.wholeMatch(of: #/\d{4}-\d\d-\d\dT\d\d:\d\d/#) != nil }
    }
}
