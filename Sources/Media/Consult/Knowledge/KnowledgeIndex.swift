import Foundation
import SentenceModel

/// The passages of all specialists, to be found by what a caller asks.
///
/// A passage is found by the questions it answers, its title, its text, and a little by what its specialist is called for: by
/// their words, where the rarer one among the passages and the specialists says more and synonyms are one
/// (``KnowledgeTerms``), and by what they mean (``SentenceModel``). Passages of another place than the one asked about are no
/// candidates (``Places``). What answers too little of a question is not found: nothing is better than something else.
/// Deterministic.
package struct KnowledgeIndex: Sendable {
    /// A passage in numbers of terms.
    struct Passage: Sendable {
        var specialist: Int
        var section: Int
        var places: [Place]
        /// How well it holds each term: 1 in a question or title, less in the text and in what its specialist is called for.
        var holds: [Int: Double]
        /// The terms of its title and of each question that it answers.
        var lines: [Set<Int>]
        /// Of its title and questions, and of its text.
        var meanings: [Meaning]
        var textMeaning: Meaning
        var isService: Bool
    }

    /// Where the vector of a sentence is.
    enum Meaning: Sendable {
        /// In ``SentenceTable``.
        case known(Int)
        /// Among ``own``.
        case own(Int)
        /// Found by its words alone.
        case none
    }

    /// Vectors that are not part of the program are made at start, some 20 ms each.
    private static let ownMax = 256

    private static let textWeight = 0.65
    private static let specialistWeight = 0.45

    let roster: SpecialistRoster
    private(set) var passages: [Passage] = []
    private var numbers: [String: Int] = [:]
    /// By number of a term: 0 … 1.
    private(set) var rarity: [Double] = []
    /// By number of a term: the passages that hold it.
    private(set) var holders: [[Int]] = []
    /// What all specialists are called for together: other places are known to nobody.
    private(set) var places: Set<Place> = []
    /// Of the sentences that ``SentenceTable`` has not.
    private(set) var own: [SentenceVector] = []

    package init(_ roster: SpecialistRoster) {
        self.roster = roster
        for (index, specialist) in roster.specialists.enumerated() {
            let called = called(specialist)
            for (section, one) in specialist.sections.enumerated() {
                let passage = passage(one, at: section, of: index, called: called)
                passages.append(passage)
                places.formUnion(one.places)
            }
        }
        weigh()
    }

    /// The terms by which a specialist is called for, whatever is asked of it.
    private mutating func called(_ specialist: Specialist) -> Set<Int> {
        let words = specialist.when + [specialist.title] + (KnowledgeTerms.known.domains[specialist.domain] ?? [])
        return Set(words.flatMap { terms(of: $0) }.map { number($0) })
    }

    private mutating func passage(
        _ section: Specialist.Section, at position: Int, of specialist: Int, called: Set<Int>
    ) -> Passage {
        var holds = Dictionary(uniqueKeysWithValues: called.map { ($0, KnowledgeIndex.specialistWeight) })
        for term in terms(of: section.text) { holds[number(term)] = KnowledgeIndex.textWeight }
        let lines = ([section.title] + section.asked).map { line in Set(terms(of: line).map { number($0) }) }
        for term in lines.joined() { holds[term] = 1 }
        return Passage(
            specialist: specialist, section: position, places: section.places, holds: holds,
            lines: lines.filter { !$0.isEmpty }, meanings: ([section.title] + section.asked).map { meaning(of: $0) },
            textMeaning: meaning(of: section.text), isService: roster.specialists[specialist].domain == .service)
    }

    private mutating func meaning(of sentence: String) -> Meaning {
        if let place = SentenceTable.known.place(of: sentence) { return .known(place) }
        guard own.count < KnowledgeIndex.ownMax else { return .none }
        own.append(SentenceModel.vector(of: sentence))
        return .own(own.count - 1)
    }

    /// The rarity of each term among passages and specialists, and who holds it.
    private mutating func weigh() {
        holders = [[Int]](repeating: [], count: numbers.count)
        var specialists = [Set<Int>](repeating: [], count: numbers.count)
        for (index, passage) in passages.enumerated() {
            for (term, weight) in passage.holds {
                holders[term].append(index)
                if weight > KnowledgeIndex.specialistWeight { specialists[term].insert(passage.specialist) }
            }
        }
        func rarity(_ count: Int, of all: Int) -> Double {
            log(1 + Double(all) / Double(max(1, count))) / log(1 + Double(max(1, all)))
        }
        self.rarity = holders.indices.map { term in
            let own = holders[term].count { (passages[$0].holds[term] ?? 0) > KnowledgeIndex.specialistWeight }
            return (rarity(own, of: passages.count) + rarity(specialists[term].count, of: roster.specialists.count)) / 2
        }
    }

    private mutating func number(_ term: String) -> Int {
        if let known = numbers[term] { return known }
        numbers[term] = numbers.count
        return numbers.count - 1
    }

    /// The terms of a text, without the names of places.
    func terms(of text: String) -> [String] {
        let words = KnowledgeTerms.words(text)
        let names = Places.known.named(in: words).filter(\.isName).map(\.words)
        return KnowledgeTerms.known.terms(words, leaving: names)
    }

    /// Nil for a term that no passage has.
    func known(_ term: String) -> Int? { numbers[term] }

    /// How rare a term is, 0 … 1; nil when no passage has it.
    func rarity(of term: String) -> Double? { known(term).map { rarity[$0] } }
}
