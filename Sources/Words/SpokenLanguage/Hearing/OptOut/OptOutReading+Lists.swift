/// Lists, numbers and permissions: "take me off your list", "lose my number", "unsubscribe", "I withdraw my consent".
extension OptOutReading {
    // MARK: - Off a list

    func removal(_ at: Int) -> Act? {
        if words[at] == "rid", word(at + 1) == "of", let end = own(at + 2), isClauseEndOrTail(end), isOrdered(at - 1) {
            return Act(channels: OptOutWords.all, end: end)
        }
        if OptOutWords.removed.contains(words[at]) || ["took", "lost", "forgot"].contains(words[at]) {
            // "I'd be obliged if you took me off your list".
            guard word(at - 1) == "you", isWished(at), let object = own(at + 1) else { return removed(at) }
            if word(object) == "off" || word(object) == "from" { return target(object, verb: at) }
            return isClauseEndOrTail(object) ? Act(channels: OptOutWords.all, end: object) : nil
        }
        if OptOutWords.putting.contains(words[at]) { return put(at) }
        guard OptOutWords.removing.contains(words[at]), isSaidByCaller(at) else { return nil }
        if let act = relative(at) { return act }
        guard let object = own(at + 1), isOrdered(at) else {
            if let act = swapped(at), isOrdered(at) { return act }
            return nil
        }
        if isReplaced(at, object) { return nil }
        let next = word(object)
        if next == "off" || next == "from" || next == "out" { return target(object, verb: at) }
        guard OptOutWords.losing.contains(words[at]), word(at + 1) != "me", word(at + 1) != "us" else {
            return ["remove", "unlist", "exclude", "block", "delete", "scrub", "strike"].contains(words[at])
                && (isClauseEndOrTail(object) || OptOutWords.afterRemoval.contains(next))
                ? Act(channels: OptOutWords.all, end: object) : nil
        }
        // An account is more than a number to call.
        if ["account", "status", "profile"].contains(word(object - 1))
            || words[at..<object].contains("old")
            || words[object...].prefix(8).contains(where: OptOutWords.replacing.contains)
        {
            return nil
        }
        let isAtOurs = ["on", "in", "from"].contains(next) && word(object + 1) == "your"
        return isClauseEndOrTail(object) || OptOutWords.afterRemoval.contains(next) || isAtOurs
            ? Act(channels: OptOutWords.all, end: object) : nil
    }

    /// "take my old address off and put the new one in"
    private func isReplaced(_ at: Int, _ object: Int) -> Bool {
        guard !["me", "us"].contains(word(object - 1)) else { return false }
        return words[at..<object].contains("old")
            || OptOutWords.newNumbers.matches(CodedWords(words[object...].prefix(10)))
    }

    /// "take him off your list", "remove my father's number from your system".
    private func relative(_ at: Int) -> Act? {
        var next = at + 1
        if ["my", "our"].contains(word(next)) { next += 1 }
        let isOne = ["him", "her", "them"].contains(word(next))
        guard
            isOne || ["his", "her", "their"].contains(word(next)) || OptOutWords.kin.contains(word(next))
                || word(next).hasSuffix("'s")
        else { return nil }
        next += 1
        if OptOutWords.entries.contains(word(next)) { next += 1 }
        guard ["off", "from", "out"].contains(word(next)),
            words[next...].prefix(4).contains(where: ["your", "this"].contains), isOrdered(at)
        else { return nil }
        return target(next, verb: at)
    }

    /// "take off my number", "strike out our name".
    private func swapped(_ at: Int) -> Act? {
        guard ["off", "out"].contains(word(at + 1)), let end = own(at + 2), isClauseEndOrTail(end),
            word(at + 2) != "me"
        else { return nil }
        return Act(channels: OptOutWords.all, end: end)
    }

