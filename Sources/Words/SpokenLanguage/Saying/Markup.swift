import Encoding

/// What markup, addresses and references look like in the bytes of one line, and what stands instead of each.
///
/// A matcher is asked at every byte; it answers where what begins there ends, and what is left of it. Lengths have bounds, so
/// that an opening bracket without a closing one takes nothing along.
enum Markup {
    typealias Match = (end: Int, instead: ArraySlice<UInt8>)

    static func rewritten(_ text: [UInt8], by match: ([UInt8], Int) -> Match?) -> [UInt8] {
        var out: [UInt8] = []
        var kept = 0
        var at = 0
        while at < text.count {
            guard let found = match(text, at) else {
                at += 1
                continue
            }
            out += text[kept..<at]
            out += found.instead
            (kept, at) = (found.end, found.end)
        }
        return kept == 0 ? text : out + text[kept...]
    }

    /// `[text](address "title")`, also of an image: its text.
    static func link(_ text: [UInt8], _ start: Int) -> Match? {
        guard text[start] == UInt8(ascii: "[") || text[start] == UInt8(ascii: "!") else { return nil }
        let label = start + (text[start] == UInt8(ascii: "!") ? 2 : 1)
        guard label <= text.count, text[label - 1] == UInt8(ascii: "["),
            let labelEnd = text.end(
                from: label, charactersMax: 300, { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "]") }),
            text[labelEnd] == UInt8(ascii: "]"), text[labelEnd...].dropFirst().first == UInt8(ascii: "("),
            let close = text.end(from: labelEnd + 2, charactersMax: 700, { $0 == UInt8(ascii: ")") })
        else { return nil }
        // An address has no spaces; what follows it is short.
        let target = text[(labelEnd + 2)..<close]
        let address = min(500, target.prefix { !$0.isSpace }.characterCount)
        return target.characterCount - address <= 200 ? (close + 1, text[label..<labelEnd]) : nil
    }

    /// `[1]`, `[^2]`, `【3】`, `<b>`.
    static func citation(_ text: [UInt8], _ start: Int) -> Match? {
        switch text[start] {
        case UInt8(ascii: "["):
            let number = start + (text[start...].dropFirst().first == UInt8(ascii: "^") ? 2 : 1)
            guard
                let close = text.end(
                    from: number, charactersMax: 12,
                    { !$0.isASCIIDigit && $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: " ") }),
                close > number, text[close] == UInt8(ascii: "]")
            else { return nil }
            return (close + 1, [])
        case lenticular.opening[0]:
            guard text[start...].starts(with: lenticular.opening) else { return nil }
            var at = start + lenticular.opening.count
            for _ in 0...80 where at < text.count {
                if text[at...].starts(with: lenticular.closing) { return (at + lenticular.closing.count, []) }
                at = text.next(after: at)
            }
            return nil
        case UInt8(ascii: "<"):
            let name = start + (text[start...].dropFirst().first == UInt8(ascii: "/") ? 2 : 1)
            guard name < text.count, text[name].isASCIILetter,
                let close = text.end(from: name + 1, charactersMax: 200, { $0 == UInt8(ascii: ">") })
            else { return nil }
            return (close + 1, [])
        default: return nil
        }
    }

    private static let lenticular = (opening: Array("【".utf8), closing: Array("】".utf8))

    /// `(source: …)`, `(see …)`.
    static func sourceNote(_ text: [UInt8], _ start: Int) -> Match? {
        guard text[start] == UInt8(ascii: "("),
            let name = text.end(
                from: start + 1, charactersMax: 7, { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: " ") }),
            noteNames.contains(String(decoding: text[(start + 1)..<name], as: UTF8.self).lowercased()),
            let close = text.end(from: name + 1, charactersMax: 300, { $0 == UInt8(ascii: ")") })
        else { return nil }
        return (close + 1, [])
    }

    private static let noteNames: Set<String> = [
        "source", "sources", "see", "cf", "cf.", "fuente", "fuentes", "quelle", "quellen", "siehe",
    ]

    static func address(_ text: [UInt8], _ start: Int) -> Match? {
        guard text[start] == UInt8(ascii: "h") || text[start] == UInt8(ascii: "w"),
            let scheme = schemes.first(where: { text[start...].starts(with: $0) })
        else { return nil }
        let host = start + scheme.count
        var at = host
        for _ in 0..<500 {
            guard at < text.count, !")]>".utf8.contains(text[at]), !text.isWhite(at: at) else { break }
            at = text.next(after: at)
        }
        return at > host ? (at, []) : nil
    }

    private static let schemes = ["http://", "https://", "www."].map { Array($0.utf8) }

    /// Emphasis and code marks go, a table's cells are separated by commas.
    static func mark(_ text: [UInt8], _ start: Int) -> Match? {
        switch text[start] {
        case UInt8(ascii: "*"), UInt8(ascii: "`"), UInt8(ascii: "\\"): (start + 1, [])
        case UInt8(ascii: "|"): (start + 1, cellMark[...])
        case UInt8(ascii: "_"), UInt8(ascii: "~"):
            text[start...].dropFirst().first == text[start] ? (start + 2, []) : nil
        default: nil
        }
    }

    private static let cellMark = Array(", ".utf8)

    /// `()`, `[ ]`: what taking something out has left.
    static func emptyBrackets(_ text: [UInt8], _ start: Int) -> Match? {
        guard text[start] == UInt8(ascii: "(") || text[start] == UInt8(ascii: "[") else { return nil }
        let closing = text[start] == UInt8(ascii: "(") ? UInt8(ascii: ")") : UInt8(ascii: "]")
        var at = start + 1
        while at < text.count, text.isWhite(at: at) { at = text.next(after: at) }
        return at < text.count && text[at] == closing ? (at + 1, []) : nil
    }

    /// The space before a punctuation mark.
    static func looseMark(_ text: [UInt8], _ start: Int) -> Match? {
        guard text[start] == UInt8(ascii: " "), let next = text[start...].dropFirst().first,
            ".,;:!?".utf8.contains(next)
        else {
            return nil
        }
        return (start + 1, [])
    }

    /// Commas in a row: one.
    static func commas(_ text: [UInt8], _ start: Int) -> Match? {
        let comma = UInt8(ascii: ",")
        guard text[start] == comma else { return nil }
        var last = start
        while let next = text[last...].dropFirst().first {
            if next == comma {
                last += 1
            } else if next == UInt8(ascii: " "), text[last...].dropFirst(2).first == comma {
                last += 2
            } else {
                break
            }
        }
        return last > start ? (last + 1, text[start...start]) : nil
    }
}

/// Which ASCII characters a text has, and whether it has others.
struct Characters {
    private var low: UInt64 = 0
    private var high: UInt64 = 0
    private(set) var hasOthers = false

    init(_ text: some Sequence<UInt8>) {
        for byte in text {
            switch byte {
            case ..<64: low |= 1 << UInt64(byte)
            case ..<128: high |= 1 << UInt64(byte - 64)
            default: hasOthers = true
            }
        }
    }

    func all(_ text: String) -> Bool {
        let others = Characters(text.utf8)
        return others.low & ~low == 0 && others.high & ~high == 0
    }

    func any(_ text: String) -> Bool {
        let others = Characters(text.utf8)
        return others.low & low != 0 || others.high & high != 0
    }
}
