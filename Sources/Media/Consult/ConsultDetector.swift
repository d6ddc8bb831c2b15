import SpokenLanguage

/// Finds, in one call's final transcripts, the questions that deserve more than a quick answer.
///
/// Works on written text and on a recogniser's lower case without punctuation. Terms and phrases are data:
/// `Lexicons/detection-<language>.json`.
package struct ConsultDetector: Sendable {
    package struct Finding: Equatable, Sendable {
        /// 0 … 1; a profile's threshold decides.
        package var score: Double
        /// What spoke for it, such as `privacy law` or `asked before`.
        package var reasons: [String]
        package var question: String
        /// Whether something is asked at all, worth a consult or not.
        package var isQuestion = false
    }

    private struct Asked: Sendable {
        var words: Set<String>
        var atMs: Int
    }

    static let rememberedMax = 8
    static let longQuestionWords = 14
    static let repeatWithinMs = 180_000
    /// How well a passage answers what the specialists are asked about, and what that says.
    private static let knownScoreMin = 0.5
    private static let knownWeight = 0.5
    private static let unaskedFactor = 0.4
    private static let everydayFactor = 0.5

    package let language: String
    private let topics: PatternIndex<Int>
    private let topicList: [DetectionFile.Topic]
    private let asks: PatternIndex<String>
    /// What callers say that they want: a matter for specialists by its topic alone, since most of a sales call is wishes.
    private let wishes: PatternIndex<String>
    private let checks: PatternIndex<String>
    private let dissatisfied: PatternIndex<String>
    private let everyday: PatternIndex<String>
    private let contractions: [String: [String]]
    private let small: Set<String>
    private let knowledge: KnowledgeIndex?
    private var asked: [Asked] = []

    /// - Parameters:
    ///   - language: a BCP 47 tag such as `en-US`.
    ///   - knowledge: a question that its passages answer deserves them.
    package init(language: String, knowledge: KnowledgeIndex? = nil) throws(LexiconError) {
        let file = try Lexicon.load("detection", language, as: DetectionFile.self)
        let contractions = (file.contractions ?? [:]).mapValues { $0.split(separator: " ").map(String.init) }
        func index(_ sources: [String]) -> PatternIndex<String> {
            var index = PatternIndex<String>()
            for source in sources { index.append(source, Phrase(source, contractions: contractions)) }
            return index
        }
        var topics = PatternIndex<Int>()
        for (number, topic) in file.topics.enumerated() {
            guard (0...1).contains(topic.weight) else {
                throw .invalid(
                    file: "detection-\(Lexicon.baseLanguage(language)).json",
                    reason: "the weight of `\(topic.name)` is not within 0 … 1")
            }
            for term in topic.terms { topics.append(number, Phrase(term, contractions: contractions)) }
        }
        self.language = Lexicon.baseLanguage(language)
        self.topics = topics
        self.contractions = contractions
        topicList = file.topics
        asks = index(file.asks)
        wishes = index(file.wishes)
        checks = index(file.checks)
        dissatisfied = index(file.dissatisfied)
        everyday = index(file.everyday)
        small = Set(file.small)
        self.knowledge = knowledge
    }

    package static var languages: [String] { Lexicon.languages(of: "detection") }

    /// Takes the caller's next final transcript.
    package mutating func hear(_ text: String, atMs nowMs: Int) -> Finding {
        let words = SpokenWords(text, contractions: contractions)
        guard !words.isEmpty else { return Finding(score: 0, reasons: [], question: text) }
        let questions = questionCount(words)
        let isChecked = !checks.all(in: words.texts).isEmpty
        let isWished = questions == 0 && !isChecked && !wishes.all(in: words.texts).isEmpty
        let isAsked = questions > 0 || isChecked || isWished
        var reasons: [String] = []
        var doubt = 1.0

        let found = Set(topics.all(in: words.texts).map(\.label)).sorted()
        for number in found {
            let topic = topicList[number]
            doubt *= 1 - topic.weight * (isAsked || topic.evenUnasked == true ? 1 : ConsultDetector.unaskedFactor)
            reasons.append(topic.name)
        }
        if isChecked {
            doubt *= 0.75
            reasons.append("asked to check")
        }
        if isAsked, !isWished, let found = knowledge?.find(text, byMeaning: false),
            found.score >= ConsultDetector.knownScoreMin
        {
            doubt *= 1 - ConsultDetector.knownWeight
            reasons.append("known to the specialists")
        }
        if questions > 1 {
            doubt *= questions == 2 ? 0.75 : 0.5
            reasons.append("several questions in one")
        }
        if isAsked, words.texts.count >= ConsultDetector.longQuestionWords {
            doubt *= 0.75
            reasons.append("a long question")
        }
        if !dissatisfied.all(in: words.texts).isEmpty {
            doubt *= 0.45
            reasons.append("not answered yet")
        }
        if isAsked, isRepeat(words, nowMs) {
            doubt *= 0.45
            reasons.append("asked before")
        }
        remember(words, isAsked: isAsked, nowMs)
        var score = 1 - doubt
        if !everyday.all(in: words.texts).isEmpty { score *= ConsultDetector.everydayFactor }
        return Finding(score: score, reasons: reasons, question: text, isQuestion: isAsked)
    }

    /// How many questions there are in it: the places where one begins, or the question marks.
    private func questionCount(_ words: SpokenWords) -> Int {
        var begins = 0
        var end = 0
        for match in asks.all(in: words.texts) where match.words.lowerBound >= end {
            begins += 1
            // A question needs a few words of its own before the next one begins.
            end = match.words.upperBound + 2
        }
        return max(begins, words.asks.count { $0 })
    }

    private func isRepeat(_ words: SpokenWords, _ nowMs: Int) -> Bool {
        let content = content(words)
        guard content.count >= 2 else { return false }
        return asked.contains { earlier in
            guard nowMs - earlier.atMs <= ConsultDetector.repeatWithinMs else { return false }
            let shared = earlier.words.intersection(content).count
            return shared >= 2 && Double(shared) / Double(min(earlier.words.count, content.count)) >= 0.6
        }
    }

    private mutating func remember(_ words: SpokenWords, isAsked: Bool, _ nowMs: Int) {
        let content = content(words)
        guard isAsked, content.count >= 2 else { return }
        asked.append(Asked(words: content, atMs: nowMs))
        if asked.count > ConsultDetector.rememberedMax { asked.removeFirst() }
    }

    /// The words that carry the matter, without a plural's `s`.
    private func content(_ words: SpokenWords) -> Set<String> {
        Set(
            words.texts.filter { $0.count > 2 && !small.contains($0) }
                .map { $0.count > 4 && $0.hasSuffix("s") ? String($0.dropLast()) : $0 })
    }
}

/// `Lexicons/detection-<language>.json`; what each list means is told in docs/consults.md.
private struct DetectionFile: Decodable {
    struct Topic: Decodable {
        var name: String
        var weight: Double
        /// It counts in full even where nothing is asked: "we need forty percent off or we walk".
        var evenUnasked: Bool?
        var terms: [String]
    }

    var contractions: [String: String]?
    var topics: [Topic]
    var asks: [String]
    var wishes: [String]
    var checks: [String]
    var dissatisfied: [String]
    var everyday: [String]
    var small: [String]
}
