/// One utterance, read for the wish to be left alone.
struct OptOutReading {
    let spoken: SpokenText
    /// Without fillers and what is said twice in a row: "take my uh my number off".
    let words: [String]
    /// Where each stands in the text.
    private let places: [Int]

    init(_ spoken: SpokenText) {
        self.spoken = spoken
        places = spoken.texts.indices.filter { place in
            let word = spoken.texts[place]
            return !OptOutWords.fillers.contains(word) && !Self.isStuttered(spoken.texts, place)
                && !Self.isFiller(spoken.texts, place)
        }
        words = places.map { spoken.texts[$0] }
    }

    /// "could you like not call".
    private static func isFiller(_ words: [String], _ place: Int) -> Bool {
        words[place] == "like" && place > 0 && words[place - 1] == "you" && place + 1 < words.count
            && ["not", "stop", "never", "please"].contains(words[place + 1])
    }

    /// The word, or the two words it belongs to, are said again at once.
    private static func isStuttered(_ words: [String], _ place: Int) -> Bool {
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
    }

    func wishes() -> [OptOut.Wish] {
        var found: [OptOut.Wish] = []
        for at in words.indices {
            let act = ending(at) ?? refusal(at) ?? forbidding(at) ?? removal(at) ?? unsubscribing(at) ?? phrase(at)
            guard var act else { continue }
            while OptOutWords.forGood.contains(word(act.end)), !isClauseStart(act.end) { act.end += 1 }
            found.append(OptOut.Wish(quote: quote(at..<act.end), channels: act.channels))
        }
        return found
    }

    // MARK: - Something is not to happen

