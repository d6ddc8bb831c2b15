/// What is refused without an order: nobody wants it, has a right to it, gets it.
extension OptOutReading {
    /// "I don't want you to call me", "we do not wish to be contacted", "never want to hear from you".
    func unwanted(_ at: Int, _ begin: Int) -> Act? {
        var next = begin
        if word(next) == "be", OptOutWords.wishes.contains(word(next + 1)) { next += 1 }
        let isWelcome = ["welcome", "appreciate", "enjoy"].contains(word(next))
        guard OptOutWords.wishes.contains(word(next)) || isWelcome else { return nil }
        if isWelcome {
            guard isCallersOwn(at), let act = contacts(next + 1, needsOwner: true) else { return nil }
            return goesOn(act, isEnding: false) ? act : nil
        }
        let verb = word(next)
        next += 1
        if ["in", "with", "for", "about"].contains(word(next)) { next += 1 }
        var person = next
        while OptOutWords.ourPeople.contains(word(person)) || (person > next && word(person) == "from") { person += 1 }
        let isOurs = words[next..<min(person, words.count)].contains(where: OptOutWords.us.contains)
        guard
            isCallersOwn(at)
                || isHouseholds(at) && (isOurs || isForGood(at, Act(channels: [], end: min(words.count, person + 4))))
                || isRelatives(at)
                    && words[next..<min(words.count, next + 5)].contains(where: ["you", "your"].contains)
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
    func unreceived(_ at: Int, _ begin: Int) -> Act? {
        let next = word(begin) == "be" ? begin + 1 : begin
        guard let act = received(next) ?? hearing(next), goesOn(act, isEnding: false), isCallersOwn(at) else {
            return nil
        }
        let isTaking = ["accept", "take", "taking", "accepting", "answer", "answering"].contains(word(next))
        let said = words[next..<min(words.count, act.end + 2)]
        let isRefusing =
            isTaking
            && (["will", "cannot"].contains(word(at - 1))
                || said.contains(where: ["your", "these", "such"].contains)
                || said.suffix(2).elementsEqual(["from", "you"])
                || ["do", "does"].contains(word(at - 1)) && said.contains(where: OptOutWords.pitchKinds.contains))
        let isMeant =
            isRefusing || ["rather", "prefer", "should", "must", "better", "to", "please"].contains(word(at - 1))
            || isWished(at)
        return isMeant ? act : nil
    }

    /// "no more calls", "no further contact".
    func noMore(_ at: Int) -> Act? {
        if word(at + 1) == "one" { return nobody(at) }
        if ["need", "point", "reason", "use", "sense"].contains(word(at + 1)) {
            var next = at + 2
            while ["to", "in", "for", "you"].contains(word(next)) { next += 1 }
            guard let act = base(next) ?? gerund(next), !isOfOthers(act), goesOn(act, isEnding: false),
                isForGood(next, act), !hasAlternative(act.end),
                !words[act.end...].prefix(8).contains(where: OptOutWords.sealing.contains)
            else {
                return nil
            }
            return act
        }
        if OptOutWords.rights.contains(word(at + 1)) { return noRight(at) }
        if OptOutWords.desires.contains(word(at + 1)) { return noDesire(at) }
        // "no call me no more"
        if !isClauseStart(at + 1), let act = base(at + 1), act.isOfCaller,
            word(act.end) == "anymore" || word(act.end) == "no" && word(act.end + 1) == "more"
        {
            return act
        }
        if !isClauseStart(at + 1), let act = gerund(at + 1), isClauseEndOrTail(act.end),
            act.isOfCaller || before(at).isEmpty
        {
            return act
        }
        guard let noun = contacts(at + 1, needsOwner: false), word(at + 1) != "no" else { return nil }
        let act = object(noun)
        let before = before(at)
        let isWanted =
            (OptOutWords.wishes.contains(before) || ["want", "accept", "take"].contains(before)) && isCallersOwn(at - 1)
        guard
            before.isEmpty || isWanted || OptOutWords.nouns[before] != nil
                || ["bye", "interested", "please", "but"].contains(before)
                || OptOutWords.sayings.contains(before) && isCallersOwn(at - 1) && !before.hasSuffix("s")
        else { return nil }
        guard
            isWanted || OptOutWords.mores.contains(word(at + 1)) || OptOutWords.callKinds.contains(word(at + 1))
                || isClauseEndOrTail(act.end)
                || ["and", "no", "of", "from"].contains(word(act.end))
        else { return nil }
        return goesOn(act, isEnding: false) ? act : nil
    }

    /// "you have no right calling me", "you've got no business to call here".
    func noRight(_ at: Int) -> Act? {
        guard words[clauseStart(at)..<at].contains("you") else { return nil }
        var next = at + 2
        while ["or", "and", "to", "in", "for", "be", "whatsoever"].contains(word(next))
            || OptOutWords.rights.contains(word(next))
        {
            next += 1
        }
        guard let act = base(next) ?? gerund(next), !isOfOthers(act), goesOn(act, isEnding: true) else { return nil }
        return act
    }

    /// "I've no wish to hear from you", "we have no interest in being called".
    func noDesire(_ at: Int) -> Act? {
        guard isCallersOwn(at) else { return nil }
        var next = at + 2
        while ["to", "in", "of", "for", "ever", "whatsoever", "or"].contains(word(next))
            || OptOutWords.desires.contains(word(next))
        { next += 1 }
        let readings = [hearing(next), passive(next), received(next), speaking(next), contacts(next, needsOwner: true)]
        return readings.lazy.compactMap { $0 }.first { !isOfOthers($0) && goesOn($0, isEnding: false) }
    }

    /// "I'd be happier without these calls", "we can do without your emails".
    func without(_ at: Int) -> Act? {
        guard words[at] == "without", isCallersOwn(at),
            let act = contacts(at + 1, needsOwner: true), goesOn(act, isEnding: false)
        else { return nil }
        let clause = words[clauseStart(at)..<at]
        return isWished(at)
            || ["do", "live"].contains(word(at - 1)) && clause.contains { ["can", "could"].contains($0) }
            ? act : nil
    }

    /// "make sure nobody calls me again", "no one from your company should contact us".
    func nobody(_ at: Int) -> Act? {
        var next = words[at] == "no" ? at + 2 : at + 1
        if words[at] == "none", word(next) != "of" { return nil }
        while next < words.count, next < at + 9, base(next) == nil, finite(next) == nil,
            !["wants", "want", "needs", "need", "wishes", "wish", "cares"].contains(words[next])
        {
            guard !["who", "that", "is", "has", "i", "here"].contains(words[next]) else { return nil }
            next += 1
        }
        if ["wants", "want", "needs", "need", "wishes", "wish", "cares"].contains(word(next)) {
            let after = word(next + 1) == "to" ? next + 2 : next + 1
            return contacts(after, needsOwner: true) ?? hearing(after) ?? speaking(after)
        }
        guard let act = base(next) ?? finite(next), act.isOfCaller, goesOn(act, isEnding: false) else { return nil }
        return words[at..<next].contains(where: { ["should", "must", "shall", "may"].contains($0) }) || isWished(at)
            ? act : nil
    }
}
