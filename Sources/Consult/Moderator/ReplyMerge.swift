import Foundation

/// Merges replies by rules: deterministic, nothing is said that no specialist said.
///
/// Sentences are compared across specialists. Two that share most of their words speak of one matter: they agree, unless
/// their figures of the same unit differ or one negates what the other says. What hedges is uncertain.
package struct ReplyMerge {
    private static let answersMax = 3
    private static let sentencesOfFirstMax = 4
    private static let sentencesOfOtherMax = 2
    private static let statementsMax = 3
    private static let sourcesMax = 6
    private static let sharedWordsMin = 3
    private static let sharedShare = 0.5

    private struct Sentence {
        var specialist: SpecialistID
        var text: String
        var terms: Set<String>
        var figures: [String: Set<String>]
        var isNegated: Bool
        var isHedged: Bool
        var relevance: Double
    }

    /// - Parameter replies: in the moderator's order, each with text.
    package static func merge(_ replies: [AttributedReply], of question: ConsultQuestion) -> MergedAnswer {
        let asked = QuestionTerms.set(question.text)
        let sentences = replies.map { reply in
            split(reply.reply.text).map { read($0, reply.specialist, asked) }
        }
        var merged = MergedAnswer(answer: [], merger: .rules)
        for (index, own) in sentences.enumerated() where merged.answer.count < answersMax && !own.isEmpty {
            let most = index == 0 ? sentencesOfFirstMax : sentencesOfOtherMax
            let text = passage(own, sentences: most)
            merged.answer.append(.init(text: text, specialists: [replies[index].specialist]))
        }
        compare(sentences, into: &merged)
        merged.uncertain = sentences.flatMap { $0.filter(\.isHedged) }
            .enumerated().sorted { ($1.element.relevance, $0.offset) < ($0.element.relevance, $1.offset) }
            .prefix(statementsMax).map { .init(text: $0.element.text, specialists: [$0.element.specialist]) }
        var seen: Set<String> = []
        merged.sources = Array(
            replies.prefix(answersMax).flatMap(\.reply.sources).filter { seen.insert($0).inserted }.prefix(sourcesMax))
        return merged
    }

    /// The stretch of `count` sentences, in their order, that shares most with the question; the first wins a tie.
    private static func passage(_ own: [Sentence], sentences count: Int) -> String {
        guard own.count > count else { return own.map(\.text).joined(separator: " ") }
        let starts = 0...(own.count - count)
        let best = starts.max { one, other in
            let (a, b) = (one, other)
            return (relevance(own[a..<(a + count)]), -a) < (relevance(own[b..<(b + count)]), -b)
        }
        let start = best ?? 0
        return own[start..<(start + count)].map(\.text).joined(separator: " ")
    }

    private static func relevance(_ part: ArraySlice<Sentence>) -> Double { part.reduce(0) { $0 + $1.relevance } }

    private static func compare(_ sentences: [[Sentence]], into merged: inout MergedAnswer) {
        for (index, own) in sentences.enumerated() {
            for one in own {
                for other in sentences[(index + 1)...].joined() where isSameMatter(one, other) {
                    let pair = [one.specialist, other.specialist]
                    if contradict(one, other) {
                        guard merged.differing.count < statementsMax else { continue }
                        merged.differing.append(
                            .init(positions: [one, other].map { .init(text: $0.text, specialists: [$0.specialist]) }))
                    } else if let known = merged.agreed.firstIndex(where: { $0.text == one.text }) {
                        if !merged.agreed[known].specialists.contains(other.specialist) {
                            merged.agreed[known].specialists.append(other.specialist)
                        }
                    } else if merged.agreed.count < statementsMax,
                        !merged.agreed.contains(where: { $0.text == other.text })
                    {
                        merged.agreed.append(.init(text: one.text, specialists: pair))
                    }
                }
            }
        }
    }

    private static func isSameMatter(_ one: Sentence, _ other: Sentence) -> Bool {
        let shared = one.terms.intersection(other.terms).count
        let least = min(one.terms.count, other.terms.count)
        return shared >= sharedWordsMin && Double(shared) >= sharedShare * Double(least)
    }

    private static func contradict(_ one: Sentence, _ other: Sentence) -> Bool {
        if one.isNegated != other.isNegated { return true }
        return one.figures.contains { unit, values in
            guard let others = other.figures[unit] else { return false }
            return values.isDisjoint(with: others)
        }
    }

    // MARK: - Reading sentences

    private static func read(_ text: String, _ specialist: SpecialistID, _ asked: Set<String>) -> Sentence {
        let words = text.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "'" && $0 != "’" }.map(String.init)
        let terms = QuestionTerms.set(text)
        return Sentence(
            specialist: specialist, text: text, terms: terms, figures: figures(words),
            isNegated: words.contains { negations.contains($0) || $0.hasSuffix("n't") || $0.hasSuffix("n’t") },
            isHedged: hedges.contains { text.lowercased().contains($0) },
            relevance: Double(terms.intersection(asked).count))
    }

    /// Figures by the word that follows them: `72 hours`, `three percent`.
    private static func figures(_ words: [String]) -> [String: Set<String>] {
        var figures: [String: Set<String>] = [:]
        for (index, word) in words.enumerated() {
            let number = numbers[word].map(String.init) ?? (word.allSatisfy(\.isNumber) ? word : nil)
            guard let number, let unit = words[(index + 1)...].prefix(2).first(where: { units.contains(singular($0)) })
            else { continue }
            figures[singular(unit), default: []].insert(number)
        }
        return figures
    }

    private static func singular(_ word: String) -> String { word.hasSuffix("s") ? String(word.dropLast()) : word }

    /// Sentences of plain text; a full stop inside a number or after an abbreviation ends none.
    static func split(_ text: String) -> [String] {
        var sentences: [String] = []
        var current = ""
        let words = text.split(whereSeparator: \.isWhitespace)
        for (index, word) in words.enumerated() {
            current += (current.isEmpty ? "" : " ") + word
            let isLast = index == words.count - 1
            let closes = word.last.map { ".?!".contains($0) } ?? false
            let next = isLast ? nil : words[index + 1].first
            let isAbbreviation = abbreviations.contains(word.lowercased())
            let endsHere = closes && !isAbbreviation && (next.map { !$0.isLowercase } ?? true)
            if isLast || endsHere {
                sentences.append(current)
                current = ""
            }
        }
        return sentences
    }

    private static let abbreviations: Set<String> = [
        "e.g.", "i.e.", "no.", "art.", "mr.", "ms.", "dr.", "u.s.", "rev.",
    ]
    private static let negations: Set<String> = [
        "not", "no", "never", "none", "neither", "without", "forbidden", "prohibited", "banned", "unlawful", "cannot",
    ]
    private static let hedges = [
        "depends", "not been settled", "not settled", "unclear", "cautious", "may differ", "differ by", "differs by",
        "varies", "states add", "check the", "check with", "ambiguous", "can be moved", "uncertain", "disputed",
    ]
    private static let units: Set<String> = [
        "hour", "day", "week", "month", "year", "minute", "second", "percent", "dollar", "euro", "pound", "million",
        "millisecond", "call", "meter", "pixel", "dirham",
    ]
    private static let numbers: [String: Int] = [
        "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
        "eleven": 11, "twelve": 12, "fourteen": 14, "fifteen": 15, "eighteen": 18, "twenty": 20, "thirty": 30,
        "sixty": 60, "ninety": 90,
    ]
}
