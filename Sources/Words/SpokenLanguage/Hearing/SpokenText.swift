/// An utterance cut into words that rules can be written for.
///
/// Takes what a recogniser gives (lower case, no punctuation, numbers as words) and what a person types alike. Words
/// are in lower case; contractions are spelled out (`don't` → `do not`, `I'm` → `i am`), so that one rule serves both
/// spellings; amounts, dates and times stay whole (`$25,000`, `€5.000,00`, `25k`, `1/2`, `3:30`, `14h30`), as do e-mail
/// addresses. A dash between digits is the word `-`. At most ``wordsMax`` words are kept.
package struct SpokenText: Sendable {
    package struct Word: Equatable, Sendable {
        package var text: String
        /// Where the word stands in ``SpokenText/source``; both halves of a contraction share it.
        package var range: Range<String.Index>
        /// Counts up at every `.`, `!`, `?`, `;`; 0 throughout in recognised speech.
        package var sentence: Int
        /// A comma follows.
        package var pauses: Bool
        package var isCapitalised: Bool
    }

    package static let wordsMax = 4_000

    package let source: String
    /// The language it is read in; contractions are English ones.
    package let tongue: Tongue
    package let words: [Word]
    package let texts: CodedWords
    /// ``texts`` without accents: `miércoles` → `miercoles`, `fünf` → `funf`.
    package let plainTexts: CodedWords

    package init(_ source: String, in tongue: Tongue = .english) {
        self.source = source
        self.tongue = tongue
        // What recognisers write is ASCII, where bytes are characters.
        if source.utf8.allSatisfy({ $0 < 0x80 }) {
            var scanner = WordScanner(source, source.utf8, tongue)
            words = scanner.scan()
            texts = CodedWords(words.map(\.text))
            plainTexts = texts
        } else {
            var scanner = WordScanner(source, source, tongue)
            words = scanner.scan()
            let texts = words.map(\.text)
            self.texts = CodedWords(texts)
            plainTexts = CodedWords(
                texts.map { $0.utf8.allSatisfy { $0 < 0x80 } ? $0 : SpokenWords.folded($0[...], accented: []) })
        }
    }

    /// Whether the text is written with capitals at all; recognised speech is not.
    package var hasCapitals: Bool { words.contains { $0.isCapitalised && $0.text != "i" } }

    /// The words of `range` as they stand in the source, inner punctuation included.
    package func quote(_ range: Range<Int>) -> String {
        guard let first = words[range].first, let last = words[range].last else { return "" }
        return String(source[first.range.lowerBound..<last.range.upperBound])
    }

    /// The first word that begins at `index` of the source or behind it.
    package func firstWord(from index: String.Index) -> Int {
        words.firstIndex { $0.range.lowerBound >= index } ?? words.count
    }

    package subscript(_ index: Int) -> String? { words.indices.contains(index) ? words[index].text : nil }
}

/// Words in the one form that comparisons are made in.
package enum Normalised {
    /// Lower case, contractions spelled out, punctuation gone: `Don't call, OK?` → `do not call ok`.
    package static func words(_ text: String) -> CodedWords {
        let words = SpokenText(text).texts
        return words.contains("-") ? CodedWords(words.filter { $0 != "-" }) : words
    }

    /// Whether `quote` occurs in `text`, word for word, whatever the case, punctuation and contractions.
    package static func contains(_ quote: String, in text: String) -> Bool {
        let wanted = words(quote)
        let given = words(text)
        guard !wanted.isEmpty, wanted.count <= given.count else { return false }
        return (0...(given.count - wanted.count)).contains { given[$0..<($0 + wanted.count)].elementsEqual(wanted) }
    }
}

/// A character as the scanner sees it: one of a string, or a byte of an ASCII string.
private protocol WordUnit {
    var isLetter: Bool { get }
    var isNumber: Bool { get }
    var isWhitespace: Bool { get }
    var isUppercase: Bool { get }
    /// The character in ASCII, typographic ones as their plain form, any currency as `$`; 0xFF for all others.
    var plain: Unicode.Scalar { get }
}

extension Character: WordUnit {
    fileprivate var plain: Unicode.Scalar {
        switch self {
        case "…": "."
        case "–", "—": "-"
        case "’": "'"
        case "€", "£", "¥", "₹": "$"
        default: asciiValue.map { Unicode.Scalar($0) } ?? "\u{FF}"
        }
    }
}

extension UInt8: WordUnit {
    fileprivate var isLetter: Bool { (0x61...0x7A).contains(self) || isUppercase }
    fileprivate var isNumber: Bool { (0x30...0x39).contains(self) }
    fileprivate var isWhitespace: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
    fileprivate var isUppercase: Bool { (0x41...0x5A).contains(self) }
    fileprivate var plain: Unicode.Scalar { Unicode.Scalar(self) }
}

