import Encoding
import SpokenLanguage

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
        /// Numbers of its terms, ascending.
        var terms: [Int]
        var figures: [String: Set<String>]
        var isNegated: Bool
        var isHedged: Bool
        var relevance: Double
    }

    /// The terms of one merge, numbered: numbers are compared faster than words. Those of the question come first.
    private struct Terms {
        private var numbers: [String: Int] = [:]
        private var askedCount = 0

        init(of question: ConsultQuestion) {
            _ = sorted(question.text)
            askedCount = numbers.count
        }

        /// Numbers of the terms of a text, ascending, each once.
        mutating func sorted(_ text: String) -> [Int] {
            var sorted: [Int] = []
            for term in QuestionTerms.list(text) {
                let number = numbers[term] ?? numbers.count
                if number == numbers.count { numbers[term] = number }
                sorted.append(number)
            }
            sorted.sort()
            return sorted.reduce(into: []) { if $0.last != $1 { $0.append($1) } }
        }

        /// How many of them the question has too.
        func asked(in sorted: [Int]) -> Int { sorted.count { $0 < askedCount } }
    }

    /// - Parameter replies: in the moderator's order, each with text.
    package static func merge(_ replies: [AttributedReply], of question: ConsultQuestion) -> MergedAnswer {
        var terms = Terms(of: question)
        let sentences = replies.map { reply in
            split(reply.reply.text).map { read($0, reply.specialist, &terms) }
        }
        var merged = MergedAnswer(answer: [], merger: .rules)
        for (index, own) in sentences.enumerated() where merged.answer.count < answersMax && !own.isEmpty {
            let most = index == 0 ? sentencesOfFirstMax : sentencesOfOtherMax
            let isQuoted = replies[index].reply.isQuoted
            let text = isQuoted ? own.map(\.text).joined(separator: " ") : passage(own, sentences: most)
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
        let shared = shared(one.terms, other.terms)
        let least = min(one.terms.count, other.terms.count)
        return shared >= sharedWordsMin && Double(shared) >= sharedShare * Double(least)
    }

    private static func shared(_ one: [Int], _ other: [Int]) -> Int {
        var (at, otherAt, shared) = (0, 0, 0)
        while at < one.count, otherAt < other.count {
            let (number, otherNumber) = (one[at], other[otherAt])
            if number == otherNumber { shared += 1 }
            if number <= otherNumber { at += 1 }
            if otherNumber <= number { otherAt += 1 }
        }
        return shared
    }

    private static func contradict(_ one: Sentence, _ other: Sentence) -> Bool {
        if one.isNegated != other.isNegated { return true }
        return one.figures.contains { unit, values in
            guard let others = other.figures[unit] else { return false }
            return values.isDisjoint(with: others)
        }
    }

    // MARK: - Reading sentences

    private static func read(_ text: String, _ specialist: SpecialistID, _ known: inout Terms) -> Sentence {
        let lower = Array(text.lowercased().utf8)
        let words = words(lower)
        let terms = known.sorted(text)
        return Sentence(
            specialist: specialist, text: text, terms: terms, figures: figures(words),
            isNegated: words.contains(where: isNegation), isHedged: hedges.isAny(in: lower),
            relevance: Double(known.asked(in: terms)))
    }

    /// Letters, numbers and apostrophes in a row.
    private static func words(_ lower: [UInt8]) -> [ArraySlice<UInt8>] {
        var words: [ArraySlice<UInt8>] = []
        var (begin, at) = (0, 0)
        while at < lower.count {
            let end = lower.next(after: at)
            if let scalar = lower.scalar(at: at), !scalar.isLetter, !scalar.isNumber, scalar != "'", scalar != "’" {
                if begin < at { words.append(lower[begin..<at]) }
                begin = end
            }
            at = end
        }
        if begin < at { words.append(lower[begin..<at]) }
        return words
    }

    private static func isNegation(_ word: ArraySlice<UInt8>) -> Bool {
        negations.number(of: word) != nil || word.suffix(3).elementsEqual("n't".utf8)
            || word.suffix(5).elementsEqual("n’t".utf8)
    }

    /// Figures by the word that follows them: `72 hours`, `three percent`.
    private static func figures(_ words: [ArraySlice<UInt8>]) -> [String: Set<String>] {
        var figures: [String: Set<String>] = [:]
        for (index, word) in words.enumerated() {
            guard let number = number(word),
                let unit = words[(index + 1)...].prefix(2).lazy.map(singular).first(where: {
                    units.number(of: $0) != nil
                })
            else { continue }
            figures[String(decoding: unit, as: UTF8.self), default: []].insert(number)
        }
        return figures
    }

    private static func number(_ word: ArraySlice<UInt8>) -> String? {
        if let named = numberWords.number(of: word) { return String(numbers[named].value) }
        guard let first = word.first, first.isASCIIDigit || first >= 0x80 else { return nil }
        let text = String(decoding: word, as: UTF8.self)
        return text.unicodeScalars.allSatisfy(\.isNumber) ? text : nil
    }

    private static func singular(_ word: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        word.last == UInt8(ascii: "s") ? word.dropLast() : word
    }

    /// Sentences of plain text; a full stop inside a number or after an abbreviation ends none.
    static func split(_ text: String) -> [String] {
        let bytes = Array(text.utf8).singleSpaced()
        var sentences: [String] = []
        var (begin, word) = (0, 0)
        for end in bytes.indices where end + 1 == bytes.count || bytes[end + 1] == UInt8(ascii: " ") {
            defer { word = end + 2 }
            let isLast = end + 1 == bytes.count
            guard isLast || ".?!".utf8.contains(bytes[end]) else { continue }
            let goesOn = !isLast && (bytes.scalar(at: end + 2)?.isLower == true || isAbbreviation(bytes[word...end]))
            guard !goesOn else { continue }
            sentences.append(String(decoding: bytes[begin...end], as: UTF8.self))
            begin = end + 2
        }
        return sentences
    }

    private static func isAbbreviation(_ word: ArraySlice<UInt8>) -> Bool {
        abbreviations.contains(String(decoding: word, as: UTF8.self).lowercased())
    }

    private static let abbreviations: Set<String> = [
        "e.g.", "i.e.", "no.", "art.", "mr.", "ms.", "dr.", "u.s.", "rev.",
    ]
    private static let negations = PhraseTable([
        "not", "no", "never", "none", "neither", "without", "forbidden", "prohibited", "banned", "unlawful", "cannot",
    ])
    private static let hedges = PhraseTable([
        "depends", "not been settled", "not settled", "unclear", "cautious", "may differ", "differ by", "differs by",
        "varies", "states add", "check the", "check with", "ambiguous", "can be moved", "uncertain", "disputed",
    ])
    private static let units = PhraseTable([
        "hour", "day", "week", "month", "year", "minute", "second", "percent", "dollar", "euro", "pound", "million",
        "millisecond", "call", "meter", "pixel", "dirham",
    ])
    private static let numberWords = PhraseTable(numbers.map(\.word))
    private static let numbers: [(word: String, value: Int)] = [
        ("one", 1), ("two", 2), ("three", 3), ("four", 4), ("five", 5), ("six", 6), ("seven", 7), ("eight", 8),
        ("nine", 9), ("ten", 10), ("eleven", 11), ("twelve", 12), ("fourteen", 14), ("fifteen", 15), ("eighteen", 18),
        ("twenty", 20), ("thirty", 30), ("sixty", 60), ("ninety", 90),
    ]
}
