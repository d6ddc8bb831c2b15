import CallModel
import SpokenLanguage

extension CallReading {
    /// How much the caller needs it; of several statements the last counts ("it was urgent, now it can wait").
    mutating func readNeed(_ turn: CallerTurn) {
        if doNotContact != nil || isWrongNumber != nil { return }
        let low = last(NeedWords.low, in: turn.words, evenIfNegated: true)
        let urgent = last(NeedWords.urgent, in: turn.words) {
            !isOthers(turn.words, $0) && !isTrade(turn.words, $0) && !isTrifle(turn.words, $0)
        }
        let plain = last(NeedWords.plain, in: turn.words) { !isAsked(turn.words, $0) }
        let later = max(urgent?.lowerBound ?? -1, plain?.lowerBound ?? -1)
        // Where both are said in one breath the refusal is what is meant; "but now" takes it back.
        if let low, low.lowerBound >= later || !NeedWords.turns.matches(CodedWords(turn.words[low.upperBound...])) {
            need.hear(.low, 0.75, turn.evidence(low))
        } else if let urgent {
            let isHedged =
                Hedge.holdsBesidesAmounts(turn.sentenceWords(around: urgent))
                || turn.words[..<urgent.lowerBound].suffix(2).contains(where: NeedWords.weakening.contains)
            need.hear(isHedged ? .moderate : .urgent, isHedged ? 0.5 : 0.8, turn.evidence(urgent))
        } else if turn.topic == .urgency {
            readUrgency(turn, plain)
        } else if let plain, !NeedWords.excuses.matches(turn.words), !NeedWords.trifles.matches(turn.words) {
            hearModerate(turn, plain)
        }
    }

    private func last(
        _ phrases: PhraseList, in words: CodedWords, evenIfNegated: Bool = false,
        where counts: (Range<Int>) -> Bool = { _ in true }
    ) -> Range<Int>? {
        var last: Range<Int>?
        var from = 0
        while let found = phrases.first(in: words, from: from) {
            if evenIfNegated || !isNegated(words, found), counts(found) { last = found }
            from = found.lowerBound + 1
        }
        return last
    }

    private func isNegated(_ words: CodedWords, _ found: Range<Int>) -> Bool {
        // "it isn't great, we want a change": the negation is another sentence's.
        if words.indices.contains(found.lowerBound), NeedWords.subjects.contains(words[found.lowerBound]) {
            return false
        }
        var before = words[..<found.lowerBound].suffix(3)
        if let subject = before.lastIndex(where: NeedWords.subjects.contains) { before = before[subject...] }
        return before.contains(where: NeedWords.negations.contains) || before.last == "no"
    }

    /// "our clients desperately need lawyers", "people call us when it's critical": somebody else is in need.
    private func isOthers(_ words: CodedWords, _ found: Range<Int>) -> Bool {
        let before = words[..<found.lowerBound].suffix(8)
        if before.suffix(4).contains(where: ["when", "whenever", "if"].contains) { return true }
        let subject = before.lastIndex {
            NeedWords.ours.contains($0) || NeedWords.others.contains($0) || $0.hasSuffix("'s")
        }
        return subject.map { !NeedWords.ours.contains(words[$0]) } ?? false
    }

    /// "I need to go now", "I urgently need the bathroom": nothing that is for sale.
    private func isTrifle(_ words: CodedWords, _ found: Range<Int>) -> Bool {
        NeedWords.excuses.first(in: words).map { $0.overlaps(found) } ?? false || NeedWords.trifles.matches(words)
    }

    /// "do I need an account for that"
    private func isAsked(_ words: CodedWords, _ found: Range<Int>) -> Bool {
        guard found.lowerBound > 0, ["i", "we"].contains(words[found.lowerBound]) else { return false }
        return ["do", "would", "will", "should"].contains(words[found.lowerBound - 1])
    }

