import SpokenLanguage
import Synchronization

/// Reads yes, no or unclear from a caller's reply to the offer of a consult.
///
/// Built so that a yes is never read into words that are not one; what it costs is being asked once more. A reply is a yes
/// only when all of it is accounted for, phrase by phrase: it has a phrase of agreement, and everything else is a filler or a
/// whole phrase that goes with a yes, such as "I have all day". No word is harmless by itself: "you can ask me" has "you can"
/// in it, and a rest. One negation, condition, hedge, question or unknown word, and it is at most unclear. Hence "no, go
/// ahead", which may well be meant as a yes, is unclear; "sure, why not" is a yes only because the lexicon lists it as a
/// whole. A no that comes last ("yes, well, actually no") is a no. The words are data: `Lexicons/consent-<language>.json`.
package struct ConsentClassifier: Sendable {
    /// What the pieces of a reply do; where two patterns match alike, the class listed first wins.
    enum Class: Int, CaseIterable, Sendable {
        case unclear, no, cancel, negation, correction, yes, act, weakYes, lead, filler, beside

        /// A yes by itself: said outright, or what was offered taken up ("ask them").
        var isStrong: Bool { self == .yes || self == .act }
        var isAgreement: Bool { isStrong || self == .weakYes }
        /// What a lead may go before: "could you", "please go and", "ask them".
        var followsLead: Bool { self == .act || self == .lead }
    }

    struct Piece: Equatable {
        /// Nil for a word that no pattern explains.
        var kind: Class?
        var words: Range<Int>
    }

    private static let replyWordsMax = 40

    package let language: String
    private let patterns: PatternIndex<Class>
    private let personPatterns: [Phrase]
    /// What is said to somebody else in the room.
    private let asidePatterns: [Phrase]
    /// What is said to a dog, a child or out of kindness as well as to call off: nothing beside an aside.
    private let haltPatterns: [Phrase]
    private let contractions: [String: [String]]
    private let accented: Set<String>

    /// Those that were read: a lexicon is part of the executable, and takes a tenth of a second to be read.
    private static let known = Mutex<[String: ConsentClassifier]>([:])

    /// - Parameter language: a BCP 47 tag such as `en` or `de-AT`.
    package init(language: String) throws(LexiconError) {
        let base = Lexicon.baseLanguage(language)
        if let known = ConsentClassifier.known.withLock({ $0[base] }) {
            self = known
            return
        }
        self = try ConsentClassifier(reading: language)
        ConsentClassifier.known.withLock { [self] in $0[base] = self }
    }

    private init(reading language: String) throws(LexiconError) {
        let file = try Lexicon.load("consent", language, as: ConsentFile.self)
        self.language = Lexicon.baseLanguage(language)
        let accented = Set(file.accented ?? [])
        let contractions = (file.contractions ?? [:]).reduce(into: [String: [String]]()) { map, entry in
            map[SpokenWords.folded(entry.key[...], accented: accented)] =
                entry.value.split(separator: " ").map { SpokenWords.folded($0, accented: accented) }
        }
        let lists: [(Class, [String])] = [
            (.unclear, file.unclear), (.no, file.no), (.cancel, file.cancel), (.negation, file.negation),
            (.correction, file.correction), (.yes, file.yes), (.act, file.act), (.weakYes, file.weakYes),
            (.lead, file.lead), (.filler, file.filler), (.beside, file.beside),
        ]
        let groups = PatternGroups(file.groups ?? [:])
        var patterns = PatternIndex<Class>()
        func invalid(_ source: String, _ reason: String) -> LexiconError {
            .invalid(file: "consent-\(Lexicon.baseLanguage(language)).json", reason: "`\(source)` \(reason)")
        }
        for (kind, sources) in lists {
            for source in sources {
                guard let forms = groups.writtenOut(source) else {
                    throw invalid(source, "names a group that is not there, or has too many forms")
                }
                for form in forms {
                    let pattern = Phrase(form, contractions: contractions, accented: accented)
                    guard !pattern.isVoid else { throw invalid(source, "has no word of its own") }
                    guard !pattern.hasGap || kind.rawValue < Class.yes.rawValue else {
                        throw invalid(source, "has a gap; a yes must account for every word")
                    }
                    patterns.append(kind, pattern)
                }
            }
        }
        self.patterns = patterns
        personPatterns = (file.person ?? []).map { Phrase($0, contractions: contractions, accented: accented) }
        asidePatterns = (file.aside ?? []).map { Phrase($0, contractions: contractions, accented: accented) }
        haltPatterns = (file.halts ?? []).map { Phrase($0, contractions: contractions, accented: accented) }
        self.contractions = contractions
        self.accented = accented
    }

    /// The languages there is a file for.
    package static var languages: [String] { Lexicon.languages(of: "consent") }

    package func classify(_ reply: String) -> ConsentVerdict {
        let words = SpokenWords(reply, contractions: contractions, accented: accented)
        guard !words.isEmpty else { return ConsentVerdict(.unclear, 0, "") }
        let pieces = pieces(of: words)
        let agreements = pieces.filter { $0.kind?.isAgreement == true }
        let refusals = pieces.filter { $0.kind == .no || $0.kind == .cancel }
        let doubts = pieces.filter { $0.kind == .unclear }

        if let refusal = refusals.last {
            if let agreement = agreements.last {
                guard refusal.words.lowerBound > agreement.words.lowerBound else {
                    return verdict(.unclear, 0.5, agreements + refusals, words)
                }
                return verdict(.no, 0.85, [refusal], words)
            }
            let isDoubted = doubts.contains { $0.words.lowerBound > refusal.words.lowerBound }
            return isDoubted ? verdict(.unclear, 0.5, refusals + doubts, words) : verdict(.no, 0.95, refusals, words)
        }
        guard let first = agreements.first else {
            return verdict(.unclear, doubts.isEmpty ? 0.3 : 0.7, doubts, words)
        }
        let isTakenBack = pieces.contains { $0.kind == .correction && $0.words.lowerBound > first.words.lowerBound }
        let isBlocked = pieces.indices.contains { at in
            switch pieces[at].kind {
            case nil, .unclear, .negation: true
            case .lead: at + 1 == pieces.count || pieces[at + 1].kind?.followsLead != true
            default: false
            }
        }
        let asks = words.asks.indices.contains { at in
            words.asks[at] && !agreements.contains { $0.words.contains(at) && $0.words.count > 1 }
        }
        let isStrong = agreements.contains { $0.kind?.isStrong == true }
        // "okay, that is very kind": a weak yes stands for one only where nothing but courtesy goes with it.
        let isDrowned = !isStrong && pieces.contains { $0.kind == .beside }
        guard !isTakenBack, !isBlocked, !isDrowned, !asks, !words.isCut,
            words.texts.count <= ConsentClassifier.replyWordsMax
        else {
            return verdict(.unclear, 0.5, agreements + doubts, words)
        }
        return verdict(.yes, isStrong ? 0.97 : 0.85, agreements, words)
    }

    /// Whether the caller calls the consult off: "never mind", "forget it", "stop".
    package func isCancellation(_ text: String) -> Bool {
        let words = SpokenWords(text, contractions: contractions, accented: accented)
        let isAside = isAside(words)
        return pieces(of: words).contains { $0.kind == .cancel && !(isAside && isHalt($0, words)) }
    }

    /// Whether what is said while specialists are asked takes the consent back: it calls the consult off, or refuses it. A
    /// mere "no" to somebody else, or before "I can wait", does neither.
    package func callsOff(_ text: String) -> Bool {
        if isCancellation(text) { return true }
        guard classify(text).decision == .no else { return false }
        let words = SpokenWords(text, contractions: contractions, accented: accented)
        let pieces = pieces(of: words)
        let isAside = isAside(words)
        return pieces.contains { $0.kind == .no && $0.words.count > 1 && !(isAside && isHalt($0, words)) }
            || !isAside && pieces.allSatisfy { $0.kind != nil && $0.kind != .beside }
    }

    /// Whether it is said to somebody else, or to keep waiting: "stop it, Max, down", "no, no, you're fine".
    private func isAside(_ words: SpokenWords) -> Bool { asidePatterns.contains { $0.matches(words.texts) } }

    private func isHalt(_ piece: Piece, _ words: SpokenWords) -> Bool {
        let said = CodedWords(words.texts[piece.words])
        return haltPatterns.contains { $0.end(in: said, from: 0) == said.count }
    }

    /// Whether the caller asks for a human being.
    package func asksForPerson(_ text: String) -> Bool {
        let words = SpokenWords(text, contractions: contractions, accented: accented)
        return personPatterns.contains { $0.matches(words.texts) }
    }

    /// Whether two utterances are the same words.
    func isSame(_ one: String, _ other: String) -> Bool {
        SpokenWords(one, contractions: contractions, accented: accented).texts
            == SpokenWords(other, contractions: contractions, accented: accented).texts
    }

    /// Cuts `words` into agreement and what goes with it; where that leaves a rest, from left to right, the longest match first.
    func pieces(of words: SpokenWords) -> [Piece] {
        agreement(in: words) ?? cut(words)
    }

    private func cut(_ words: SpokenWords) -> [Piece] {
        var pieces: [Piece] = []
        var at = 0
        while at < words.texts.count {
            let match = patterns.longest(in: words.texts, at: at)
            let range = at..<(match?.end ?? at + 1)
            var kind = match?.label
            // "¿Cómo? No." is not "cómo no": no agreement reaches over a question mark.
            if kind?.isAgreement == true, range.dropLast().contains(where: { words.asks[$0] }) {
                kind = .unclear
            }
            pieces.append(Piece(kind: kind, words: range))
            at = range.upperBound
        }
        return pieces
    }

    /// The reply cut into agreement and what goes with it, where all of it can be: "yes ask | them" is "yes | ask them".
    /// Nothing shorter than a phrase that says otherwise is taken in its place.
    private func agreement(in words: SpokenWords) -> [Piece]? {
        let count = words.texts.count
        guard count <= ConsentClassifier.replyWordsMax else { return nil }
        var found = [[Piece]](repeating: [], count: count)
        var againstEnd = Array(0..<count)
        for match in patterns.all(in: words.texts) where !match.words.isEmpty {
            let at = match.words.lowerBound
            let reaches = match.words.dropLast().contains { words.asks[$0] }
            if match.label.rawValue < Class.yes.rawValue {
                againstEnd[at] = max(againstEnd[at], match.words.upperBound)
            } else if !reaches {
                found[at].append(Piece(kind: match.label, words: match.words))
            }
        }
        // From the end: the way on that agrees most, in the fewest pieces.
        typealias Way = (yeses: Int, pieces: Int, next: Piece)
        func rank(_ way: Way) -> (Int, Int, Int) { (way.yeses > 0 ? 1 : 0, -way.pieces, way.next.words.count) }
        var best = [Way?](repeating: nil, count: count)
        // The same of ways that begin with what may come after a lead.
        var led = [Way?](repeating: nil, count: count)
        for at in (0..<count).reversed() {
            for piece in found[at] where piece.words.upperBound > againstEnd[at] {
                let end = piece.words.upperBound
                let isLead = piece.kind == .lead
                let rest = end == count ? nil : isLead ? led[end] : best[end]
                guard rest != nil || end == count && !isLead else { continue }
                let way = (
                    yeses: (rest?.yeses ?? 0) + (piece.kind?.isStrong == true ? 1 : 0), pieces: (rest?.pieces ?? 0) + 1,
                    next: piece
                )
                if best[at].map({ rank(way) > rank($0) }) ?? true { best[at] = way }
                if piece.kind?.followsLead == true, led[at].map({ rank(way) > rank($0) }) ?? true { led[at] = way }
            }
        }
        var pieces: [Piece] = []
        while pieces.last?.words.upperBound ?? 0 < count {
            let ways = pieces.last?.kind == .lead ? led : best
            guard let next = ways[pieces.last?.words.upperBound ?? 0]?.next else { return nil }
            pieces.append(next)
        }
        return pieces.contains { $0.kind?.isAgreement == true } ? pieces : nil
    }

    private func verdict(
        _ decision: ConsentDecision, _ confidence: Double, _ pieces: [Piece], _ words: SpokenWords
    ) -> ConsentVerdict {
        let basis = pieces.sorted { $0.words.lowerBound < $1.words.lowerBound }
            .map { piece -> String in
                guard let first = words.sources[piece.words].first, let last = words.sources[piece.words].last else {
                    return ""
                }
                return String(first.base[first.startIndex..<last.endIndex])
            }
        return ConsentVerdict(decision, confidence, basis.joined(separator: " … "))
    }
}

/// What a reply meant. Only ``ConsentClassifier`` makes one, so that a yes always rests on words that were read as a yes.
package struct ConsentVerdict: Equatable, Sendable {
    package let decision: ConsentDecision
    /// 0 … 1.
    package let confidence: Double
    /// The words the decision rests on, as they were said; empty when none spoke for it.
    package let basis: String

    fileprivate init(_ decision: ConsentDecision, _ confidence: Double, _ basis: String) {
        self.decision = decision
        self.confidence = confidence
        self.basis = basis
    }
}

/// `Lexicons/consent-<language>.json`; what each list means is told in docs/consults.md.
private struct ConsentFile: Decodable {
    var contractions: [String: String]?
    var accented: [String]?
    var groups: [String: [String]]?
    var yes: [String]
    var weakYes: [String]
    var no: [String]
    var cancel: [String]
    var unclear: [String]
    var negation: [String]
    var correction: [String]
    var filler: [String]
    var beside: [String]
    var act: [String]
    var lead: [String]
    var aside: [String]?
    var halts: [String]?
    var person: [String]?
}
