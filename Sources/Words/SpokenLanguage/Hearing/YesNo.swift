/// What an answer to a yes-or-no question amounts to.
package enum YesNo: String, Sendable, Equatable {
    case yes, no, unclear

    /// Says yes or no only when the words do, and nothing in them says the opposite: "maybe", "I think so", "yes but
    /// not now" and "no, go ahead" are unclear, and a caller who was unclear is asked again.
    package static func classify(_ text: String) -> YesNo { classify(SpokenText(text)) }

    package static func classify(_ spoken: SpokenText) -> YesNo {
        var words = spoken.texts
        _ = strike(hums, from: &words, leaving: "yes")
        words = CodedWords(words.filter { $0 != "-" && !fillers.contains($0) })
        guard !words.isEmpty else { return .unclear }
        let friendly = strike(friendlyNegations, from: &words)
        let disbelieved = strike(disbelief, from: &words)
        let hedged = strike(hedges, from: &words)
        let refused = strike(refusals, from: &words) || disbelieved
        _ = strike(misleading, from: &words)
        let agreed = friendly || agrees(words)
        let denied = refused || denies(words)
        switch (agreed, denied) {
        case (true, true): return words == ["yeah", "no"] ? .no : .unclear
        case (false, true):
            return hedged && !disbelieved && !(words.first.map(denials.contains) ?? false) ? .unclear : .no
        case (true, false): return hedged ? .unclear : .yes
        case (false, false): return .unclear
        }
    }

    private static let hums = Phrase.list("uh huh", "mm|mhm|m hmm|hm|hmm", "mhm")

    private static let fillers: WordSet = [
        "um", "uh", "er", "erm", "hmm", "well", "oh", "ah", "so", "like", "please", "thanks", "just", "you-know", "hm",
    ]

    private static let disbelief = Phrase.list("not think|believe|guess|suppose so", "not think that|it|we|i", "hardly")
    /// Negative words, friendly meaning.
    private static let friendlyNegations = Phrase.list(
        "why not", "no problem|worries|objection|objections|doubt", "not a|any problem", "do not mind ?if|at|it",
        "would not mind", "could not agree more", "can not wait", "no reason not", "would not hurt")
    private static let hedges = Phrase.list(
        "maybe", "perhaps", "possibly", "probably", "might", "i guess|suppose", "not sure|certain",
        "i think|believe so",
        "do not|donno know", "dunno", "depends", "depending", "we will see", "let me think|check|ask|see|get",
        "not yet",
        "have|need to think|check|ask", "in theory", "sort|kind of", "hopefully", "could be", "more or less",
        "hard to say", "if")
    private static let refusals = Phrase.list(
        "not now|today|really|interested|necessary|needed|happening|anymore|likely|correct|right|true|it|quite",
        "rather not",
        "am|is|are|was|does|do not ?at|quite right|correct|true|good|fine|okay|it|great|yes",
        "do|does|would|am|is|can|could|will|did|should|are|has|have not",
        "no thank|thanks ?you", "no way",
        "absolutely|definitely|certainly|of|probably ?course not", "never mind|again", "never",
        "i am good|fine|okay ?$",
        "i will pass", "not for me|us", "forget it", "that is wrong|incorrect|false", "no good|need|chance|interest",
        "wrong number|person", "hell no", "not at all", "better not", "i refuse|decline")
    /// Agreeing words that agree to nothing here.
    private static let misleading = Phrase.list(
        "right now|away|person|number|time|price", "good question|morning|afternoon|evening|day|luck", "sure thing|if",
        "no one", "yes or no", "okay but|wait|who|what|how", "make|be|for sure", "what is right|fine", "all of course")

    private static let strong: WordSet = [
        "yes", "yeah", "yep", "yup", "yea", "ya", "aye", "absolutely", "definitely", "certainly", "affirmative",
        "totally",
        "exactly", "precisely", "indeed", "agreed", "deal",
    ]
    private static let weak: WordSet = [
        "sure", "okay", "right", "correct", "fine", "great", "perfect", "good", "alright", "cool", "excellent",
        "lovely",
        "wonderful", "brilliant", "true", "surely",
    ]
    private static let agreements = Phrase.list(
        "of course", "go ahead|on|for", "sounds|sound ?very|really|pretty good|great|fine|perfect|right|okay|lovely",
        "works for me|us", "that|it ?all works|work ?$",
        "that|it|all is|sounds right|correct|fine|good|great|perfect|okay|true",
        "^ i|we do|am|would|can|will|have|did|is|are $", "^ it|that|he|she is $",
        "^ i|we|it|they|you|that do|does|did|was $",
        "let us do ?it|that|this", "by all means", "would love|like ?to|that|it", "you got it",
        "be great|good|fine|perfect|nice",
        "^ ?yes do $", "works $", "do it", "book|schedule|send it", "happy|glad to", "all right|good", "you are right",
        "you may|can", "i agree|accept|consent", "for sure ?$", "sure thing")
    private static let denials: WordSet = [
        "no", "nope", "nah", "negative", "nay", "neither", "incorrect", "wrong", "false", "nothing", "none", "not",
    ]

    private static func agrees(_ words: CodedWords) -> Bool {
        agreements.matches(words) || words.prefix(4).contains(where: strong.contains)
            || words.suffix(2).contains(where: strong.contains)
            || (words.count <= 4 ? words.contains(where: weak.contains) : words.first.map(weak.contains) ?? false)
    }

    private static func denies(_ words: CodedWords) -> Bool {
        words.prefix(4).contains(where: denials.contains) || words.suffix(1).contains(where: denials.contains)
    }

    /// Puts a mark in the place of the phrases, so that their parts are not counted again.
    private static func strike(_ phrases: PhraseList, from words: inout CodedWords, leaving mark: String = "×") -> Bool
    {
        var struck = false
        while let found = phrases.first(in: words), !found.isEmpty {
            words = CodedWords(words.texts[..<found.lowerBound] + [mark] + words.texts[found.upperBound...])
            struck = true
        }
        return struck
    }
}
