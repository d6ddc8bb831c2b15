/// Something is to end: "stop calling me", "these calls have to stop", "I forbid you to call".
extension OptOutReading {
    /// "stop calling me", "quit with the texts", "would you mind stopping these calls".
    func ending(_ at: Int) -> Act? {
        guard let close = OptOutWords.givingUp.end(in: words, from: at) ?? (isEnding(at) ? at + 1 : nil) else {
            return nil
        }
        var next = close
        while ["it", "with", "from", "up", "of", "me"].contains(word(next)) { next += 1 }
        if let act = gerund(next) {
            guard !isOfOthers(act), goesOn(act, isEnding: true), !isElsewhere(act.end) else { return nil }
            return isForUs(at, act) || isRelieving(at, next) ? act : nil
        }
        // "stop call me": as recognisers hear it.
        if !isClauseStart(next), let act = base(next), act.isOfCaller, isClauseEndOrTail(act.end),
            word(act.end - 1) != "back",
            isForUs(at, act)
        {
            return act
        }
        let isAll = word(next) == "all" || word(next) == "any"
        if let act = contacts(next, needsOwner: !isAll, isPlural: true) {
            let act = object(act)
            if words[at] == "cancel", act.channels.contains(.calls) { return nil }
            return goesOn(act, isEnding: true) && isForUs(at, act, mayBeOurs: !isAll) ? act : nil
        }
        if let noun = contacts(next, needsOwner: false, isPlural: true) {
            let act = object(noun)
            if words[at] == "cancel", act.channels.contains(.calls) { return nil }
            if act.isOfCaller || isClauseEndOrTail(act.end), goesOn(act, isEnding: true), isForUs(at, act) {
                return act
            }
        }
        return endingAlone(at, close)
    }

    func isEnding(_ at: Int) -> Bool { OptOutWords.endings.contains(words[at]) }

    /// "how can I stop getting these calls": the end that the caller wants to what comes from us.
    private func isRelieving(_ at: Int, _ gerund: Int) -> Bool {
        guard ["getting", "receiving"].contains(word(gerund)), contacts(gerund + 1, needsOwner: true) != nil,
            isCallersOwn(at)
        else { return false }
        return words[clauseStart(at)..<at].contains {
            ["how", "can", "could", "way", "want", "like", "need", "love", "wish"].contains($0)
        }
    }

    /// "stop calling my work number and use my cell".
    private func isElsewhere(_ end: Int) -> Bool {
        var at = end
        while ["and", "please", "just", "instead", "you", "can"].contains(word(at)) { at += 1 }
        return ["call", "ring", "phone", "try", "use", "dial"].contains(word(at))
            && ["my", "the", "our", "me"].contains(word(at + 1))
            && words[(at + 1)...].prefix(5).contains {
                [
                    "cell", "mobile", "cellphone", "number", "line", "phone", "landline", "extension", "after",
                    "before", "at", "on",
                ]
                .contains($0)
            }
    }

    /// "I forbid you to call me", "I object to these calls".
    func forbidding(_ at: Int) -> Act? {
        guard OptOutWords.forbidding.contains(words[at]) else { return nil }
        var next = at + 1
        while OptOutWords.ourPeople.contains(word(next)) || ["to", "from", "that"].contains(word(next)) { next += 1 }
        let isObjection = words[at].hasPrefix("object")
        let readings = [base(next), gerund(next), passive(next), contacts(next, needsOwner: !isObjection)]
        guard let act = readings.lazy.compactMap({ $0 }).first(where: { !isOfOthers($0) && goesOn($0, isEnding: true) })
        else { return nil }
        let isOurs = words[clauseStart(at)..<next].contains("you") || OptOutWords.ours.contains(word(next))
        let isMeant =
            isCallersOwn(at)
            && words[clauseStart(at)..<at].contains { ["i", "we", "hereby", "my", "our"].contains($0) }
            || word(at - 2) == "you"
        return isMeant && !isDenied(at) && before(at) != "no" && (isOurs || isObjection || passive(next) != nil)
            ? act : nil
    }

