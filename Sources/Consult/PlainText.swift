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
        let words = line.filter { $0.isLetter || $0 == " " || $0 == ":" }.drop(while: \.isWhitespace).lowercased()
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

    private static func inline(_ line: Substring, language: String) -> String {
        var text = String(line)
        text = text.replacing(/!?\[([^\]\[]{0,300})\]\([^)\s]{0,500}[^)]{0,200}\)/) { String($0.1) }
        text = text.replacing(/\[\^?[0-9, ]{1,12}\]|【[^】]{0,80}】|<\/?[a-zA-Z][^>]{0,200}>/, with: "")
        text = text.replacing(/\((?i:sources?|see|cf\.?|fuentes?|quellen?|siehe)[: ][^)]{0,300}\)/, with: "")
        text = text.replacing(/(?:https?:\/\/|www\.)[^\s)\]>]{1,500}/, with: "")
        text = text.replacing(/\*|__|`|~~/, with: "")
        text = text.replacing("|", with: ", ").replacing("\\", with: "")
        for (written, said) in abbreviations(language) { text = text.replacing(written, with: said) }
        text = String(String.UnicodeScalarView(text.unicodeScalars.filter { !isPictogram($0) }))
        text = text.replacing(/\(\s*\)|\[\s*\]/, with: "")
        text = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        text = text.replacing(/\ ([.,;:!?])/) { String($0.1) }.replacing(/,(?: ?,)+/, with: ",")
        return text.contains { $0.isLetter || $0.isNumber } ? text : ""
    }

    private static func isPictogram(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isEmojiPresentation || (0x2190...0x2BFF).contains(scalar.value) || scalar.value == 0xFE0F
            || (0x1F000...0x1FAFF).contains(scalar.value)
    }

    private static func abbreviations(_ language: String) -> [(String, String)] {
        switch language {
        case "en":
            [
                ("e.g.,", "for example"), ("e.g.", "for example"), ("i.e.,", "that is"), ("i.e.", "that is"),
                ("etc.", "and so on."), ("and so on..", "and so on."), (" vs. ", " versus "), ("approx.", "about"),
                ("Art. ", "article "),
                ("Sec. ", "section "), ("§§ ", "sections "), ("§ ", "section "), ("§", "section "), (" & ", " and "),
                ("and/or", "and or"), ("w/o ", "without "), ("No. ", "number "), ("Inc. ", "Inc "), ("Dr. ", "Doctor "),
            ]
        case "es":
            [
                ("p. ej.", "por ejemplo"), ("p.ej.", "por ejemplo"), ("etc.", "etcétera."), ("Art. ", "artículo "),
                ("§ ", "sección "), (" & ", " y "), ("y/o", "y o"), ("EE. UU.", "Estados Unidos"), ("Sr. ", "señor "),
            ]
        case "de":
            [
                ("z. B.", "zum Beispiel"), ("z.B.", "zum Beispiel"), ("d. h.", "das heißt"), ("d.h.", "das heißt"),
                ("u. a.", "unter anderem"), ("u.a.", "unter anderem"), ("usw.", "und so weiter."),
                ("bzw.", "beziehungsweise"),
                ("ca. ", "etwa "), ("Art. ", "Artikel "), ("Abs. ", "Absatz "), ("§§ ", "Paragrafen "),
                ("§ ", "Paragraf "), (" & ", " und "),
            ]
        default: []
        }
    }
}
