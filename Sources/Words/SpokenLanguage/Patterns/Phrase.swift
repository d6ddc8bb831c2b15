/// A pattern of words: how rules and lexicon files are written down, matched against words in lower case.
///
/// Elements are separated by spaces: `a|b` one of these words, `?a|b` perhaps one, `regulat*` a word that begins so, `_` any word,
/// `~` up to three words of any kind, `^` and `$` the utterance's ends. `stop|quit calling ?me|us` matches "please stop calling
/// us". Accents, capitals and contractions may be written either way.
///
/// A class, so that trying one of a list's counts one reference and copies nothing.
package final class Phrase: Sendable {
    /// What a step takes is apart from its kind, so that walking a pattern counts no references.
    private enum Kind: Sendable { case word, optional, any, gap, start, end }

    /// Few words each: comparing beats hashing.
    private struct Element: Sendable {
        var kind: Kind
        var words: [String] = []
        var stems: [String] = []

        func holds(_ word: String) -> Bool { words.contains(word) || stems.contains { word.hasPrefix($0) } }

        /// The bytes that what it takes may begin with.
        var firstBytes: [UInt8] { (words + stems).compactMap(\.utf8.first) }
    }

    private static let gapWordsMax = 3
    private let elements: [Element]
    /// The words a match can begin with; nil when it can begin with any, or without one.
    let firstWords: Set<String>?
    private let filter: WordFilter

    /// - Parameters:
    ///   - contractions: what stands for several words, folded: `don't` → `do not`.
    ///   - accented: words that keep their accents, as in ``SpokenWords``.
    package init(_ pattern: String, contractions: [String: [String]] = [:], accented: Set<String> = []) {
        elements = pattern.split(separator: " ").flatMap { part -> [Element] in
            switch part {
            case "_": return [Element(kind: .any)]
            case "~": return [Element(kind: .gap)]
            case "^": return [Element(kind: .start)]
            case "$": return [Element(kind: .end)]
            default: break
            }
            let isOptional = part.first == "?"
            let names = (isOptional ? part.dropFirst() : part).split(separator: "|")
                .map { SpokenWords.folded($0, accented: accented) }
            if !isOptional, names.count == 1, let name = names.first, let parts = contractions[name] {
                return parts.map { Element(kind: .word, words: [$0]) }
            }
            var element = Element(kind: isOptional ? .optional : .word)
            for name in names {
                if name.hasSuffix("*") {
                    element.stems.append(String(name.dropLast()))
                } else {
                    element.words.append(name)
                }
            }
            return [element]
        }
        firstWords = Phrase.firstWords(of: elements[...])
        filter = firstWords.map { WordFilter($0) } ?? .open
    }

    package static func list(_ patterns: String...) -> PhraseList { PhraseList(patterns.map { Phrase($0) }) }

    private static func firstWords(of elements: ArraySlice<Element>) -> Set<String>? {
        guard let first = elements.first, first.stems.isEmpty else { return nil }
        return switch first.kind {
        case .word: Set(first.words)
        case .optional: firstWords(of: elements.dropFirst()).map { $0.union(first.words) }
        case .start: firstWords(of: elements.dropFirst())
        case .any, .gap, .end: nil
        }
    }

    /// How many elements it has: of two matches of one length, the pattern that says more is meant.
    var elementCount: Int { elements.count }

    /// The bytes its first word can begin with; nil when any may come. An accented letter can be spelled in two ways, so
    /// it stands for any.
    var firstBytes: Set<UInt8>? {
        guard let bytes = bytesOfFirstWord, bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
        return bytes
    }

    private var bytesOfFirstWord: Set<UInt8>? {
        var bytes: Set<UInt8> = []
        for element in elements {
            switch element.kind {
            case .word: return bytes.union(element.firstBytes)
            case .optional: bytes.formUnion(element.firstBytes)
            case .start: continue
            case .any, .gap, .end: return nil
            }
        }
        return nil
    }

    package var hasGap: Bool { elements.contains { $0.kind == .gap } }

    /// Whether it could match no word at all.
    package var isVoid: Bool { !elements.contains { $0.kind == .word || $0.kind == .any } }

    /// The end of the match that begins at `start`; nil when there is none.
    package func end(in words: [String], from start: Int) -> Int? { end(words, start, 0) }

    fileprivate func lengthen(_ longest: inout Int?, in words: [String], from start: Int) {
        if let end = end(in: words, from: start), end > longest ?? -1 { longest = end }
    }

    package func matches(_ words: [String]) -> Bool { first(in: words) != nil }

    private func end(_ words: [String], _ at: Int, _ element: Int) -> Int? {
        guard element < elements.count else { return at }
        switch elements[element].kind {
        case .word:
            guard at < words.count, elements[element].holds(words[at]) else { return nil }
            return end(words, at + 1, element + 1)
        case .optional:
            if at < words.count, elements[element].holds(words[at]), let found = end(words, at + 1, element + 1) {
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
package final class PhraseList: Sendable, Sequence {
    private let phrases: [Phrase]
    private let byFirstWord: [String: [Phrase]]
    /// Phrases that can begin anywhere.
    private let anywhere: [Phrase]
    private let filter: WordFilter

    package init(_ phrases: [Phrase]) {
        self.phrases = phrases
        var byFirstWord: [String: [Phrase]] = [:]
        for phrase in phrases {
            for word in phrase.firstWords ?? [] { byFirstWord[word, default: []].append(phrase) }
        }
        self.byFirstWord = byFirstWord
        anywhere = phrases.filter { $0.firstWords == nil }
        filter = WordFilter(byFirstWord.keys)
    }

    package func makeIterator() -> [Phrase].Iterator { phrases.makeIterator() }

    /// The match that begins first, and of those the longest.
    package func first(in words: [String], from: Int = 0) -> Range<Int>? {
        guard from <= words.count else { return nil }
        for start in from...words.count {
            if let end = end(in: words, from: start) { return start..<end }
        }
        return nil
    }

    /// Where the last match begins.
    package func lastStart(in words: [String]) -> Int? {
        (0...words.count).last { end(in: words, from: $0) != nil }
    }

    package func matches(_ words: [String]) -> Bool { first(in: words) != nil }

    /// The end of the longest match that begins at `start`; nil when there is none.
    package func end(in words: [String], from start: Int) -> Int? {
        var longest: Int?
        for phrase in anywhere { phrase.lengthen(&longest, in: words, from: start) }
        if start < words.count, filter.mayHold(words[start]), let phrases = byFirstWord[words[start]] {
            for phrase in phrases { phrase.lengthen(&longest, in: words, from: start) }
        }
        return longest
    }
}
