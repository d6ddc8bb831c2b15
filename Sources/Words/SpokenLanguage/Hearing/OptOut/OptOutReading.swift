/// One utterance, read for the wish to be left alone.
struct OptOutReading {
    let spoken: SpokenText
    /// Without fillers and what is said twice in a row: "take my uh my number off".
    let words: CodedWords
    /// Where each stands in the text.
    private let places: [Int]
    /// Something is threatened with: most calls hold no such word, and none of their words need be read for a threat.
    let threatens: Bool

    init(_ spoken: SpokenText) {
        self.spoken = spoken
        places = spoken.texts.indices.filter { place in
            let word = spoken.texts[place]
            // "don't call tomorrow, tomorrow is a holiday" repeats nothing.
            return !OptOutWords.fillers.contains(word)
                && (spoken.isParted(before: place + 1) || !Self.isStuttered(spoken.texts, place))
                && !Self.isFiller(spoken.texts, place)
        }
        words = CodedWords(places.map { OptOutWords.spellings[spoken.texts[$0]] ?? spoken.texts[$0] })
        threatens = words.contains { OptOutWords.consequences.contains($0) || OptOutWords.authorities.contains($0) }
    }

    /// "could you like not call", "leave me the hell alone".
    private static func isFiller(_ words: CodedWords, _ place: Int) -> Bool {
        let next = place + 1 < words.count ? words[place + 1] : ""
        let last = words[..<place].last { !OptOutWords.fillers.contains($0) } ?? ""
        if words[place] == "the" { return OptOutWords.oaths.contains(next) }
        if OptOutWords.oaths.contains(words[place]) { return last == "the" }
        guard words[place] == "like", last == "you" else { return false }
        return ["not", "stop", "never", "please"].contains(next)
            || OptOutWords.removing.contains(words[(place + 1)...].first { !OptOutWords.fillers.contains($0) } ?? "")
                && words[..<place].suffix(4).contains { ["can", "could", "will"].contains($0) }
    }

    /// The word, or the two words it belongs to, are said again at once.
    private static func isStuttered(_ words: CodedWords, _ place: Int) -> Bool {
        let after = words[(place + 1)...].prefix(8).filter { !OptOutWords.fillers.contains($0) }
        guard let next = after.first else { return false }
        if next == words[place] { return true }
        if after.count > 2, after[1] == words[place], after[2] == next { return true }
        let before = words[..<place].last { !OptOutWords.fillers.contains($0) }
        return after.count > 1 && next == before && after[1] == words[place]
    }

    func isClauseStart(_ at: Int) -> Bool {
        at <= 0 || at >= words.count || spoken.isParted(before: places[at])
            || spoken.isParted(before: places[at - 1] + 1)
    }

    func startsSentence(_ at: Int) -> Bool { at <= 0 || spoken.endsSentence(before: places[at]) }

    private func quote(_ range: Range<Int>) -> String {
        guard let first = range.first, let last = range.last, last < places.count else { return spoken.source }
        return spoken.quote(places[first]..<(places[last] + 1))
    }

    /// What is done to somebody: by which channels, and where its words end.
    struct Act {
        var channels: Set<OptOut.Channel>
        var end: Int
        /// Said of the caller in so many words: "me", "this number".
        var isOfCaller = false
        /// Done to one of the caller's family or staff, for whom they speak.
        var isOfKin = false
    }

    func wishes() -> [OptOut.Wish] {
        var found: [OptOut.Wish] = []
        for at in words.indices {
            let act =
                ending(at) ?? refusal(at) ?? forbidding(at) ?? removal(at) ?? unsubscribing(at) ?? without(at)
                ?? phrase(at)
            guard var act, !isUnreal(at, act) else { continue }
            // "don't call my boss" asks for discretion, and no more.
            if act.isOfKin, !isEnding(at), !isForGood(at, act) { continue }
            while OptOutWords.forGood.contains(word(act.end)), !isClauseStart(act.end) { act.end += 1 }
            found.append(OptOut.Wish(quote: quote(at..<act.end), channels: act.channels))
        }
        return found
    }

    // MARK: - Something is not to happen

