/// The parts of a wish: acts, whom they are done to, and what limits them.
extension OptOutReading {
    func word(_ at: Int) -> String { words.indices.contains(at) ? words[at] : "" }

    /// The word before, adverbs left out; empty at the start of a clause.
    func before(_ at: Int) -> String {
        var at = at
        while !isClauseStart(at), OptOutWords.adverbs.contains(word(at - 1)) { at -= 1 }
        return isClauseStart(at) ? "" : word(at - 1)
    }

    func isClauseEnd(_ at: Int) -> Bool { at >= words.count || isClauseStart(at) }

    func sentenceStart(_ at: Int) -> Int {
        var start = min(at, words.count - 1)
        while start > 0, !startsSentence(start) { start -= 1 }
        return start
    }

    /// Where the clause of a word begins: its sentence, at most twelve words back.
    func clauseStart(_ at: Int) -> Int { max(sentenceStart(at), at - 12) }

    // MARK: - Acts

    /// "call me", "phone or text us", "send me any more emails".
    func base(_ at: Int) -> Act? { act(at, OptOutWords.verbs, sending: ["send", "leave"]) }

    /// "calling me", "texting and emailing us", "sending me messages".
    func gerund(_ at: Int) -> Act? {
        if ["getting", "receiving"].contains(word(at)) { return contacts(at + 1, needsOwner: false) }
        return act(at, OptOutWords.gerunds, sending: ["sending", "leaving"])
    }

    /// "calls me": said of nobody.
    func finite(_ at: Int) -> Act? { act(at, OptOutWords.finites, sending: ["sends", "leaves"]) }

    private func act(_ begin: Int, _ verbs: WordTable<Set<OptOut.Channel>>, sending: WordSet) -> Act? {
        var at = begin
        while OptOutWords.weights.contains(word(at)) || word(at) == "cold" {
            // "don't bother me": here it is the act itself.
            if word(at) == "bother", verbs[word(at + 1)] == nil { break }
            if ["try", "trying"].contains(word(at)), ["me", "us"].contains(word(at + 1)) { break }
            at += 1
        }
        if sending.contains(word(at)) { return sent(at + 1) }
        if word(at) == "use" || word(at) == "using", let end = ownNumber(at + 1) ?? lineSpokenOf(at + 1) {
            return Act(channels: OptOutWords.all, end: end, isOfCaller: true)
        }
        if ["get", "getting"].contains(word(at)), word(at + 1) == "in", ["touch", "contact"].contains(word(at + 2)) {
            return object(Act(channels: OptOutWords.all, end: at + 3))
        }
        if ["reach", "reaching"].contains(word(at)), word(at + 1) == "out" {
            return object(Act(channels: OptOutWords.all, end: at + 2))
        }
        if ["follow", "following"].contains(word(at)), word(at + 1) == "up" {
            return object(Act(channels: OptOutWords.all, end: at + 2))
        }
        if ["give", "giving"].contains(word(at)) { return sent(at + 1).flatMap { $0.isOfCaller ? $0 : nil } }
        if ["make", "making"].contains(word(at)), let noun = contacts(at + 1, needsOwner: false) {
            let act = object(noun)
            return act.isOfCaller ? act : nil
        }
        if ["try", "trying"].contains(word(at)) {
            let act = object(Act(channels: OptOutWords.all, end: at + 1))
            return act.isOfCaller && isForGood(at, act) ? act : nil
        }
        // "blowing up my phone", "fill my inbox"
        if OptOutWords.floods.contains(word(at)), let end = ownNumber(word(at + 1) == "up" ? at + 2 : at + 1) {
            let isInbox = ["inbox", "email"].contains(word(end - 1))
            return Act(channels: isInbox ? [.emails] : OptOutWords.all, end: end, isOfCaller: true)
        }
        guard var channels = verbs[word(at)] else { return nil }
        at += 1
        while ["and", "or", "nor"].contains(word(at)), let more = verbs[word(at + 1)] {
            channels.formUnion(more)
            at += 2
        }
        return object(Act(channels: channels, end: at))
    }

