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
            at += 1
        }
        if sending.contains(word(at)) { return sent(at + 1) }
        if word(at) == "use" || word(at) == "using", let end = ownNumber(at + 1) {
            return Act(channels: OptOutWords.all, end: end, isOfCaller: true)
        }
        if ["get", "getting"].contains(word(at)), word(at + 1) == "in", word(at + 2) == "touch" {
            return object(Act(channels: OptOutWords.all, end: at + 3))
        }
        if ["reach", "reaching"].contains(word(at)), word(at + 1) == "out" {
            return object(Act(channels: OptOutWords.all, end: at + 2))
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
        } else if let end = ownNumber(at) {
            if ["inbox", "email"].contains(word(end - 1)) { act.channels = [.emails] }
            act.end = end
            act.isOfCaller = true
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
                "get", "receive", "have", "take", "getting", "receiving", "having", "taking", "accepting", "see",
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

    /// "on your list", "in your database".
    func listed(_ at: Int) -> Act? {
        var next = word(at) == "be" ? at + 1 : at
        guard ["on", "in"].contains(word(next)) else { return nil }
        next += 1
        guard ["your", "this", "any", "these"].contains(word(next)) else { return nil }
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
        while OptOutWords.quantities.contains(word(at)) || OptOutWords.ours.contains(word(at)) {
            hasOwner = hasOwner || OptOutWords.ours.contains(word(at))
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
        if isClauseStart(at) {
            return !["before", "until", "till", "unless", "except"].contains(next)
                && !(next == "but" && ["tomorrow", "later", "only"].contains(after))
        }
        switch next {
        case "at":
            return ["this", "all", "any"].contains(after) && !isTime(at + 1)
                || isEnding && after == "my" && OptOutWords.lines.contains(word(at + 2)) && word(at + 2) != "office"
        case "by": return OptOutWords.us.contains(after)
        case "on": return ["this", "that"].contains(after) && !isTime(at + 1)
        case "for":
            return (OptOutWords.anyReasons.contains(after) || isEnding && ["him", "her", "them"].contains(after))
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
        case "no": return after == "more" || !(OptOutWords.nouns[after] != nil)
        case "just": return !["yet", "now", "today", "before", "after", "to"].contains(after)
        default:
            // "stop calling my phone, man", and not "don't call me man".
            return OptOutWords.followers.contains(next)
                || OptOutWords.vocatives.contains(next) && at > 0 && !["me", "us"].contains(words[at - 1])
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
