/// What a specialist's passages say to a question, fit to be told: what was asked comes first.
extension KnowledgeIndex {
    /// Of all that is said for one part, so that the parts of a question fit into what is spoken.
    private static let wordsMax = 84
    /// A further passage is told too when it answers about as well.
    private static let shareOfBest = 0.85

    /// The passages of one specialist that answer the question, part by part; empty when none does.
    ///
    /// - Parameter sections: what the specialist knows, as its file has it or a tenant's own copy.
    package func reply(
        _ sections: [Specialist.Section], of specialist: Specialist, to question: ConsultQuestion
    ) -> SpecialistReply {
        let finding = find(question.text, from: question.whereabouts)
        let words = KnowledgeIndex.wordsMax / max(1, finding.parts.count)
        var told: [Specialist.Section] = []
        var text: [String] = []
        let leads = finding.parts.compactMap(\.matches.first).map { roster.specialists[$0.specialist].id }
        for part in finding.parts {
            guard let best = part.matches.first else { continue }
            // Another part's specialist leaves this one to whom it belongs.
            let isLed = roster.specialists[best.specialist].id == specialist.id
            guard isLed || !leads.contains(specialist.id) else { continue }
            let own = part.matches.filter {
                roster.specialists[$0.specialist].id == specialist.id
                    && $0.score >= best.score * KnowledgeIndex.shareOfBest
            }
            var left = words
            for match in own {
                let title = roster.specialists[match.specialist].sections[match.section].title
                guard let section = sections.first(where: { $0.title == title }), !told.contains(section) else {
                    continue
                }
                let sentences = ordered(ReplyMerge.split(section.text), for: part)
                let isFirst = left == words
                guard isFirst || KnowledgeIndex.words(sentences) <= left else { continue }
                told.append(section)
                for (index, sentence) in sentences.enumerated() {
                    let count = KnowledgeIndex.words([sentence])
                    guard isFirst && (index == 0 || finding.parts.count == 1) || count <= left else { break }
                    left -= count
                    text.append(sentence)
                }
            }
        }
        var seen: Set<String> = []
        return SpecialistReply(
            text: text.joined(separator: " "), sources: told.flatMap(\.sources).filter { seen.insert($0).inserted },
            topic: told.map(\.title).joined(separator: " "), isQuoted: true)
    }

    private static func words(_ sentences: [String]) -> Int {
        sentences.reduce(0) { $0 + $1.split(separator: " ").count }
    }

    /// The sentence that says most of what was asked first, with what follows it; then what stands before it.
    private func ordered(_ sentences: [String], for part: KnowledgeFinding.Part) -> [String] {
        let asked = Set(terms(of: part.text))
        func worth(_ sentence: String) -> Double {
            let words = KnowledgeTerms.words(sentence)
            let places = Places.known.named(in: words).map(\.place)
            let terms = Set(terms(of: sentence)).intersection(asked)
            return terms.reduce(places.contains(where: part.places.contains) ? 0.8 : 0) { $0 + (rarity(of: $1) ?? 0) }
        }
        let worths = sentences.map(worth)
        guard let most = worths.max(), let first = worths.first, most > first + KnowledgeIndex.leadMin,
            let start = worths.firstIndex(of: most)
        else { return sentences }
        return Array(sentences[start...] + sentences[..<start])
    }

    /// By how much a later sentence has to say more to be told before the first.
    private static let leadMin = 0.7
}