    /// "(send) me any more texts": what is sent says the channel.
    private func sent(_ begin: Int) -> Act? {
        var act = object(Act(channels: [], end: begin))
        guard let noun = contacts(act.end, needsOwner: false, mayBeAnything: act.isOfCaller) else { return nil }
        act.channels = noun.channels
        act.end = noun.end
        return act.isOfCaller ? act : object(act)
    }

    /// Takes "me", "us", "this number", "to my phone" behind an act.
    func object(_ act: Act) -> Act {
        var act = act
        var at = act.end
        while ["up", "out", "back", "to", "at", "on", "in", "with"].contains(word(at)) { at += 1 }
        if ["me", "us", "myself"].contains(word(at)) {
            act.end = at + 1
            act.isOfCaller = true
        } else if word(at) == "here", at == act.end {
            act.end = at + 1
            act.isOfCaller = true
        } else if let end = ownNumber(at) ?? housesLine(at) ?? lineSpokenOf(at) {
            if ["inbox", "email"].contains(word(end - 1)) { act.channels = [.emails] }
            act.end = end
            act.isOfCaller = true
        }
        if !act.isOfCaller, let end = kin(at) {
            act.end = end
            (act.isOfCaller, act.isOfKin) = (true, true)
        }
        if act.isOfCaller, word(act.end) == "back" || word(act.end) == "up" { act.end += 1 }
        return act
    }

    /// "this number", "my phone", "our office line": the end of it.
    func ownNumber(_ at: Int) -> Int? {
        guard ["this", "my", "our"].contains(word(at)) else { return nil }
        var end = at + 1
        while OptOutWords.lineKinds.contains(word(end)), OptOutWords.lines.contains(word(end + 1)) { end += 1 }
        guard OptOutWords.lines.contains(word(end)) else { return nil }
        return end + 1
    }

    /// "my mother", "our staff", "her", "his phone": those for whom a caller speaks who tells us to stop.
    func kin(_ at: Int) -> Int? {
        if ["her", "him"].contains(word(at)), isClauseEndOrTail(at + 1) { return at + 1 }
        if ["his", "her", "their"].contains(word(at)), OptOutWords.lines.contains(word(at + 1)) { return at + 2 }
        guard ["my", "our"].contains(word(at)) else { return nil }
        let end = ["old", "elderly", "poor", "sick", "late", "dear"].contains(word(at + 1)) ? at + 2 : at + 1
        return OptOutWords.household.contains(word(end)) || ["staff", "employees", "workers"].contains(word(end))
            ? end + 1 : nil
    }

    /// "stop ringing the house": the one that the caller lives or works in.
    private func housesLine(_ at: Int) -> Int? {
        guard word(at) == "the", OptOutWords.houses.contains(word(at + 1)), isClauseEndOrTail(at + 2) else {
            return nil
        }
        return at + 2
    }

    /// "this is a hospital line, you can't keep calling it".
    private func lineSpokenOf(_ at: Int) -> Int? {
        guard word(at) == "it", isClauseEndOrTail(at + 1) || OptOutWords.forGood.contains(word(at + 1)) else {
            return nil
        }
        let said = words[max(0, at - 14)..<at]
        guard let line = said.lastIndex(where: { ["line", "number", "phone", "cell", "cellphone"].contains($0) }) else {
            return nil
        }
        return words[max(0, line - 5)..<line].contains { ["this", "my", "our"].contains($0) } ? at + 1 : nil
    }

    /// "be called", "being contacted", "get texted".
    func passive(_ begin: Int) -> Act? {
        var at = begin
        guard ["be", "being", "get", "getting"].contains(word(at)) else { return nil }
        at += 1
        while OptOutWords.weights.contains(word(at)) { at += 1 }
        guard var channels = OptOutWords.participles[word(at)] else { return nil }
        at += 1
        while ["and", "or"].contains(word(at)), let more = OptOutWords.participles[word(at + 1)] {
            channels.formUnion(more)
            at += 2
        }
        if word(at) == "back" { at += 1 }
        return Act(channels: channels, end: at, isOfCaller: true)
    }

