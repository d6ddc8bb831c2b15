import CallModel
import SpokenLanguage

extension CallReading {
    mutating func readNeed(_ turn: CallerTurn) {
        if doNotContact != nil || isWrongNumber != nil { return }
        if let found = CallReading.noNeed.first(in: turn.words) {
            need.hear(.low, 0.75, turn.evidence(found))
        } else if let found = CallReading.urgentNeed.first(in: turn.words), !isNegated(turn.words, found) {
            let isHedged = Hedge.holdsBesidesAmounts(turn.sentenceWords(around: found))
            need.hear(isHedged ? .moderate : .urgent, isHedged ? 0.5 : 0.8, turn.evidence(found))
        } else if turn.topic == .urgency {
            readUrgency(turn)
        } else if let found = CallReading.plainNeed.first(in: turn.words), !isNegated(turn.words, found) {
            hearModerate(turn, found)
        } else if turn.topic == .need, turn.answer == .unclear, turn.words.count >= 4, !Hedge.holds(turn.words),
            turn.words.first.map(CallReading.openers.contains) == false
        {
            if !need.isKnown { need.hear(.moderate, 0.5, turn.evidence()) }
        }
    }

    /// With these begins a counter-question or a greeting, not the answer to "how can I help?".
    private static let openers: WordSet = [
        "hello", "hi", "who", "what", "why", "sorry", "pardon", "where", "can", "could", "is", "are", "okay", "huh",
        "how",
    ]

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

    private mutating func readUrgency(_ turn: CallerTurn) {
        if Phrase.list("not ?so|that|too|very|really ?urgent|important", "can wait", "low").matches(turn.words)
            || turn.answer == .no
        {
            need.hear(.low, 0.7, turn.evidence())
        } else if Phrase.list("very|extremely|super|really|quite|pretty", "high|top").matches(turn.words)
            || turn.answer == .yes
        {
            need.hear(.urgent, 0.75, turn.evidence())
        } else if turn.words.count >= 2 {
            need.hear(.moderate, 0.5, turn.evidence())
        }
    }

    private static let noNeed = Phrase.list(
        "just|only looking|browsing|curious|exploring|checking|asking|shopping", "not ?so|that|very|really|too urgent",
        "no rush|hurry|urgency|need|real|pressing", "nice to have",
        "do not ?really|actually|even need|want it|this|that|one|any|anything|your|you", "not ?really interested",
        "no interest", "not looking for|to", "not a priority", "low priority", "we are happy|fine with what|our")
    private static let urgentNeed = Phrase.list(
        "urgent|urgently|asap|desperate|desperately|emergency|critical|overwhelmed|drowning", "as soon as possible",
        "losing|lose ?too ?so ?many ?a ?lot ?of customers|money|calls|business|leads|sales|clients|deals|revenue",
        "can not wait", "need|want ~ now|immediately|yesterday|today",
        "big|huge|serious|major problem|problems|trouble|pain|issue", "right away", "badly need", "need ~ badly",
        "killing us", "top|high|highest priority")
    private static let plainNeed = Phrase.list(
        "we|i ?really|do|just|also need|want|require", "looking for|to|at",
        "would|will like|love|need to|a|some|something|someone", "interested in", "trying to",
        "have ?a|some problem|problems|trouble|issues|issue|difficulty",
        "miss|missing|missed ?too ?so ?many ?a ?lot ?of calls", "too many calls", "need|help with",
        "struggling|struggle", "nobody|no one answers|picks", "want to", "thinking about|of", "replace|improve|automate"
    )
}