    /// "I want to be removed", "how do I get taken off your list", "I'd like my number deleted", "I want off this list".
    private func removed(_ at: Int) -> Act? {
        var clause = CodedWords(words[clauseStart(at)..<at])
        // "who sold you my number, and I'd like it gone"
        if let and = clause.lastIndex(of: "and"), clause[and...].contains(where: ["i", "we"].contains),
            clause.contains("number")
        {
            clause = CodedWords(clause[and...] + ["number"])
        }
        let isOff = words[at] == "off" || words[at] == "out" && word(at + 1) == "of"
        if isOff {
            guard
                ["want", "get", "be", "me", "us", "number", "name", "myself", "stay", "keep", "leave"].contains(
                    before(at)),
                !OptOutWords.removing.contains(word(at - 2))
            else { return nil }
            guard let act = target(at, verb: at), act.end > at + 1, !["set", "day"].contains(word(at + 1)) else {
                return nil
            }
            // "we want to get off this system" is about another one.
            guard isOwnWish(clause), before(at) != "get" || ["list", "lists", "off"].contains(word(act.end - 1)) else {
                return nil
            }
            return act
        }
        guard isOwnWish(clause) else { return nil }
        if ["off", "from", "out"].contains(word(at + 1)) { return target(at + 1, verb: at) }
        if ["lost", "forgot"].contains(words[at]) { return nil }
        return isClauseEndOrTail(at + 1)
            && clause.contains { ["be", "number", "name", "details", "data"].contains($0) }
            ? Act(channels: OptOutWords.all, end: at + 1) : nil
    }

    /// Said by the caller, where somebody is said to say it.
    private func isSaidByCaller(_ at: Int) -> Bool {
        !OptOutWords.sayings.contains(before(at)) || words[clauseStart(at)..<at].contains { ["i", "we"].contains($0) }
    }

    private func isOwnWish(_ clause: CodedWords) -> Bool {
        let isOnBehalf = clause.contains("behalf")
        guard isOnBehalf || !hasStrangers(clause[...]), !OptOutWords.denials.matches(clause) else { return false }
        return clause.contains {
            OptOutWords.wishes.contains($0) || OptOutWords.requests.contains($0)
                || ["get", "can", "could", "may", "able", "possible", "have", "please", "keep", "should", "must"]
                    .contains($0)
        }
    }

    /// "off", "off your list", "from any and all records".
    private func target(_ at: Int, verb: Int) -> Act? {
        var next = at + 1
        if word(at) == "out", word(next) == "of" { next += 1 }
        if word(at) == "off", word(next) == "of" || word(next) == "from" { next += 1 }
        if isClauseEndOrTail(next) {
            let isNumber = word(at) == "out" && OptOutWords.entries.contains(word(at - 1))
            return word(at) == "off" || isNumber ? Act(channels: OptOutWords.all, end: at + 1) : nil
        }
        if word(at) == "from", let noun = contacts(next, needsOwner: false), isClauseEndOrTail(noun.end) { return noun }
        guard OptOutWords.listOwners.contains(word(next)) || OptOutWords.listKinds.contains(word(next)) else {
            return word(at) == "off" && ["and", "i", "or", "because", "before"].contains(word(next))
                ? Act(channels: OptOutWords.all, end: at + 1) : nil
        }
        guard let end = listEnd(next) else {
            // "block my number from your end"
            if word(next) == "your", OptOutWords.sides.contains(word(next + 1)), isClauseEndOrTail(next + 2) {
                return Act(channels: OptOutWords.all, end: next + 2)
            }
            return ["there", "it"].contains(word(next)) && isClauseEndOrTail(next + 1)
                ? Act(channels: OptOutWords.all, end: next + 1) : nil
        }
        return Act(channels: channels(words[next..<end]), end: end)
    }

    /// A list of one channel is left for that channel.
    private func channels(_ list: Slice<CodedWords>) -> Set<OptOut.Channel> {
        if list.contains(where: ["mailing", "email", "newsletter", "emailing"].contains) { return [.emails] }
        if list.contains(where: ["text", "texting", "sms"].contains) { return [.texts] }
        return OptOutWords.all
    }

