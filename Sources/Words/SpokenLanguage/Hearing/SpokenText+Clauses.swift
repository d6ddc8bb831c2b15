/// Where speech is parted.
extension SpokenText {
    /// A sentence ends before the word: by a full stop, not where one transcript only follows another.
    func endsSentence(before index: Int) -> Bool {
        guard index > 0, index < words.count else { return true }
        let (last, next) = (words[index - 1], words[index])
        guard last.sentence != next.sentence, last.range.upperBound <= next.range.lowerBound else { return false }
        return source[last.range.upperBound..<next.range.lowerBound].contains { ".!?;".contains($0) }
    }

    /// A sentence ends before the word, or a comma stands there.
    package func isParted(before index: Int) -> Bool {
        endsSentence(before: index) || (index > 0 && words[index - 1].pauses)
    }

    /// The word is joined to the one before it by a hyphen: `Anne-Marie`.
    func isHyphened(before index: Int) -> Bool {
        guard index > 0, index < words.count, words[index - 1].range.upperBound < words[index].range.lowerBound else {
            return false
        }
        let between = source[words[index - 1].range.upperBound..<words[index].range.lowerBound]
        return between == "-" || between == "‐" || between == "‑"
    }

    /// Whether names are written with capitals: more than sentences begin with one.
    var writesCapitals: Bool {
        words.indices.contains { index in
            words[index].isCapitalised && words[index].text != "i" && index > 0 && !endsSentence(before: index)
                && !(words[index].range == words[index - 1].range && words[index].text == "am")
                && words[index].range != words[index - 1].range
        }
    }

    /// The word as it stands in the source.
    func written(_ index: Int) -> String { String(source[words[index].range]) }
}
