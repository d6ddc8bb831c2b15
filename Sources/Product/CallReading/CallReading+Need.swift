import CallModel
import SpokenLanguage

extension CallReading {
    /// How much the caller needs it; of several statements the last counts ("it was urgent, now it can wait").
    mutating func readNeed(_ turn: CallerTurn) {
        if doNotContact != nil || isWrongNumber != nil { return }
        let low = last(NeedWords.low, in: turn.words, evenIfNegated: true)
        let urgent = last(NeedWords.urgent, in: turn.words)
        let plain = last(NeedWords.plain, in: turn.words)
        let later = max(urgent?.lowerBound ?? -1, plain?.lowerBound ?? -1)
        // Where both are said in one breath the refusal is what is meant; "but now" takes it back.
        if let low, low.lowerBound >= later || !NeedWords.turns.matches(Array(turn.words[low.upperBound...])) {
            need.hear(.low, 0.75, turn.evidence(low))
        } else if let urgent {
            let isHedged = Hedge.holdsBesidesAmounts(turn.sentenceWords(around: urgent))
            need.hear(isHedged ? .moderate : .urgent, isHedged ? 0.5 : 0.8, turn.evidence(urgent))
        } else if turn.topic == .urgency {
            readUrgency(turn)
        } else if let plain, !NeedWords.excuses.matches(turn.words) {
            hearModerate(turn, plain)
        }
    }

    private func last(_ phrases: PhraseList, in words: [String], evenIfNegated: Bool = false) -> Range<Int>? {
        var last: Range<Int>?
        var from = 0
        while let found = phrases.first(in: words, from: from) {
            if evenIfNegated || !isNegated(words, found) { last = found }
            from = found.lowerBound + 1
        }
        return last
    }

    private func isNegated(_ words: [String], _ found: Range<Int>) -> Bool {
        let before = words[..<found.lowerBound].suffix(3)
        return before.contains("not") || before.contains("never") || before.last == "no" || before.contains("nothing")
    }

    /// A plain wish does not weaken an urgent one, and after "just looking" it is only a wish to know.
    private mutating func hearModerate(_ turn: CallerTurn, _ found: Range<Int>) {
        let isHedged = Hedge.holdsBesidesAmounts(turn.sentenceWords(around: found))
        switch need.value {
        case .urgent: break
        case .low where isHedged: break
        default: need.hear(.moderate, isHedged ? 0.4 : 0.65, turn.evidence(found))
        }
    }

    /// The answer to "how urgent is it?".
    private mutating func readUrgency(_ turn: CallerTurn) {
        if NeedWords.lowAnswers.matches(turn.words) || turn.answer == .no {
            need.hear(.low, 0.7, turn.evidence())
        } else if NeedWords.middling.matches(turn.words) {
            need.hear(.moderate, 0.6, turn.evidence())
        } else if NeedWords.urgentAnswers.matches(turn.words) || turn.answer == .yes {
            need.hear(.urgent, 0.75, turn.evidence())
        }
    }
}

private enum NeedWords {
    static let turns = Phrase.list("but", "now", "though", "however", "today")

    static let low = Phrase.list(
        "just|only looking around|at|$", "just|only browsing|curious|exploring|checking|asking|shopping|comparing",
        "not ?so|that|very|really|too|terribly|particularly urgent|critical|important|pressing",
        "no ?big ?real rush|hurry|urgency|need|pressing|emergency", "nice to have",
        "do not ?really|actually|even|currently need|want it|this|that|one|any|anything|your|you|much",
        "not ?really|at ?all interested",
        "no interest", "not looking for|to", "not a ?big ?top priority", "low priority",
        "we are ?all ?quite happy|fine|good|covered|set|satisfied with|for ?what|our|now",
        "can wait", "not in ?a ?any rush|hurry", "out of curiosity", "window shopping", "some day",
        "someday|eventually", "nothing urgent|pressing", "take our|my time",
        "was ?just|only browsing|looking|curious", "if it ever", "no need", "only|just want|wanted to know|see what",
        "not ?really ?even need it|this|that|anything")
    static let urgent = Phrase.list(
        "urgent|urgently|asap|desperate|desperately|emergency|critical|overwhelmed|drowning|crisis|swamped|overloaded",
        "as soon|fast|quickly as possible",
        "losing|lose ?too ?so ?many ?a ?lot ?of customers|money|calls|business|leads|sales|clients|deals|revenue|orders|patients|people",
        "can not wait|continue", "can not go on|keep", "need|want ~ now|immediately|yesterday|today|tonight",
        "should have been ~ yesterday|ago|already", "by yesterday",
        "big|huge|serious|major problem|problems|trouble|pain|issue", "right away", "badly need", "need ~ badly",
        "killing us", "top|high|highest priority",
        "costs|costing us|me ~ money|business|customers|fortune",
        "every hour|day|minute|week ~ costs|cost|lose|counts|matters", "no time to lose|waste", "running out of time",
        "phones|phone|system|line|lines ~ dead|down|broken", "going under", "falling apart", "breaking point",
        "wits end", "on fire", "time is running")
    static let plain = Phrase.list(
        "we|i ?really|do|just|also|would|will need|want|require", "looking for|to",
        "would|will like|love|need to|a|some|something|someone|it|that|this", "interested in",
        "trying to", "have ?a|some problem|problems|trouble|difficulty|difficulties",
        "miss|missing|missed ?too ?so ?many ?a ?lot ?of ?some calls", "too many calls", "need|help with",
        "struggling|struggle", "nobody|no one answers|picks", "want to", "thinking about|of",
        "replace|improve|automate", "could use", "would help", "help us", "be good|great|nice|useful|helpful to|if",
        "planning|plan|hoping to", "considering")
    /// Wishes that are none for the product.
    static let excuses = Phrase.list(
        "need|want ?just a|one|another ?quick ?little minute|moment|second|sec|break",
        "need|have|want to go|run|hang|leave|think",
        "talk|speak ?to ?with a|an|some human|person|agent", "waiting for")
    static let lowAnswers = Phrase.list(
        "not ?so|that|too|very|really|at|particularly ?all ?urgent|important $",
        "not ?so|that|too|very|really urgent|important", "can wait", "low", "no rush|hurry",
        "not ?so ?that ?very ?really $", "whenever",
        "next year", "some day", "minor|small")
    static let middling = Phrase.list(
        "somewhat|medium|moderate|moderately|middling|average|fairly|normal|reasonably", "so so",
        "in between|the middle", "kind|sort of", "more or less", "a bit|little")
    static let urgentAnswers = Phrase.list(
        "very|extremely|super|really|quite|pretty|highly|incredibly|absolutely", "high|top|maximum|ten", "as can be",
        "yesterday", "now|immediately|today", "could not be more")
}
