/// A specialist the moderator chose for a question.
package struct SpecialistPick: Equatable, Sendable {
    package var specialist: Specialist
    /// The higher, the better it fits; comparable within one question.
    package var score: Double
    /// In words: `answers “May we record calls in Germany?”`, …
    package var reasons: [String]
}

/// Chooses whom to ask: whoever has the passages that were found.
extension KnowledgeIndex {
    /// One that comes this near to the best of a part is asked beside it.
    private static let shareOfBest = 0.92
    private static let reasonTermsMax = 4

    /// At most `max` specialists (at least one), the best of each part first; none when nothing was found.
    func picks(_ finding: KnowledgeFinding, max count: Int) -> [SpecialistPick] {
        var picks: [SpecialistPick] = []
        func add(_ match: KnowledgeFinding.Match, _ part: KnowledgeFinding.Part) {
            let specialist = roster.specialists[match.specialist]
            guard !picks.contains(where: { $0.specialist.id == specialist.id }), picks.count < Swift.max(1, count)
            else { return }
            picks.append(SpecialistPick(specialist: specialist, score: match.score, reasons: reasons(match, part)))
        }
        for part in finding.parts { part.matches.first.map { add($0, part) } }
        for part in finding.parts {
            guard let best = part.matches.first else { continue }
            for match in part.matches where match.score >= best.score * KnowledgeIndex.shareOfBest { add(match, part) }
        }
        return picks
    }

    private func reasons(_ match: KnowledgeFinding.Match, _ part: KnowledgeFinding.Part) -> [String] {
        let section = roster.specialists[match.specialist].sections[match.section]
        var reasons = ["answers “\(section.title)”"]
        let terms = match.terms.prefix(KnowledgeIndex.reasonTermsMax)
        if !terms.isEmpty {
            reasons.append("the question speaks of \(terms.map { "“\($0)”" }.joined(separator: ", "))")
        }
        if !section.places.isEmpty, let place = part.places.first {
            reasons.append(part.isNamed ? "it is about \(place)" : "the call is with \(place)")
        }
        return reasons
    }
}
