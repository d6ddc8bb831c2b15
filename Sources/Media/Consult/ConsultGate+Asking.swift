import SpokenLanguage

/// From the question to the yes: the offer, and what the caller says to it.
///
/// A yes counts only from somebody who has heard what they are asked, and began to answer after that. What they say with
/// the offer or before it belongs to their question.
extension ConsultGate {
    mutating func toolRequested(
        _ question: ConsultQuestion, _ callID: String, _ nowMs: Int, _ actions: inout [Action]
    ) {
        guard !isOver else {
            actions.append(resolve(callID, "call_ended", "The call is over."))
            return
        }
        switch phase {
        case .idle where nowMs < quietUntilMs && declined.map({ classifier.isSame($0, question.text) }) == true:
            // The words of a question that was put to the agent because the caller wants its short answer.
            declined = nil
            actions.append(resolve(callID, "declined", ConsultGate.answerShortly))
        case .idle: offer(question, toolCalls: [callID], nowMs, &actions)
        case .asking where consult?.toolCalls.isEmpty == true:
            // The detector was first: one offer serves both, and the agent knows better what is asked.
            consult?.toolCalls = [callID]
            if let offeredMs = consult?.asking.offeredMs, nowMs - offeredMs <= ConsultGate.betterWordingMs {
                reword(question.text)
            }
        case .asking, .consulting, .delivering:
            actions.append(
                resolve(
                    callID, "busy",
                    "A consult is already under way. Do not ask for another one; tell the caller that their further "
                        + "question comes next."))
        }
    }

    mutating func callerSaid(_ text: String, _ position: Int, _ nowMs: Int, _ actions: inout [Action]) {
        guard !isOver else { return }
        let before = detector
        let finding = detector.hear(text, atMs: nowMs)
        consult?.audioPositionMs = position
        switch phase {
        case .idle:
            if declined != nil, classifier.classify(text).decision == .yes { declined = nil }
            guard nowMs >= quietUntilMs else { return }
            let found = joined(finding, with: text, nowMs) ?? finding
            guard found.score >= limits.detectionThreshold else {
                lastSaid = (found.question, nowMs, found == finding ? before : lastSaid?.before ?? before)
                return
            }
            let question = ConsultQuestion(
                text: found.question, askedAtMs: nowMs, source: .detected, reasons: found.reasons)
            offer(question, toolCalls: [], nowMs, &actions)
        case .asking: replied(text, finding.isQuestion, position, nowMs, &actions)
        case .consulting: saidWhileWaiting(text, position, nowMs, &actions)
        case .delivering: saidWhileDelivering(text, nowMs, &actions)
        }
    }

    /// A question that the recogniser cut in two is one: the finding of both halves, where these are the second.
    private mutating func joined(
        _ finding: ConsultDetector.Finding, with text: String, _ nowMs: Int
    ) -> ConsultDetector.Finding? {
        guard let last = lastSaid, nowMs - last.atMs <= ConsultGate.oneSentenceMs,
            last.text.count < ConsultGate.halfCharactersMax,
            Unfinished.breaksOff(Normalised.words(last.text)) || Unfinished.goesOn(Normalised.words(text))
        else { return nil }
        var detector = last.before
        let whole = detector.hear("\(last.text) \(text)", atMs: nowMs)
        guard whole.score >= finding.score else { return nil }
        self.detector = detector
        return whole
    }

    // MARK: The offer

    private mutating func offer(
        _ question: ConsultQuestion, toolCalls: [String], _ nowMs: Int, _ actions: inout [Action]
    ) {
        lastSaid = nil
        let asking = Asking(replyDueMs: replyDueMs(afterOfferAt: nowMs), offeredMs: nowMs)
        let record = ConsultRecord(question: question, ending: .noReply, offeredMs: nowMs, endedMs: nowMs)
        consult = Consult(question: question, toolCalls: toolCalls, record: record, asking: asking)
        phase = .asking
        actions.append(.pauseAgent)
        actions.append(.askConsent(offerText))
    }

