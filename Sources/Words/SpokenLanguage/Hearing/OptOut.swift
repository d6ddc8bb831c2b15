/// Hears the wish not to be called again, in any words (`us-revoke-any-means`), and not its opposites: "don't stop",
/// "call me back", "don't call me before nine".
package enum OptOut {
    /// The words that ask for it, as they stand in `text`; nil when none do.
    package static func find(in text: String) -> String? { find(in: SpokenText(text)) }

    package static func find(in spoken: SpokenText) -> String? {
        let words = spoken.texts
        for rule in rules {
            var from = 0
            while let found = rule.phrase.first(in: words, from: from) {
                if !isDenied(words, found), rule.holds(words, found) {
                    return spoken.quote(found.lowerBound..<max(found.lowerBound + 1, found.upperBound))
                }
                from = found.lowerBound + 1
            }
        }
        return nil
    }

    private struct Rule: Sendable {
        let phrase: Phrase
        let holds: @Sendable (_ words: [String], _ found: Range<Int>) -> Bool

        init(
            _ pattern: String,
            if holds: @escaping @Sendable (_ words: [String], _ found: Range<Int>) -> Bool = { _, _ in true }
        ) {
            phrase = Phrase(pattern)
            self.holds = holds
        }
    }

    private static let rules: [Rule] = [
        Rule(
            "stop|quit ?with calling|phoning|ringing|contacting|bothering|harassing|dialing|dialling|call ?me|us|here",
            if: notLimited),
        Rule("stop|quit|end ?with these|the|all|your|those ?these|the|phone|sales calls|calling"),
        Rule("do not|never ?you ?ever|dare call|phone|ring|contact|bother|dial ?me|us|here|this ~ again|anymore|ever"),
        Rule(
            "do not|never ?you ?ever|dare call|phone|ring|contact|bother|dial ?me|us|here ?again|anymore|back",
            if: isOrder),
        Rule("do not|never ?you ?ever|dare call|phone|ring|contact|bother|dial this ?phone number|line", if: isOrder),
        Rule("never call|phone|ring|contact ?me|us|here|this ?number ?again|anymore", if: isOrder),
        Rule("not want ?any ?more calls", if: notLimited),
        Rule(
            "not want ?you|anyone ?to ?be|get|receive ?getting ?any ?more called|call|calling|contacted|calls ?me|us",
            if: notLimited),
        Rule("not want|wish|like to ?ever hear from|be called|be contacted", if: notLimited),
        Rule("never want ?to hear from|you|to"),
        Rule("not|never want ?you calling", if: notLimited),
        Rule(
            "take|remove|delete|drop|cross|scratch|strike|get me|us|my|our|this ~ off|from ~ list|lists|database|system"
        ),
        Rule(
            "take|remove|delete|drop|cross|scratch|strike|get me|us|my|our|this ~ off|from ~ records|books|file|files"
        ),
        Rule("take|remove|cross|strike|scratch my|our|this ?phone number|name ?off|from ?$", if: endsThere),
        Rule("delete|erase|forget my|our|this ?phone number|details|data"),
        Rule("take|remove me|us|my|our|this ?number|name off|from your|the|this|that|whatever|any|all", if: notHold),
        Rule("take me off ?please $"), Rule("remove me ?please $"), Rule("lose my|this ?phone number"),
        Rule("put|add|place me|us|my|this ?number|name on|to|in ?your|the|a|that do not|never call"),
        Rule("on ?your|the ?national do not call list|registry|register"),
        Rule("unsubscribe"), Rule("opt ?me|us out"), Rule("opting ?me|us out"),
        Rule("leave me|us alone"), Rule("no more ?phone|sales|of ?these|your calls"),
        Rule("no need to call|contact|phone ?me|us again|anymore|ever"),
        Rule("not need|have to call|contact|phone ?me|us again|anymore|ever"),
        Rule("revoke|withdraw|withdrawing|revoking my|our ?consent|permission"), Rule("cease and desist"),
        Rule("cease ?all calling|contact|communication"), Rule("blacklist me|my|this"),
    ]

    /// "don't stop calling", "I don't want you to stop", "I didn't say take me off": the words without the wish.
    private static func isDenied(_ words: [String], _ found: Range<Int>) -> Bool {
        let before = Array(words[..<found.lowerBound].suffix(5))
        let asksWhyNot = before.contains("why") || before.suffix(2) == ["not", "you"] || before.suffix(1) == ["please"]
        guard !asksWhyNot else { return false }
        if let last = before.last, ["not", "never"].contains(last) { return true }
        if let negation = before.lastIndex(where: { $0 == "not" || $0 == "never" }) {
            let between = before[(negation + 1)...]
            return between.contains {
                ["want", "need", "say", "saying", "said", "mean", "asking", "asked", "have", "like"].contains($0)
            }
        }
        return false
    }

    /// An order to us, without limits: not "they do not call me", "if you don't call", "don't call me before nine".
    private static let isOrder: @Sendable ([String], Range<Int>) -> Bool = { words, found in
        let before = words[..<found.lowerBound].suffix(2)
        let isOurs =
            !(before.last.map(others.contains) ?? false) && !(before.contains("if") || before.contains("why"))
            || before.suffix(2) == ["if", "possible"]
        guard isOurs, notLimited(words, found) else { return false }
        // "do not call" alone is the name of a list or half a sentence unless somebody is not to be called.
        let saysYou = before.last == "you"
        return objects.contains(words[found.upperBound - 1]) && !saysYou
            || (found.upperBound == words.count && !saysYou)
    }

    /// What follows sets no limit to the wish: "at work", "before nine", "today" do.
    private static let notLimited: @Sendable ([String], Range<Int>) -> Bool = { words, found in
        let rest = words[found.upperBound...].drop { ["me", "us", "here", "back"].contains($0) }.prefix(3)
        guard let next = rest.first else { return true }
        if ["at", "on", "in"].contains(next) {
            return rest.contains("number") || rest.contains("phone") || rest.contains("line")
        }
        return !limits.contains(next) || (next == "because")
    }

    private static let endsThere: @Sendable ([String], Range<Int>) -> Bool = { words, found in
        found.upperBound == words.count || ["off", "from", "number"].contains(words[found.upperBound - 1])
    }

    private static let others: WordSet = [
        "they", "he", "she", "it", "people", "nobody", "we", "who", "i", "if", "why", "customers", "clients",
        "that",
    ]

    private static let objects: WordSet = ["me", "us", "here", "this", "again", "anymore", "back", "number"]

    private static let limits: WordSet = [
        "before", "after", "until", "till", "unless", "today", "tomorrow", "tonight", "that", "sir", "during",
        "when", "while", "so", "too", "between", "by", "because", "later",
    ]

    /// "take me off hold", "off speaker".
    private static let notHold: @Sendable ([String], Range<Int>) -> Bool = { words, found in
        let next = words[found.upperBound...].prefix(2)
        return !next.contains {
            ["hold", "speaker", "speakerphone", "mute", "loop", "meeting", "project", "team"].contains($0)
        }
    }
}
