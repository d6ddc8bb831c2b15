/// Labelled patterns, found by the word they begin with.
struct PatternIndex<Label: Sendable>: Sendable {
    struct Entry: Sendable {
        var label: Label
        var pattern: WordPattern
        /// Where it stood in the list: the earlier one wins a tie.
        var rank: Int
    }

    private var byFirstWord: [String: [Entry]] = [:]
    private var others: [Entry] = []
    private(set) var count = 0

    mutating func append(_ label: Label, _ pattern: WordPattern) {
        let entry = Entry(label: label, pattern: pattern, rank: count)
        count += 1
        guard let words = pattern.firstWords else {
            others.append(entry)
            return
        }
        for word in words { byFirstWord[word, default: []].append(entry) }
    }

    /// The longest match that begins at `at`; of several the one whose pattern says more, then the one listed first.
    func longest(in words: [String], at: Int) -> (label: Label, end: Int)? {
        var best: (entry: Entry, end: Int)?
        for entry in candidates(words, at) {
            guard let end = entry.pattern.end(in: words, from: at), end > at else { continue }
            if let best {
                let isBetter =
                    (end, entry.pattern.elementCount, -entry.rank)
                    > (best.end, best.entry.pattern.elementCount, -best.entry.rank)
                guard isBetter else { continue }
            }
            best = (entry, end)
        }
        return best.map { ($0.entry.label, $0.end) }
    }

    /// Every match, in the order of the words.
    func all(in words: [String]) -> [(label: Label, words: Range<Int>)] {
        words.indices.flatMap { at in
            candidates(words, at).compactMap { entry in
                entry.pattern.end(in: words, from: at).map { (entry.label, at..<$0) }
            }
        }
    }

    private func candidates(_ words: [String], _ at: Int) -> [Entry] { (byFirstWord[words[at]] ?? []) + others }
}