    /// Made again, to somebody who has not heard it.
    mutating func offerAgain(_ nowMs: Int, _ actions: inout [Action]) {
        guard let offers = consult?.asking.offers, offers < ConsultGate.offersMax else {
            decline(.noReply, nowMs, &actions)
            return
        }
        consult?.asking.offers = offers + 1
        sayOffer(nowMs, &actions)
    }

    /// Says what the caller is being asked, from its beginning.
    mutating func sayOffer(_ nowMs: Int, _ actions: inout [Action]) {
        guard var asking = consult?.asking else { return }
        asking.isCut = false
        asking.offeredMs = nowMs
        asking.replyDueMs = replyDueMs(afterOfferAt: nowMs)
        consult?.asking = asking
        actions.append(asking.attempt == 1 ? .askConsent(offerText) : .askAgainConsent(wording.askAgain))
    }

    private func replyDueMs(afterOfferAt nowMs: Int) -> Int {
        nowMs + ConsultGate.offerSpeechMs + limits.answerWithinMs
    }

    var offerText: String { wording.offer(seconds: limits.expectedSeconds, language: classifier.language) }

    /// What the caller is being asked at the moment, in the words in which they are to hear it; nil when nothing.
    package var asked: String? {
        guard phase == .asking, let asking = consult?.asking else { return nil }
        return asking.attempt == 1 ? offerText : wording.askAgain
    }

    private mutating func awaitReply(from nowMs: Int) {
        let dueMs = nowMs + limits.answerWithinMs
        consult?.asking.replyDueMs = dueMs
    }

    mutating func voiceStarted(_ nowMs: Int) {
        guard let asking = consult?.asking else { return }
        let dueMs = max(asking.replyDueMs, nowMs + limits.answerWithinMs)
        consult?.asking.voiceMs = nowMs
        consult?.asking.replyDueMs = dueMs
    }

    mutating func offerHeard(_ nowMs: Int) {
        if consult?.asking.heardMs == nil { consult?.asking.heardMs = nowMs }
        consult?.asking.isCut = false
        awaitReply(from: nowMs)
    }

    mutating func offerInterrupted(_ heard: String, _ nowMs: Int) {
        guard let asking = consult?.asking else { return }
        consult?.asking.voiceMs = nowMs
        if asking.heardMs != nil {
            awaitReply(from: nowMs)
        } else if isClear(heard) {
            offerHeard(nowMs)
        } else {
            consult?.asking.isCut = true
            consult?.asking.replyDueMs = nowMs + ConsultGate.offerAgainMs
        }
    }

    /// Whether somebody who heard so much of the offer knows what they are asked: all of it but half of its last sentence.
    private func isClear(_ heard: String) -> Bool {
        let sentences = ReplyMerge.split(offerText).map { Normalised.words($0).count }
        guard let last = sentences.last else { return false }
        let mayLack = sentences.count > 1 ? last / 2 : 0
        return Normalised.words(heard).count >= sentences.reduce(0, +) - mayLack
    }

    // MARK: The reply

    private mutating func replied(
        _ text: String, _ isQuestion: Bool, _ position: Int, _ nowMs: Int, _ actions: inout [Action]
    ) {
        guard let asking = consult?.asking, let question = consult?.question else { return }
        consult?.asking.voiceMs = nil
        if classifier.asksForPerson(text) {
            leaveForPerson(
                .cancelled, words: text, confidence: ConsultGate.personConfidence, position, nowMs, &actions)
            return
        }
        let beganMs = asking.voiceMs ?? nowMs
        // The transcript of the question itself may come in after the agent's tool call.
        let verdict = classifier.classify(text)
        let isKnown = asking.attempt == 1 && holds(question.text, text) && verdict.decision != .yes
        guard !isKnown, let heardMs = asking.heardMs, beganMs >= heardMs else {
            let mayRefuse = asking.heardMs != nil || beganMs - asking.offeredMs > ConsultGate.tooEarlyToReplyMs
            if !isKnown, classifier.isCancellation(text) || verdict.decision == .no && mayRefuse {
                refused(text, verdict, isQuestion, position, nowMs, &actions)
            } else {
                saidTooEarly(isKnown ? nil : text, verdict, beganMs: beganMs, asking, position, nowMs, &actions)
            }
            return
        }
        switch verdict.decision {
        case .yes:
            note(.yes, words: text, verdict.confidence, position, nowMs, &actions)
            let grant = ledger.grant(for: question, on: verdict, atMs: nowMs, expiresMs: nowMs + limits.wholeMs)
            if let grant { begin(grant, nowMs, &actions) }
        case .no: refused(text, verdict, isQuestion, position, nowMs, &actions)
        case .unclear:
            note(.unclear, words: text, verdict.confidence, position, nowMs, &actions)
            unclear(text, isQuestion, asking, nowMs, &actions)
        }
    }