    /// "we repair urgent leaks", "emergency plumbing": said of what somebody deals in.
    private func isTrade(_ words: CodedWords, _ found: Range<Int>) -> Bool {
        guard let last = words[found].last, NeedWords.kinds.contains(last), words.indices.contains(found.upperBound)
        else {
            return false
        }
        let next = words[found.upperBound]
        return !LightWords.english.contains(next) && !NeedWords.matters.contains(next)
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
    private mutating func readUrgency(_ turn: CallerTurn, _ plain: Range<Int>?) {
        if let mark = mark(turn) {
            need.hear(mark < 4 ? .low : mark < 8 ? .moderate : .urgent, 0.7, turn.evidence())
        } else if NeedWords.conceding.matches(turn.words) {
            need.hear(.moderate, 0.6, turn.evidence())
        } else if NeedWords.lowAnswers.matches(turn.words) || turn.answer == .no {
            need.hear(.low, 0.7, turn.evidence())
        } else if NeedWords.middling.matches(turn.words) {
            need.hear(.moderate, 0.6, turn.evidence())
        } else if NeedWords.urgentAnswers.matches(turn.words) || turn.answer == .yes {
            need.hear(.urgent, 0.75, turn.evidence())
        } else if let plain {
            hearModerate(turn, plain)
        }
    }
}

extension CallReading {
    /// "eight out of ten", "about a five": nil where the answer is no mark.
    private func mark(_ turn: CallerTurn) -> Double? {
        let isMark = NeedWords.marks.matches(turn.words) || turn.words.count <= 4
        guard isMark, let number = SpokenNumber.find(in: turn.text).first, (0...10).contains(number.value) else {
            return nil
        }
        return number.value
    }
}

private enum NeedWords {
    static let marks = Phrase.list("out of|in ten|10", "on a|the scale", "of ten|10")
    /// "not desperate, but we do want it", "important but there's no panic".
    static let conceding = PhraseList([
        Phrase("not|no ~ but ~ need|want|like|bothers|annoying|important|soon"),
        Phrase("important|pressing but ~ not|no"),
    ])
    static let weakening: WordSet = [
        "reasonably", "fairly", "somewhat", "moderately", "bit", "slightly", "half", "semi", "mildly", "little", "sort",
        "kind",
    ]
    static let kinds: WordSet = ["urgent", "emergency", "critical"]
    /// What is urgent for the caller, and no goods.
    static let matters: WordSet = [
        "need", "needs", "matter", "situation", "problem", "issue", "request", "because", "help", "case", "since",
        "and", "but",
        "our", "we", "i", "so", "please", "stage", "point", "state", "situation", "then", "they", "nobody",
        "everything",
    ]
    static let negations: WordSet = ["not", "never", "nothing", "hardly", "barely", "scarcely"]
    static let subjects: WordSet = ["i", "we", "it", "that", "they", "us", "but", "this"]
    static let trifles = Phrase.list("the bathroom|toilet|loo|restroom", "my glasses|pen|charger|coat|keys|dog|cat")
    static let ours: WordSet = ["i", "we", "us", "me", "myself", "ourselves", "team", "staff"]
    static let others: WordSet = [
        "customers", "customer", "clients", "client", "patients", "patient", "callers", "people", "neighbor",
        "neighbour",
        "neighbors", "friend", "friends", "brother", "sister", "cousin", "they", "he", "she", "guests", "tenants",
        "members",
        "students", "users", "somebody", "someone", "others", "other", "another", "his", "her", "their", "father",
        "mother", "son", "daughter",
    ]
    static let turns = Phrase.list("but", "now", "though", "however", "today")

