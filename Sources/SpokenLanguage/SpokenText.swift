/// An utterance cut into words that rules can be written for.
///
/// Takes what a recogniser gives (lower case, no punctuation, numbers as words) and what a person types alike. Words
/// are in lower case; contractions are spelled out (`don't` → `do not`, `I'm` → `i am`), so that one rule serves both
/// spellings; amounts stay whole (`$25,000`, `25k`, `3:30`), as do e-mail addresses. A dash between digits is the
/// word `-`. At most ``wordsMax`` words are kept.
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
    package let words: [Word]
    package let texts: [String]

    package init(_ source: String) {
        self.source = source
        var scanner = WordScanner(source)
        words = scanner.scan()
        texts = words.map(\.text)
    }

    /// Whether the text is written with capitals at all; recognised speech is not.
    package var hasCapitals: Bool { words.contains { $0.isCapitalised && $0.text != "i" } }

    /// The words of `range` as they stand in the source, inner punctuation included.
    package func quote(_ range: Range<Int>) -> String {
        guard let first = words[range].first, let last = words[range].last else { return "" }
        return String(source[first.range.lowerBound..<last.range.upperBound])
    }

    package subscript(_ index: Int) -> String? { words.indices.contains(index) ? words[index].text : nil }
}

/// Words in the one form that comparisons are made in.
package enum Normalised {
    /// Lower case, contractions spelled out, punctuation gone: `Don't call, OK?` → `do not call ok`.
    package static func words(_ text: String) -> [String] { SpokenText(text).texts.filter { $0 != "-" } }

    /// Whether `quote` occurs in `text`, word for word, whatever the case, punctuation and contractions.
    package static func contains(_ quote: String, in text: String) -> Bool {
        let wanted = words(quote)
        let given = words(text)
        guard !wanted.isEmpty, wanted.count <= given.count else { return false }
        return (0...(given.count - wanted.count)).contains { given[$0..<($0 + wanted.count)].elementsEqual(wanted) }
    }
}

private struct WordScanner {
    private let source: String
    private var words: [SpokenText.Word] = []
    private var sentence = 0

    init(_ source: String) { self.source = source }

    mutating func scan() -> [SpokenText.Word] {
        var index = source.startIndex
        while index < source.endIndex, words.count < SpokenText.wordsMax {
            let character = source[index]
            if isWordCharacter(character) || isCurrency(character) {
                index = word(from: index)
            } else {
                separator(character, at: index)
                index = source.index(after: index)
            }
        }
        return words
    }

    private mutating func separator(_ character: Character, at index: String.Index) {
        switch character {
        case ".", "!", "?", ";", "…", "\n":
            if words.last?.sentence == sentence { sentence += 1 }
        case "&":
            let range = index..<source.index(after: index)
            words.append(
                SpokenText.Word(text: "and", range: range, sentence: sentence, pauses: false, isCapitalised: false))
        case ",", ":":
            if !words.isEmpty { words[words.count - 1].pauses = true }
        case "-", "–", "—":
            let next = source.index(after: index)
            guard let last = words.last, last.range.upperBound == index,
                last.text.last?.isNumber == true || isScaled(last),
                next < source.endIndex, source[next].isNumber || isCurrency(source[next])
            else { return }
            words.append(
                SpokenText.Word(
                    text: "-", range: index..<next, sentence: sentence, pauses: false, isCapitalised: false))
        default: break
        }
    }

    private func isScaled(_ word: SpokenText.Word) -> Bool {
        word.text.first?.isNumber == true && (word.text.last == "k" || word.text.last == "m")
    }

    private func isCurrency(_ character: Character) -> Bool { "$€£".contains(character) }

    private func isWordCharacter(_ character: Character) -> Bool { character.isLetter || character.isNumber }

    /// Reads one word beginning at `start`, appends what it stands for and returns its end.
    private mutating func word(from start: String.Index) -> String.Index {
        var end = source.index(after: start)
        while end < source.endIndex {
            let character = source[end]
            if isWordCharacter(character) {
                end = source.index(after: end)
                continue
            }
            let next = source.index(after: end)
            guard next < source.endIndex, isWordCharacter(source[next]),
                joins(character, before: end, after: next, start)
            else {
                if character == "%" { end = next }
                break
            }
            end = next
        }
        append(start..<end)
        return end
    }

    /// Whether `character` holds a word together: apostrophes, the dot of `acme.com`, the comma of `25,000`, …
    private func joins(
        _ character: Character, before: String.Index, after: String.Index, _ start: String.Index
    ) -> Bool {
        let previous = source[source.index(before: before)]
        switch character {
        case "'", "’": return true
        case "@": return true
        case ".", "_", "+": return isWordCharacter(previous)
        case ",": return previous.isNumber && source[after...].prefix(3).count(where: \.isNumber) == 3
        case ":": return previous.isNumber && source[after].isNumber
        case "-":  // Only inside an address: `mary-ann@acme.com`.
            let rest = source[after...].prefix { !$0.isWhitespace }
            return source[start..<before].contains("@") || (rest.contains("@") && !rest.contains(","))
        default: return false
        }
    }

    private mutating func append(_ range: Range<String.Index>) {
        let written = source[range]
        var text = written.lowercased().replacing("’", with: "'")
        let parts = text.split(separator: ".", omittingEmptySubsequences: true)
        if parts.count > 1, parts.allSatisfy({ $0.count == 1 && $0.first?.isLetter == true }) { text = parts.joined() }
        for part in Contraction.spelledOut(text) {
            words.append(
                SpokenText.Word(
                    text: part, range: range, sentence: sentence, pauses: false,
                    isCapitalised: written.first?.isUppercase == true))
        }
    }
}

/// English contractions and what they stand for.
private enum Contraction {
    static func spelledOut(_ word: String) -> [String] {
        if let whole = wholes[word] { return whole }
        guard word.contains("'") else { return [word] }
        if word.hasSuffix("n't") { return [String(word.dropLast(3)), "not"] }
        for (ending, meaning) in endings where word.hasSuffix(ending) {
            return [String(word.dropLast(ending.count)), meaning]
        }
        if word.hasSuffix("'s"), isHosts.contains(String(word.dropLast(2))) { return [String(word.dropLast(2)), "is"] }
        return [word]
    }

    private static let wholes: [String: [String]] = [
        "can't": ["can", "not"], "cannot": ["can", "not"], "cant": ["can", "not"], "won't": ["will", "not"],
        "wont": ["will", "not"], "shan't": ["shall", "not"], "ain't": ["is", "not"], "dont": ["do", "not"],
        "doesnt": ["does", "not"], "didnt": ["did", "not"], "isnt": ["is", "not"], "im": ["i", "am"],
        "ive": ["i", "have"], "let's": ["let", "us"], "gonna": ["going", "to"], "wanna": ["want", "to"],
        "gotta": ["got", "to"], "thats": ["that", "is"], "e-mail": ["email"], "ok": ["okay"],
    ]
    private static let endings = [("'m", "am"), ("'re", "are"), ("'ve", "have"), ("'ll", "will"), ("'d", "would")]
    private static let isHosts: Set<String> = [
        "it", "that", "this", "he", "she", "what", "who", "where", "when", "how", "there", "here", "name", "company",
        "everything", "budget", "boss", "email", "address",
    ]
}