    /// "me", "us", "my name and number", "this number": the end of it.
    private func own(_ at: Int) -> Int? {
        var next = at
        if word(next) == "all" { next += 1 }
        if word(next) == "of" { next += 1 }
        if ["me", "us", "myself"].contains(word(next)) { return next + 1 }
        if word(next) == "it", ["off", "from"].contains(word(next + 1)), word(next + 2) == "your" { return next + 1 }
        if word(next) == "it", word(next + 1) == "out", word(next + 2) == "of", word(next + 3) == "your" {
            return next + 1
        }
        if word(next) == "it", isClauseEndOrTail(next + 1), isEntrySpokenOf(at) { return next + 1 }
        guard ["my", "our", "this", "the"].contains(word(next)) else { return nil }
        let owner = word(next)
        next += 1
        while OptOutWords.lineKinds.contains(word(next)), OptOutWords.entries.contains(word(next + 1)) { next += 1 }
        // "remove the clinic from your campaign"
        if owner == "the", OptOutWords.houses.contains(word(next)), ["off", "from"].contains(word(next + 1)),
            word(next + 2) == "your"
        {
            return next + 1
        }
        guard OptOutWords.entries.contains(word(next)) else { return nil }
        // "the number" is mine only with what it is taken off.
        if owner == "the", !["off", "from"].contains(word(next + 1)) { return nil }
        next += 1
        while ["and", "or"].contains(word(next)) {
            let more = ["my", "our"].contains(word(next + 1)) ? next + 2 : next + 1
            guard OptOutWords.entries.contains(word(more)) else { break }
            next = more + 1
        }
        return next
    }

    /// "who gave you this number, wipe it please".
    private func isEntrySpokenOf(_ at: Int) -> Bool {
        let said = words[max(0, at - 16)..<at]
        guard let entry = said.lastIndex(where: { ["number", "details", "data", "info", "information"].contains($0) })
        else {
            return false
        }
        return words[max(0, entry - 3)..<entry].contains { ["my", "this", "our"].contains($0) }
    }

    private func isOrdered(_ at: Int) -> Bool {
        if before(at) == "not" || before(at) == "never" { return false }
        let act = Act(channels: [], end: at, isOfCaller: true)
        if before(at) == "to" {
            let asksYou = words[clauseStart(at)..<at].contains("you") || words[clauseStart(at)..<at].contains("your")
            if ["lose", "forget", "leave", "keep"].contains(words[at]), !asksYou { return false }
            return isGoverned(at - 1, act) || isPassedOnTo(at)
        }
        if ["i", "we", "did", "they", "you"].contains(before(at)) {
            return before(at) == "you" && isForUs(at, act) && words[clauseStart(at)..<at].last != "did"
        }
        return isForUs(at, act)
            && (isClauseStart(at) || !OptOutWords.denials.matches(CodedWords(words[clauseStart(at)..<at])))
    }

    /// "I'm calling to take my number off your list", "I need to delete my data".
    private func isPassedOnTo(_ at: Int) -> Bool {
        let clause = words[clauseStart(at)..<at]
        return isCallersOwn(at)
            && clause.contains {
                ["want", "like", "calling", "need", "wish", "how", "called", "able", "forget"].contains($0)
            }
            && !clause.contains { $0 == "not" || $0 == "never" }
    }

    // MARK: - On a list

    /// "put me on your do not call list", "mark this number as do not contact".
    private func put(_ at: Int) -> Act? {
        guard let object = own(at + 1) else { return nil }
        var next = object
        while ["down", "on", "onto", "to", "in", "into", "as", "under", "off"].contains(word(next)) { next += 1 }
        guard next > object, let end = doNotCall(next, within: 5),
            isOrdered(at) || before(at) == "to" && isPassedOnTo(at)
        else { return nil }
        return Act(channels: OptOutWords.all, end: end)
    }

    /// The end of "do not call (list)" that begins within so many words.
    private func doNotCall(_ begin: Int, within count: Int) -> Int? {
        for at in begin..<(begin + count) {
            guard let end = OptOutWords.doNotCall.end(in: words, from: at) else { continue }
            return OptOutWords.lists.contains(word(end)) ? end + 1 : end
        }
        return nil
    }