    /// "get these calls", "receiving any more texts".
    func received(_ at: Int) -> Act? {
        guard
            [
                "get", "receive", "have", "take", "answer", "answering", "getting", "receiving", "having", "taking",
                "accepting", "see",
                "accept",
            ].contains(word(at))
        else { return nil }
        return passive(at) ?? contacts(at + 1, needsOwner: false)
    }

    /// "hear from you".
    func hearing(_ begin: Int) -> Act? {
        var at = begin
        while OptOutWords.weights.contains(word(at)) { at += 1 }
        guard ["hear", "hearing", "heard"].contains(word(at)), word(at + 1) == "from",
            OptOutWords.ourPeople.contains(word(at + 2)) || ["this", "any"].contains(word(at + 2))
        else { return nil }
        var end = at + 2
        while OptOutWords.ourPeople.contains(word(end)) || ["this", "any", "of"].contains(word(end)) { end += 1 }
        return Act(channels: OptOutWords.all, end: end, isOfCaller: true)
    }

    /// "speak to you people", "deal with you".
    func speaking(_ at: Int) -> Act? {
        guard ["speak", "speaking", "talk", "talking", "deal", "dealing"].contains(word(at)),
            ["to", "with"].contains(word(at + 1)), OptOutWords.us.contains(word(at + 2))
        else { return nil }
        return Act(channels: OptOutWords.all, end: at + 3, isOfCaller: true)
    }

    /// "on your list", "in your database".
    func listed(_ at: Int) -> Act? {
        var next = word(at) == "be" ? at + 1 : at
        guard ["on", "in"].contains(word(next)) else { return nil }
        next += 1
        guard ["your", "this", "any", "these", "anyone's", "anybody's"].contains(word(next)) else { return nil }
        guard let end = listEnd(next + 1) else { return nil }
        return Act(channels: OptOutWords.all, end: end, isOfCaller: true)
    }

    /// "these calls", "any more texts and emails", "your marketing messages".
    ///
    /// - Parameters:
    ///   - needsOwner: they must be said to be ours: "these", "your", "all the".
    ///   - mayBeAnything: "stuff" and "offers" too, which come in writing.
    ///   - isPlural: not the one call that is on.
    func contacts(_ begin: Int, needsOwner: Bool, mayBeAnything: Bool = false, isPlural: Bool = false) -> Act? {
        var at = begin
        var hasOwner = false
        while OptOutWords.quantities.contains(word(at)) || OptOutWords.ours.contains(word(at))
            || word(at) == "them" && OptOutWords.nouns[word(at + 1)] != nil
        {
            hasOwner = hasOwner || OptOutWords.ours.contains(word(at)) || word(at) == "them"
            at += 1
        }
        guard hasOwner || !needsOwner else { return nil }
        while OptOutWords.callKinds.contains(word(at)), at < begin + 8 {
            if OptOutWords.plagues.contains(word(at)), !hasOwner, OptOutWords.nouns[word(at + 1)] != nil { return nil }
            at += 1
        }
        // "text messages", and "text" that is the noun itself.
        if ["text", "email", "sms", "phone"].contains(word(at)), OptOutWords.nouns[word(at + 1)] != nil {
            let kind = OptOutWords.nouns[word(at) + "s"] ?? OptOutWords.nouns[word(at)]
            return noun(at + 1, kind)
        }
        if isPlural, ["call", "email", "text", "message"].contains(word(at)) { return nil }
        if let channels = OptOutWords.nouns[word(at)] { return noun(at, channels) }
        guard mayBeAnything, OptOutWords.stuff.contains(word(at)) else { return nil }
        return Act(channels: [.texts, .emails], end: at + 1)
    }

    private func noun(_ begin: Int, _ channels: Set<OptOut.Channel>?) -> Act? {
        var act = Act(channels: channels ?? OptOutWords.all, end: begin + 1)
        while ["and", "or"].contains(word(act.end)) {
            var next = act.end + 1
            while OptOutWords.callKinds.contains(word(next)) || word(next) == "text" { next += 1 }
            guard let more = OptOutWords.nouns[word(next)] else { break }
            act.channels.formUnion(more)
            act.end = next + 1
        }
        return act
    }

    // MARK: - Whose, and for how long

