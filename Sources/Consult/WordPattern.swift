/// A pattern of words as the lexicon files write them, matched against ``SpokenWords``.
///
/// Elements are separated by spaces: `a|b` one of these words, `?a|b` perhaps one, `regulat*` a word that begins so, `~`
/// up to three words of any kind, `^` and `$` the utterance's ends. Accents, capitals and contractions may be written
/// either way.
struct WordPattern: Sendable {
    private enum Element: Sendable {
        case word(Choice)
        case optional(Choice)
        case gap, start, end
    }

    private struct Choice: Sendable {
        var words: Set<String> = []
        var stems: [String] = []

        func holds(_ word: String) -> Bool { words.contains(word) || stems.contains { word.hasPrefix($0) } }
    }

    private static let gapWordsMax = 3
    private let elements: [Element]
    let source: String

    init(_ source: String, contractions: [String: [String]] = [:], accented: Set<String> = []) {
        self.source = source
        elements = source.split(separator: " ").flatMap { part -> [Element] in
            switch part {
            case "~": return [.gap]
            case "^": return [.start]
            case "$": return [.end]
            default: break
            }
            let isOptional = part.first == "?"
            let names = (isOptional ? part.dropFirst() : part).split(separator: "|")
                .map { SpokenWords.folded($0, accented: accented) }
            if !isOptional, names.count == 1, let name = names.first, let parts = contractions[name] {
                return parts.map { .word(Choice(words: [$0])) }
            }
            var choice = Choice()
            for name in names {
                if name.hasSuffix("*") {
                    choice.stems.append(String(name.dropLast()))
                } else {
                    choice.words.insert(name)
                }
            }
            return [isOptional ? .optional(choice) : .word(choice)]
        }
    }

    /// How many elements it has: of two matches of one length, the pattern that says more is meant.
    var elementCount: Int { elements.count }

    /// The words it can begin with; nil when it may begin with others too.
    var firstWords: Set<String>? {
        for element in elements {
            switch element {
            case .word(let choice): return choice.stems.isEmpty ? choice.words : nil
            case .start: continue
            case .optional, .gap, .end: return nil
            }
        }
        return nil
    }

    var hasGap: Bool {
        elements.contains { element in
            switch element {
            case .gap: true
            case .word, .optional, .start, .end: false
            }
        }
    }

    /// Whether it could match no word at all.
    var isVoid: Bool { !elements.contains { if case .word(_) = $0 { true } else { false } } }

    /// The end of the longest match that begins at `start`; nil when there is none.
    func end(in words: [String], from start: Int) -> Int? { end(words, start, 0) }

    func matches(_ words: [String]) -> Bool { words.indices.contains { end(in: words, from: $0) != nil } }

    private func end(_ words: [String], _ at: Int, _ element: Int) -> Int? {
        guard element < elements.count else { return at }
        switch elements[element] {
        case .word(let choice):
            guard at < words.count, choice.holds(words[at]) else { return nil }
            return end(words, at + 1, element + 1)
        case .optional(let choice):
            if at < words.count, choice.holds(words[at]), let found = end(words, at + 1, element + 1) { return found }
            return end(words, at, element + 1)
        case .gap:
            for skipped in 0...WordPattern.gapWordsMax where at + skipped <= words.count {
                if let found = end(words, at + skipped, element + 1) { return found }
            }
            return nil
        case .start: return at == 0 ? end(words, at, element + 1) : nil
        case .end: return at == words.count ? end(words, at, element + 1) : nil
        }
    }
}
