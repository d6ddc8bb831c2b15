import FoundationEssentials
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// Structured logging to standard error: a fixed sentence and keys; JSON lines unless on a terminal.
///
/// Never call it per frame. Personal data goes only under keys that begin with `pii.`; audio, transcripts and secrets
/// never.
package enum Log {
    package enum Level: String, Comparable, Sendable, CaseIterable {
        case debug, info, warning, error
        private var rank: Int { Level.allCases.firstIndex(of: self) ?? 0 }
        package static func < (a: Level, b: Level) -> Bool { a.rank < b.rank }
    }

    private static let threshold = Atomic<Int>(1)
    private static let terminal = isatty(2) == 1

    package static var level: Level {
        get { Level.allCases[threshold.load(ordering: .relaxed)] }
        set { threshold.store(Level.allCases.firstIndex(of: newValue) ?? 1, ordering: .relaxed) }
    }

    package static func debug(_ sentence: StaticString, _ keys: KeyValuePairs<String, any Sendable> = [:]) {
        write(.debug, sentence, keys)
    }
    package static func info(_ sentence: StaticString, _ keys: KeyValuePairs<String, any Sendable> = [:]) {
        write(.info, sentence, keys)
    }
    package static func warning(_ sentence: StaticString, _ keys: KeyValuePairs<String, any Sendable> = [:]) {
        write(.warning, sentence, keys)
    }
    package static func error(_ sentence: StaticString, _ keys: KeyValuePairs<String, any Sendable> = [:]) {
        write(.error, sentence, keys)
    }

    private static func write(_ level: Level, _ sentence: StaticString, _ keys: KeyValuePairs<String, any Sendable>) {
        guard level >= self.level else { return }
        let line = terminal ? human(level, sentence, keys) : json(level, sentence, keys)
        // One write(2) a line: lines of several threads never mix.
        _ = Array(line.utf8).withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
    }

    private static func human(
        _ level: Level, _ sentence: StaticString, _ keys: KeyValuePairs<String, any Sendable>
    ) -> String {
        var line = "\(level.rawValue): \(sentence)"
        for (key, value) in keys { line += " \(key)=\(oneLine("\(value)"))" }
        return line + "\n"
    }

    private static func json(
        _ level: Level, _ sentence: StaticString, _ keys: KeyValuePairs<String, any Sendable>
    ) -> String {
        var line = "{\"at\":\"\(Date.now.formatted(.iso8601))\",\"level\":\"\(level.rawValue)\",\"message\":"
        line += quoted("\(sentence)")
        for (key, value) in keys {
            line += ",\(quoted(key)):"
            if let number = value as? Int { line += "\(number)" } else { line += quoted("\(value)") }
        }
        return line + "}\n"
    }

    /// Untrusted text on one line: no line breaks and no terminal escapes.
    private static func oneLine(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "·" : $0 }))
    }

    private static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}
