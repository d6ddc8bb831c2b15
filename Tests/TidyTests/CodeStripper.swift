/// Blanks out comments and the contents of string literals, line for line; what is interpolated stays.
struct CodeStripper {
    private let text: [UInt8]
    private var at = 0
    private var out: [UInt8] = []

    init(_ text: String) { self.text = Array(text.utf8) }

    mutating func strip() -> String {
        out.reserveCapacity(text.count)
        code(untilParenthesis: false)
        return String(decoding: out, as: UTF8.self)
    }

    private func starts(_ word: String) -> Bool { text[at...].starts(with: word.utf8) }

    private mutating func skip(_ count: Int) {
        let end = min(at + count, text.count)
        while at < end {
            if text[at] == 0x0A { out.append(0x0A) }
            at += 1
        }
    }

    private mutating func keep(_ count: Int = 1) {
        let end = min(at + count, text.count)
        while at < end {
            out.append(text[at])
            at += 1
        }
    }

    private mutating func code(untilParenthesis: Bool) {
        var depth = 0
        while at < text.count {
            switch text[at] {
            case UInt8(ascii: "/"):
                if starts("//") {
                    while at < text.count, text[at] != 0x0A { at += 1 }
                } else if starts("/*") {
                    comment()
                } else {
                    keep()
                }
            case UInt8(ascii: "\""), UInt8(ascii: "#"):
                if let hashes = literalHashes() { literal(hashes) } else { keep() }
            case UInt8(ascii: "("):
                depth += 1
                keep()
            case UInt8(ascii: ")"):
                if untilParenthesis, depth == 0 { return }
                depth -= 1
                keep()
            default: keep()
            }
        }
    }

    private mutating func comment() {
        var depth = 0
        while at < text.count {
            if starts("/*") {
                depth += 1
                skip(2)
            } else if starts("*/") {
                depth -= 1
                skip(2)
                if depth == 0 { return }
            } else {
                skip(1)
            }
        }
    }

    /// How many `#` precede the quotation mark that begins here; nil when no literal begins here.
    private func literalHashes() -> Int? {
        var end = at
        while end < text.count, text[end] == UInt8(ascii: "#") { end += 1 }
        return end < text.count && text[end] == UInt8(ascii: "\"") ? end - at : nil
    }

    private mutating func literal(_ hashes: Int) {
        let marks = String(repeating: "#", count: hashes)
        skip(hashes)
        let quote = starts("\"\"\"") ? "\"\"\"" : "\""
        keep(quote.utf8.count)
        while at < text.count {
            guard text[at] == UInt8(ascii: "\"") || text[at] == UInt8(ascii: "\\") else {
                skip(1)
                continue
            }
            if starts(quote + marks) {
                keep(quote.utf8.count)
                skip(hashes)
                return
            }
            if starts("\\\(marks)(") {
                skip(2 + hashes)
                out.append(UInt8(ascii: "("))
                code(untilParenthesis: true)
                keep()
            } else if starts("\\\(marks)") {
                skip(2 + hashes)
            } else {
                skip(1)
            }
        }
    }
}