    private mutating func refused(
        _ text: String, _ verdict: ConsentVerdict, _ isQuestion: Bool, _ position: Int, _ nowMs: Int,
        _ actions: inout [Action]
    ) {
        note(.no, words: text, verdict.confidence, position, nowMs, &actions)
        let other = otherQuestion(text, isQuestion)
        decline(.declined, inFavourOf: other, nowMs, &actions)
    }

    private mutating func unclear(
        _ text: String, _ isQuestion: Bool, _ asking: Asking, _ nowMs: Int, _ actions: inout [Action]
    ) {
        let words = Normalised.words(text)
        if asking.attempt == 1, words.first != "but", Unfinished.goesOn(words), !newMatter(in: text).isEmpty,
            nowMs - asking.offeredMs <= ConsultGate.offerSpeechMs
        {
            // The rest of the question, which the recogniser gave apart.
            extend(with: text)
        } else if let other = otherQuestion(text, isQuestion) {
            decline(.unclear, inFavourOf: other, nowMs, &actions)
            return
        }
        askAgainOrDecline(.unclear, nowMs, &actions)
    }

    /// The words of a reply that ask for something else: a question, or what the caller says that they want.
    private func otherQuestion(_ text: String, _ isQuestion: Bool) -> String? {
        let matter = newMatter(in: text)
        let insists = ConsultGate.insisting.matches(Normalised.words(text))
        return isQuestion && !matter.isEmpty || insists && matter.count > 1 ? text : nil
    }

    private static let insisting = Phrase.list(
        "i ?just|only asked|meant|mean|said|want|wanted|need", "my question", "asked ?you about",
        "tell|told ?me about", "talk|interested|more about|in", "what|how about", "pregunté|quería|quiero",
        "ich fragte|meinte|meine|wollte|will|möchte|habe gefragt")

    /// Words that the caller began to say before they could know what they are asked.
    ///
    /// - Parameter text: nil for words that the question has already.
    private mutating func saidTooEarly(
        _ text: String?, _ verdict: ConsentVerdict, beganMs: Int, _ asking: Asking, _ position: Int, _ nowMs: Int,
        _ actions: inout [Action]
    ) {
        let isBare = verdict.decision != .unclear && (text.map(Normalised.words)?.count ?? 0) <= 4
        let isOfTheQuestion =
            beganMs - asking.offeredMs <= ConsultGate.tooEarlyToReplyMs
            || verdict.decision == .unclear && newMatter(in: text ?? "").count > 1
        if let text, isOfTheQuestion {
            if !isBare { extend(with: text) }
        } else if let text {
            // Said to an offer half heard: on record, and no yes.
            note(.unclear, words: text, verdict.confidence, position, nowMs, &actions)
            if asking.heardMs != nil { return askAgainOrDecline(.unclear, nowMs, &actions) }
        }
        if asking.isCut {
            offerAgain(nowMs, &actions)
        } else if asking.heardMs != nil {
            awaitReply(from: nowMs)
        }
    }

