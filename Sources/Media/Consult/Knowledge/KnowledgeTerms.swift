import SpokenLanguage

/// The words of questions and passages that carry meaning, each in one form with its synonyms: "do we have to", "legal" and "the
/// rules" are one term, telephone talk is none. Words are data: `Lexicons/terms-en.json`.
struct KnowledgeTerms: Sendable {
    static let known: KnowledgeTerms = {
        do { return try KnowledgeTerms() } catch { preconditionFailure("\(error)") }
    }()

    private static let phraseWordsMax = 6

    /// Words and phrases, in their common form, by their first word: what they stand for.
    private let alike: [String: [(words: [String], term: String)]]
    private let worthless: Set<String>
    let domains: [Specialist.Domain: [String]]

    private init() throws(LexiconError) {
        let file = try Lexicon.load("terms", "en", as: TermsFile.self)
        var alike: [String: [(words: [String], term: String)]] = [:]
        for group in file.alike {
            guard let term = group.first else { continue }
            for phrase in group {
                let words = KnowledgeTerms.words(phrase).map(QuestionTerms.stemmed)
                guard let first = words.first, words.count <= KnowledgeTerms.phraseWordsMax else { continue }
                alike[first, default: []].append((words, term))
            }
        }
        self.alike = alike.mapValues { $0.sorted { $0.words.count > $1.words.count } }
        worthless = Set(file.worthless.flatMap(QuestionTerms.plainWords))
        domains = Dictionary(
            uniqueKeysWithValues: Specialist.Domain.allCases.map { ($0, file.domains[$0.rawValue] ?? []) })
    }

    /// All words of a text, letters that are spelled ("t p s") as one word.
    static func words(_ text: String) -> [String] {
        var words: [String] = []
        var letters = ""
        func close() {
            if !letters.isEmpty { words.append(letters) }
            letters = ""
        }
        for word in QuestionTerms.plainWords(text) {
            guard word.count == 1, word.first?.isLetter == true else {
                close()
                words.append(word)
                continue
            }
            // "a b a a": an article before what is spelled.
            if letters == "a" || letters == "i" { close() }
            letters += word
        }
        close()
        return words
    }

    /// The terms of words, in their order, with repetitions.
    ///
    /// - Parameter leaving: what is left out, such as the names of places.
    func terms(_ words: [String], leaving left: [Range<Int>] = []) -> [String] {
        let stems = words.map(QuestionTerms.stemmed)
        var terms: [String] = []
        var at = 0
        while at < words.count {
            if let name = left.first(where: { $0.contains(at) }) {
                at = name.upperBound
                continue
            }
            if let found = alike[stems[at]]?.first(where: { stems[at...].starts(with: $0.words) }) {
                terms.append(found.term)
                at += found.words.count
                continue
            }
            if !worthless.contains(words[at]), !QuestionTerms.isFiller(words[at]) { terms.append(stems[at]) }
            at += 1
        }
        return terms
    }
}

/// `Lexicons/terms-en.json`.
private struct TermsFile: Decodable {
    /// What every call is full of.
    var worthless: [String]
    /// Words and phrases that mean the same; the first stands for all.
    var alike: [[String]]
    /// What belongs to every question of a domain.
    var domains: [String: [String]]
}
