/// One utterance, read for the wish to be left alone.
struct OptOutReading {
    let spoken: SpokenText
    let words: [String]

    init(_ spoken: SpokenText) {
        self.spoken = spoken
        words = spoken.texts
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
            guard let act = ending(at) ?? refusal(at) ?? removal(at) ?? unsubscribing(at) ?? phrase(at) else { continue }
            found.append(OptOut.Wish(quote: spoken.quote(at..<act.end), channels: act.channels))
        }
        return found
    }

    // MARK: - Something is to end

    /// "stop calling me", "quit with the texts", "would you mind stopping these calls".
    private func ending(_ at: Int) -> Act? {
        guard OptOutWords.endings.contains(words[at]) else { return nil }
        var next = at + 1
        while ["it", "with", "from", "up", "off", "all"].contains(word(next)) { next += 1 }
        if let act = gerund(next) {
            guard !isOfOthers(act), goesOn(act.end, isEnding: true), isForUs(at, act) else { return nil }
            return act
        }
        guard next == at + 1 || word(next - 1) != "all" || word(at + 1) == "all",
            let act = contacts(next == at + 2 && word(at + 1) == "all" ? at + 1 : next, needsOwner: true)
        else { return endingAlone(at) }
        return goesOn(act.end, isEnding: true) && isForUs(at, act, mayBeOurs: true) ? act : nil
    }

    /// "I asked you to stop", "these calls have to stop".
    private func endingAlone(_ at: Int) -> Act? {
        guard isClauseEnd(at + 1) || OptOutWords.tails.contains(word(at + 1)) else { return nil }
        let before = words[..<at].suffix(6)
        if before.last == "to", before.contains(where: ["asked", "told", "asking", "telling", "tell"].contains),
            before.contains("you"), isGoverned(at - 1)
        {
            return Act(channels: OptOutWords.all, end: at + 1)
        }
        guard let noun = before.lastIndex(where: { ["calls", "calling", "texts", "emails", "messages"].contains($0) }),
            words[(noun + 1)..<at].allSatisfy(OptOutWords.musts.contains), noun + 1 < at,
            noun > 0, OptOutWords.ours.contains(word(noun - 1)) || word(noun - 1) == "phone"
        else { return nil }
        return Act(channels: OptOutWords.nouns[words[noun]] ?? OptOutWords.all, end: at + 1)
    }

    // MARK: - Something is not to happen

    /// "don't call me again", "I'd rather you didn't call", "I do not want any more calls".
    private func refusal(_ at: Int) -> Act? {
        switch words[at] {
        case "not", "never": break
        case "no":
            if word(at + 1) == "longer" { break }
            return noMore(at)
        case "nobody", "none": return nobody(at)
        default: return nil
        }
        var next = words[at] == "no" ? at + 2 : at + 1
        // "don't you ever dare to call", "never again try to call": what only adds weight.
        while OptOutWords.weights.contains(word(next)) { next += 1 }
        let saysTo = word(next) == "to"
        if saysTo { next += 1 }
        while OptOutWords.weights.contains(word(next)) { next += 1 }
        if let act = base(next) ?? (OptOutWords.goingOn.contains(word(next)) ? gerund(next + 1) : nil) {
            return isRefused(act, at, saysTo: saysTo) ? act : nil
        }
        if let act = passive(next) { return isPassiveRefused(act, at) ? act : nil }
        if let act = gerund(next), !isOfOthers(act), goesOn(act.end, isEnding: false) {
            let before = Array(words[clauseStart(at)..<at])
            return OptOutWords.gladly.matches(before) || ["mind", "about", "consider"].contains(before.last ?? "")
                || isWished(at) && before.last != "are" ? act : nil
        }
        return unwanted(at, next)
    }

    private func isRefused(_ act: Act, _ at: Int, saysTo: Bool) -> Bool {
        guard !isOfOthers(act), goesOn(act.end, isEnding: false) else { return false }
        let isForGood = words[at..<min(words.count, act.end + 3)].contains(where: OptOutWords.forGood.contains)
        let isPlain = act.isOfCaller || isForGood || isClauseEnd(act.end)
        guard isPlain else { return false }
        if saysTo { return isGoverned(at) }
        switch word(at - 1) {
        case "to": return isGoverned(at - 1)
        case "do": return isOrder(at - 1, act, isForGood)
        case "did", "would", "could", "can", "will", "should", "must", "may", "shall", "might", "does":
            return isModal(at - 1, act, isForGood)
        case "need": return isForGood && word(at - 2) == "you"
        default: return isForUs(at, act)
        }
    }

    /// "do not": an order, not "they do not call me", "if you don't call me", "why don't you call me".
    private func isOrder(_ at: Int, _ act: Act, _ isForGood: Bool) -> Bool {
        let before = before(at)
        // "don't hesitate", "don't have to", "don't need to": other verbs stand between and are no act.
        if before == "you" {
            return isWished(at) || (word(at + 2) == "have" && isForGood)
        }
        if before == "why" || before == "if" { return false }
        if word(at + 2) == "you", before == "why" { return false }
        return isForUs(at, act)
    }

    private func isModal(_ at: Int, _ act: Act, _ isForGood: Bool) -> Bool {
        let subject = word(at - 1)
        if words[at] == "did" || words[at] == "would" || words[at] == "does" {
            guard !OptOutWords.callers.contains(subject) else { return false }
            return isWished(at) && (subject == "you" || OptOutWords.ourPeople.contains(subject))
        }
        guard subject == "you" || OptOutWords.ourPeople.contains(subject) else { return false }
        let lead = word(at - 2)
        if ["if", "when", "since", "because", "why", "that"].contains(lead) { return isWished(at) }
        if words[at] == "could" || words[at] == "might" { return isWished(at) }
        return act.isOfCaller || isForGood
    }

    /// "not to be called", "should not be contacted again", "never want to be called": the one who is called is the caller.
    private func isPassiveRefused(_ act: Act, _ at: Int) -> Bool {
        guard goesOn(act.end, isEnding: false) else { return false }
        let clause = words[clauseStart(at)..<at]
        guard !clause.contains(where: OptOutWords.strangers.contains) else { return false }
        return clause.contains(where: OptOutWords.callers.contains) || clause.allSatisfy(OptOutWords.adverbs.contains)
            || isGoverned(at)
    }

    /// "I don't want you to call me", "we do not wish to be contacted", "never want to hear from you".
    private func unwanted(_ at: Int, _ begin: Int) -> Act? {
        var next = begin
        if word(next) == "be", OptOutWords.wishes.contains(word(next + 1)) { next += 1 }
        guard OptOutWords.wishes.contains(word(next)) else { return nil }
        let verb = word(next)
        next += 1
        if ["in", "with", "for", "about"].contains(word(next)) { next += 1 }
        guard isCallersOwn(at) else { return nil }
        var isOurs = false
        var person = next
        while OptOutWords.ourPeople.contains(word(person)) || (person > next && word(person) == "from") { person += 1 }
        if person > next { isOurs = true }
        next = person
        if word(next) == "to" { next += 1 }
        while OptOutWords.weights.contains(word(next)) || word(next) == "keep" { next += 1 }
        if !isOurs, ["get", "receive", "have", "take", "getting", "receiving", "having"].contains(word(next)) { next += 1 }
        let act =
            isOurs
            ? base(next) ?? gerund(next) ?? contacts(next, needsOwner: false)
            : passive(next) ?? hearing(next) ?? contacts(next, needsOwner: false) ?? listed(next)
        guard let act, !isOfOthers(act), goesOn(act.end, isEnding: false) else { return nil }
        // What somebody need not do may still be welcome.
        let forGood = words[at..<min(words.count, act.end + 3)].contains(where: OptOutWords.forGood.contains)
        if ["need", "expect", "have"].contains(verb), !forGood { return nil }
        return act
    }

    /// "no more calls", "no further contact".
    private func noMore(_ at: Int) -> Act? {
        if word(at + 1) == "one" { return nobody(at) }
        if word(at + 1) == "need" || word(at + 1) == "point" || word(at + 1) == "reason" {
            var next = at + 2
            while ["to", "in", "for", "you"].contains(word(next)) { next += 1 }
            guard let act = base(next) ?? gerund(next), !isOfOthers(act), goesOn(act.end, isEnding: false),
                words[next..<min(words.count, act.end + 2)].contains(where: OptOutWords.forGood.contains)
            else { return nil }
            return act
        }
        guard ["more", "further", "additional", "phone", "sales", "marketing", "calls", "texts", "emails"]
            .contains(word(at + 1)), let act = contacts(at + 1, needsOwner: false)
        else { return nil }
        let isWanted = OptOutWords.wishes.contains(before(at)) && isCallersOwn(at - 1)
        guard isClauseStart(at) || isWanted || ["want", "please"].contains(before(at)) else { return nil }
        return goesOn(act.end, isEnding: false) ? act : nil
    }

    /// "make sure nobody calls me again", "no one from your company should contact us".
    private func nobody(_ at: Int) -> Act? {
        var next = words[at] == "no" ? at + 2 : at + 1
        if words[at] == "none", word(next) != "of" { return nil }
        while next < words.count, next < at + 9, base(next) == nil, finite(next) == nil {
            guard !["who", "that", "is", "has", "i", "here"].contains(words[next]) else { return nil }
            next += 1
        }
        guard let act = base(next) ?? finite(next), act.isOfCaller, goesOn(act.end, isEnding: false) else { return nil }
        let said = words[at..<min(words.count, act.end + 3)]
        return said.contains(where: { OptOutWords.forGood.contains($0) || OptOutWords.musts.contains($0) })
            || isWished(at) ? act : nil
    }
}