    /// "I asked you to stop", "these calls have to stop", "your emails are too many, stop them".
    private func endingAlone(_ at: Int, _ close: Int) -> Act? {
        let isAnaphoric = ["them", "it", "those", "that"].contains(word(close)) && isAlone(close + 1)
        guard isAnaphoric || isAlone(close) else { return nil }
        let isMade =
            ["them", "it", "this"].contains(word(at - 1)) && ["make", "making", "have"].contains(word(at - 2))
        if let noun = subject(at, isAnaphoric, isMade) {
            return Act(channels: OptOutWords.nouns[words[noun]] ?? OptOutWords.all, end: close)
        }
        if isAfterCalls(at) || isBeforeCalls(at, close) { return Act(channels: OptOutWords.all, end: close) }
        let before = words[max(0, at - 9)..<at]
        guard !isAnaphoric, before.last == "to", before.contains("you"),
            before.contains(where: OptOutWords.told.contains)
        else { return nil }
        let act = Act(channels: OptOutWords.all, end: at + 1)
        return isGoverned(at - 1, act) ? act : nil
    }

    /// Nothing follows, or how soon it is to be.
    private func isAlone(_ at: Int) -> Bool {
        isClauseEndOrTail(at)
            || ["today", "now"].contains(word(at)) && isClauseEndOrTail(at + 1)
            || ["right", "at", "for"].contains(word(at))
                && ["now", "away", "once", "good", "ever"].contains(word(at + 1))
    }

    /// "this needs to stop, you call every day".
    private func isBeforeCalls(_ at: Int, _ close: Int) -> Bool {
        guard OptOutWords.musts.contains(word(at - 1)),
            words[..<at].suffix(5).contains(where: { ["it", "this", "that"].contains($0) })
        else { return false }
        let said = words[close...].prefix(10)
        return said.contains("you") && !hasStrangers(said)
            && said.contains { OptOutWords.gerunds[$0] != nil || ["call", "ring", "called", "rang"].contains($0) }
            && said.contains { ["me", "us", "keep", "every", "constantly", "times", "daily"].contains($0) }
    }

    /// The calls or messages that are to stop, where they are said to be ours.
    private func subject(_ at: Int, _ isAnaphoric: Bool, _ isMade: Bool) -> Int? {
        let start = max(0, at - 9)
        guard let noun = words[start..<at].lastIndex(where: OptOutWords.annoyances.contains) else { return nil }
        let between = words[(noun + 1)..<at]
        let isHere = between.contains { ["me", "us", "my", "this"].contains($0) }
        let owner = word(noun - 1)
        let isOurs = OptOutWords.ours.contains(owner) || ["the", "phone", "sales"].contains(owner)
        // "I'm done with these calls, make them stop"
        if isMade { return ["your", "these", "those", "this"].contains(owner) ? noun : nil }
        if isAnaphoric {
            return isOurs && !words[start..<at].contains(where: ["get", "getting", "receive", "we", "from"].contains)
                ? noun : nil
        }
        guard isOurs || isHere else { return nil }
        if between.isEmpty {
            // "make these calls stop", "I'd appreciate it if the calls stopped"
            return ["make", "get", "have"].contains(word(noun - 2)) || isWished(noun)
                || OptOutWords.ours.contains(owner) && ["that", "so", "until"].contains(word(noun - 2)) ? noun : nil
        }
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
                OptOutWords.gerunds[$0] != nil
                    || ["call", "called", "calls", "text", "email", "ring", "rang", "rung", "phone", "phoned"].contains(
                        $0)
            }),
            !hasStrangers(said[you...])
        else { return false }
        let hasContact =
            said[you...].contains { ["me", "us"].contains($0) }
            || said[you...].contains {
                ["keep", "kept", "constantly", "every", "times", "sick", "people"].contains($0)
            }
        let isOrder = isClauseStart(at) || word(at - 1) == "please" || word(at - 1) == "so" || word(at - 1) == "and"
        let isMust =
            OptOutWords.musts.contains(word(at - 1))
            && words[..<at].suffix(5).contains { ["it", "this", "that"].contains($0) }
        return hasContact && (isOrder || isMust)
    }
}
