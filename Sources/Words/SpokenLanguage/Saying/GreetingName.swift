/// What somebody on record is called by when greeted: `Sofia` of "Sofia Meier", `Dr. Meier` of "Dr. Sofia Meier".
///
/// Names on record are what people and other systems once wrote there. Where one does not surely begin with a first name
/// (a number, "Unknown Caller", "van der Berg", a firm), a greeting without a name is better than a wrong one.
package enum GreetingName {
    private static let charactersMax = 40

    /// Nil where nobody should be greeted by this.
    package static func of(_ written: String?) -> String? {
        guard let written, !written.unicodeScalars.contains(where: isOverride) else { return nil }
        let clean = String(String.UnicodeScalarView(written.unicodeScalars.filter { !isMark($0) }))
        var words = clean.split(whereSeparator: \.isWhitespace).map(String.init)
        // "Meier, Sofia": the first name stands behind the comma.
        if words.count > 1, let last = words[0].last, last == ",", words[0].count > 1 {
            words = words.dropFirst() + [String(words[0].dropLast())]
        }
        guard !words.isEmpty, !words.contains(where: { unknown.contains(plain($0)) }) else { return nil }
        if let title = titles[plain(words[0])] {
            guard words.count > 1, let last = words.last, isName(last),
                !particles.contains(plain(words[words.count - 1]))
            else { return nil }
            return title + " " + capitalised(last)
        }
        guard isName(words[0]), !particles.contains(plain(words[0])),
            !particles.contains(where: { plain(words[0]).hasPrefix($0 + "-") }),
            !words.dropFirst().contains(where: {
                joins.contains($0.lowercased()) || CompanyWords.forms.contains(plain($0))
            })
        else { return nil }
        return capitalised(words[0])
    }

    /// One word of letters, as names have them.
    private static func isName(_ word: String) -> Bool {
        word.count <= charactersMax && word.allSatisfy { $0.isLetter || "-'’.".contains($0) }
            && word.contains(where: \.isLetter)
    }

    /// "JOHN" and "john" as "John"; "McKay" as it is.
    private static func capitalised(_ word: String) -> String {
        let isPlain = word.allSatisfy { !$0.isLowercase } || word.allSatisfy { !$0.isUppercase }
        guard isPlain, word.count > 1, word.first?.isCased == true, !word.hasSuffix(".") else { return word }
        return TitleCase.word(word.lowercased())
    }

    private static func plain(_ word: String) -> String {
        word.lowercased().filter { $0.isLetter || $0 == "-" || $0 == "/" }
    }

    /// Turns the writing direction around: a name written so is made to look like another.
    private static func isOverride(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value == 0x202D || scalar.value == 0x202E
    }

    /// Marks and isolates of the writing direction, which nobody sees.
    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x061C, 0x200B, 0x200E, 0x200F, 0x202A...0x202C, 0x2060, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }

    private static let titles: [String: String] = [
        "dr": "Dr.", "doctor": "Dr.", "prof": "Professor", "professor": "Professor", "mr": "Mr.", "mister": "Mr.",
        "mrs": "Mrs.", "ms": "Ms.",
        "miss": "Miss", "herr": "Herr", "frau": "Frau", "sir": "Sir", "rev": "Reverend", "captain": "Captain",
        "capt": "Captain",
    ]
    private static let particles: Set<String> = [
        "van", "von", "der", "den", "de", "la", "del", "della", "di", "da", "dos", "das", "du", "le", "el", "al", "bin",
        "ibn", "abu", "ter",
        "ten", "zu", "zur", "af", "st", "los", "las", "the",
    ]
    private static let joins: Set<String> = ["and", "&", "und", "y", "et", "+", "or"]
    /// What systems write where they know no name.
    private static let unknown: Set<String> = [
        "unknown", "anonymous", "caller", "unavailable", "restricted", "private", "blocked", "withheld", "wireless",
        "customer", "contact", "lead",
        "prospect", "test", "tester", "na", "n/a", "none", "null", "nil", "undefined", "noname", "guest", "visitor",
        "spam", "scam", "telemarketer",
        "tollfree", "user", "client", "unbekannt", "desconocido", "mobile", "cell", "payphone", "likely", "unnamed",
        "tbd", "xxx", "number",
    ]
}
