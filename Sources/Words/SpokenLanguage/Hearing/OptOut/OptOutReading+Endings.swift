/// Something is to end: "stop calling me", "these calls have to stop", "I forbid you to call".
extension OptOutReading {
    /// "stop calling me", "quit with the texts", "would you mind stopping these calls".
    func ending(_ at: Int) -> Act? {
        guard OptOutWords.endings.contains(words[at]) else { return nil }
        var next = at + 1
        while ["it", "with", "from", "up", "of", "me"].contains(word(next)) { next += 1 }
        if var act = gerund(next) {
            if let end = kin(act.end) { (act.end, act.isOfCaller) = (end, true) }
            return !isOfOthers(act) && goesOn(act, isEnding: true) && isForUs(at, act) ? act : nil
        }
        let isAll = word(next) == "all" || word(next) == "any"
        if let act = contacts(next, needsOwner: !isAll, isPlural: true) {
            let act = object(act)
            return goesOn(act, isEnding: true) && isForUs(at, act, mayBeOurs: !isAll) ? act : nil
        }
        if let noun = contacts(next, needsOwner: false, isPlural: true) {
            let act = object(noun)
            if act.isOfCaller || isClauseEndOrTail(act.end), goesOn(act, isEnding: true), isForUs(at, act) {
                return act
            }
        }
        return endingAlone(at)
    }

    /// "my mother", "her": those for whom a caller speaks who tells us to stop.
    private func kin(_ at: Int) -> Int? {
        if ["her", "him"].contains(word(at)), isClauseEndOrTail(at + 1) { return at + 1 }
        guard ["my", "our"].contains(word(at)) else { return nil }
        let end = ["old", "elderly", "poor", "sick", "late", "dear"].contains(word(at + 1)) ? at + 2 : at + 1
        return OptOutWords.household.contains(word(end)) || ["staff", "employees"].contains(word(end)) ? end + 1 : nil
    }

    /// "I forbid you to call me", "I object to these calls".
    func forbidding(_ at: Int) -> Act? {
        guard OptOutWords.forbidding.contains(words[at]) else { return nil }
        var next = at + 1
        while OptOutWords.ourPeople.contains(word(next)) || ["to", "from", "that"].contains(word(next)) { next += 1 }
        let readings = [base(next), gerund(next), passive(next), contacts(next, needsOwner: true)]
        guard let act = readings.lazy.compactMap({ $0 }).first(where: { !isOfOthers($0) && goesOn($0, isEnding: true) })
        else { return nil }
        let isOurs = words[clauseStart(at)..<next].contains("you") || OptOutWords.ours.contains(word(next))
        let isMeant =
            isCallersOwn(at) && words[clauseStart(at)..<at].contains { ["i", "we", "hereby"].contains($0) }
            || word(at - 2) == "you"
        return isMeant && !isDenied(at) && (isOurs || passive(next) != nil) ? act : nil
    }

    /// "I asked you to stop", "these calls have to stop", "your emails are too many, stop them".
    private func endingAlone(_ at: Int) -> Act? {
        let isAnaphoric = ["them", "it", "those", "that"].contains(word(at + 1)) && isClauseEndOrTail(at + 2)
        guard isAnaphoric || isClauseEndOrTail(at + 1) else { return nil }
        if let noun = subject(at, isAnaphoric) {
            return Act(channels: OptOutWords.nouns[words[noun]] ?? OptOutWords.all, end: at + 1)
        }
        if isAfterCalls(at) { return Act(channels: OptOutWords.all, end: at + 1) }
        let before = words[max(0, at - 9)..<at]
        guard !isAnaphoric, before.last == "to", before.contains("you"),
            before.contains(where: OptOutWords.told.contains)
        else { return nil }
        let act = Act(channels: OptOutWords.all, end: at + 1)
        return isGoverned(at - 1, act) ? act : nil
    }

    /// The calls or messages that are to stop, where they are said to be ours.
    private func subject(_ at: Int, _ isAnaphoric: Bool) -> Int? {
        let start = max(0, at - 9)
        guard let noun = words[start..<at].lastIndex(where: OptOutWords.annoyances.contains) else { return nil }
        let between = words[(noun + 1)..<at]
        let isHere = between.contains { ["me", "us", "my", "this"].contains($0) }
        let owner = word(noun - 1)
        let isOurs = OptOutWords.ours.contains(owner) || ["the", "phone", "sales"].contains(owner)
        if isAnaphoric {
            return isOurs && !words[start..<at].contains(where: ["get", "getting", "receive", "we", "from"].contains)
                ? noun : nil
        }
        guard isOurs || isHere else { return nil }
        if between.isEmpty { return ["make", "get", "have"].contains(word(noun - 2)) ? noun : nil }
        let isMust = between.allSatisfy {
            OptOutWords.musts.contains($0) || isHere && OptOutWords.lineParts.contains($0)
        }
        return isMust ? noun : nil
    }

    /// "you keep calling me, please stop", "you call every day and this has to stop".
    private func isAfterCalls(_ at: Int) -> Bool {
        let said = words[max(0, at - 14)..<at]
        guard let you = said.firstIndex(of: "you"),
            said[you...].contains(where: {
                OptOutWords.gerunds[$0] != nil || ["call", "called", "calls", "text", "email"].contains($0)
            }),
            !hasStrangers(said[you...].filter { $0 != "it" }[...])
        else { return false }
        let hasContact =
            said[you...].contains { ["me", "us"].contains($0) }
            || said[you...].contains { ["keep", "kept", "constantly", "every"].contains($0) }
        let isOrder = isClauseStart(at) || word(at - 1) == "please" || word(at - 1) == "so" || word(at - 1) == "and"
        let isMust =
            OptOutWords.musts.contains(word(at - 1))
            && words[..<at].suffix(5).contains { ["it", "this", "that"].contains($0) }
        return hasContact && (isOrder || isMust)
    }
}