    mutating func askAgainOrDecline(_ ending: ConsultRecord.Ending, _ nowMs: Int, _ actions: inout [Action]) {
        guard var asking = consult?.asking, asking.attempt == 1 else {
            decline(ending, nowMs, &actions)
            return
        }
        asking.attempt = 2
        consult?.asking = asking
        sayOffer(nowMs, &actions)
    }

    /// No words, or none that count, within the time for them.
    mutating func replyIsDue(_ consult: Consult, _ nowMs: Int, _ actions: inout [Action]) {
        guard consult.asking.heardMs != nil else { return offerAgain(nowMs, &actions) }
        note(.unclear, words: "", 0, consult.audioPositionMs, nowMs, &actions)
        askAgainOrDecline(.noReply, nowMs, &actions)
    }

    mutating func note(
        _ decision: ConsentDecision, words: String, _ confidence: Double, _ position: Int, _ nowMs: Int,
        isWithdrawal: Bool = false, _ actions: inout [Action]
    ) {
        guard let question = consult?.question else { return }
        let entry = ConsentRecord(
            questionID: question.id, question: question.text, words: words, decision: decision, confidence: confidence,
            atMs: nowMs, audioPositionMs: position, isWithdrawal: isWithdrawal)
        consult?.record.consents.append(entry)
        actions.append(.consentRecord(entry))
    }

    /// The agent is to answer, without specialists.
    ///
    /// - Parameter other: what the caller asked instead; nil: the question that the offer was about.
    private mutating func decline(
        _ ending: ConsultRecord.Ending, inFavourOf other: String? = nil, _ nowMs: Int, _ actions: inout [Action]
    ) {
        guard let question = consult?.question else { return }
        quietUntilMs = nowMs + ConsultGate.quietAfterDeclineMs
        declined = other == nil ? question.text : nil
        resolveTools("declined", ConsultGate.answerShortly, &actions)
        actions.append(.resumeAgent)
        let next = other.map { ConsultQuestion(text: $0, askedAtMs: nowMs, source: .detected) }
        actions.append(.declineQuietly(next ?? question, text: wording.declined))
        finish(ending, nowMs, &actions)
    }

    private mutating func begin(_ grant: ConsentGrant, _ nowMs: Int, _ actions: inout [Action]) {
        guard let question = consult?.question else { return }
        phase = .consulting
        consult?.record.agreedMs = nowMs
        consult?.lastSignMs = nowMs
        resolveTools(
            "consulting",
            "The caller agreed and the specialists are being asked. Say nothing until you are given their answer.",
            &actions)
        actions.append(.begin(question, grant))
        actions.append(.sayHold(wording.hold[holdCount % wording.hold.count]))
        holdCount += 1
    }

    // MARK: The question

    /// In other words; whoever agrees, agrees to these.
    private mutating func reword(_ text: String) {
        guard let question = consult?.question, !text.isEmpty else { return }
        let better = ConsultQuestion(
            id: question.id, text: text, askedAtMs: question.askedAtMs, source: question.source,
            reasons: question.reasons)
        consult?.question = better
        consult?.record.question = better
    }

    private mutating func extend(with text: String) {
        guard let question = consult?.question, !holds(question.text, text) else { return }
        reword("\(question.text) \(text)")
    }

    /// Whether most of the words of `text` are in the question.
    private func holds(_ question: String, _ text: String) -> Bool {
        if classifier.isSame(text, question) { return true }
        let known = Set(Normalised.words(question))
        let words = Normalised.words(text)
        return words.count > 2 && words.count(where: known.contains) * 3 >= words.count * 2
    }

    /// What the caller speaks of that is neither in the question nor about the offer.
    private func newMatter(in text: String) -> Set<String> {
        QuestionTerms.set(text).subtracting(QuestionTerms.set(consult?.question.text ?? ""))
            .subtracting(QuestionTerms.set("\(offerText) \(wording.askAgain)")).subtracting(ConsultGate.ofTheOffer)
    }

    /// What callers ask about the offer itself.
    private static let ofTheOffer = QuestionTerms.set(
        "take takes long longer cost costs wait waiting second seconds minute minutes answer answers mean time fast quick"
    )
}