    /// "don't call me again", "I'd rather you didn't call", "I do not want any more calls".
    private func refusal(_ at: Int) -> Act? {
        switch words[at] {
        case "not", "never", "neither": break
        case "nor": return nor(at)
        case "no" where word(at + 1) == "longer": break
        case "no", "zero": return noMore(at)
        case "nobody", "none": return nobody(at)
        default: return nil
        }
        if let act = unlike(at) { return act }
        // "don't you dare not call me back"
        if word(at - 1) == "dare", words[max(0, at - 4)..<at].contains("not") { return nil }
        var next = words[at] == "no" ? at + 2 : at + 1
        // "don't you ever dare to call", "never again try to call": what only adds weight.
        while isWeight(next) { next += 1 }
        let saysTo = word(next) == "to"
        if saysTo { next += 1 }
        while isWeight(next) { next += 1 }
        let isKept = OptOutWords.goingOn.contains(word(next)) || ["bother", "try", "trying"].contains(word(next - 1))
        if word(next) == "be", !["getting", "receiving"].contains(word(next + 1)), let act = gerund(next + 1) {
            // "don't you be calling here no more"
            return isRefused(act, at, saysTo: saysTo) ? act : nil
        }
        if let act = base(next)
            ?? (isKept ? gerund(next) ?? gerund(next + 1) : word(next) == "think" ? gerund(next + 2) : nil)
        {
            return isRefused(act, at, saysTo: saysTo) ? act : nil
        }
        if let act = permitted(at, next) ?? thought(at, next) ?? past(at, next) ?? another(at, next) {
            return goesOn(act, isEnding: false) ? act : nil
        }
        if let act = passive(next) { return isPassiveRefused(act, at) ? act : nil }
        if let act = gerund(next), !isOfOthers(act), goesOn(act, isEnding: false) {
            let before = CodedWords(words[clauseStart(at)..<at])
            return OptOutWords.gladly.matches(before) || ["mind", "about", "consider"].contains(before.last ?? "")
                ? act : nil
        }
        return unwanted(at, next) ?? unreceived(at, next)
    }

    /// What is only supposed, or denied as a whole: "it's not that I want you to stop calling", "what happens if I say
    /// stop calling", "usually I'd say take me off your list, but".
    private func isUnreal(_ at: Int, _ act: Act) -> Bool {
        let before = CodedWords(words[max(sentenceStart(at), at - 9)..<at])
        if OptOutWords.supposing.matches(before) { return true }
        let after = words[min(act.end, words.count)...].prefix(8)
        return after.contains("but") && OptOutWords.almost.matches(before)
    }

    /// "calls are okay, emails aren't"
    private func unlike(_ at: Int) -> Act? {
        guard ["are", "is"].contains(word(at - 1)), isClauseEnd(at + 1), isClauseStart(at - 2) || word(at - 3) == "but",
            let channels = OptOutWords.nouns[word(at - 2)], !channels.contains(.calls)
        else { return nil }
        return Act(channels: channels, end: at + 1)
    }

    /// "neither call me nor text me": the second of the two.
    private func nor(_ at: Int) -> Act? {
        guard let act = base(at + 1), act.isOfCaller, goesOn(act, isEnding: false),
            let neither = words[max(0, at - 8)..<at].lastIndex(of: "neither"), refusal(neither) != nil
        else { return nil }
        return act
    }

    private func isRefused(_ act: Act, _ at: Int, saysTo: Bool) -> Bool {
        guard !isOfOthers(act), goesOn(act, isEnding: false), !act.channels.contains(.calls) || !hasAlternative(act.end)
        else {
            return false
        }
        var act = act
        let isForGood = isForGood(at, act)
        guard act.isOfCaller || isForGood || isClauseEndOrTail(act.end) else { return false }
        act.isOfCaller = act.isOfCaller || isForGood
        if saysTo, word(at - 1) == "are" || word(at - 1) == "is" {
            return act.isOfCaller && words[clauseStart(at)..<at].contains("you")
        }
        if saysTo { return isGoverned(at, act) }
        switch word(at - 1) {
        case "to": return isGoverned(at - 1, act)
        case "do": return isOrder(at - 1, act, isForGood)
        case "did", "would", "could", "can", "will", "should", "must", "may", "shall", "might", "does":
            return isModal(at - 1, act)
        case "need": return isForGood && word(at - 2) == "you"
        case "you": return isSaidToYou(at - 1, act, isOrder: false)
        default: return isForUs(at, act)
        }
    }

    private func isWeight(_ at: Int) -> Bool {
        if ["try", "trying"].contains(word(at)), ["me", "us", "this", "my"].contains(word(at + 1)) { return false }
        guard word(at) == "bother" else { return OptOutWords.weights.contains(word(at)) }
        return gerund(at + 1) != nil || word(at + 1) == "to"
    }

    /// "I don't think you should call me anymore".
    private func thought(_ at: Int, _ begin: Int) -> Act? {
        guard ["think", "believe", "see", "feel"].contains(word(begin)), isCallersOwn(at) else { return nil }
        let you = ["that", "why", "like"].contains(word(begin + 1)) ? begin + 2 : begin + 1
        guard word(you) == "you", ["should", "need", "ought", "must"].contains(word(you + 1)) else { return nil }
        guard let act = base(word(you + 2) == "to" ? you + 3 : you + 2), !isOfOthers(act), isForGood(you, act) else {
            return nil
        }
        return act
    }

