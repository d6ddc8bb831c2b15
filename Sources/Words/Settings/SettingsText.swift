/// Reads a settings file: JSON5 of nested objects whose values are texts, whole numbers, true and false. Foundation's decoder
/// reads it too, and does not say where it stopped.
struct SettingsText {
    /// Never holds what the file says: that may be a secret.
    struct Mistake: Error, Equatable {
        let line: Int
        let what: String
    }

    /// `{twilio: {auth_token: "…"}}` is `PARLEY_TWILIO_AUTH_TOKEN`.
    struct Entry: Equatable {
        let name: String
        let value: String
        let line: Int
    }

    private static let depthMax = 8

    private var rest: Substring.UnicodeScalarView
    private var line = 1
    private var entries: [Entry] = []

    /// The settings of a file in its order.
    static func read(_ text: String) throws(Mistake) -> [Entry] {
        var reader = SettingsText(rest: Substring(text).unicodeScalars)
        if reader.rest.first == "\u{FEFF}" { reader.advance() }
        try reader.skipBlanks()
        try reader.readObject("PARLEY", depth: 1)
        try reader.skipBlanks()
        guard reader.rest.isEmpty else { throw reader.mistake("something follows the last }") }
        return reader.entries
    }

    private func mistake(_ what: String) -> Mistake { Mistake(line: line, what: what) }

    private mutating func advance() {
        guard let first = rest.popFirst() else { return }
        if first == "\n" { line += 1 }
    }

    private mutating func take(_ expected: Unicode.Scalar) -> Bool {
        guard rest.first == expected else { return false }
        advance()
        return true
    }

    /// Spaces, line ends and comments.
    private mutating func skipBlanks() throws(Mistake) {
        while let next = rest.first {
            if next.properties.isWhitespace {
                advance()
            } else if rest.starts(with: "//".unicodeScalars) {
                while let next = rest.first, next != "\n" { advance() }
            } else if rest.starts(with: "/*".unicodeScalars) {
                let begin = line
                while !rest.starts(with: "*/".unicodeScalars) {
                    guard !rest.isEmpty else {
                        throw Mistake(line: begin, what: "the comment that begins here does not end")
                    }
                    advance()
                }
                advance()
                advance()
            } else {
                return
            }
        }
    }

    private mutating func readObject(_ prefix: String, depth: Int) throws(Mistake) {
        guard take("{") else { throw mistake("{ is missing") }
        guard depth <= Self.depthMax else {
            throw mistake("objects lie more than \(Self.depthMax) deep in one another")
        }
        try skipBlanks()
        while !take("}") {
            let name = try readName()
            try skipBlanks()
            guard take(":") else { throw mistake("behind the name of a setting, : is missing") }
            try skipBlanks()
            try readValue(prefix + "_" + name.uppercased(), depth: depth)
            try skipBlanks()
            if take(",") {
                try skipBlanks()
            } else if rest.first != "}" {
                throw mistake(rest.isEmpty ? "the file ends before its last }" : "behind a setting, a comma is missing")
            }
        }
    }

    private mutating func readName() throws(Mistake) -> String {
        if rest.first == "\"" || rest.first == "'" { return try readText() }
        let name = readWord()
        guard !name.isEmpty else {
            throw mistake(rest.isEmpty ? "the file ends before its last }" : "a name is missing")
        }
        return name
    }

    private mutating func readValue(_ name: String, depth: Int) throws(Mistake) {
        switch rest.first {
        case "{": return try readObject(name, depth: depth + 1)
        case "\"", "'":
            let begin = line
            entries.append(Entry(name: name, value: try readText(), line: begin))
        default:
            let word = readWord()
            guard word == "true" || word == "false" || Int(word) != nil else {
                throw mistake("a value is no text in quotes, whole number, true, false or { … }")
            }
            entries.append(Entry(name: name, value: word, line: line))
        }
    }

    private mutating func readWord() -> String {
        var word = ""
        while let next = rest.first,
            next.properties.isAlphabetic || ("0"..."9").contains(next) || "_$+-.".unicodeScalars.contains(next)
        {
            word.unicodeScalars.append(next)
            advance()
        }
        return word
    }

    private mutating func readText() throws(Mistake) -> String {
        let begin = line
        let quote = rest.first
        advance()
        var text = ""
        while let next = rest.first, next != quote, next != "\n" {
            advance()
            if next == "\\" { text += try readEscape() } else { text.unicodeScalars.append(next) }
        }
        guard rest.first == quote else { throw Mistake(line: begin, what: "the text that begins here does not end") }
        advance()
        return text
    }

    private mutating func readEscape() throws(Mistake) -> String {
        guard let letter = rest.first else { throw mistake("the file ends in a text") }
        advance()
        switch letter {
        case "n": return "\n"
        case "t": return "\t"
        case "r": return "\r"
        case "\n": return ""
        case "\\", "\"", "'", "/": return String(letter)
        case "u":
            let digits = String(String.UnicodeScalarView(rest.prefix(4)))
            guard digits.utf8.count == 4, let code = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(code) else {
                throw mistake("behind \\u, four hexadecimal digits are missing")
            }
            for _ in 0..<4 { advance() }
            return String(Character(scalar))
        default: throw mistake("\\ stands before a letter that means nothing there")
        }
    }
}
