import CallModel
import SpokenLanguage

extension CallReading {
    /// Who decides: the caller, somebody else, or both; the last that is said counts ("my boss, well, actually it's me").
    mutating func readAuthority(_ turn: CallerTurn) {
        let isAsked = turn.topic == .authority || turn.topic == .othersInvolved
        let asked = turn.question.said.texts
        // "Do you decide alone?" A no to that says that others have a part in it.
        let isAboutAlone =
            isAsked && AuthorityWords.aloneQuestions.matches(asked) && !AuthorityWords.eitherOr.matches(asked)
        let start = isAsked ? bareNo(turn) : 0
        let segments = AuthorityWords.segments(turn.words, from: start)
        let isPart = isAsked && (start > 0 || segments.count > 1)
        for segment in segments.reversed() {
            let words = CodedWords(turn.words[segment])
            let said = DecisionReading(words, isAsked: isAsked, isAboutOthers: turn.topic == .othersInvolved)
            guard var level = said.level ?? (isPart ? answered(words, turn) : nil) else {
                continue
            }
            if isAboutAlone, level == .no,
                AuthorityWords.bareNos.matches(words) || AuthorityWords.present.matches(words)
            {
                level = .influencer
            }
            // "Is anybody else involved?" "Our controller."
            if turn.topic == .othersInvolved, level == .no, !AuthorityWords.othersDecide.matches(turn.words) {
                level = .influencer
            }
            let isHedged = level == .yes && said.isHedged
            authority.hear(
                isHedged ? .influencer : level, isHedged ? 0.4 : level == .yes ? 0.85 : 0.75, turn.evidence(segment))
            return
        }
        if turn.topic == .authority {
            readAnswer(turn, yes: .yes, no: isAboutAlone && !asked.contains("or") ? .influencer : .no)
        } else if turn.topic == .othersInvolved {
            readAnswer(turn, yes: .influencer, no: .yes)
        } else {
            readTitle(turn)
        }
    }

    /// The words of a no that is parted from what explains it: "no, my boss does", "not really, I decide".
    private func bareNo(_ turn: CallerTurn) -> Int {
        let end = turn.words.indices.first { $0 > 0 && turn.text.isParted(before: $0) } ?? 0
        guard turn.words[..<end].allSatisfy(AuthorityWords.bare.contains) else { return 0 }
        return end
    }

    /// A plain yes or no in a part of the answer: "no, or rather yes, since January".
    private func answered(_ words: CodedWords, _ turn: CallerTurn) -> AuthorityLevel? {
        switch (YesNo.classify(words.joined(separator: " ")), turn.topic) {
        case (.yes, .authority): .yes
        case (.no, .authority): .no
        case (.yes, _): .influencer
        case (.no, _): .yes
        case (.unclear, _): nil
        }
    }

    private mutating func readAnswer(_ turn: CallerTurn, yes: AuthorityLevel, no: AuthorityLevel) {
        switch turn.answer {
        case .no where AuthorityWords.unknowing.matches(turn.words): break
        case .yes where AuthorityWords.formerly.matches(turn.words): break
        case .yes: authority.hear(yes, 0.8, turn.evidence())
        case .no: authority.hear(no, 0.75, turn.evidence())
        case .unclear:
            if AuthorityWords.unknowing.matches(turn.words) {
                if authority.isKnown { authority.withdraw(turn.evidence()) }
            } else if Hedge.holds(turn.words) {
                authority.hear(.influencer, 0.4, turn.evidence())
            } else {
                readTitle(turn)
            }
        }
    }

    private mutating func readTitle(_ turn: CallerTurn) {
        let isAsked = turn.topic == .position || turn.topic == .authority
        guard let position = SpokenPosition.find(in: turn.text, asked: isAsked),
            !AuthorityWords.formerly.matches(turn.words)
        else { return }
        let words = Normalised.words(position.value)
        guard !authority.isKnown || authority.finding.confidence < 0.5 else { return }
        if words.contains(where: AuthorityWords.topTitles.contains), !words.contains("vice"),
            !words.contains("assistant")
        {
            authority.hear(.yes, 0.75, turn.evidence(position.quote))
        } else if words.contains(where: AuthorityWords.lowTitles.contains) {
            authority.hear(.no, 0.6, turn.evidence(position.quote))
        } else {
            authority.hear(.influencer, 0.5, turn.evidence(position.quote))
        }
    }
}

/// One statement about who decides.
private struct DecisionReading {
    private let words: CodedWords
    private let isAsked: Bool
    /// Asked is whether others are involved.
    private let isAboutOthers: Bool

