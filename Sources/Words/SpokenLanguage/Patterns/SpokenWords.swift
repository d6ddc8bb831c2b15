/// An utterance as the lexicons see it: words in lower case without accents, contractions spelled out.
///
/// Takes what a recogniser gives (no capitals, no punctuation) and what a person writes alike. At most ``wordsMax``
/// words are kept.
package struct SpokenWords {
    package static let wordsMax = 400

    package let texts: CodedWords
    /// The word as it was given; the halves of a contraction share one.
    package private(set) var sources: [Substring] = []
    /// Whether a question mark follows the word.
    package private(set) var asks: [Bool] = []
    package let isCut: Bool

    /// - Parameters:
    ///   - contractions: what stands for several words, folded: `don't` → `do not`.
    ///   - accented: words that keep their accents because it makes them others: `sí` is not `si`.
    package init(_ text: String, contractions: [String: [String]] = [:], accented: Set<String> = []) {
        var texts: [String] = []
        var index = text.startIndex
        while index < text.endIndex, texts.count < SpokenWords.wordsMax {
            guard Self.isInner(text[index]) else {
                if text[index] == "?", !asks.isEmpty { asks[asks.count - 1] = true }
                index = text.index(after: index)
                continue
            }
            var end = text.index(after: index)
            while end < text.endIndex, Self.isInner(text[end]) || Self.joins(text, end) { end = text.index(after: end) }
            let folded = SpokenWords.folded(text[index..<end], accented: accented)
            for word in contractions[folded] ?? [folded] {
                texts.append(word)
                sources.append(text[index..<end])
                asks.append(false)
            }
            index = end
        }
        isCut = texts.count >= SpokenWords.wordsMax && index < text.endIndex
        self.texts = CodedWords(texts)
    }

    package var isEmpty: Bool { texts.isEmpty }

    package static func folded(_ word: Substring, accented: Set<String>) -> String {
        var lower = word.lowercased()
        if lower.utf8.allSatisfy({ $0 < 0x80 }) { return lower }
        lower = lower.replacing("’", with: "'")
        if accented.contains(lower) { return lower }
        return lower.reduce(into: "") { folded, character in folded += bare[character] ?? String(character) }
    }

    private static func isInner(_ character: Character) -> Bool { character.isLetter || character.isNumber }

    /// An apostrophe, or the dot or comma of a number, between two characters of a word.
    private static func joins(_ text: String, _ index: String.Index) -> Bool {
        let next = text.index(after: index)
        guard next < text.endIndex, isInner(text[next]) else { return false }
        switch text[index] {
        case "'", "’": return true
        case ".", ",": return text[next].isNumber && text[text.index(before: index)].isNumber
        default: return false
        }
    }

    private static let bare: [Character: String] = {
        let rows: [(String, String)] = [
            ("áàâãäåā", "a"), ("éèêëē", "e"), ("íìîïī", "i"), ("óòôõöøō", "o"), ("úùûüū", "u"), ("ñ", "n"), ("ç", "c"),
            ("ß", "ss"), ("ý", "y"),
        ]
        return rows.reduce(into: [:]) { map, row in for character in row.0 { map[character] = row.1 } }
    }()
}
