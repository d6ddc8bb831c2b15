/// Takes markup, links, citations and source lists out of a text that a model or a knowledge file wrote.
enum PlainText {
    static func strip(_ text: String, language: String) -> String {
        var lines: [String] = []
        var isCode = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let line = line.drop(while: \.isWhitespace)
            if line.hasPrefix("```") || line.hasPrefix("~~~") {
                isCode.toggle()
                continue
            }
            guard !isCode, !isRule(line) else { continue }
            if isSourceHeading(line) { break }
            let plain = inline(unlisted(line), language: language)
            if !plain.isEmpty { lines.append(plain) }
        }
        return lines.joined(separator: "\n")
    }

    /// A table's separator or a horizontal rule.
    private static func isRule(_ line: Substring) -> Bool {
        !line.isEmpty && line.allSatisfy { "-*_=|: ".contains($0) }
    }

    private static func isSourceHeading(_ line: Substring) -> Bool {
        let words = line.prefix(60).filter { $0.isLetter || $0 == " " || $0 == ":" }.drop(while: \.isWhitespace)
            .lowercased()
        return ["sources", "references", "citations", "fuentes", "referencias", "quellen"].contains { name in
            words == name || words.hasPrefix("\(name):")
        }
    }

    /// Without heading marks, quote marks, bullets and list numbers.
    private static func unlisted(_ line: Substring) -> Substring {
        var rest = line
        while let first = rest.first, "#>-*+•–|".contains(first) || first.isWhitespace {
            if first == "*", rest.dropFirst().first == "*" { break }
            if "-–".contains(first), rest.dropFirst().first?.isNumber == true { break }
            rest = rest.dropFirst()
        }
        let digits = rest.prefix(while: \.isNumber)
        if (1...2).contains(digits.count), let mark = rest.dropFirst(digits.count).first, ".)".contains(mark),
            rest.dropFirst(digits.count + 1).first == " "
        {
            rest = rest.dropFirst(digits.count + 2)
        }
        return rest
    }

    /// Each rewriting is tried only where the characters it needs are there: most lines are plain, and reading a pattern
    /// costs more than the line.
    private static func inline(_ line: Substring, language: String) -> String {
        var text = String(line)
        let has = Characters(text)
        if has.all("[]()") {
            text = text.replacing(/!?\[([^\]\[]{0,300})\]\([^)\s]{0,500}[^)]{0,200}\)/) { String($0.1) }
        }
        if has.all("[]") || has.all("<>") || has.hasOthers {
            text = text.replacing(/\[\^?[0-9, ]{1,12}\]|【[^】]{0,80}】|<\/?[a-zA-Z][^>]{0,200}>/, with: "")
        }
        if has.all("()") {
            text = text.replacing(/\((?i:sources?|see|cf\.?|fuentes?|quellen?|siehe)[: ][^)]{0,300}\)/, with: "")
        }
        if has.all("http:/") || has.all("w.") {
            text = text.replacing(/(?:https?:\/\/|www\.)[^\s)\]>]{1,500}/, with: "")
        }
        if has.any("*_`~") { text = text.replacing(/\*|__|`|~~/, with: "") }
        if has.any("|\\") { text = text.replacing("|", with: ", ").replacing("\\", with: "") }
        for short in abbreviations[language] ?? [] where has.contains(short.needs) {
            text = text.replacing(short.written, with: short.said)
        }
        if has.hasOthers {
            text = String(String.UnicodeScalarView(text.unicodeScalars.filter { !isPictogram($0) }))
        }
        if has.any("([") { text = text.replacing(/\(\s*\)|\[\s*\]/, with: "") }
        text = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        if hasLooseMark(text) {
            text = text.replacing(/\ ([.,;:!?])/) { String($0.1) }.replacing(/,(?: ?,)+/, with: ",")
        }
        return text.contains { $0.isLetter || $0.isNumber } ? text : ""
    }

    /// A mark behind a space, or two commas in a row.
    private static func hasLooseMark(_ text: String) -> Bool {
        var last: UInt8 = 0
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: ","): if last == UInt8(ascii: " ") || last == UInt8(ascii: ",") { return true }
            case UInt8(ascii: "."), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "!"), UInt8(ascii: "?"):
                if last == UInt8(ascii: " ") { return true }
            default: break
            }
            last = byte
        }
        return false
    }

    private static func isPictogram(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isEmojiPresentation || (0x2190...0x2BFF).contains(scalar.value) || scalar.value == 0xFE0F
            || (0x1F000...0x1FAFF).contains(scalar.value)
    }

    private struct Abbreviation {
        var written: String
        var said: String
        var needs: Characters

        init(_ pair: (written: String, said: String)) {
            (written, said) = pair
            needs = Characters(pair.written)
        }
    }

    private static let abbreviations: [String: [Abbreviation]] = written.mapValues { $0.map(Abbreviation.init) }

    /// Tried in this order.
    private static let written: [String: [(String, String)]] = [
        "en": [
            ("e.g.,", "for example"), ("e.g.", "for example"), ("i.e.,", "that is"), ("i.e.", "that is"),
            ("etc..", "and so on."), ("etc.", "and so on."), (" vs. ", " versus "), ("approx.", "about"),
            ("Art. ", "article "),
            ("Sec. ", "section "), ("§§ ", "sections "), ("§ ", "section "), ("§", "section "), (" & ", " and "),
            ("and/or", "and or"), ("w/o ", "without "), ("No. ", "number "), ("Inc. ", "Inc "), ("Dr. ", "Doctor "),
        ],
        "es": [
            ("p. ej.", "por ejemplo"), ("p.ej.", "por ejemplo"), ("etc.", "etcétera."), ("Art. ", "artículo "),
            ("§ ", "sección "), (" & ", " y "), ("y/o", "y o"), ("EE. UU.", "Estados Unidos"), ("Sr. ", "señor "),
        ],
        "de": [
            ("z. B.", "zum Beispiel"), ("z.B.", "zum Beispiel"), ("d. h.", "das heißt"), ("d.h.", "das heißt"),
            ("u. a.", "unter anderem"), ("u.a.", "unter anderem"), ("usw.", "und so weiter."),
            ("bzw.", "beziehungsweise"),
            ("ca. ", "etwa "), ("Art. ", "Artikel "), ("Abs. ", "Absatz "), ("§§ ", "Paragrafen "),
            ("§ ", "Paragraf "), (" & ", " und "),
        ],
    ]
}

/// Which ASCII characters a text has, and whether it has others.
struct Characters {
    private var low: UInt64 = 0
    private var high: UInt64 = 0
    private(set) var hasOthers = false

    init(_ text: String) {
        for byte in text.utf8 {
            switch byte {
            case ..<64: low |= 1 << UInt64(byte)
            case ..<128: high |= 1 << UInt64(byte - 64)
            default: hasOthers = true
            }
        }
    }

    func contains(_ other: Characters) -> Bool {
        other.low & ~low == 0 && other.high & ~high == 0 && (hasOthers || !other.hasOthers)
    }

    func all(_ text: StaticString) -> Bool { contains(Characters("\(text)")) }

    func any(_ text: StaticString) -> Bool {
        let other = Characters("\(text)")
        return other.low & low != 0 || other.high & high != 0
    }
}
