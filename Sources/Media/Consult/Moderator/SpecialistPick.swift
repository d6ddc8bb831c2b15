/// A specialist the moderator chose for a question.
package struct SpecialistPick: Equatable, Sendable {
    package var specialist: Specialist
    /// The higher, the better it fits; comparable within one question.
    package var score: Double
    /// In words: `“call recording” is asked about`, …
    package var reasons: [String]
}

/// Chooses whom to ask by the words of the question. Deterministic: the same roster and question give the same picks.
package struct SpecialistSelector: Sendable {
    private struct Profile: Sendable {
        var specialist: Specialist
        /// With the numbers of their terms.
        var phrases: [(text: String, terms: [Int])]
    }

    /// Below this share of the best score a specialist adds nothing.
    private static let shareOfBest = 0.25
    private static let reasonsMax = 4

    private let profiles: [Profile]
    /// The terms of all profiles.
    private let numbers: [String: Int]
    /// By number: the rarer a word among the specialists, the more it says. Nil for what is only part of a phrase.
    private let rarity: [Double?]
    /// By number, then by profile: words of `when` (1), title (0.5), section titles (0.25), each with the best weight.
    private let weights: [[Int: Double]]

    package init(_ roster: SpecialistRoster) {
        var numbers: [String: Int] = [:]
        var weights: [[Int: Double]] = []
        func number(_ term: String) -> Int {
            if let known = numbers[term] { return known }
            numbers[term] = weights.count
            weights.append([:])
            return weights.count - 1
        }
        profiles = roster.specialists.enumerated().map { index, specialist in
            func add(_ text: String, _ weight: Double) {
                for term in QuestionTerms.list(text) {
                    let number = number(term)
                    weights[number][index] = max(weights[number][index] ?? 0, weight)
                }
            }
            for phrase in specialist.when { add(phrase, 1) }
            add(specialist.title, 0.5)
            add(specialist.domain.rawValue, 0.5)
            for section in specialist.sections { add(section.title, 0.25) }
            return Profile(
                specialist: specialist,
                phrases: specialist.when.map { ($0, QuestionTerms.phrase($0).map(number)) })
        }
        let all = Double(max(1, profiles.count))
        rarity = weights.map { $0.isEmpty ? nil : 1 / (1 + 4 * Double($0.count - 1) / all * 4) }
        (self.numbers, self.weights) = (numbers, weights)
    }

    /// A question by the numbers of its words: all of them, with -1 for what no profile has, and its terms by the alphabet.
    private struct Question {
        var words: [Int]
        var isKnown: [Bool]
        var terms: [(text: String, number: Int)]
    }

    private func read(_ question: String) -> Question {
        let words = QuestionTerms.phrase(question).map { numbers[$0] ?? -1 }
        var isKnown = [Bool](repeating: false, count: weights.count)
        for word in words where word >= 0 { isKnown[word] = true }
        let terms = QuestionTerms.set(question).sorted().compactMap { term in numbers[term].map { (term, $0) } }
        return Question(words: words, isKnown: isKnown, terms: terms)
    }

    /// 1 to `max` specialists, best first; none only when the roster is empty. Where no word points to anybody, the one
    /// whose knowledge shares most words with the question is asked.
    package func picks(for question: String, max count: Int) -> [SpecialistPick] {
        let asked = read(question)
        let ranked = profiles.indices.map { (profile: $0, score: score($0, asked)) }
            .sorted {
                ($1.score, profiles[$0.profile].specialist.id.text) < (
                    $0.score, profiles[$1.profile].specialist.id.text
                )
            }
        guard let best = ranked.first else { return [] }
        guard best.score > 0 else { return [fallback(QuestionTerms.set(question))].compactMap { $0 } }
        return ranked.prefix(Swift.max(1, count))
            .filter { $0.score >= best.score * SpecialistSelector.shareOfBest }
            .map {
                SpecialistPick(
                    specialist: profiles[$0.profile].specialist, score: $0.score, reasons: reasons($0.profile, asked))
            }
    }

    private func score(_ profile: Int, _ question: Question) -> Double {
        var score = 0.0
        for phrase in profiles[profile].phrases where SpecialistSelector.names(question, phrase.terms) {
            let rare = phrase.terms.compactMap { rarity[$0] }.max() ?? 0.5
            score += (phrase.terms.count > 1 ? 2.5 : 1.5) * Swift.max(rare, 0.5)
        }
        for term in question.terms {
            guard let weight = weights[term.number][profile], let rare = rarity[term.number] else { continue }
            score += weight * rare
        }
        return score
    }

    private func reasons(_ profile: Int, _ question: Question) -> [String] {
        var reasons = profiles[profile].phrases.filter { SpecialistSelector.names(question, $0.terms) }
            .map { "“\($0.text)” is asked about" }
        for term in question.terms where reasons.count < SpecialistSelector.reasonsMax {
            guard weights[term.number][profile] != nil,
                !reasons.contains(where: { Array($0.utf8).contains(term.text.utf8) })
            else {
                continue
            }
            reasons.append("the question speaks of “\(term.text)”")
        }
        return Array(reasons.prefix(SpecialistSelector.reasonsMax))
    }

    private func fallback(_ terms: Set<String>) -> SpecialistPick? {
        let ranked = profiles.map { profile in
            let known = profile.specialist.sections.map { QuestionTerms.set($0.text).intersection(terms).count }.max()
            return (profile.specialist, known ?? 0)
        }
        guard let best = ranked.max(by: { ($0.1, $1.0.id.text) < ($1.1, $0.0.id.text) }) else { return nil }
        let reason =
            best.1 > 0 ? "no specialist is named for this; its knowledge is nearest" : "no specialist is named for this"
        return SpecialistPick(specialist: best.0, score: 0, reasons: [reason])
    }

    /// Whether the question has the words of a phrase one after the other.
    private static func names(_ question: Question, _ phrase: [Int]) -> Bool {
        guard !phrase.isEmpty, phrase.allSatisfy({ question.isKnown[$0] }), question.words.count >= phrase.count else {
            return false
        }
        return (0...(question.words.count - phrase.count)).contains {
            question.words[$0..<($0 + phrase.count)].elementsEqual(phrase)
        }
    }
}
