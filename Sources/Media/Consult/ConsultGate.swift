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
        /// The caller talked into the offer, having heard this much of it; nothing more of it is to come.
        case offerInterrupted(heardText: String)
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
        /// When the caller was first told what they are asked.
        var offeredMs: Int
        var offers = 1
        /// Since when the caller has known what they are asked; no yes counts before.
        var heardMs: Int?
        /// The caller cut the offer off before that: it is to be made again.
        var isCut = false
        /// When the caller began to say what has not been told yet.
        var voiceMs: Int?
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
    static let answerShortly =
        "The caller does not want the specialists asked. Give your own short answer now."
    /// After a no, the detector makes no offer for this long.
    static let quietAfterDeclineMs = 60_000
    /// An offer that is cut off each time is made so often.
    static let offersMax = 3
    /// What cut it off were no words: it is made again after this long.
    static let offerAgainMs = 3_000
    /// What the caller begins to say this soon after the offer was ordered, they would have said without it.
    static let tooEarlyToReplyMs = 1_500
    /// The agent's wording of a question that was taken from the caller's words counts when it comes this soon.
    static let betterWordingMs = 5_000
    /// Two transcripts this close to each other may be one sentence.
    static let oneSentenceMs = 4_000
    /// Of the first of them.
    static let halfCharactersMax = 500

    package let limits: ConsultLimits
    package let wording: ConsultWording
    package let signStyle: SignStyle
    package internal(set) var phase = Phase.idle
    let classifier: ConsentClassifier
    var detector: ConsultDetector
    /// The caller's last words that led to nothing, when they came, and the detector before it heard them.
    var lastSaid: (text: String, atMs: Int, before: ConsultDetector)?
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
        case .callerVoiceStarted where phase == .asking: voiceStarted(nowMs)
        case .offerHeard where phase == .asking: offerHeard(nowMs)
        case .offerInterrupted(let heard) where phase == .asking: offerInterrupted(heard, nowMs)
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
        case .callerVoiceStarted, .offerHeard, .offerInterrupted, .partialAnswers, .answerReady, .allFailed,
            .deliveryBegan, .deliveredHeard, .deliveryInterrupted, .keyPressed, .tick:
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
}
