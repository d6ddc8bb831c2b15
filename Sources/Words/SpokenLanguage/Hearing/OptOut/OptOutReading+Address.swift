/// Who is meant: whether a wish is the caller's own, and whether it is us whom it asks.
extension OptOutReading {
    /// Whether an act's ending or leaving is asked of us: an order, "you", "I want you to", and not "they", "to", "I".
    ///
    /// - Parameter mayBeOurs: the caller may speak of an end they want themselves: "I want to stop these calls".
    func isForUs(_ at: Int, _ act: Act, mayBeOurs: Bool = false) -> Bool {
        var at = at
        while !isClauseStart(at), OptOutWords.adverbs.contains(word(at - 1)) { at -= 1 }
        guard !isClauseStart(at) else { return true }
        let last = word(at - 1)
        switch last {
        case "to":
            if mayBeOurs, isCallersOwn(at - 1), OptOutWords.wishes.contains(before(at - 1)) { return true }
            return isGoverned(at - 1) || act.isOfCaller && isPassedOn(at - 1)
        case "you": return isSaidToYou(at - 1, act)
        case "i", "we", "not", "never", "they", "he", "she", "who", "it": return false
        case "and", "or", "but", "then":
            return act.isOfCaller || !words[clauseStart(at)..<at].contains(where: OptOutWords.callers.contains)
        case "could", "would", "can", "will", "should", "must", "need", "better":
            return word(at - 2) == "you" && isSaidToYou(at - 2, act)
        default: break
        }
        if OptOutWords.sayings.contains(last) { return isCallersOwn(at - 1) }
        if last == "me" || last == "us" || last == "them" || last == "him" || last == "her" {
            // "have them stop calling me" is passed on; "they tell us stop calling" is told.
            return last == "them" && act.isOfCaller && ["have", "make", "tell"].contains(word(at - 2))
                && isClauseStart(at - 2)
        }
        if OptOutWords.groups.contains(last) {
            return words[max(0, at - 3)..<at].contains { ["you", "your"].contains($0) }
        }
        if OptOutWords.strangers.contains(last) || OptOutWords.objects.contains(last) { return false }
        if ["when", "if", "help", "helps", "let", "makes", "people", "is", "are", "was", "of"].contains(last) { return false }
        return act.isOfCaller
    }

    private func isSaidToYou(_ at: Int, _ act: Act) -> Bool {
        let lead = before(at)
        switch lead {
        case "": return true
        case "could", "can", "would", "will":
            return !["how", "where", "what", "if"].contains(before(at - 1)) || isWished(at)
        case "not": return act.isOfCaller && (word(at - 2) == "do" || word(at - 2) == "will")
        case "if", "that", "when": return isWished(at)
        case "do", "did", "does", "have", "had", "are", "because", "since": return false
        default: break
        }
        if OptOutWords.wishes.contains(lead) || OptOutWords.orders.contains(lead) { return !isDenied(at) }
        return act.isOfCaller
    }

    /// "I want you to", "I told your colleagues not to", "you have to": what stands before a "to" makes it asked of us.
    func isGoverned(_ to: Int) -> Bool {
        let start = max(sentenceStart(to), to - 8)
        guard let governor = words[start..<to].lastIndex(where: { OptOutWords.orders.contains($0) || OptOutWords.wishes.contains($0) })
        else {
            // "please not to call", "and never to call me again".
            return before(to) == "" || ["please", "and"].contains(word(to - 1))
        }
        let between = words[(governor + 1)..<to]
        let asksUs = between.contains { $0 == "you" || $0 == "your" || $0 == "yourselves" }
        if asksUs { return !isOthersDoing(governor) && !isDenied(governor + 1) }
        if OptOutWords.duties.contains(words[governor]) {
            return words[start..<governor].contains("you") && !words[start..<governor].contains("do")
        }
        // "I asked not to be called", "I prefer not to be contacted", "I said never to call".
        return between.allSatisfy { OptOutWords.adverbs.contains($0) || ["not", "never", "no"].contains($0) }
            && OptOutWords.requests.contains(words[governor]) && !isOthersDoing(governor)
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
        guard let subject = clause.lastIndex(where: { OptOutWords.callers.contains($0) || OptOutWords.strangers.contains($0) })
        else { return false }
        return OptOutWords.strangers.contains(words[subject])
    }

    /// Whether the clause up to `at` is the caller's own: "I do", "we really would", nobody named.
    func isCallersOwn(_ at: Int) -> Bool {
        let clause = Array(words[clauseStart(at)..<at])
        guard let subject = clause.lastIndex(where: { OptOutWords.callers.contains($0) || OptOutWords.strangers.contains($0) || $0 == "you" })
        else { return true }
        return clause[subject] == "i" || clause[subject] == "we"
            || (clause[subject] == "me" || clause[subject] == "us") && false
    }

    /// "I'd appreciate it if", "it would be best that", "I would rather": something good is said of it before.
    func isWished(_ at: Int) -> Bool {
        let clause = Array(words[max(sentenceStart(at), at - 14)..<at])
        guard let found = clause.lastIndex(where: OptOutWords.goods.contains) else { return false }
        let negation = clause[..<found].suffix(3).contains { $0 == "not" || $0 == "never" }
        return !negation && !isOthersDoing(sentenceStart(at) + max(0, found))
    }

    /// "I don't want you to", "I didn't say", "I'm not asking you": the words without the wish.
    func isDenied(_ at: Int) -> Bool {
        let clause = words[max(sentenceStart(at), at - 7)..<at]
        guard let negation = clause.lastIndex(where: { $0 == "not" || $0 == "never" }) else { return false }
        if word(negation + 1) == "i" { return false }
        return words[(negation + 1)..<at].contains { OptOutWords.wishes.contains($0) || OptOutWords.requests.contains($0) || OptOutWords.sayings.contains($0) }
    }
}