    init(_ words: CodedWords, isAsked: Bool, isAboutOthers: Bool) {
        self.words = words
        self.isAsked = isAsked
        self.isAboutOthers = isAboutOthers
    }

    var isHedged: Bool { Hedge.holds(words) }

    /// Nil when nothing is said of it.
    var level: AuthorityLevel? {
        if AuthorityWords.formerly.matches(words) {
            return isAsked && AuthorityWords.others.matches(people) ? .no : nil
        }
        if AuthorityWords.asksBack.matches(words) { return nil }
        if isAsked, AuthorityWords.alone.matches(words) { return .yes }
        if AuthorityWords.unneeded.matches(words) { return .yes }
        let isOfDecisions = isAsked || words.contains(where: AuthorityWords.deciding.contains)
        if AuthorityWords.partly.matches(words) || isOfDecisions && AuthorityWords.together.matches(words)
            || AuthorityWords.oneOf.matches(words)
        {
            return .influencer
        }
        if isOfDecisions && AuthorityWords.notWithout.matches(words) { return .influencer }
        if isAsked, AuthorityWords.partlyAnswers.matches(words) { return .influencer }
        if AuthorityWords.forOthers.matches(words) { return .no }
        let (own, place) = ownDecision
        if own != .yes, asksOthers { return .influencer }
        let isOthers =
            decidesOtherwise(isAsked ? AuthorityWords.othersDecide : AuthorityWords.oursDecide, besides: place)
            || !isAsked && AuthorityWords.oursNamed.matches(words) && AuthorityWords.theyDecide.matches(words)
            || isAsked && own == nil && AuthorityWords.others.matches(people)
        switch (own, isOthers) {
        case (.influencer, _): return .influencer
        case (.yes, true): return .influencer
        case (.no, _): return AuthorityWords.says.matches(words) ? .influencer : .no
        case (.yes, false): return .yes
        case (_, true): return AuthorityWords.contributes.matches(words) ? .influencer : .no
        default: break
        }
        guard isAsked, !isAboutOthers else { return nil }
        return AuthorityWords.notMe.matches(words) ? .no : nil
    }

    /// The words without what is theirs: "the owner's call" names the owner.
    private var people: CodedWords {
        guard words.contains(where: { $0.hasSuffix("'s") }) else { return words }
        return CodedWords(words.map { $0.hasSuffix("'s") ? String($0.dropLast(2)) : $0 })
    }

    /// The caller asks somebody; unasked, it must not be said of others: "callers want to speak to the manager".
    private var asksOthers: Bool {
        guard let found = AuthorityWords.asksOthers.first(in: words) else { return false }
        guard !isAsked else { return true }
        let subject = words[..<found.lowerBound].suffix(6).last {
            ["i", "we"].contains($0) || AuthorityWords.strangers.contains($0)
        }
        return subject.map { !AuthorityWords.strangers.contains($0) } ?? true
    }

    /// Somebody else decides: not "since the founder retired I make these decisions", nor what says that the caller does.
    private func decidesOtherwise(_ phrases: PhraseList, besides own: Range<Int>?) -> Bool {
        var from = 0
        let people = people
        while let found = phrases.first(in: people, from: from) {
            if !people[found].contains("i"), own.map({ !$0.overlaps(found) }) ?? true { return true }
            from = found.lowerBound + 1
        }
        return false
    }

    /// What the caller says of their own part, yes, no, or some of it, and where.
    private var ownDecision: (level: AuthorityLevel?, words: Range<Int>?) {
        var from = 0
        let phrases = isAsked ? [AuthorityWords.decides, AuthorityWords.answersMe] : [AuthorityWords.decides]
        for list in phrases {
            from = 0
            while let found = list.first(in: words, from: from) {
                from = found.lowerBound + 1
                // "It's no democracy, I decide" denies something else.
                let reach = words[found.lowerBound] == "i" ? 2 : 4
                let before = words[max(0, found.lowerBound - reach)..<found.lowerBound]
                let around = words[max(0, found.lowerBound - reach)..<found.upperBound]
                if before.contains("your") || before.contains("you") && before.contains("if") { continue }
                // A "no" that begins the answer answers the question.
                guard let negation = around.lastIndex(where: AuthorityWords.negations.contains),
                    negation > 0 || words[0] != "no"
                else {
                    return (around.contains(where: AuthorityWords.portions.contains) ? .influencer : .yes, found)
                }
                if words[negation..<min(words.count, found.upperBound)].contains("need") { return (.yes, found) }
                let isWhole = words[negation...].prefix(found.upperBound - negation).contains(
                    where: AuthorityWords.wholes.contains)
                return (isWhole ? .influencer : .no, found)
            }
        }
        return (nil, nil)
    }
}
