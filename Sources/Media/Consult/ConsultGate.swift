/// The consent gate of one call as a pure value: nothing goes to a specialist but through here.
///
/// `idle → asking → consulting → delivering → idle`; its diagram is in docs/consults.md. Events come in with the time in ms
/// since the phone rang, actions come out in the order in which they are to be done, and ``nextDeadlineMs`` says when a
/// ``Event/tick`` is due. Copies share the grant that was handed out: keep one gate a call.
package struct ConsultGate: Sendable {
    package enum Event: Equatable, Sendable {
        /// The speech agent called `consult_specialists`.
        case toolRequested(ConsultQuestion, callID: String)
        /// A final transcript; `audioPositionMs` in ms of the caller's audio.
        case callerSaid(String, audioPositionMs: Int)
        case callerVoiceStarted
        /// The caller has heard the offer to its end: from now on a reply is awaited.
        case offerHeard
        /// What has come in so far, most complete list last; what is delivered when the time runs out.
        case partialAnswers([SpecialistAnswer])
        case answerReady(ConsultAnswer)
        case allFailed([SpecialistAnswer])
        /// The first of the answer is on its way to the caller, who hears it in so many ms.
        case deliveryBegan(inMs: Int)
        /// The caller has heard the answer to its end.
        case deliveredHeard
        /// The caller talked into the answer, having heard this much of it.
        case deliveryInterrupted(heardText: String)
        case keyPressed(String)
        case agentLegReopened
        case hungUp
        case tick
    }

    package enum SignOfLife: Equatable, Sendable {
        case spoken(String)
        case tone
    }

    package enum Action: Equatable, Sendable {
        /// Suppress the agent's own turns, or let it go on.
        case pauseAgent
        case resumeAgent
        case askConsent(String)
        case askAgainConsent(String)
        case consentRecord(ConsentRecord)
        /// The agent is to answer the question itself, briefly; `text` leads over to it.
        case declineQuietly(ConsultQuestion, text: String)
        case begin(ConsultQuestion, ConsentGrant)
        case sayHold(String)
        case signOfLife(SignOfLife)
        case answerBargeIn(String)
        /// Stop asking; the grant no longer stands.
        case cancelConsult(reason: ConsultRecord.Ending)
        case say(String)
        /// Speak `text` now, and give the agent `instructions` so that it can go on from there.
        case deliver(text: String, instructions: String)
        /// The rest of a long answer, for the agent to tell when the caller wants it.
        case offerRest(String)
        case promiseCallBack(text: String, followUp: String)
        case transferToPerson
        case record(ConsultRecord)
        /// Say what came of the agent's tool call; exactly once for each.
        case resolveTool(callID: String, contentJSON: String)
    }

    package enum Phase: String, Sendable, CaseIterable { case idle, asking, consulting, delivering }

    /// How the caller is told that the line is alive.
    package enum SignStyle: String, Sendable, Codable, CaseIterable { case spoken, tone, alternating }

    struct Asking: Sendable {
        var attempt = 1
        var replyDueMs: Int
    }

    struct Consult: Sendable {
        var question: ConsultQuestion
        var toolCalls: [String]
        var record: ConsultRecord
        var audioPositionMs = 0
        var asking: Asking
        var lastSignMs = 0
        var spoken = ""
        var instructions = ""
        var deliverDueMs = 0
        var isPartial = false
        var awaitsRedelivery = false
    }

    /// How long it takes at most to say the offer.
    static let offerSpeechMs = 12_000
    /// A sign of life comes this much early, so that a late tick does not make it late.
    static let signMarginMs = 500
    /// What a consent record has for words when the caller pressed 0.
    static let keyWords = "(key 0)"
    /// Of what the agent is told of an answer.
    static let answerCharactersMax = 4_000
    /// How sure it is that somebody who asks for a person wants no consult.
    static let personConfidence = 0.95
    private static let answerShortly =
        "The caller does not want the specialists asked. Give your own short answer now."
    /// After a no, the detector makes no offer for this long.
    static let quietAfterDeclineMs = 60_000

    package let limits: ConsultLimits
    package let wording: ConsultWording
    package let signStyle: SignStyle
    package internal(set) var phase = Phase.idle
    let classifier: ConsentClassifier
    var detector: ConsultDetector
    var ledger = ConsentLedger()
    var consult: Consult?
    var isOver = false
    var quietUntilMs = 0
    /// A question that was declined and is put to the agent, which may call for it once more: a no holds for that call too.
    var declined: String?
    var holdCount = 0
    var signCount = 0
    var bargeInCount = 0

    package init(
        limits: ConsultLimits, wording: ConsultWording, classifier: ConsentClassifier, detector: ConsultDetector,
        signStyle: SignStyle = .spoken
    ) {
        self.limits = limits
        self.wording = wording
        self.classifier = classifier
        self.detector = detector
        self.signStyle = signStyle
    }

    /// The language of what is said.
    package var language: String { classifier.language }
    /// The question under way.
    package var question: ConsultQuestion? { consult?.question }

    /// Takes an event at `nowMs` and says what is to be done, in order.
    package mutating func handle(_ event: Event, at nowMs: Int) -> [Action] {
        var actions: [Action] = []
        switch event {
        case .toolRequested(let question, let callID): toolRequested(question, callID, nowMs, &actions)
        case .callerSaid(let text, let position): callerSaid(text, position, nowMs, &actions)
        case .callerVoiceStarted where phase == .asking: awaitReply(from: nowMs)
        case .offerHeard where phase == .asking: awaitReply(from: nowMs)
        case .partialAnswers(let answers) where phase == .consulting: consult?.record.answers = answers
        case .answerReady(let answer) where phase == .consulting: answerReady(answer, nowMs, &actions)
        case .allFailed(let answers) where phase == .consulting:
            consult?.record.answers = answers
            fail(.allFailed, nowMs, &actions)
        case .deliveredHeard where phase == .delivering: delivered(heard: true, nowMs, &actions)
        case .deliveryInterrupted(let heard) where phase == .delivering:
            if heard.isEmpty { awaitRedelivery() } else { delivered(heard: false, nowMs, &actions) }
        case .deliveryBegan(let ms) where phase == .delivering:
            if consult?.record.spokenMs == nil { consult?.record.spokenMs = nowMs + ms }
        case .keyPressed("0") where phase != .idle:
            leaveForPerson(
                .keyPressed, words: ConsultGate.keyWords, confidence: 1, consult?.audioPositionMs ?? 0, nowMs, &actions)
        case .agentLegReopened: agentLegReopened(nowMs, &actions)
        case .hungUp: hungUp(nowMs, &actions)
        case .callerVoiceStarted, .offerHeard, .partialAnswers, .answerReady, .allFailed, .deliveryBegan,
            .deliveredHeard, .deliveryInterrupted, .keyPressed, .tick:
            break
        }
        deadlines(nowMs, &actions)
        return actions
    }

    /// When ``handle(_:at:)`` wants a ``Event/tick``, in ms since the phone rang.
    package var nextDeadlineMs: Int {
        guard let consult else { return .max }
        switch phase {
        case .idle: return .max
        case .asking: return consult.asking.replyDueMs
        case .consulting: return min(signDueMs(consult), wholeDueMs(consult))
        case .delivering: return consult.deliverDueMs
        }
    }

    func signDueMs(_ consult: Consult) -> Int {
        consult.lastSignMs + max(limits.signOfLifeMs - ConsultGate.signMarginMs, limits.signOfLifeMs / 2)
    }

    func wholeDueMs(_ consult: Consult) -> Int { (consult.record.agreedMs ?? 0) + limits.wholeMs }

    // MARK: Asking

    private mutating func toolRequested(
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
            // The detector was first with the same words: one offer serves both.
            consult?.toolCalls = [callID]
        case .asking, .consulting, .delivering:
            actions.append(
                resolve(
                    callID, "busy",
                    "A consult is already under way. Do not ask for another one; tell the caller that their further "
                        + "question comes next."))
        }
    }

    private mutating func offer(
        _ question: ConsultQuestion, toolCalls: [String], _ nowMs: Int, _ actions: inout [Action]
    ) {
        let asking = Asking(replyDueMs: nowMs + ConsultGate.offerSpeechMs + limits.answerWithinMs)
        let record = ConsultRecord(question: question, ending: .noReply, offeredMs: nowMs, endedMs: nowMs)
        consult = Consult(question: question, toolCalls: toolCalls, record: record, asking: asking)
        phase = .asking
        actions.append(.pauseAgent)
        actions.append(.askConsent(offerText))
    }

    var offerText: String { wording.offer(seconds: limits.expectedSeconds, language: classifier.language) }

    private mutating func awaitReply(from nowMs: Int) { consult?.asking.replyDueMs = nowMs + limits.answerWithinMs }

    private mutating func callerSaid(_ text: String, _ position: Int, _ nowMs: Int, _ actions: inout [Action]) {
        guard !isOver else { return }
        let finding = detector.hear(text, atMs: nowMs)
        consult?.audioPositionMs = position
        switch phase {
        case .idle:
            if declined != nil, classifier.classify(text).decision == .yes { declined = nil }
            guard finding.score >= limits.detectionThreshold, nowMs >= quietUntilMs else { return }
            let question = ConsultQuestion(
                text: finding.question, askedAtMs: nowMs, source: .detected, reasons: finding.reasons)
            offer(question, toolCalls: [], nowMs, &actions)
        case .asking: reply(text, position, nowMs, &actions)
        case .consulting: saidWhileWaiting(text, position, nowMs, &actions)
        case .delivering: saidWhileDelivering(text, nowMs, &actions)
        }
    }

    private mutating func reply(_ text: String, _ position: Int, _ nowMs: Int, _ actions: inout [Action]) {
        guard let question = consult?.question else { return }
        // The transcript of the question itself may come in after the agent's tool call.
        if consult?.asking.attempt == 1, classifier.isSame(text, question.text) { return }
        if classifier.asksForPerson(text) {
            leaveForPerson(
                .cancelled, words: text, confidence: ConsultGate.personConfidence, position, nowMs, &actions)
            return
        }
        let verdict = classifier.classify(text)
        note(verdict.decision, words: text, verdict.confidence, position, nowMs, &actions)
        switch verdict.decision {
        case .yes:
            let grant = ledger.grant(for: question, on: verdict, atMs: nowMs, expiresMs: nowMs + limits.wholeMs)
            if let grant { begin(grant, nowMs, &actions) }
        case .no: decline(.declined, nowMs, &actions)
        case .unclear: askAgainOrDecline(.unclear, nowMs, &actions)
        }
    }

    mutating func askAgainOrDecline(_ ending: ConsultRecord.Ending, _ nowMs: Int, _ actions: inout [Action]) {
        guard consult?.asking.attempt == 1 else {
            decline(ending, nowMs, &actions)
            return
        }
        consult?.asking = Asking(attempt: 2, replyDueMs: nowMs + ConsultGate.offerSpeechMs + limits.answerWithinMs)
        actions.append(.askAgainConsent(wording.askAgain))
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

    private mutating func decline(_ ending: ConsultRecord.Ending, _ nowMs: Int, _ actions: inout [Action]) {
        guard let question = consult?.question else { return }
        quietUntilMs = nowMs + ConsultGate.quietAfterDeclineMs
        declined = question.text
        resolveTools("declined", ConsultGate.answerShortly, &actions)
        actions.append(.resumeAgent)
        actions.append(.declineQuietly(question, text: wording.declined))
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
}
