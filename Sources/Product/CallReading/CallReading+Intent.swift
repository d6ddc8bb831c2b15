import CallModel
import SpokenLanguage

extension CallReading {
    /// Runs on every turn and wins over everything else; only an explicit taking-back undoes it.
    mutating func readOptOut(_ turn: CallerTurn) {
        let wishes = OptOut.wishes(in: turn.text)
        if let words = wishes.first(where: \.isWhole)?.quote {
            doNotContact = Finding(words, confidence: 0.95, evidence: [turn.evidence(words)])
        } else if doNotContact != nil, CallReading.takenBack.matches(turn.words) {
            doNotContact = nil
        } else if turn.topic == .optOut, turn.answer == .yes || CallReading.pleas.matches(turn.words) {
            doNotContact = doNotContact ?? Finding(turn.turn.heardText, confidence: 0.9, evidence: [turn.evidence()])
        } else if turn.topic == .optOut, turn.answer == .no, doNotContact != nil, turn.question.isQuestion {
            doNotContact = nil
        } else if turn.question.asksToCallAgain, CallReading.nevers.matches(turn.words) {
            doNotContact = Finding(turn.turn.heardText, confidence: 0.9, evidence: [turn.evidence()])
        }
        for wish in wishes where !wish.isWhole {
            for channel in [OptOut.Channel.texts, .emails] where wish.channels.contains(channel) {
                let kind = channel == .texts ? "marketing_sms" : "marketing_email"
                guard !refused.contains(where: { $0.value == kind }) else { continue }
                refused.append(Finding(kind, confidence: 0.9, evidence: [turn.evidence(wish.quote)]))
            }
        }
    }

    private static let pleas = Phrase.list(
        "^ ?oh ?god ?yes|yeah please ?do ?so $", "god|hell|heck yes", "please do",
        "^ ?yes ?that would be ?very ?really ?so great|nice|good|best|kind|lovely|perfect",
        "^ ?yes i would ?really ?very appreciate|like|love that|it", "^ you had better",
        "that is what i said|want|mean|meant|asked", "^ ?yes do that|it|so",
        "^ ?yes ?please if you would|could|can|please|like|do", "^ ?yes exactly|correct|right none|nothing|never",
        "^ ?yes ?that is|would ?be correct|right $", "^ correct|right ?yes $",
        "^ ?yes i would ?yes|please $", "exactly|precisely $")
    /// To "may we call you again?": more than the no to a proposal.
    private static let nevers = Phrase.list(
        "^ ?no ?please never|not|don't $", "^ ?no ?please do not ?ever ?please $", "^ ?no never ?again|ever $",
        "absolutely|certainly|definitely not $", "never|not ever|again $", "never ever $", "not ~ ever $",
        "never|not in a million|hundred",
        "rather you did|do not $", "prefer ?if ?that you did|do not $")
    private static let takenBack = Phrase.list(
        "keep me|us ?on", "second thought|thoughts", "do call|contact me|us", "leave me|us on it|there",
        "was|am|were ?only ?just joking|kidding",
        "of course ?you ?can|may|should call", "thought you were", "it is fine|okay ?to call",
        "leave me|us|it on ?the|your ?list $", "put me back", "do not take|remove me|us", "mixed you up",
        "changed my mind",
        "you can|may ?still|keep ?on call|calling|contact", "take that back", "did not mean that|it|to",
        "forget that $", "forget what i said")

    mutating func readIntent(_ turn: CallerTurn) {
        if let found = CallReading.wrongNumber.first(in: turn.words) { isWrongNumber = turn.evidence(found) }
        if let found = CallReading.notInterested.first(in: turn.words) {
            isNotInterested = turn.evidence(found)
        } else if let found = CallReading.interested.first(in: turn.words), !turn.words.contains("not") {
            showsInterest = turn.evidence(found)
            isNotInterested = nil
        }
        if let found = CallReading.support.first(in: turn.words) { wantsSupport = wantsSupport ?? turn.evidence(found) }
        if let found = CallReading.information.first(in: turn.words) {
            wantsInformation = wantsInformation ?? turn.evidence(found)
        }
        if let found = CallReading.wantsPerson.first(in: turn.words) { transferRequested = turn.evidence(found) }
        for (name, phrases) in CallReading.objectionKinds {
            guard let found = phrases.first(in: turn.words), !objections.contains(where: { $0.value == name }),
                objections.count < 8
            else { continue }
            objections.append(Finding(name, confidence: 0.7, evidence: [turn.evidence(found)]))
        }
    }

