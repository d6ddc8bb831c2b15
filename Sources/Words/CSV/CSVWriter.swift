/// Writes records (RFC 4180) that no spreadsheet runs: a cell which would be a formula begins with an apostrophe, that whoever
/// reads it back takes away again (``CSVText/withoutGuard(_:)``).
package struct CSVWriter: Sendable {
    package enum Cell: Equatable, Sendable {
        case text(String)
        /// In E.164 form: digits behind a plus, which are no formula to anybody and stand as they are, in quotation marks.
        case number(String)
        case empty
    }

    /// What was written since it was taken last.
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package mutating func add(_ cells: [Cell]) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            switch cell {
            case .empty: break
            case .number(let text): quote(text)
            case .text(let text):
                let text = CSVText.guarded(text)
                if CSVText.needsQuotes(text) { quote(text) } else { bytes.append(contentsOf: text.utf8) }
            }
        }
        // A row of one empty cell would be a blank line.
        if cells == [.empty] || cells == [.text("")] { bytes.append(contentsOf: "\"\"".utf8) }
        bytes.append(contentsOf: "\r\n".utf8)
    }

    package mutating func add(_ texts: [String]) { add(texts.map { $0.isEmpty ? .empty : .text($0) }) }

    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// What was written; nothing is left here.
    package mutating func take() -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }
}

/// A cell's text beside its content.
package enum CSVText {
    /// What a formula begins with, in both widths; a tab and line breaks are stripped by some before they look.
    private static let openings: Set<Unicode.Scalar> = [
        "=", "+", "-", "@", "\t", "\r", "\n", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}",
    ]

    /// Behind apostrophes as well: what is guarded is told from what only looks so.
    private static func isOpening(_ scalars: some Sequence<Unicode.Scalar>) -> Bool {
        scalars.first { $0 != "'" }.map(openings.contains) == true
    }

    static func guarded(_ text: String) -> String { isOpening(text.unicodeScalars) ? "'" + text : text }

    /// The text without the apostrophe that keeps it from being a formula.
    package static func withoutGuard(_ text: String) -> String {
        guard text.utf8.first == UInt8(ascii: "'"), isOpening(text.unicodeScalars) else { return text }
        return String(text.unicodeScalars.dropFirst())
    }

    static func needsQuotes(_ text: String) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last else { return false }
        return first == 0x20 || last == 0x20 || text.utf8.contains { "\",;\t|\r\n".utf8.contains($0) }
    }
}
