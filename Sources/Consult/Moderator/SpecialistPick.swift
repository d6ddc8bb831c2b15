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
        var phrases: [(text: String, terms: [String])]
        /// Words of `when` (1), title (0.5), section titles (0.25), each with the best weight.
        var terms: [String: Double]
    }

    /// Below this share of the best score a specialist adds nothing.
    private static let shareOfBest = 0.25
    private static let reasonsMax = 4

    private let profiles: [Profile]
    /// The rarer a word among the specialists, the more it says.
    private let rarity: [String: Double]

    package init(_ roster: SpecialistRoster) {
        profiles = roster.specialists.map { specialist in
            var terms: [String: Double] = [:]
            func add(_ text: String, _ weight: Double) {
                for term in QuestionTerms.list(text) { terms[term] = max(terms[term] ?? 0, weight) }
            }
            for phrase in specialist.when { add(phrase, 1) }
            add(specialist.title, 0.5)
            add(specialist.domain.rawValue, 0.5)
            for section in specialist.sections { add(section.title, 0.25) }
            return Profile(
                specialist: specialist, phrases: specialist.when.map { ($0, QuestionTerms.phrase($0)) }, terms: terms)
        }
        var counts: [String: Int] = [:]
        for profile in profiles { for term in profile.terms.keys { counts[term, default: 0] += 1 } }
        let all = Double(max(1, profiles.count))
        rarity = counts.mapValues { 1 / (1 + 4 * Double($0 - 1) / all * 4) }
    }

    /// 1 to `max` specialists, best first; none only when the roster is empty. Where no word points to anybody, the one
    /// whose knowledge shares most words with the question is asked.
    package func picks(for question: String, max count: Int) -> [SpecialistPick] {
        let words = QuestionTerms.phrase(question)
        let terms = QuestionTerms.set(question)
        let known = Set(words)
        let sorted = terms.sorted()
        let ranked = profiles.map { score($0, words: words, known: known, terms: sorted) }
            .sorted { ($1.score, $0.specialist.id.text) < ($0.score, $1.specialist.id.text) }
        guard let best = ranked.first else { return [] }
        guard best.score > 0 else { return [fallback(terms)].compactMap { $0 } }
        return Array(
            ranked.prefix(Swift.max(1, count)).filter { $0.score >= best.score * SpecialistSelector.shareOfBest })
    }

    private func score(_ profile: Profile, words: [String], known: Set<String>, terms: [String]) -> SpecialistPick {
        var score = 0.0
        var reasons: [String] = []
        for phrase in profile.phrases {
            guard phrase.terms.allSatisfy(known.contains), SpecialistSelector.contains(words, phrase.terms) else {
                continue
            }
            let rare = phrase.terms.compactMap { rarity[$0] }.max() ?? 0.5
            score += (phrase.terms.count > 1 ? 2.5 : 1.5) * Swift.max(rare, 0.5)
            reasons.append("“\(phrase.text)” is asked about")
        }
        for term in terms {
            guard let weight = profile.terms[term], let rare = rarity[term] else { continue }
            score += weight * rare
            if reasons.count < SpecialistSelector.reasonsMax, !reasons.contains(where: { $0.contains(term) }) {
                reasons.append("the question speaks of “\(term)”")
            }
        }
        return SpecialistPick(
            specialist: profile.specialist, score: score,
            reasons: Array(reasons.prefix(SpecialistSelector.reasonsMax)))
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

    private static func contains(_ words: [String], _ phrase: [String]) -> Bool {
        guard !phrase.isEmpty, words.count >= phrase.count else { return false }
        return (0...(words.count - phrase.count)).contains { words[$0..<($0 + phrase.count)].elementsEqual(phrase) }
    }
}