    static let low = Phrase.list(
        "happy|satisfied with our|what|how", "things|everything run|runs|works|work ?just fine|well|smoothly",
        "am|was|got|get curious", "out of curiosity",
        "not see why|what|how|where ~ need|use", "we are ?all ?just ?quite fine|covered|set now|already",
        "not call it|this|that ?very ?really urgent|critical|important|pressing",
        "not ?really say|think|believe ?that it|this|that is ?very|really|that|so|too ?an urgent|critical|important|pressing|emergency",
        "hardly|barely|scarcely ?an urgent|critical|important|pressing|emergency",
        "just|only|simply|merely ?been looking around|at|$", "just|only|simply|merely having|taking a ?quick look",
        "just|only|simply|merely wondering|wondered|playing|gathering|collecting|testing",
        "kicking ?the tires|tyres", "luxury", "playing around", "for fun", "i am a student|journalist|researcher",
        "no use for",
        "not ?on our|my|the list|radar|agenda|roadmap",
        "not ?really ?even have ?a|any problem|problems|need|issue|issues",
        "get|getting|got by|along ?fine without", "manage|managing|managed ?just fine|okay|well|without",
        "do|doing fine|okay|well|good without", "in a few|couple ?of years",
        "already have|got|use someone|somebody|something|one ~ for that|this|it",
        "no particular reason", "nothing specific|special|particular",
        "not a ?real ?big|top|high|major|pressing priority", "not ?really ?something we|i ?really need|want",
        "like trying new",
        "days we|i are|am ?doing fine|okay|good",
        "just|only|simply|merely browsing|curious|exploring|checking|asking|shopping|comparing",
        "not ?so|that|very|really|too|terribly|particularly urgent|critical|important|pressing",
        "no ?big ?real rush|hurry|urgency|need|pressing|emergency", "nice to have",
        "do not ?really|actually|even|currently need|want it|this|that|one|any|anything|your|you|much",
        "not ?really|at ?all interested",
        "no interest", "not ?really ?actually looking for|to", "not a ?big ?top priority", "low priority",
        "we are ?all ?quite happy|fine|good|covered|set|satisfied with|for ?what|our|now",
        "can wait", "not in ?a ?any rush|hurry", "out of curiosity", "window shopping", "some day",
        "someday|eventually", "nothing urgent|pressing", "take our|my time",
        "was ?just|only browsing|looking|curious", "if it ever", "no need",
        "only|just want|wanted to know|see|hear|find|try|ask|check",
        "not ?really ?even need it|this|that|anything")
    static let urgent = Phrase.list(
        "need ~ fast|once", "we have nobody|noone", "at once please",
        "it is ?really ?very ?so ?getting ?quite serious|dire|burning",
        "urgent|urgently|asap|desperate|desperately|emergency|critical|overwhelmed|drowning|crisis|swamped|overloaded",
        "as soon|fast|quickly as possible",
        "losing|lose|lost|bleeding|hemorrhaging|haemorrhaging ?too ?so ?many ?a ?lot ?of ?our ?some ?more ?two|three|four|five|six|ten|several|hundreds|thousands ?of customers|money|calls|business|leads|sales|clients|deals|revenue|orders|patients|people|jobs|contracts|fortune|thousands|hundreds",
        "lost|losing sale|sales|customer|job|deal", "or|before we ?will lose",
        "drives|driving|driven ~ customers|clients|patients|people away",
        "hurts|hurting|hurt us|our|me|the ~ badly|bad|business|sales|a|lot", "nightmare|disaster|catastrophe|survival",
        "melting down|meltdown",
        "can|could not ?even keep up", "can not ?simply cope|take",
        "going|gone|driving ?us crazy|mad|nuts|insane|bankrupt|bust|under",
        "out of business", "never stops|stop ringing",
        "has|have|must|needs to stop|end|change now|today|immediately|soon|fast",
        "needed|wanted it|this|that|one|you last|yesterday|ages|weeks|months",
        "phones|phone|line|lines|system ~ been down|dead|out|broken",
        "must have ~ immediately|now|today|fast", "have to have ~ immediately|now|today|fast", "could not be ?any more",
        "need|want ~ phone|phones|line|lines|desk|calls|place ~ tomorrow|today|now|immediately",
        "situation is ?really ?very ?so bad|serious|dire|terrible", "killing our|my|the|us|me",
        "burning problem|issue|need", "nothing is ~ more important|urgent",
        "more important|urgent than anything",
        "help fast|quickly|quick|immediately|now",
        "unanswered all day|the",
        "now it is a must", "off the hook", "must change that|this|it now", "can not wait|continue",
        "can not go on|keep", "need|want ~ now|immediately|yesterday|today|tonight",
        "should have been ~ yesterday|ago|already", "by yesterday",
        "big|huge|serious|major problem|problems|trouble|pain|issue", "right away", "badly need", "need ~ badly",
        "killing us", "top|high|highest priority",
        "costs|costing us|me ~ money|business|customers|fortune",
        "every hour|day|minute|week ~ costs|cost|lose|counts|matters", "no time to lose|waste", "running out of time",
        "phones|phone|system|line|lines ~ dead|down|broken", "going under", "falling apart", "breaking point",
        "wits end", "on fire", "time is running")
    static let plain = Phrase.list(
        "it is ?really ?very ?so annoying|tedious", "a nuisance", "bothers us|me", "need|want a change",
        "hard|difficult|tough to answer|handle|manage|keep|pick",
        "we|i ?really|do|just|also|would|will need|want|require", "looking for|to",
        "would|will like|love|need to|a|some|something|someone|it|that|this", "interested in",
        "trying to", "have ?a|some problem|problems|trouble|difficulty|difficulties",
        "miss|missing|missed ?too ?so ?many ?a ?lot ?of ?some calls", "too many calls", "need|help with",
        "struggling|struggle", "nobody|no one answers|picks", "want to", "thinking about|of",
        "replace|improve|automate", "could use", "would help", "help us", "shopping for",
        "evaluating|evaluate|comparing",
        "take|taking over our|my|the", "too much time|work", "too much of our|my time",
        "would|will help|welcome", "cut|bring|reduce ?down ?on our|the|my|hold|phone|wait|waiting",
        "get more out of|leads|calls", "like ?to ?have ?get a quote|demo|trial|price",
        "looking to|into|at a|an|some|options|few",
        "options|few for next year", "be ?very good|great|nice|useful|helpful to|if|for",
        "planning|plan|hoping to", "considering")
    /// Wishes that are none for the product.
    static let excuses = Phrase.list(
        "need|want ?just a|one|another ?quick ?little minute|moment|second|sec|break",
        "need|have|want to go|run|hang|leave|think",
        "talk|speak ?to ?with a|an|some human|person|agent", "waiting for",
        "need|have to find|grab|charge|plug|feed|walk my|the|a")
    static let lowAnswers = Phrase.list(
        "all the time", "plenty of time", "no panic", "not a|any problem", "whenever", "zero|nil",
        "not ?really ?at ?all $", "it is not $",
        "not ?so|that|too|very|really|at|particularly ?all ?urgent|important $",
        "not ?so|that|too|very|really urgent|important", "can wait", "low", "no rush|hurry",
        "not ?so ?that ?very ?really $", "whenever",
        "next year", "some day", "minor|small")
    static let middling = Phrase.list(
        "somewhat|medium|moderate|moderately|middling|average|fairly|normal|reasonably", "so so",
        "in between|the middle", "kind|sort of", "more or less", "a bit|little")
    static let urgentAnswers = Phrase.list(
        "very|extremely|super|really|quite|pretty|highly|incredibly|absolutely",
        "huge|massive|enormous|gigantic|biggest", "number one|1",
        "life or|and death", "sooner the better", "costing us|me", "suffering",
        "high|top|maximum|ten", "as can be",
        "yesterday", "now|immediately|today", "could not be more")
}
