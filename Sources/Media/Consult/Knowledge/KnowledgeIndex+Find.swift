/// From a question to the passages that answer it.
extension KnowledgeIndex {
    /// What a word says that no passage has: it is about something else.
    private static let unknownRarity = 0.5
    private static let matchesMax = 8
    /// How much of a question a passage has to answer.
    private static let floor = 0.42
    /// The same where the place is one that nobody knows about.
    private static let elsewhereFloor = 0.75
    private static let coverShare = 0.5

    private struct Asked {
        var text: String
        /// Numbers of its terms, each once, with what they say; nil for what nobody knows.
        var terms: [(number: Int?, rarity: Double, text: String)]
        var places: [Place] = []
        var isNamed = false
        var whole: Double { terms.reduce(0) { $0 + $1.rarity } }
    }

    package func find(_ question: String, from whereabouts: Whereabouts = .unknown) -> KnowledgeFinding {
        let parts = asked(QuestionParts.split(question), whereabouts)
        var finding = KnowledgeFinding(parts: parts.map(found))
        if parts.count > 1, finding.parts.contains(where: \.matches.isEmpty) {
            // Cut where one question was asked: taken as one.
            let whole = found(asked([question], whereabouts)[0])
            if finding.isEmpty || whole.matches.first.map({ $0.score > finding.score }) == true {
                finding.parts = [whole]
            } else {
                finding.parts.removeAll(where: \.matches.isEmpty)
            }
        }
        return finding
    }

    // MARK: - Reading the question

    private func asked(_ parts: [String], _ whereabouts: Whereabouts) -> [Asked] {
        var read = parts.map { text -> (Asked, [Places.Naming]) in
            let words = KnowledgeTerms.words(text)
            let namings = Places.known.named(in: words)
            let terms = KnowledgeTerms.known.terms(words, leaving: namings.filter(\.isName).map(\.words))
            var seen: Set<String> = []
            let numbered = terms.filter { seen.insert($0).inserted }.map { term in
                let number = known(term)
                return (number, number.map { rarity[$0] } ?? KnowledgeIndex.unknownRarity, term)
            }
            return (Asked(text: text, terms: numbered), namings)
        }
        let all = read.flatMap(\.1)
        for index in read.indices {
            // A part that names no place is about the one that another part names.
            let own = KnowledgeIndex.places(of: read[index].1)
            let named = own.isEmpty ? KnowledgeIndex.places(of: all) : own
            read[index].0.isNamed = !named.isEmpty
            read[index].0.places = named.isEmpty ? [whereabouts.place].compactMap { $0 } : named
        }
        return read.map(\.0)
    }

    /// The places asked about: where somebody says that they belong counts only when they name no other.
    private static func places(of namings: [Places.Naming]) -> [Place] {
        let others = namings.filter { !$0.isOwn }
        var seen: Set<Place> = []
        return (others.isEmpty ? namings : others).map(\.place).filter { seen.insert($0).inserted }
    }

    // MARK: - Ranking

    private func found(_ part: Asked) -> KnowledgeFinding.Part {
        var finding = KnowledgeFinding.Part(
            text: part.text, places: part.places, isNamed: part.isNamed, matches: [], needsPlace: false)
        let whole = part.whole
        guard part.terms.contains(where: { $0.number != nil }) else { return finding }
        var covered: [Int: Double] = [:]
        for term in part.terms {
            guard let number = term.number else { continue }
            for holder in holders[number] {
                covered[holder, default: 0] += term.rarity * (passages[holder].holds[number] ?? 0)
            }
        }
        let isElsewhere = part.isNamed && !part.places.contains { place in
            places.contains { Places.known.lies(place, in: $0) || Places.known.lies($0, in: place) }
        }
        let floor = isElsewhere ? KnowledgeIndex.elsewhereFloor : KnowledgeIndex.floor
        var matches: [KnowledgeFinding.Match] = []
        for (index, cover) in covered {
            let passage = passages[index]
            guard !isElsewhere || passage.isService, let nearness = nearness(passage, part) else { continue }
            let share = KnowledgeIndex.coverShare
            let score = share * cover / whole + (1 - share) * likeness(passage, part, whole) + nearness
            guard score >= floor else { continue }
            let shared = part.terms.filter { $0.number.map { passage.holds[$0] != nil } == true }
                .sorted { ($1.rarity, $0.text) < ($0.rarity, $1.text) }
            matches.append(
                .init(specialist: passage.specialist, section: passage.section, score: score, terms: shared.map(\.text)))
        }
        matches.sort { ($1.score, $0.specialist, $0.section) < ($0.score, $1.specialist, $1.section) }
        finding.matches = Array(matches.prefix(KnowledgeIndex.matchesMax))
        finding.needsPlace = needsPlace(finding)
        return finding
    }

    /// How like the nearest question that the passage answers is: 0 … 1.
    private func likeness(_ passage: Passage, _ part: Asked, _ whole: Double) -> Double {
        passage.lines.lazy.map { line in
            let own = line.reduce(0) { $0 + rarity[$1] }
            let shared = part.terms.reduce(0) { sum, term in
                sum + (term.number.map(line.contains) == true ? term.rarity : 0)
            }
            return own > 0 ? shared / (own * whole).squareRoot() : 0
        }.max() ?? 0
    }

    /// What it is worth that a passage holds for the place asked about; nil when it does not.
    private func nearness(_ passage: Passage, _ part: Asked) -> Double? {
        guard !passage.places.isEmpty else { return part.isNamed && !passage.isService ? -0.05 : 0 }
        guard !part.places.isEmpty else { return 0 }
        if part.places.contains(where: passage.places.contains) { return part.isNamed ? 0.12 : 0.05 }
        let known = Places.known
        if part.places.contains(where: { place in passage.places.contains { known.lies(place, in: $0) } }) {
            return part.isNamed ? 0.08 : 0.04
        }
        guard part.isNamed,
            part.places.contains(where: { place in passage.places.contains { known.lies($0, in: place) } })
        else { return nil }
        return 0.02
    }

    /// Whether no place is known and those that answer about equally well hold for different ones.
    private func needsPlace(_ part: KnowledgeFinding.Part) -> Bool {
        guard part.places.isEmpty, let best = part.matches.first else { return false }
        let places = part.matches.filter { $0.score >= best.score * 0.8 }
            .map { roster.specialists[$0.specialist].sections[$0.section].places }
        guard let first = places.first, !first.isEmpty else { return false }
        return places.contains { !$0.isEmpty && Set($0).isDisjoint(with: first) }
    }
}