    mutating func readMood(_ turn: CallerTurn) {
        for index in turn.words.indices {
            let word = turn.words[index]
            let isNegated = turn.words[..<index].suffix(2).contains { $0 == "not" || $0 == "never" || $0 == "no" }
            if isNegated, word.hasPrefix("thank") { continue }  // "no thank you" is polite, not cross.
            if CallReading.gladWords.contains(word) {
                isNegated
                    ? displeased.append(turn.evidence(index..<(index + 1)))
                    : pleased.append(turn.evidence(index..<(index + 1)))
            } else if CallReading.sadWords.contains(word), !isNegated {
                displeased.append(turn.evidence(index..<(index + 1)))
            }
        }
    }

    var sentiment: Finding<Sentiment> {
        var sad = displeased
        if let optOut = doNotContact?.evidence.first { sad.append(optOut) }
        if let refused = isNotInterested { sad.append(refused) }
        let (glad, bad) = (pleased.count, sad.count)
        if glad == 0, bad == 0 { return Finding(.neutral, confidence: 0.5) }
        let strength = min(0.9, 0.5 + 0.1 * Double(abs(glad - bad)))
        if glad >= 2, bad >= 2, abs(glad - bad) <= max(glad, bad) / 2 {
            return Finding(.mixed, confidence: 0.6, evidence: [pleased[0], sad[0]])
        }
        if glad > bad { return Finding(.positive, confidence: strength, evidence: Array(pleased.prefix(2))) }
        if bad > glad { return Finding(.negative, confidence: strength, evidence: Array(sad.prefix(2))) }
        return Finding(.mixed, confidence: 0.5, evidence: [pleased[0], sad[0]])
    }

    var intent: Finding<CallIntent> {
        if let words = doNotContact { return Finding(.optOut, confidence: words.confidence, evidence: words.evidence) }
        if let wrong = isWrongNumber { return Finding(.wrongNumber, confidence: 0.9, evidence: [wrong]) }
        let wants = need.value == .urgent || need.value == .moderate
        var signs: [Finding<String>] = []
        func add<Value>(_ finding: Finding<Value>, if counts: Bool) {
            guard counts, finding.confidence >= 0.5 else { return }
            signs.append(Finding("", confidence: finding.confidence, evidence: finding.evidence))
        }
        add(budget.finding, if: budget.value == .high || budget.value == .medium)
        add(authority.finding, if: authority.value == .yes || authority.value == .influencer)
        add(timeline.finding, if: [.immediate, .thisMonth, .thisQuarter].contains(timeline.value))
        if let agreed = meetingEvidence, meeting != nil {
            signs.append(Finding("", confidence: 0.85, evidence: [agreed]))
        }
        if isNotInterested == nil, signs.count >= (wants ? 2 : 3) {
            let all =
                wants
                ? signs + [Finding("", confidence: need.finding.confidence, evidence: need.finding.evidence)] : signs
            let mean = all.map(\.confidence).reduce(0, +) / Double(all.count)
            return Finding(.salesQualified, confidence: mean, evidence: all.flatMap { $0.evidence.prefix(1) })
        }
        if let support = wantsSupport, signs.count < 2 {
            return Finding(.support, confidence: 0.75, evidence: [support])
        }
        if isNotInterested == nil, wants || !signs.isEmpty || showsInterest != nil, need.value != .low || !signs.isEmpty
        {
            let evidence =
                need.finding.evidence.prefix(1) + signs.flatMap { $0.evidence.prefix(1) }
                + [showsInterest].compactMap(\.self)
            let confidence = max(
                wants ? need.finding.confidence : 0, signs.map(\.confidence).max() ?? 0, showsInterest == nil ? 0 : 0.6)
            return Finding(.marketingQualified, confidence: min(confidence, 0.8), evidence: Array(evidence.prefix(3)))
        }
        if let information = wantsInformation { return Finding(.information, confidence: 0.6, evidence: [information]) }
        if need.value == .low, isNotInterested == nil {
            return Finding(.information, confidence: 0.5, evidence: need.finding.evidence)
        }
        return Finding(.unknown, confidence: 0.3, evidence: [isNotInterested].compactMap(\.self))
    }