    // MARK: - Unsubscribing

    func unsubscribing(_ at: Int) -> Act? {
        guard let end = OptOutWords.optingOut.end(in: words, from: at) else { return nil }
        let clause = CodedWords(words[clauseStart(at)..<at])
        guard isSaidByCaller(at), !hasStrangers(clause[...]),
            !clause.contains(where: ["if", "when", "whether", "does"].contains),
            !OptOutWords.denials.matches(clause),
            !["an", "the", "our", "your", "a", "their", "not", "never"].contains(before(at))
        else { return nil }
        // "how does opt out work", "an unsubscribe link"
        var next = end
        while ["me", "us", "myself"].contains(word(next)) { next += 1 }
        guard word(next) == "of" || word(next) == "from" else {
            return isClauseEndOrTail(next) || ["and", "i", "right", "so", "now", "immediately"].contains(word(next))
                ? Act(channels: OptOutWords.all, end: next) : nil
        }
        if let noun = contacts(next + 1, needsOwner: false) { return noun }
        if let end = listEnd(next + 1) { return Act(channels: channels(words[next..<end]), end: end) }
        return ["all", "everything", "this", "being", "receiving", "getting", "any", "it"].contains(word(next + 1))
            ? Act(channels: OptOutWords.all, end: next + 2) : nil
    }

    // MARK: - Said in one way only

    func phrase(_ at: Int) -> Act? {
        guard let end = OptOutWords.fixed.end(in: words, from: at) else { return threat(at) }
        // "she's ninety, leave her alone": of her it was said before.
        let isOfKin = words[at..<end].contains { ["her", "him", "them"].contains($0) }
        let clause = CodedWords(words[(isOfKin ? partStart(at) : clauseStart(at))..<at])
        guard isSaidByCaller(at), !hasStrangers(clause[...]), !OptOutWords.denials.matches(clause), before(at) != "not",
            !(words[at] == "leave" && word(end) == "with")
        else { return nil }
        return Act(channels: OptOutWords.all, end: end)
    }

    /// "if you call me again I will report you".
    private func threat(_ at: Int) -> Act? {
        guard threatens else { return nil }
        if let act = base(at) ?? contacts(at, needsOwner: false), before(at).isEmpty || before(at) == "one",
            isThreat(at, act)
        {
            return act
        }
        guard ["if", "time"].contains(words[at]) else { return nil }
        var next = at + 1
        // "if this happens again I'll go to the FCC"
        if ["this", "it", "that"].contains(word(next)), ["happens", "continues", "persists"].contains(word(next + 1)),
            words[next...].prefix(14).contains(where: OptOutWords.authorities.contains)
        {
            return Act(channels: OptOutWords.all, end: next + 2)
        }
        if word(next) == "i", ["get", "receive", "have"].contains(word(next + 1)) { next += 2 }
        while ["you", "anyone", "anybody", "somebody", "one", "more", "of", "guys", "people", "ever"].contains(
            word(next))
        { next += 1 }
        guard let act = base(next) ?? finite(next) ?? contacts(next, needsOwner: false), !isOfOthers(act) else {
            return nil
        }
        guard isForGood(at, act) || words[at] == "time",
            words[act.end..<min(words.count, act.end + 14)].contains(where: OptOutWords.consequences.contains)
        else { return nil }
        return act
    }

    /// "call me again and I'll call the police", "one more call and I'll sue".
    private func isThreat(_ at: Int, _ act: Act) -> Bool {
        let isMore = words[at..<min(words.count, act.end + 3)].contains { ["again", "more", "another"].contains($0) }
        guard isMore, let and = (act.end..<(act.end + 5)).first(where: { ["and", "or"].contains(word($0)) }),
            ["i", "we", "you", "my"].contains(word(and + 1))
        else { return false }
        return words[and..<min(words.count, and + 12)].contains(where: OptOutWords.consequences.contains)
    }

    func isClauseEndOrTail(_ at: Int) -> Bool { isClauseEnd(at) || OptOutWords.tails.contains(word(at)) }
}
