import SentenceModel

/// From a question to the passages that answer it.
extension KnowledgeIndex {
    /// What a word says that no passage has: it is about something else.
    private static let unknownRarity = 0.8
    private static let matchesMax = 8
    /// How well a passage has to answer a question, and each of several in one.
    private static let floor = 0.46
    private static let partFloor = 0.42
    /// The same where the place is one that nobody knows about.
    private static let elsewhereFloor = 0.75
    /// A passage that holds everywhere must not be this much worse than one of another place, nor one of this place.
    private static let otherPlaceMargins = (everywhere: 0.03, here: 0.1)
    private static let coverShare = 0.5
    /// Of what the other parts of the question speak of.
    private static let contextShare = 0.3
    private static let meaningShare = 0.7
    /// From here on the words alone tell.
    private static let plainScoreMin = 0.93
    private static let textShare = 0.15

    private struct Asked {
        var text: String
        /// Numbers of its terms, each once, with what they say; nil for what nobody knows.
        var terms: [(number: Int?, rarity: Double, text: String)]
        var places: [Place] = []
        var isNamed = false
        var floor = KnowledgeIndex.floor
        /// How like each sentence the program knows, and each of ``own``, it is; nil where only words count.
        var likeness: (known: [Float], own: [Float])?
        var whole: Double { terms.reduce(0) { $0 + $1.rarity } }
    }

    /// - Parameter byMeaning: not only by words, which takes some 20 ms a part.
    package func find(
        _ question: String, from whereabouts: Whereabouts = .unknown, byMeaning: Bool = true
    ) -> KnowledgeFinding {
        let texts = QuestionParts.split(question)
        let isOne = texts.count == 1
        func found(_ part: Asked) -> KnowledgeFinding.Part {
            var part = part
            let byWords = self.found(part)
            // The very question of a passage.
            if isOne, !byWords.needsPlace,
                byWords.matches.first.map({ $0.score >= KnowledgeIndex.plainScoreMin }) == true
            {
                return byWords
            }
            if byMeaning {
                let vector = SentenceModel.vector(of: part.text)
                part.likeness = (SentenceTable.known.likeness(to: vector), own.map(vector.likeness))
            }
            return byMeaning ? self.found(part) : byWords
        }
        let parts = asked(texts, whereabouts)
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
        let own = read.map(\.0.terms)
        for index in read.indices {
            // A part that names no place is about the one that another part names.
            let here = KnowledgeIndex.places(of: read[index].1)
            let named = here.isEmpty ? KnowledgeIndex.places(of: all) : here
            read[index].0.isNamed = !named.isEmpty
            read[index].0.places = named.isEmpty ? [whereabouts.place].compactMap { $0 } : named
            guard read.count > 1 else { continue }
            read[index].0.floor = KnowledgeIndex.partFloor
            for term in own.indices.filter({ $0 != index }).flatMap({ own[$0] }) where term.number != nil {
                guard !read[index].0.terms.contains(where: { $0.number == term.number }) else { continue }
                read[index].0.terms.append((term.number, term.rarity * KnowledgeIndex.contextShare, term.text))
            }
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
        let isElsewhere =
            part.isNamed
            && !part.places.contains { place in
                places.contains { Places.known.lies(place, in: $0) || Places.known.lies($0, in: place) }
            }
        let floor = isElsewhere ? KnowledgeIndex.elsewhereFloor : part.floor
        let worths = worths(part)
        var matches: [KnowledgeFinding.Match] = []
        var otherPlace = 0.0
        for (index, worth) in worths {
            let passage = passages[index]
            guard let nearness = nearness(passage, part) else {
                otherPlace = max(otherPlace, worth)
                continue
            }
            let score = worth + nearness
            guard score >= floor, !isElsewhere || passage.isService else { continue }
            let shared = part.terms.filter { $0.number.map { passage.holds[$0] != nil } == true }
                .sorted { ($1.rarity, $0.text) < ($0.rarity, $1.text) }
            matches.append(
                .init(specialist: passage.specialist, section: passage.section, score: score, terms: shared.map(\.text))
            )
        }
        matches.sort { ($1.score, $0.specialist, $0.section) < ($0.score, $1.specialist, $1.section) }
        // It is about a law or a custom, and of another place.
        let margins = KnowledgeIndex.otherPlaceMargins
        if let best = matches.first,
            otherPlace > best.score + (places(of: best).isEmpty ? margins.everywhere : margins.here)
        {
            return finding
        }
        finding.matches = Array(matches.prefix(KnowledgeIndex.matchesMax))
        finding.needsPlace = needsPlace(finding)
        return finding
    }

    private func places(of match: KnowledgeFinding.Match) -> [Place] {
        roster.specialists[match.specialist].sections[match.section].places
    }

    /// How well passages answer a part, wherever they hold.
    private func worths(_ part: Asked) -> [Int: Double] {
        let whole = part.whole
        var covered: [Int: Double] = [:]
        for term in part.terms {
            guard let number = term.number else { continue }
            for holder in holders[number] {
                covered[holder, default: 0] += term.rarity * (passages[holder].holds[number] ?? 0)
            }
        }
        let share = KnowledgeIndex.coverShare
        let byWords = Dictionary(
            uniqueKeysWithValues: covered.map { index, cover in
                (index, share * cover / whole + (1 - share) * likeness(passages[index], part, whole))
            })
        guard let likeness = part.likeness else { return byWords }
        func like(_ meaning: Meaning) -> Double {
            switch meaning {
            case .known(let place): Double(likeness.known[place])
            case .own(let number): Double(likeness.own[number])
            case .none: 0
            }
        }
        let (meaningShare, textShare) = (KnowledgeIndex.meaningShare, KnowledgeIndex.textShare)
        return Dictionary(
            uniqueKeysWithValues: passages.indices.map { index in
                let passage = passages[index]
                let nearest = passage.meanings.lazy.map(like).max() ?? 0
                let meaning = (1 - textShare) * nearest + textShare * like(passage.textMeaning)
                return (index, (1 - meaningShare) * (byWords[index] ?? 0) + meaningShare * meaning)
            })
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
        let places = part.matches.filter { $0.score >= best.score * 0.8 }.map(places(of:))
        guard let first = places.first, !first.isEmpty else { return false }
        return places.contains { !$0.isEmpty && Set($0).isDisjoint(with: first) }
    }
}
