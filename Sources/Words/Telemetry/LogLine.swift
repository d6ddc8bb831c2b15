import Encoding
package import FoundationEssentials

/// One line of log as text, its line break included: JSON, or words for a terminal.
///
/// Whatever a value holds, it stays one line, no longer than ``valueCharactersMax`` a value, and moves no cursor.
package enum LogLine {
    package static let valueCharactersMax = 1_000

    package static func human(
        _ level: Log.Level, _ sentence: String, _ keys: some Sequence<(key: String, value: any Sendable)>
    ) -> String {
        var line = "\(level.rawValue): \(sentence)"
        for (key, value) in keys { line += " \(key)=\(oneLine(bounded(value)))" }
        return line + "\n"
    }

    package static func json(
        _ level: Log.Level, _ sentence: String, _ keys: some Sequence<(key: String, value: any Sendable)>,
        at date: Date
    ) -> String {
        var line = "{\"at\":\"\(date.formatted(.iso8601))\",\"level\":\"\(level.rawValue)\",\"message\":"
        line += quoted(sentence)
        for (key, value) in keys {
            line += ",\(quoted(key)):"
            if let number = value as? Int { line += "\(number)" } else { line += quoted(bounded(value)) }
        }
        return line + "}\n"
    }

    /// Cut by scalars: a character may be made of any number of them.
    private static func bounded(_ value: any Sendable) -> String {
        let text = "\(value)"
        guard text.utf8.count > valueCharactersMax else { return text }
        let scalars = text.unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: valueCharactersMax, limitedBy: scalars.endIndex),
            end < scalars.endIndex
        else { return text }
        return String(scalars[..<end]) + "…"
    }

    /// No line breaks, no terminal escapes, 8-bit ones included, and nothing that turns the direction of writing.
    private static func oneLine(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { isPlain($0) ? $0 : "·" }))
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069: false
        default: true
        }
    }

    /// What moves a cursor is escaped as well.
    private static func quoted(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        for scalar in JSONText.quoted(text).unicodeScalars {
            if isPlain(scalar) {
                out.append(scalar)
            } else {
                out.append(contentsOf: "\\u\(Hex.encode(UInt16(truncatingIfNeeded: scalar.value)))".unicodeScalars)
            }
        }
        return String(out)
    }
}
