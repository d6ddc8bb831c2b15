/// Takes markup, links, citations and source lists out of a text that a model or a knowledge file wrote.
enum PlainText {
    static func strip(_ text: String, language: String) -> String {
        var lines: [String] = []
        var isCode = false
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
            let line = Substring(line).unicodeScalars.drop(while: \.isWhite)
            if line.starts(with: "```".unicodeScalars) || line.starts(with: "~~~".unicodeScalars) {
                isCode.toggle()
                continue
            }
            guard !isCode, !isRule(line) else { continue }
            if isSourceHeading(line) { break }
            let plain = inline(Array(Substring(unlisted(line)).utf8), language: language)
            if !plain.isEmpty { lines.append(plain) }
        }
        return lines.joined(separator: "\n")
    }

    /// A table's separator or a horizontal rule.
    private static func isRule(_ line: Substring.UnicodeScalarView) -> Bool {
        !line.isEmpty && line.allSatisfy { "-*_=|: ".unicodeScalars.contains($0) }
    }

    private static func isSourceHeading(_ line: Substring.UnicodeScalarView) -> Bool {
        // Most lines are settled by their first letter.
        guard let first = line.first(where: { $0.isLetter || $0 == ":" }), "srcfqSRCFQ".unicodeScalars.contains(first)
        else { return false }
        let words = line.prefix(60).filter { $0.isLetter || $0 == " " || $0 == ":" }.drop { $0 == " " }
        return sourceHeadings.contains(Substring(words.prefix { $0 != ":" }).lowercased())
    }

    private static let sourceHeadings: Set<String> = [
        "sources", "references", "citations", "fuentes", "referencias", "quellen",
    ]

    /// Without heading marks, quote marks, bullets and list numbers.
    private static func unlisted(_ line: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView {
        var rest = line
        while let first = rest.first, "#>-*+•–|".unicodeScalars.contains(first) || first.isWhite {
            let next = rest.dropFirst().first
            if first == "*", next == "*" { break }
            if first == "-" || first == "–", next?.isNumber == true { break }
            rest.removeFirst()
        }
        let digits = rest.prefix(while: \.isNumber).count
        let mark = rest.dropFirst(digits).prefix(2)
        if (1...2).contains(digits), mark.first == "." || mark.first == ")", mark.last == " " {
            rest.removeFirst(digits + 2)
        }
        return rest
    }

    /// Each rewriting is tried only where the characters it needs are there: most lines are plain.
    private static func inline(_ line: [UInt8], language: String) -> String {
        var text = line
        let has = Characters(text)
        if has.all("[]()") { text = Markup.rewritten(text, by: Markup.link) }
        if has.all("[]") || has.all("<>") || has.hasOthers { text = Markup.rewritten(text, by: Markup.citation) }
        if has.all("()") { text = Markup.rewritten(text, by: Markup.sourceNote) }
        if has.all(":/") || has.all("w.") { text = Markup.rewritten(text, by: Markup.address) }
        if has.any("*_`~|\\") { text = Markup.rewritten(text, by: Markup.mark) }
        if let abbreviations = abbreviations[language] { text = abbreviations.written(out: text) }
        if has.hasOthers { text = withoutPictograms(text) }
        if has.any("([") { text = Markup.rewritten(text, by: Markup.emptyBrackets) }
        text = Markup.rewritten(text.singleSpaced(), by: Markup.looseMark)
        text = Markup.rewritten(text, by: Markup.commas)
        let plain = String(decoding: text, as: UTF8.self)
        return plain.hasLetterOrNumber ? plain : ""
    }

    private static func withoutPictograms(_ text: [UInt8]) -> [UInt8] {
        let scalars = String(decoding: text, as: UTF8.self).unicodeScalars.filter { !isPictogram($0) }
        return Array(String(String.UnicodeScalarView(scalars)).utf8)
    }

    private static func isPictogram(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isEmojiPresentation || (0x2190...0x2BFF).contains(scalar.value) || scalar.value == 0xFE0F
            || (0x1F000...0x1FAFF).contains(scalar.value)
    }

    /// What is written short and said in full, of one language.
    private struct Abbreviations {
        private let written: PhraseTable
        /// Of each: what is said, and the bytes it stands for. A space behind is left, for it may begin the next one.
        private let said: [(said: [UInt8], length: Int)]

        init(_ pairs: [(written: String, said: String)]) {
            written = PhraseTable(pairs.map(\.written))
            said = pairs.map { pair in
                let isSpaced = pair.written.hasSuffix(" ") && pair.said.hasSuffix(" ")
                return (
                    Array(pair.said.utf8.dropLast(isSpaced ? 1 : 0)), pair.written.utf8.count - (isSpaced ? 1 : 0)
                )
            }
        }

        func written(out text: [UInt8]) -> [UInt8] {
            Markup.rewritten(text) { text, start in
                written.phrase(in: text, at: start).map { (start + said[$0].length, said[$0].said[...]) }
            }
        }
    }

    private static let abbreviations: [String: Abbreviations] = written.mapValues(Abbreviations.init)

    /// Where several begin alike, the longer comes first.
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
