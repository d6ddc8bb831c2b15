/// Phrases taken apart into steps, all in arrays of plain values: walking them counts no references.
struct PhraseSteps: Sendable {
    enum Kind: Sendable { case word, optional, any, gap, start, end, done }

    private struct Step: Sendable {
        var kind: Kind
        var codes: Range<Int32> = 0..<0
        var stems: Range<Int32> = 0..<0
    }

    static let gapWordsMax = 3

    private var steps: [Step] = []
    private var codes: [WordCode] = []
    private var stems: [WordCode.Stem] = []

    /// Where the phrase begins that the next steps belong to.
    var next: Int { steps.count }

    mutating func append(_ kind: Kind, words: [String] = [], stems: [String] = []) {
        let (firstCode, firstStem) = (Int32(codes.count), Int32(self.stems.count))
        codes += words.map { WordCode($0) }
        self.stems += stems.map { WordCode.Stem($0) }
        steps.append(
            Step(kind: kind, codes: firstCode..<Int32(codes.count), stems: firstStem..<Int32(self.stems.count)))
    }

    private func holds(_ step: Step, _ words: CodedWords, _ at: Int) -> Bool {
        let code = words.code(at)
        for place in step.codes where codes[Int(place)] == code { return true }
        for place in step.stems where stems[Int(place)].begins(code, words[at]) { return true }
        return false
    }

    /// Where the match ends that begins with the word `at`, by the steps from `step` on.
    func end(_ words: CodedWords, from start: Int, step first: Int) -> Int? {
        var (at, number) = (start, first)
        while true {
            let step = steps[number]
            number += 1
            switch step.kind {
            case .done: return at
            case .word:
                guard at < words.count, holds(step, words, at) else { return nil }
                at += 1
            case .optional:
                guard at < words.count, holds(step, words, at) else { continue }
                if let found = end(words, from: at + 1, step: number) { return found }
            case .any:
                guard at < words.count else { return nil }
                at += 1
            case .gap:
                for skipped in 0...PhraseSteps.gapWordsMax where at + skipped <= words.count {
                    if let found = end(words, from: at + skipped, step: number) { return found }
                }
                return nil
            case .start: if at != 0 { return nil }
            case .end: if at != words.count { return nil }
            }
        }
    }
}
