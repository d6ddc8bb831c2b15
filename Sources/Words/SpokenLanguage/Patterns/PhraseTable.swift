/// Fixed phrases, found in the bytes of a text in one pass however many they are.
package struct PhraseTable: Sendable {
    private struct Entry: Sendable {
        var bytes: [UInt8]
        var number: Int
    }

    /// By their first byte, in the order they were listed.
    private var beginning = [[Entry]](repeating: [], count: 256)

    package init(_ phrases: [String]) {
        for (number, phrase) in phrases.enumerated() {
            let bytes = Array(phrase.utf8)
            precondition(!bytes.isEmpty, "phrase \(number) is empty")
            beginning[Int(bytes[0])].append(Entry(bytes: bytes, number: number))
        }
    }

    /// The number of the phrase that stands at `start`, the one listed first when there are several.
    package func phrase(in text: [UInt8], at start: Int) -> Int? {
        for phrase in beginning[Int(text[start])] where text[start...].starts(with: phrase.bytes) {
            return phrase.number
        }
        return nil
    }

    /// The number of the phrase that `word` is.
    package func number(of word: ArraySlice<UInt8>) -> Int? {
        word.first.flatMap { first in beginning[Int(first)].first { $0.bytes.elementsEqual(word) }?.number }
    }

    /// Whether any of the phrases is in the text.
    package func isAny(in text: [UInt8]) -> Bool { text.indices.contains { phrase(in: text, at: $0) != nil } }
}