private struct WordScanner<Units: BidirectionalCollection>
where Units.Index == String.Index, Units.Element: WordUnit {
    private let source: String
    private let units: Units
    private let tongue: Tongue
    private var words: [SpokenText.Word] = []
    private var sentence = 0

    init(_ source: String, _ units: Units, _ tongue: Tongue) {
        self.source = source
        self.units = units
        self.tongue = tongue
    }

    mutating func scan() -> [SpokenText.Word] {
        words.reserveCapacity(min(SpokenText.wordsMax, source.utf8.count / 4 + 4))
        var index = units.startIndex
        while index < units.endIndex, words.count < SpokenText.wordsMax {
            let unit = units[index]
            if isWordUnit(unit) || isCurrency(unit) {
                index = word(from: index)
            } else {
                separator(unit, at: index)
                index = units.index(after: index)
            }
        }
        return words
    }

    private mutating func separator(_ unit: Units.Element, at index: String.Index) {
        switch unit.plain {
        case " ": break
        case ".", "!", "?", ";", "\n":
            if words.last?.sentence == sentence { sentence += 1 }
        case "&":
            let range = index..<units.index(after: index)
            words.append(
                SpokenText.Word(text: "and", range: range, sentence: sentence, pauses: false, isCapitalised: false))
        case ",", ":":
            if !words.isEmpty { words[words.count - 1].pauses = true }
        case "-":
            let next = units.index(after: index)
            guard let last = words.last, last.range.upperBound == index,
                last.text.prefix(2).contains(where: \.isNumber),
                next < units.endIndex, units[next].isNumber || isCurrency(units[next])
            else { return }
            words.append(
                SpokenText.Word(
                    text: "-", range: index..<next, sentence: sentence, pauses: false, isCapitalised: false))
        default: break
        }
    }

    private func isCurrency(_ unit: Units.Element) -> Bool { unit.plain == "$" }

    private func isWordUnit(_ unit: Units.Element) -> Bool { unit.isLetter || unit.isNumber }

    /// Reads one word beginning at `start`, appends what it stands for and returns its end.
    private mutating func word(from start: String.Index) -> String.Index {
        var end = units.index(after: start)
        while end < units.endIndex {
            let unit = units[end]
            if isWordUnit(unit) {
                end = units.index(after: end)
                continue
            }
            let next = units.index(after: end)
            guard next < units.endIndex, isWordUnit(units[next]), joins(unit, before: end, after: next, start)
            else {
                if unit.plain == "%" { end = next }
                break
            }
            end = next
        }
        append(start..<end)
        return end
    }

    /// Whether `unit` holds a word together: apostrophes, the dot of `acme.com`, the comma of `25,000`, …
    private func joins(
        _ unit: Units.Element, before: String.Index, after: String.Index, _ start: String.Index
    ) -> Bool {
        let previous = units[units.index(before: before)]
        switch unit.plain {
        case "'": return true
        case "@": return true
        case ".", "_", "+": return isWordUnit(previous)
        case ",", ":", "/": return previous.isNumber && units[after].isNumber
        case "-":  // Only inside an address: `mary-ann@acme.com`.
            let rest = units[after...].prefix { !$0.isWhitespace }
            return units[start..<before].contains { $0.plain == "@" }
                || (rest.contains { $0.plain == "@" } && !rest.contains { $0.plain == "," })
        default: return false
        }
    }

    private mutating func append(_ range: Range<String.Index>) {
        let isCapitalised = units[range].first?.isUppercase == true
        let text = normalised(source[range])
        for part in tongue == .english ? Contraction.spelledOut(text) : [text] {
            words.append(
                SpokenText.Word(
                    text: part, range: range, sentence: sentence, pauses: false, isCapitalised: isCapitalised))
        }
    }

    private func normalised(_ written: Substring) -> String {
        if written.utf8.allSatisfy({ (0x61...0x7A).contains($0) }) { return String(written) }
        var text = written.lowercased()
        if !text.utf8.allSatisfy({ $0 < 0x80 }) { text = text.replacing("’", with: "'") }
        guard text.utf8.contains(0x2E) else { return text }
        let parts = text.split(separator: ".", omittingEmptySubsequences: true)
        guard parts.count > 1, parts.allSatisfy({ $0.count == 1 && $0.first?.isLetter == true }) else { return text }
        return parts.joined()
    }
}

/// English contractions and what they stand for.
private enum Contraction {
    static func spelledOut(_ word: String) -> [String] {
        if let whole = wholes[word] { return whole }
        guard word.utf8.contains(0x27) else { return [word] }
        if word.hasSuffix("n't") { return [String(word.dropLast(3)), "not"] }
        for (ending, meaning) in endings where word.hasSuffix(ending) {
            return [String(word.dropLast(ending.count)), meaning]
        }
        if word.hasSuffix("'s"), isHosts.contains(String(word.dropLast(2))) { return [String(word.dropLast(2)), "is"] }
        return [word]
    }

    private static let wholes: WordTable<[String]> = [
        "can't": ["can", "not"], "cannot": ["can", "not"], "cant": ["can", "not"], "won't": ["will", "not"],
        "wont": ["will", "not"], "shan't": ["shall", "not"], "ain't": ["is", "not"], "dont": ["do", "not"],
        "doesnt": ["does", "not"], "didnt": ["did", "not"], "isnt": ["is", "not"], "im": ["i", "am"],
        "ive": ["i", "have"], "let's": ["let", "us"], "gonna": ["going", "to"], "wanna": ["want", "to"],
        "gotta": ["got", "to"], "thats": ["that", "is"], "e-mail": ["email"], "ok": ["okay"],
    ]
    private static let endings = [("'m", "am"), ("'re", "are"), ("'ve", "have"), ("'ll", "will"), ("'d", "would")]
    private static let isHosts: WordSet = [
        "it", "that", "this", "he", "she", "what", "who", "where", "when", "how", "there", "here", "name", "company",
        "everything", "budget", "boss", "email", "address",
    ]
}