    /// "stop calling my customers", "them", "people": what is done to others.
    func isOfOthers(_ act: Act) -> Bool {
        // "the calls we get": of whomever.
        if ["i", "we"].contains(word(act.end)), ["get", "getting", "keep", "receive"].contains(word(act.end + 1)),
            !act.isOfCaller
        {
            return true
        }
        guard !act.isOfCaller else { return false }
        let next = word(act.end)
        if next == "to", OptOutWords.objects.contains(word(act.end + 1)) { return true }
        return OptOutWords.objects.contains(next) && !isClauseEnd(act.end)
    }

    /// Whether what follows an act sets it no limit and gives it no other meaning: "again", "about this", a new clause.
    func goesOn(_ act: Act, isEnding: Bool) -> Bool {
        var at = act.end
        while !isClauseEnd(at), OptOutWords.tails.contains(words[at]) { at += 1 }
        guard at < words.count else { return true }
        let next = words[at]
        let after = word(at + 1)
        // "stop mailing me offers"
        if !act.channels.contains(.calls), OptOutWords.stuff.contains(next), isClauseEndOrTail(at + 1) { return true }
        if isClauseStart(at) {
            return !["before", "until", "till", "unless", "except"].contains(next)
                && !(next == "but" && ["tomorrow", "later", "only"].contains(after))
        }
        switch next {
        case "at":
            return ["this", "all", "any"].contains(after) && !isTime(at + 1)
                || isEnding && after == "my" && OptOutWords.lines.contains(word(at + 2)) && word(at + 2) != "office"
        case "by":
            return OptOutWords.us.contains(after)
                || act.isOfCaller && words[(at + 1)...].prefix(3).contains(where: OptOutWords.machines.contains)
        case "of": return ["any", "yours", "this"].contains(after)
        case "off": return isEnding && after == "the"
        case "on": return ["this", "that"].contains(after) && !isTime(at + 1)
        case "for":
            return
                (OptOutWords.anyReasons.contains(after)
                || ["him", "her", "them"].contains(after) && (isEnding || isForGood(at, act)))
                && !isTime(at + 1)
        case "in": return ["any", "future"].contains(after) || after == "the" && word(at + 2) == "future"
        case "this", "these": return !isTime(at)
        case "now", "today": return isEnding
        case "right": return isEnding && after == "now"
        case "the", "my", "our", "his", "her", "a":
            // "stop calling me the phones are a mess", and not "the boss".
            return words[(at + 1)...].prefix(4).contains {
                ["is", "are", "was", "were", "has", "have", "do", "does", "will", "keeps"].contains($0)
            }
        case "every", "each", "all", "constantly", "over": return isEnding
        case "if": return after == "possible" || after == "you" && ["please", "can", "could"].contains(word(at + 2))
        case "under": return ["any", "no"].contains(after)
        case "with":
            return OptOutWords.ours.contains(after)
                || ["any", "more", "offers", "sales", "such", "all", "the", "this"].contains(after)
        case "from":
            return act.isOfCaller || OptOutWords.ourPeople.contains(after) && after != "people"
                || OptOutWords.ours.contains(after)
        case "to": return OptOutWords.pitches.contains(after)
        case "any": return ["more", "longer", "further"].contains(after)
        case "no": return true
        case "just": return !["yet", "now", "today", "before", "after", "to"].contains(after)
        default:
            // "stop calling my phone, man", and not "don't call me man".
            return OptOutWords.followers.contains(next)
                || OptOutWords.vocatives.contains(next) && at > 0 && !["me", "us", "called"].contains(words[at - 1])
                    && isClauseEnd(at + 1)
        }
    }

    private func isTime(_ at: Int) -> Bool {
        OptOutWords.times.contains(word(at)) || OptOutWords.times.contains(word(at + 1))
    }

    func listEnd(_ begin: Int) -> Int? {
        var at = begin
        while at < begin + 6, at < words.count {
            if OptOutWords.lists.contains(words[at]) {
                guard word(at + 1) != "of" else { return nil }
                return OptOutWords.lists.contains(word(at + 1)) ? at + 2 : at + 1
            }
            guard !["of", "to", "for", "waiting", "wait", "guest"].contains(words[at]) else { return nil }
            at += 1
        }
        return nil
    }
}
