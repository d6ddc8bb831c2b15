/// Who is meant: whether a wish is the caller's own, and whether it is us whom it asks.
extension OptOutReading {
    /// Whether an act's ending or leaving is asked of us: an order, "you", "I want you to", and not "they", "to", "I".
    ///
    /// - Parameter mayBeOurs: the caller may speak of an end they want themselves: "I want to stop these calls".
    func isForUs(_ at: Int, _ act: Act, mayBeOurs: Bool = false) -> Bool {
        // "take the hint and stop calling"
        if word(at - 1) == "and", OptOutWords.imperatives.contains(word(partStart(at - 1))) { return true }
        var at = at
        var isPlea = false
        while !isClauseStart(at), OptOutWords.adverbs.contains(word(at - 1)) {
            at -= 1
            isPlea = isPlea || ["please", "so", "kindly"].contains(word(at))
        }
        guard !isClauseStart(at) else { return true }
        let last = word(at - 1)
        switch last {
        case "to":
            if mayBeOurs, isCallersOwn(at - 1), OptOutWords.wishes.contains(before(at - 1)) { return true }
            return isGoverned(at - 1, act) || act.isOfCaller && isPassedOn(at - 1)
        case "you": return isSaidToYou(at - 1, act)
        case "had" where words[at] == "enough": return true
        // "can we stop with the calls"
        case "we" where ["can", "could", "shall", "may"].contains(word(at - 2)):
            return act.isOfCaller || OptOutWords.nouns[word(act.end - 1)] != nil
        case "it" where OptOutWords.sayings.contains(word(at - 2)): return true
        case "i", "we", "not", "never", "they", "he", "she", "who", "it": return false
        case "and", "or", "but", "then":
            return act.isOfCaller || !words[clauseStart(at)..<at].contains(where: OptOutWords.callers.contains)
        case "could", "would", "can", "will", "should", "must", "need", "better":
            return word(at - 2) == "you" && isSaidToYou(at - 2, act)
        default: break
        }
        if last.hasPrefix("hear") { return false }
        // "what part of don't call me do you not understand"
        if last == "of", word(at - 2) == "part" { return true }
        if OptOutWords.sayings.contains(last) { return isCallersOwn(at - 1) && !isDenied(at - 1) }
        // "we don't do business over the phone so please don't call"
        if isPlea, act.isOfCaller, !OptOutWords.strangers.contains(last), !["me", "us"].contains(last) { return true }
        if last == "me" || last == "us" || last == "them" || last == "him" || last == "her" {
            // "have them stop calling me" is passed on; "they tell us stop calling" is told.
            return last == "them" && act.isOfCaller && ["have", "make", "tell"].contains(word(at - 2))
                && isClauseStart(at - 2)
        }
        if OptOutWords.groups.contains(last) {
            return words[max(0, at - 3)..<at].contains { ["you", "your"].contains($0) }
        }
        if OptOutWords.strangers.contains(last) || OptOutWords.objects.contains(last) { return false }
        // "my kids do not call me": a noun with its article is who does it.
        if ["my", "our", "the", "his", "their", "some", "most", "many"].contains(word(at - 2)), !isClauseStart(at - 1),
            !["way", "sake", "time", "hell"].contains(last)
        {
            return false
        }
        if [
            "like", "as", "phrase", "words", "means", "hear", "when", "if", "help", "helps", "let", "makes", "people",
            "is", "are", "was", "of",
        ].contains(last) {
            return false
        }
        return act.isOfCaller
            || isClauseEnd(act.end) && !words[clauseStart(at)..<at].contains { ["i", "we"].contains($0) }
    }

    /// - Parameter isOrder: "you stop calling me" asks it, "you never call me" complains.
    func isSaidToYou(_ at: Int, _ act: Act, isOrder: Bool = true) -> Bool {
        let lead = before(at)
        switch lead {
        case "": return isOrder
        case "could", "can", "would", "will":
            return !["how", "where", "what", "why", "if"].contains(before(at - 1)) || isWished(at)
        case "not": return isOrder && act.isOfCaller && ["do", "will", "can", "could", "would"].contains(word(at - 2))
        case "if":
            return isOrder && ["could", "would", "can", "please", "kindly", "might"].contains(word(at + 1))
                || isWished(at)
        case "that", "when", "it", "sure", "certain": return isWished(at)
        case "unless", "until": return isOrder
        case "do", "did", "does", "have", "had", "are", "because", "since", "why": return false
        default: break
        }
        if OptOutWords.wishes.contains(lead) || OptOutWords.orders.contains(lead) {
            return !isDenied(at - 1) && !isOthersDoing(at - 1)
        }
        return isOrder && act.isOfCaller
    }

