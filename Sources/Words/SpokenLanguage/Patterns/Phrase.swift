/// A pattern of words: how the rules of this module are written down.
///
/// Elements are separated by spaces: `a|b` one of these words, `?a|b` perhaps one, `_` any word, `~` up to three words
/// of any kind, `^` and `$` the utterance's ends. `stop|quit calling ?me|us` matches "please stop calling us".
package struct Phrase: Sendable {
    private enum Element: Sendable {
        /// Few words each: comparing beats hashing.
        case word([String])
        case optional([String])
        case any, gap, start, end
    }

    private static let gapWordsMax = 3
    private let elements: [Element]
    /// The words a match can begin with; nil when it can begin with any, or without one.
    let firstWords: Set<String>?
    private let filter: WordFilter

    package init(_ pattern: String) {
        elements = pattern.split(separator: " ").map { part in
            switch part {
            case "_": .any
            case "~": .gap
            case "^": .start
            case "$": .end
            default:
                part.first == "?"
                    ? .optional(part.dropFirst().split(separator: "|").map(String.init))
                    : .word(part.split(separator: "|").map(String.init))
            }
        }
        firstWords = Phrase.firstWords(of: elements[...])
        filter = firstWords.map { WordFilter($0) } ?? .open
    }

    package static func list(_ patterns: String...) -> PhraseList { PhraseList(patterns.map(Phrase.init)) }

    private static func firstWords(of elements: ArraySlice<Element>) -> Set<String>? {
        switch elements.first {
        case .word(let choices): Set(choices)
        case .optional(let choices): firstWords(of: elements.dropFirst()).map { $0.union(choices) }
        case .start: firstWords(of: elements.dropFirst())
        case .any, .gap, .end, nil: nil
        }
    }

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
        for start in from..<words.count where filter.mayHold(words[start]) {
            if let end = end(in: words, from: start) { return start..<end }
        }
        guard firstWords == nil, let end = end(in: words, from: words.count) else { return nil }
        return words.count..<end
    }
}

/// Several phrases that mean the same, looked for together: at each word only those that can begin with it are tried.
package struct PhraseList: Sendable, Sequence {
    private let phrases: [Phrase]
    private let byFirstWord: [String: [Int]]
    /// Phrases that can begin anywhere.
    private let anywhere: [Int]
    private let filter: WordFilter

    package init(_ phrases: [Phrase]) {
        self.phrases = phrases
        var byFirstWord: [String: [Int]] = [:]
        var anywhere: [Int] = []
        for (index, phrase) in phrases.enumerated() {
            guard let words = phrase.firstWords else {
                anywhere.append(index)
                continue
            }
            for word in words { byFirstWord[word, default: []].append(index) }
        }
        self.byFirstWord = byFirstWord
        self.anywhere = anywhere
        filter = WordFilter(byFirstWord.keys)
    }

    package func makeIterator() -> [Phrase].Iterator { phrases.makeIterator() }

    /// The match that begins first, and of those the longest.
    package func first(in words: [String], from: Int = 0) -> Range<Int>? {
        guard from <= words.count else { return nil }
        for start in from...words.count {
            if let end = longest(in: words, from: start) { return start..<end }
        }
        return nil
    }

    /// Where the last match begins.
    package func lastStart(in words: [String]) -> Int? {
        (0...words.count).last { longest(in: words, from: $0) != nil }
    }

    package func matches(_ words: [String]) -> Bool { first(in: words) != nil }

    private func longest(in words: [String], from start: Int) -> Int? {
        var longest: Int?
        func take(_ index: Int) {
            if let end = phrases[index].end(in: words, from: start), end > longest ?? -1 { longest = end }
        }
        for index in anywhere { take(index) }
        if start < words.count, filter.mayHold(words[start]) {
            for index in byFirstWord[words[start]] ?? [] { take(index) }
        }
        return longest
    }
}
