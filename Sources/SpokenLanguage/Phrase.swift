/// A pattern of words: how the rules of this module are written down.
///
/// Elements are separated by spaces: `a|b` one of these words, `?a|b` perhaps one, `_` any word, `~` up to three words
/// of any kind, `^` and `$` the utterance's ends. `stop|quit calling ?me|us` matches "please stop calling us".
package struct Phrase: Sendable {
    private enum Element: Sendable {
        case word(Set<String>)
        case optional(Set<String>)
        case any, gap, start, end
    }

    private static let gapWordsMax = 3
    private let elements: [Element]

    package init(_ pattern: String) {
        elements = pattern.split(separator: " ").map { part in
            switch part {
            case "_": .any
            case "~": .gap
            case "^": .start
            case "$": .end
            default:
                part.first == "?"
                    ? .optional(Set(part.dropFirst().split(separator: "|").map(String.init)))
                    : .word(Set(part.split(separator: "|").map(String.init)))
            }
        }
    }

    package static func list(_ patterns: String...) -> [Phrase] { patterns.map(Phrase.init) }

    /// The end of the match that begins at `start`; nil when there is none.
    package func end(in words: [String], from start: Int) -> Int? { end(words, start, 0) }

    private func end(_ words: [String], _ at: Int, _ element: Int) -> Int? {
        guard element < elements.count else { return at }
        switch elements[element] {
        case .word(let choices):
            guard at < words.count, choices.contains(words[at]) else { return nil }
            return end(words, at + 1, element + 1)
        case .optional(let choices):
            if at < words.count, choices.contains(words[at]), let found = end(words, at + 1, element + 1) {
                return found
            }
            return end(words, at, element + 1)
        case .any: return at < words.count ? end(words, at + 1, element + 1) : nil
        case .gap:
            for skipped in 0...Phrase.gapWordsMax where at + skipped <= words.count {
                if let found = end(words, at + skipped, element + 1) { return found }
            }
            return nil
        case .start: return at == 0 ? end(words, at, element + 1) : nil
        case .end: return at == words.count ? end(words, at, element + 1) : nil
        }
    }

    /// The first place in `words`, at `from` or later, that matches.
    package func first(in words: [String], from: Int = 0) -> Range<Int>? {
        guard from <= words.count else { return nil }
        for start in from...words.count {
            if let end = end(in: words, from: start) { return start..<end }
        }
        return nil
    }
}

extension Sequence where Element == Phrase {
    /// The match that begins first, and of those the longest.
    package func first(in words: [String], from: Int = 0) -> Range<Int>? {
        compactMap { $0.first(in: words, from: from) }
            .min { ($0.lowerBound, -$0.upperBound) < ($1.lowerBound, -$1.upperBound) }
    }

    package func matches(_ words: [String]) -> Bool { contains { $0.first(in: words) != nil } }
}
