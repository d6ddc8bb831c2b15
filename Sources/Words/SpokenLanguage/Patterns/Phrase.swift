/// A pattern of words: how rules and lexicon files are written down, matched against words in lower case.
///
/// Elements are separated by spaces: `a|b` one of these words, `?a|b` perhaps one, `regulat*` a word that begins so, `_` any word,
/// `~` up to three words of any kind, `^` and `$` the utterance's ends. `stop|quit calling ?me|us` matches "please stop calling
/// us". Accents, capitals and contractions may be written either way.
package final class Phrase: Sendable {
    private struct Element: Sendable {
        var kind: PhraseSteps.Kind
        var words: [String] = []
        var stems: [String] = []

        /// The bytes that what it takes may begin with.
        var firstBytes: [UInt8] { (words + stems).compactMap(\.utf8.first) }
    }

    private let elements: [Element]
    private let steps: PhraseSteps
    /// The words a match can begin with; nil when it can begin with any, or without one.
    let firstWords: Set<String>?
    private let filter: WordFilter

    /// - Parameters:
    ///   - contractions: what stands for several words, folded: `don't` → `do not`.
    ///   - accented: words that keep their accents, as in ``SpokenWords``.
    package init(_ pattern: String, contractions: [String: [String]] = [:], accented: Set<String> = []) {
        let elements = pattern.split(separator: " ").flatMap { part -> [Element] in
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
        self.elements = elements
        firstWords = Phrase.firstWords(of: elements[...])
        filter = firstWords.map { WordFilter($0) } ?? .open
        var steps = PhraseSteps()
        Phrase.append(elements, to: &steps)
        self.steps = steps
    }

    private static func append(_ elements: [Element], to steps: inout PhraseSteps) {
        for element in elements { steps.append(element.kind, words: element.words, stems: element.stems) }
        steps.append(.done)
    }

    /// Adds its own steps to those of others.
    fileprivate func append(to steps: inout PhraseSteps) { Phrase.append(elements, to: &steps) }

    package static func list(_ patterns: String...) -> PhraseList { PhraseList(patterns.map { Phrase($0) }) }

    private static func firstWords(of elements: ArraySlice<Element>) -> Set<String>? {
        guard let first = elements.first, first.stems.isEmpty else { return nil }
        return switch first.kind {
        case .word: Set(first.words)
        case .optional: firstWords(of: elements.dropFirst()).map { $0.union(first.words) }
        case .start: firstWords(of: elements.dropFirst())
        case .any, .gap, .end, .done: nil
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
            case .any, .gap, .end, .done: return nil
            }
        }
        return nil
    }

    package var hasGap: Bool { elements.contains { $0.kind == .gap } }

    /// Whether it could match no word at all.
    package var isVoid: Bool { !elements.contains { $0.kind == .word || $0.kind == .any } }

    /// The end of the match that begins at `start`; nil when there is none.
    package func end(in words: CodedWords, from start: Int) -> Int? { steps.end(words, from: start, step: 0) }

    package func matches(_ words: CodedWords) -> Bool { first(in: words) != nil }

    /// The first place in `words`, at `from` or later, that matches.
    package func first(in words: CodedWords, from: Int = 0) -> Range<Int>? {
        guard from <= words.count, firstWords == nil || words.mayMeet(filter) else { return nil }
        for start in from..<words.count where words.mayBe(in: filter, start) {
            if let end = end(in: words, from: start) { return start..<end }
        }
        guard firstWords == nil, let end = end(in: words, from: words.count) else { return nil }
        return words.count..<end
    }
}

/// Several phrases that mean the same, looked for together: at each word only those that can begin with it are tried, and
/// nowhere in a text that holds none of those words.
package final class PhraseList: Sendable, Sequence {
    private let phrases: [Phrase]
    private let steps: PhraseSteps
    /// Where phrases begin in ``steps``, those of a first word side by side.
    private let starts: [Int]
    private let byFirstWord: CodeTable<Range<Int>>
    /// Phrases that can begin anywhere.
    private let anywhere: [Int]
    private let filter: WordFilter

    package init(_ phrases: [Phrase]) {
        self.phrases = phrases
        var steps = PhraseSteps()
        var byFirstWord: [String: [Int]] = [:]
        var anywhere: [Int] = []
        for phrase in phrases {
            let start = steps.next
            phrase.append(to: &steps)
            if let words = phrase.firstWords {
                for word in words { byFirstWord[word, default: []].append(start) }
            } else {
                anywhere.append(start)
            }
        }
        var starts: [Int] = []
        let places = byFirstWord.map { word, found in
            starts += found
            return (word, (starts.count - found.count)..<starts.count)
        }
        self.steps = steps
        self.starts = starts
        self.byFirstWord = CodeTable(places)
        self.anywhere = anywhere
        filter = WordFilter(byFirstWord.keys)
    }

    package func makeIterator() -> [Phrase].Iterator { phrases.makeIterator() }

    private func mayBegin(in words: CodedWords) -> Bool { !anywhere.isEmpty || words.mayMeet(filter) }

    /// The match that begins first, and of those the longest.
    package func first(in words: CodedWords, from: Int = 0) -> Range<Int>? {
        guard from <= words.count, mayBegin(in: words) else { return nil }
        for start in from...words.count {
            if let end = end(in: words, from: start) { return start..<end }
        }
        return nil
    }

    /// Where the last match begins.
    package func lastStart(in words: CodedWords) -> Int? {
        mayBegin(in: words) ? (0...words.count).last { end(in: words, from: $0) != nil } : nil
    }

    package func matches(_ words: CodedWords) -> Bool { first(in: words) != nil }

    /// The end of the longest match that begins at `start`; nil when there is none.
    package func end(in words: CodedWords, from start: Int) -> Int? {
        var longest: Int?
        for step in anywhere { lengthen(&longest, words, start, step) }
        if start < words.count, words.mayBe(in: filter, start), let found = byFirstWord[words.code(start)] {
            for place in found { lengthen(&longest, words, start, starts[place]) }
        }
        return longest
    }

    @inline(__always) private func lengthen(_ longest: inout Int?, _ words: CodedWords, _ start: Int, _ step: Int) {
        if let end = steps.end(words, from: start, step: step), end > longest ?? -1 { longest = end }
    }
}
