/// A pattern of words as the lexicon files write them, matched against ``SpokenWords``.
///
/// Elements are separated by spaces: `a|b` one of these words, `?a|b` perhaps one, `regulat*` a word that begins so, `~`
/// up to three words of any kind, `^` and `$` the utterance's ends. Accents, capitals and contractions may be written
/// either way.
struct WordPattern: Sendable {
    /// What a step takes is apart from its kind, so that walking a pattern counts no references.
    private enum Kind: Sendable { case word, optional, gap, start, end }

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
    let source: String

    init(_ source: String, contractions: [String: [String]] = [:], accented: Set<String> = []) {
        self.source = source
        elements = source.split(separator: " ").flatMap { part -> [Element] in
            switch part {
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
    }

    /// How many elements it has: of two matches of one length, the pattern that says more is meant.
    var elementCount: Int { elements.count }

    /// The words it can begin with; nil when it may begin with others too.
    var firstWords: Set<String>? {
        for element in elements {
            switch element.kind {
            case .word: return element.stems.isEmpty ? Set(element.words) : nil
            case .start: continue
            case .optional, .gap, .end: return nil
            }
        }
        return nil
    }

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
            case .gap, .end: return nil
            }
        }
        return nil
    }

    var hasGap: Bool { elements.contains { $0.kind == .gap } }

    /// Whether it could match no word at all.
    var isVoid: Bool { !elements.contains { $0.kind == .word } }

    /// The end of the longest match that begins at `start`; nil when there is none.
    func end(in words: [String], from start: Int) -> Int? { end(words, start, 0) }

    func matches(_ words: [String]) -> Bool { words.indices.contains { end(in: words, from: $0) != nil } }

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
