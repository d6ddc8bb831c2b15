/// Labelled patterns, found by the word they begin with.
package struct PatternIndex<Label: Sendable>: Sendable {
    private struct Entry: Sendable {
        var label: Label
        var pattern: Phrase
    }

    /// In the order they were listed: the earlier one wins a tie.
    private var entries: [Entry] = []
    private var byFirstWord: [String: [Int]] = [:]
    private var filter = WordFilter()
    /// What is not there, by the first byte of a word it may begin with: in every list where it may begin with any.
    private var byFirstByte = [[Int]](repeating: [], count: 256)

    package init() {}

    package var count: Int { entries.count }

    package mutating func append(_ label: Label, _ pattern: Phrase) {
        let number = entries.count
        entries.append(Entry(label: label, pattern: pattern))
        if let words = pattern.firstWords {
            for word in words {
                byFirstWord[word, default: []].append(number)
                filter.insert(word)
            }
        } else {
            let bytes = pattern.firstBytes
            for byte in byFirstByte.indices where bytes?.contains(UInt8(byte)) ?? true {
                byFirstByte[byte].append(number)
            }
        }
    }

    /// The longest match that begins at `at`; of several the one whose pattern says more, then the one listed first.
    package func longest(in words: CodedWords, at: Int) -> (label: Label, end: Int)? {
        var best: (number: Int, end: Int)?
        eachMatch(words, at) { number, end in
            guard end > at else { return }
            if let best {
                let isBetter =
                    (end, entries[number].pattern.elementCount, -number)
                    > (best.end, entries[best.number].pattern.elementCount, -best.number)
                guard isBetter else { return }
            }
            best = (number, end)
        }
        return best.map { (entries[$0.number].label, $0.end) }
    }

    /// Every match, in the order of the words.
    package func all(in words: CodedWords) -> [(label: Label, words: Range<Int>)] {
        var found: [(label: Label, words: Range<Int>)] = []
        for at in words.indices {
            eachMatch(words, at) { number, end in found.append((entries[number].label, at..<end)) }
        }
        return found
    }

    /// Each pattern that matches at `at`, and where its match ends. A caller's turn is read on a media thread: nothing is
    /// copied here.
    private func eachMatch(_ words: CodedWords, _ at: Int, _ body: (Int, Int) -> Void) {
        if words.mayBe(in: filter, at), let numbers = byFirstWord[words[at]] { match(numbers, words, at, body) }
        if let first = words[at].utf8.first { match(byFirstByte[Int(first)], words, at, body) }
    }

    private func match(_ numbers: [Int], _ words: CodedWords, _ at: Int, _ body: (Int, Int) -> Void) {
        for number in numbers {
            if let end = entries[number].pattern.end(in: words, from: at) { body(number, end) }
        }
    }
}