    private static let wrongNumber = Phrase.list(
        "wrong number", "have|got|dialed|dialled|called the wrong number|person|place|company",
        "trying to reach|call|order ~ pizza|taxi|restaurant|hospital", "is this ?the ?not pizza|taxi|hospital",
        "i did not call you", "no one|nobody here by that name")
    private static let notInterested = Phrase.list(
        "not ?really|at ?all interested", "no interest", "do not want ?to ?buy|any|anything|your|this $",
        "not for us|me", "no ?thank thanks ?you goodbye|bye", "do not need ?any ?this|it|that|anything ?from ?you $")
    private static let interested = Phrase.list(
        "interested in", "sounds ?very|really good|great|interesting|perfect", "tell me more", "would love|like to|a",
        "i am interested", "we are interested", "send me ?some|more|the information|details|something",
        "like to learn|know|hear|see")
    private static let support = Phrase.list(
        "not working|work", "does|is not work|working", "is|are|it broken|down|crashing|failing", "support|technician",
        "my order|invoice|account|password|login|subscription|ticket|delivery",
        "existing|already|current a|your ?existing customer",
        "i am ?already a|your customer", "complaint|complain|refund", "can not log|sign in", "error message|code",
        "help ~ fix|fixing", "need|want|get a refund")
    private static let information = Phrase.list(
        "just|only want|wanted|looking|calling|need ~ information|info|details|know|prices", "opening|business hours",
        "how much do|does|is|are|would", "what do|does you|your|it|this", "how does it|this|that",
        "do you offer|have|support|sell|work", "question|questions about",
        "send me ?some|more|the information|info|details", "wondering if|about|what|how",
        "find out|learn more|about|what|how", "just|only looking|curious|browsing")
    private static let wantsPerson = Phrase.list(
        "speak|talk ?with|to a|an|the|your ?real ?live human|person|agent|representative|manager|colleague",
        "speak|talk with|to someone|somebody",
        "real|actual|live person|human", "transfer me", "put me through", "human being")
    private static let objectionKinds: [(String, PhraseList)] = [
        (
            "price",
            Phrase.list(
                "too|very|so|quite|pretty expensive|pricey|costly|much ?money", "can not afford",
                "costs|cost too|so much", "over|out of ?our budget", "cheaper", "no|not ?have ?any ?the budget|money")
        ),
        (
            "has a provider",
            Phrase.list(
                "already ?have|use|using|work|working|got a|an|someone|somebody|something|with",
                "happy|satisfied with ?our|what|my ?current",
                "current|existing|another provider|vendor|supplier|solution")
        ),
        (
            "timing",
            Phrase.list(
                "not|bad a ?good ?great time", "bad time|moment", "too|very|really|quite busy",
                "no|not ?have ?the time", "in a meeting", "i am driving", "not ?right now")
        ),
        ("wants to think", Phrase.list("think about it|this|that", "think it over", "sleep on it", "need ?some time")),
        (
            "trust",
            Phrase.list(
                "robot|bot|scam|fraud|recording", "is this ?an ai", "privacy|security|secure|gdpr", "do not trust")
        ),
        (
            "under contract",
            Phrase.list("under contract", "locked in", "contract runs|until|with|ends", "in a contract")
        ),
        ("not interested", Phrase.list("not ?really|at ?all interested", "no interest")),
        (
            "needs others",
            Phrase.list("ask|check with|talk to my|our|the boss|manager|partner|wife|husband|team|board", "run it by")
        ),
    ]
    private static let gladWords: WordSet = [
        "great", "perfect", "excellent", "wonderful", "awesome", "love", "lovely", "happy", "fantastic", "brilliant",
        "good", "amazing", "nice", "thanks", "thank", "glad", "excited", "helpful", "interested", "appreciate",
    ]
    private static let sadWords: WordSet = [
        "angry", "annoyed", "annoying", "frustrated", "frustrating", "terrible", "awful", "ridiculous", "waste", "hate",
        "unacceptable", "disappointed", "upset", "bad", "worst", "horrible", "useless", "stupid", "rude", "scam",
        "harassing", "sick",
        "wrong", "unhappy", "complaint", "broken", "nuisance", "bothering",
    ]
}