    /// "I want you to", "I told your colleagues not to", "you have to": what stands before a "to" makes it asked of us.
    func isGoverned(_ to: Int, _ act: Act) -> Bool {
        if word(to - 1) == "you", word(to - 2) == "for" { return true }
        let start = max(sentenceStart(to), to - 8)
        if OptOutWords.requestNouns.contains(word(to - 1)) {
            // "this is a formal request to stop all communications"
            let clause = words[start..<to]
            return clause.contains { ["this", "my", "our"].contains($0) } && !hasStrangers(clause)
        }
        let governors = words[start..<to].indices.reversed().filter {
            OptOutWords.orders.contains(words[$0]) || OptOutWords.wishes.contains(words[$0])
        }
        guard let governor = governors.first else {
            // "please not to call", "and never to call me again".
            return before(to) == "" || ["please", "and"].contains(word(to - 1))
                || words[start..<to].contains { ["kind", "possible"].contains($0) }
        }
        // "you are hereby notified not to contact me"
        if ["notified", "informed", "warned", "advised", "instructed", "requested", "asked"].contains(words[governor]),
            words[start..<governor].contains("you"), words[start..<governor].contains("are"), governor == to - 1
        {
            return true
        }
        let between = words[(governor + 1)..<to]
        if between.contains(where: { $0 == "you" || $0 == "your" || $0 == "yourselves" }) {
            return !isOthersDoing(governor) && !isDenied(governor)
        }
        // "would you be willing to stop calling".
        if ["willing", "able", "prepared", "kind"].contains(words[governor]), words[start..<governor].contains("you") {
            return true
        }
        // "I told the last guy to take me off".
        if act.isOfCaller, ["told", "asked"].contains(words[governor]), isCallersOwn(governor),
            between.first == "the" || between.first == "another",
            between.contains(
                where: [
                    "guy", "lady", "man", "woman", "person", "girl", "one", "agent", "rep", "caller", "gentleman",
                    "fellow",
                ].contains)
        {
            return true
        }
        if OptOutWords.duties.contains(words[governor]) {
            let subject = words[start..<governor]
            return subject.contains("you") && !subject.contains("do") && !subject.contains("not")
        }
        if ["were", "been"].contains(word(governor - 1)), words[start..<governor].contains("you") { return true }
        // "I asked not to be called", "I prefer not to be contacted", "I said never to call me".
        return act.isOfCaller
            && between.allSatisfy { OptOutWords.adverbs.contains($0) || ["not", "never", "no"].contains($0) }
            && OptOutWords.requests.contains(words[governor]) && !isOthersDoing(governor) && !isDenied(governor)
            && !["was", "am", "were", "been"].contains(word(governor - 1))
    }

    /// "tell them to stop calling me": to whoever calls for us.
    private func isPassedOn(_ to: Int) -> Bool {
        ["them", "everybody", "everyone", "people", "whoever", "him", "her"].contains(word(to - 1))
            && ["tell", "ask", "get", "order"].contains(word(to - 2)) && ["", "you", "to"].contains(before(to - 2))
            && word(to - 3) != "i"
    }

    /// Whether somebody else does what the verb at `at` says: "my customers ask", "he told".
    private func isOthersDoing(_ at: Int) -> Bool {
        let clause = words[clauseStart(at)..<at]
        guard
            let subject = clause.lastIndex(where: {
                OptOutWords.callers.contains($0) || OptOutWords.strangers.contains($0) && $0 != "it"
            })
        else { return false }
        return OptOutWords.strangers.contains(words[subject]) && !["you", "your"].contains(word(subject - 1))
    }

    /// Whether the clause up to `at` is the caller's own: "I do", "we really would", nobody named.
    func isCallersOwn(_ at: Int) -> Bool {
        let clause = CodedWords(words[clauseStart(at)..<at])
        guard
            let subject = clause.lastIndex(where: {
                OptOutWords.callers.contains($0) || OptOutWords.strangers.contains($0) || $0 == "you"
            })
        else { return true }
        // "half the people we ring say": the one who is rung says it.
        if subject > 0, ["i", "we"].contains(clause[subject]), OptOutWords.strangers.contains(clause[subject - 1]) {
            return false
        }
        return ["i", "we", "my", "our", "this"].contains(clause[subject])
    }

    /// Where the words between two commas begin.
    func partStart(_ at: Int) -> Int {
        var start = at
        while start > 0, !isClauseStart(start) { start -= 1 }
        return max(start, 0)
    }

    /// "my mother does": somebody of the caller's house, for whom they speak.
    func isHouseholds(_ at: Int) -> Bool {
        let clause = words[clauseStart(at)..<at]
        return clause.indices.contains {
            OptOutWords.household.contains(clause[$0]) && ["my", "our", "this", "the"].contains(word($0 - 1))
        }
    }

    /// "she does", "mum does": one of the caller's family, who is called by us.
    func isRelatives(_ at: Int) -> Bool {
        let clause = words[clauseStart(at)..<at].filter { !["do", "does", "did", "really", "just"].contains($0) }
        guard let subject = clause.last else { return false }
        return ["she", "he"].contains(subject) || OptOutWords.kin.contains(subject)
    }

    /// Whether others than the caller and us are spoken of.
    func hasStrangers(_ clause: Slice<CodedWords>) -> Bool {
        clause.indices.contains {
            OptOutWords.strangers.contains(clause[$0]) && clause[$0] != "it" && !["you", "your"].contains(word($0 - 1))
        }
    }

    /// "I'd appreciate it if", "it would be best that", "I would rather": something good is said of it before.
    func isWished(_ at: Int) -> Bool {
        let clause = CodedWords(words[max(sentenceStart(at), at - 14)..<at])
        guard let found = clause.lastIndex(where: OptOutWords.goods.contains) else { return false }
        let negation = clause[..<found].suffix(3).contains { $0 == "not" || $0 == "never" }
        return !negation && !isOthersDoing(sentenceStart(at) + max(0, found))
    }

    /// "I don't want you to", "I didn't say", "I'm not asking you": the verb that wishes is denied.
    func isDenied(_ verb: Int) -> Bool {
        var at = verb - 1
        while at >= 0,
            ["really", "ever", "even", "actually", "necessarily", "exactly", "to", "be"].contains(words[at]),
            !isClauseStart(at + 1)
        { at -= 1 }
        guard at >= 0, !isClauseStart(at + 1) else { return false }
        return words[at] == "not" || words[at] == "never"
    }
}