    /// "don't call me again", "I'd rather you didn't call", "I do not want any more calls".
    private func refusal(_ at: Int) -> Act? {
        switch words[at] {
        case "not", "never": break
        case "no" where word(at + 1) == "longer": break
        case "no", "zero": return noMore(at)
        case "nobody", "none": return nobody(at)
        default: return nil
        }
        var next = words[at] == "no" ? at + 2 : at + 1
        // "don't you ever dare to call", "never again try to call": what only adds weight.
        while isWeight(next) { next += 1 }
        let saysTo = word(next) == "to"
        if saysTo { next += 1 }
        while isWeight(next) { next += 1 }
        let isKept = OptOutWords.goingOn.contains(word(next)) || ["bother", "try", "trying"].contains(word(next - 1))
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
            let before = Array(words[clauseStart(at)..<at])
            return OptOutWords.gladly.matches(before) || ["mind", "about", "consider"].contains(before.last ?? "")
                ? act : nil
        }
        return unwanted(at, next) ?? unreceived(at, next)
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
            return words[at] == "can" ? isForGood(at, act) : act.isOfCaller
        }
    }

    /// "don't call my office, call my cell", "don't call me, I'll call you": another way is named.
    private func hasAlternative(_ end: Int) -> Bool {
        var at = end
        while ["please", "just", "instead", "rather", "but", "and", "you", "can", "back", "me", "us"].contains(
            word(at)), at < end + 5
        { at += 1 }
        if ["i", "we"].contains(word(at)), word(at + 1) == "will",
            OptOutWords.verbs[word(at + 2)] != nil || ["get", "reach"].contains(word(at + 2))
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
            || isGoverned(at, act)
    }

    /// "I don't want you to call me", "we do not wish to be contacted", "never want to hear from you".
    private func unwanted(_ at: Int, _ begin: Int) -> Act? {
        var next = begin
        if word(next) == "be", OptOutWords.wishes.contains(word(next + 1)) { next += 1 }
        guard OptOutWords.wishes.contains(word(next)) else { return nil }
        let verb = word(next)
        next += 1
        if ["in", "with", "for", "about"].contains(word(next)) { next += 1 }
        var person = next
        while OptOutWords.ourPeople.contains(word(person)) || (person > next && word(person) == "from") { person += 1 }
        let isOurs = words[next..<min(person, words.count)].contains(where: OptOutWords.us.contains)
        guard
            isCallersOwn(at)
                || isHouseholds(at) && (isOurs || isForGood(at, Act(channels: [], end: min(words.count, person + 4))))
        else { return nil }
        if isOurs { next = person }
        let saysTo = word(next) == "to"
        if saysTo { next += 1 }
        while OptOutWords.weights.contains(word(next)) || word(next) == "keep" { next += 1 }
        let readings: [Act?] =
            isOurs
            ? [contacts(next, needsOwner: false), base(next), gerund(next), received(next), hearing(next)]
            : [
                passive(next), hearing(next), received(next),
                saysTo && !OptOutWords.agreeing.contains(verb) ? nil : contacts(next, needsOwner: false), listed(next),
            ]
        guard
            let act = readings.lazy.compactMap({ $0 }).first(where: { !isOfOthers($0) && goesOn($0, isEnding: false) })
        else {
            return nil
        }
        // What somebody need not do may still be welcome.
        let said = words[at..<min(words.count, act.end + 3)]
        let isMore = said.contains("any") && said.contains("more") && said.contains(where: OptOutWords.us.contains)
        if ["need", "expect", "have", "looking"].contains(verb), !isMore,
            !said.contains(where: { ["again", "anymore", "ever", "longer"].contains($0) })
        {
            return nil
        }
        return verb == "like" && word(at - 1) == "do" && isOurs && !isForGood(at, act) ? nil : act
    }

    /// "I'd rather not get these calls", "I should not be receiving these", "if I never heard from you again".
    private func unreceived(_ at: Int, _ begin: Int) -> Act? {
        let next = word(begin) == "be" ? begin + 1 : begin
        guard let act = received(next) ?? hearing(next), goesOn(act, isEnding: false), isCallersOwn(at) else {
            return nil
        }
        let isRefusing = word(at - 1) == "will" && ["accept", "take", "taking", "accepting"].contains(word(next))
        let isMeant =
            isRefusing || ["rather", "prefer", "should", "must", "better", "to", "please"].contains(word(at - 1))
            || isWished(at)
        return isMeant ? act : nil
    }

    /// "no more calls", "no further contact".
    private func noMore(_ at: Int) -> Act? {
        if word(at + 1) == "one" { return nobody(at) }
        if ["need", "point", "reason", "use", "sense"].contains(word(at + 1)) {
            var next = at + 2
            while ["to", "in", "for", "you"].contains(word(next)) { next += 1 }
            guard let act = base(next) ?? gerund(next), !isOfOthers(act), goesOn(act, isEnding: false),
                isForGood(next, act)
            else {
                return nil
            }
            return act
        }
        guard let noun = contacts(at + 1, needsOwner: false), word(at + 1) != "no" else { return nil }
        let act = object(noun)
        let before = before(at)
        let isWanted =
            (OptOutWords.wishes.contains(before) || ["want", "accept", "take"].contains(before)) && isCallersOwn(at - 1)
        guard
            before.isEmpty || isWanted || OptOutWords.nouns[before] != nil
                || ["bye", "interested", "please"].contains(before)
                || OptOutWords.sayings.contains(before) && isCallersOwn(at - 1)
        else { return nil }
        guard
            isWanted || OptOutWords.mores.contains(word(at + 1)) || OptOutWords.callKinds.contains(word(at + 1))
                || isClauseEndOrTail(act.end)
                || word(act.end) == "and"
        else { return nil }
        return goesOn(act, isEnding: false) ? act : nil
    }

    /// "make sure nobody calls me again", "no one from your company should contact us".
    private func nobody(_ at: Int) -> Act? {
        var next = words[at] == "no" ? at + 2 : at + 1
        if words[at] == "none", word(next) != "of" { return nil }
        while next < words.count, next < at + 9, base(next) == nil, finite(next) == nil,
            !["wants", "want", "needs", "need"].contains(words[next])
        {
            guard !["who", "that", "is", "has", "i", "here"].contains(words[next]) else { return nil }
            next += 1
        }
        if ["wants", "want", "needs", "need"].contains(word(next)) {
            let after = word(next + 1) == "to" ? next + 2 : next + 1
            return contacts(after, needsOwner: true) ?? hearing(after)
        }
        guard let act = base(next) ?? finite(next), act.isOfCaller, goesOn(act, isEnding: false) else { return nil }
        return words[at..<next].contains(where: { ["should", "must", "shall", "may"].contains($0) }) || isWished(at)
            ? act : nil
    }
}