    /// "you are not allowed to call me", "you don't need to call me ever again".
    private func permitted(_ at: Int, _ begin: Int) -> Act? {
        let isNeed = ["need", "have"].contains(word(begin))
        guard
            isNeed || ["allowed", "permitted", "entitled", "welcome", "authorized", "supposed"].contains(word(begin)),
            word(begin + 1) == "to", words[clauseStart(at)..<at].contains("you"), let act = base(begin + 2),
            !isOfOthers(act),
            !hasAlternative(act.end)
        else { return nil }
        let isForGood = words[begin..<min(words.count, act.end + 3)].contains {
            ["again", "anymore", "ever", "longer"].contains($0)
        }
        return isForGood || !isNeed && act.isOfCaller && !["why"].contains(word(clauseStart(at))) ? act : nil
    }

    /// "I'd be happy if you never called me again", "make sure we are never called": what was not, wished.
    private func past(_ at: Int, _ begin: Int) -> Act? {
        guard isWished(at), let channels = OptOutWords.participles[word(begin)] else { return nil }
        if ["am", "are", "is", "get"].contains(word(at - 1)) {
            guard words[clauseStart(at)..<at].contains(where: OptOutWords.callers.contains) else { return nil }
            return Act(channels: channels, end: begin + 1, isOfCaller: true)
        }
        let act = object(Act(channels: channels, end: begin + 1))
        return word(at - 1) == "you" && (act.isOfCaller || isForGood(at, act)) ? act : nil
    }

    /// "not another call".
    private func another(_ at: Int, _ begin: Int) -> Act? {
        guard before(at).isEmpty, ["another", "one", "a"].contains(word(begin)),
            word(begin) == "another" || ["more", "single"].contains(word(begin + 1)),
            let act = contacts(begin, needsOwner: false)
        else { return nil }
        return isClauseEndOrTail(act.end) || word(act.end) == "from" ? act : nil
    }

    func isForGood(_ at: Int, _ act: Act) -> Bool {
        words[at..<min(words.count, act.end + 3)].contains(where: OptOutWords.forGood.contains)
            || word(act.end) == "in" && ["future"].contains(word(act.end + 1)) || word(act.end + 2) == "future"
    }

    /// "do not": an order, not "they do not call me", "if you don't call me", "why don't you call me".
    private func isOrder(_ at: Int, _ act: Act, _ isForGood: Bool) -> Bool {
        switch before(at) {
        case "you":
            return isWished(at) || word(at + 2) == "have" && isForGood || isSaidToYou(at - 1, act, isOrder: false)
        case "why", "if", "when": return false
        default: return isForUs(at, act)
        }
    }

    private func isModal(_ at: Int, _ act: Act) -> Bool {
        let subject = word(at - 1)
        guard
            subject == "you"
                || OptOutWords.groups.contains(subject)
                    && words[max(0, at - 3)..<at].contains(where: ["you", "your"].contains)
        else { return false }
        let lead = before(at - 1)
        switch words[at] {
        case "did", "would", "does", "could", "might":
            return isWished(at)
                && (OptOutWords.wishes.contains(lead)
                    || ["if", "that", "better", "best", "appreciate", "your"].contains(lead))
        default:
            if ["if", "when", "since", "because", "why", "that", "as"].contains(lead) {
                return lead == "that" && isWished(at)
            }
            if OptOutWords.sayings.contains(lead), !isCallersOwn(at - 2) { return false }
            let isKept = words[(at + 1)..<act.end].contains { OptOutWords.goingOn.contains($0) }
            return words[at] == "can" ? isForGood(at, act) || isKept : act.isOfCaller
        }
    }

    /// "don't call my office, call my cell", "don't call me, I'll call you": another way is named.
    func hasAlternative(_ end: Int) -> Bool {
        var at = end
        while ["please", "just", "instead", "rather", "but", "and", "you", "can", "back", "me", "us"].contains(
            word(at)), at < end + 5
        { at += 1 }
        if ["i", "we"].contains(word(at)), word(at + 1) == "will",
            OptOutWords.verbs[word(at + 2)] != nil || OptOutWords.comings.contains(word(at + 2)),
            !words[at...].prefix(12).contains(where: OptOutWords.consequences.contains)
        {
            return true
        }
        // "don't use my work number anymore, here's my new one"
        if OptOutWords.lines.contains(word(end - 1)) || OptOutWords.lines.contains(word(end - 2)),
            OptOutWords.newNumbers.matches(CodedWords(words[at...].prefix(8)))
        {
            return true
        }
        return ["call", "ring", "phone", "try", "use", "reach"].contains(word(at))
            && OptOutWords.elsewhere.contains(word(at + 1))
    }

    /// "not to be called", "should not be contacted again", "never want to be called": the one who is called is the caller.
    private func isPassiveRefused(_ act: Act, _ at: Int) -> Bool {
        guard goesOn(act, isEnding: false) else { return false }
        let clause = words[clauseStart(at)..<at]
        guard !hasStrangers(clause), !["can", "could"].contains(word(at - 1)) else { return false }
        return clause.contains(where: OptOutWords.callers.contains) || clause.allSatisfy(OptOutWords.adverbs.contains)
            || isGoverned(at, act) || isWished(at)
    }
}
