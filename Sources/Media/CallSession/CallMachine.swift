import AudioCore
package import CallModel
package import FoundationEssentials
package import SpeechAgent

/// One call's whole life as a pure value: the media loop feeds it events and performs its actions; a test needs no
/// socket and no clock. Times are milliseconds since the phone rang. Its diagram is in docs/call-machine.md.
package struct CallMachine {
    package enum Event: Equatable, Sendable {
        case streamStarted(StreamSid)
        /// The media stream is gone; the call may live on.
        case streamClosed
        case agent(SpeechAgentEvent)
        /// The agent leg broke, was refused or closed itself.
        case agentLegLost(reason: String, retryable: Bool)
        /// Agent speech of a new response comes in: its first byte follows what is queued.
        case agentAudioBegan
        /// Agent speech of a new response was handed to the carrier for the first time, and is heard in so many ms.
        case agentAudible(inMs: Int)
        /// The carrier confirmed that the caller heard the first word of a response so many ms ago. A filler bridges a
        /// wait and answers nothing.
        case agentHeard(agoMs: Int, isFiller: Bool)
        /// Everything sent was confirmed as heard and nothing waits.
        case playoutDrained
        case callerVoiceStarted(lagMs: Int)
        case callerVoiceEnded(lagMs: Int)
        case keyPressed(String)
        /// A tool has answered; the call is left then, where it says how.
        case toolFinished(AgentToolCall, result: String, facts: [CallFact], leaving: Leaving.Way? = nil)
        /// The caller wants a person, and the agent need not be asked.
        case transferWanted(reason: String)
        case transferFailed(reason: String)
        /// The call is to end, and the agent need not be asked.
        case endWanted(reason: String)
        /// A consult begins or is over: meanwhile the agent is silent on purpose.
        case held(Bool)
        /// What was said and has not been heard will not be.
        case hushed
        /// The carrier says the call is over.
        case callEnded(carrierStatus: String)
        /// The carrier could not be asked: that says nothing of the call.
        case carrierUnreachable
        case tick
    }

    package enum Action: Equatable, Sendable {
        /// Drop queued speech, then send `clear`.
        case discardPlayout
        case agent(SpeechAgentCommand)
        /// Open the agent leg again with the conversation so far.
        case reopenAgentLeg
        case playApology
        case runTool(AgentToolCall)
        /// The function is one of ``guestTools``: the guest answers the call.
        case askGuest(AgentToolCall)
        case cancelTools([String])
        case journal(CallJournalEntry)
        /// Journal a turn that is still being spoken, as if it were cut short here: a later entry replaces it.
        case sketch(Turn)
        /// No more than this was heard of what the agent said last, `ms` of its audio.
        case agentHeardOnly(String, ms: Int)
        /// End the call at the carrier, everything said having been heard.
        case hangUp
        /// Hand the call to a person.
        case transfer
        /// Close the media stream; `/twilio/resume` then answers what ``afterStream`` says.
        case closeStream
        /// Ask the carrier whether the call still exists.
        case askCarrier
        case finish
    }

    /// Where the audio stands at the moment of an event; agent speech in bytes since the call began.
    package struct Playout: Equatable, Sendable {
        package var queuedBytes: Int
        package var heardBytes: Int
        /// What there was no room for, and nobody will hear.
        package var droppedBytes = 0
        package var audible: Bool
        /// When all that is queued will have been heard, or was, by the clock.
        package var playedOutMs: Int?
        /// The end of the caller's last voiced frame, while they are taken to be speaking.
        package var callerVoicedMs: Int?
        package init(queuedBytes: Int = 0, heardBytes: Int = 0, audible: Bool = false) {
            self.queuedBytes = queuedBytes
            self.heardBytes = heardBytes
            self.audible = audible
        }
    }

    package enum Phase: Equatable, Sendable {
        case ringing
        case talking
        /// Between two media streams, or before the carrier says the call is over.
        case streamless(sinceMs: Int)
        case ended
    }

    /// Why the call is about to end by our own doing, and by when it must.
    package struct Leaving: Equatable, Sendable {
        package enum Way: Equatable, Sendable { case hangUp, transfer }
        package var way: Way
        package var reason: String
        package var byMs: Int
        /// Earliest moment to act: leaves room for a last sentence that is on its way.
        package var notBeforeMs: Int
        var pauseOver = false
    }

    /// What `/twilio/resume` is to do when the carrier asks what comes after the media stream.
    package enum AfterStream: Equatable, Sendable { case reconnect, hangUp, fallback, transferring }

    package struct Limits: Equatable, Sendable {
        package var firstAudioMs = 2_500
        package var toolAnswerMs = 300
        package var leavingMs = 15_000
        /// For the rest of a goodbye of which nothing more comes, though the agent does not say that it is complete.
        package var goodbyeRestMs = 2_000
        /// For the audio of a goodbye of which only the words have come.
        package var goodbyeAudioMs = 4_000
        /// For the carrier to close the media stream of a call it was told to hang up.
        package var hangUpMs = 2_000
        /// For the carrier to close the media stream of a call it was told to transfer.
        package var transferMs = 10_000
        /// For the rest of the media stream of a call that the carrier says is over.
        package var streamRestMs = 1_000
        /// For what the agent still understands of the caller once the media stream of a call that is over has closed.
        package var lastWordsMs = 1_000
        package var leavingPauseMs = 400
        package var askCarrierAfterMs = 1_000
        package var askCarrierEveryMs = 3_000
        /// A call without a stream of which the carrier cannot be asked for so long is over.
        package var unreachableMs = 15_000
        package var resumeWithinMs = 60_000
        package var falseInterruptionMs = 2_000
        package var responseMs = 8_000
        /// Within this the agent may tell the caller's words twice; who says them again needs longer.
        package var toldTwiceMs = 2_000
        /// For the audio of an answer whose words have come.
        package var responseAudioMs = 3_000
        /// Keys pressed with shorter pauses between them are one input, which # ends at once.
        package var keysPauseMs = 1_500
        package var keysMax = 64
        package var callMsMax = 1_800_000
        package var silenceMsMax = 45_000
        package var turnsMax = 200
        package init() {}

        package init(profile: AgentProfile) {
            callMsMax = profile.callSecondsMax * 1_000
            silenceMsMax = profile.silenceSecondsMax * 1_000
            turnsMax = profile.turnsMax
        }
    }

    struct OpenAgentTurn: Equatable {
        /// Of its first piece; nil until it has words.
        var number: Int?
        var words = HeardText()
        /// When its last words came.
        var wordsMs = 0
        /// Where its audio begins in all agent speech; nil until some has come.
        var startByte: Int?
        /// ``Playout/droppedBytes`` at its beginning.
        var droppedBefore = 0
        /// When its audio reached the caller's ear.
        var startedMs: Int?
        /// When all of its audio so far had been heard.
        var heardAllMs: Int?
        var sentAll = false
        var sketchedBytes = 0
        var sketchedMs = 0

        /// Everything came and was heard.
        var isDone: Bool { sentAll && (heardAllMs != nil || startByte == nil) }
        var isSketched: Bool { words.textBytes == sketchedBytes }
    }

    struct Interrupted: Equatable {
        var atMs: Int
        var unheard: String
        var callerQuietSinceMs: Int?
    }

    struct Over: Equatable {
        var status: String
        var saidMs: Int
    }

    package let limits: Limits
    private let rangAt: Date
    let wording: CallWording
    /// Whether the agent is to speak first on the media stream.
    var expectsGreeting: Bool
    package internal(set) var phase = Phase.ringing
    package internal(set) var ear = EarLedger()
    package internal(set) var leaving: Leaving?
    package internal(set) var fellBack = false
    package internal(set) var transferring = false
    var turnCount = 0
    var agentTurn: OpenAgentTurn?
    var callerStartedMs: Int?
    var callerEndedMs: Int?
    var answerAwaitedSinceMs: Int?
    /// The caller has heard something since their last words, an answer or a filler.
    var replyHeard = false
    /// The caller's last words, when nobody has made a sound since, and until when they may be told a second time.
    var lastWords: String?
    var lastWordsUntilMs = 0
    /// Keys that wait for the rest of their input.
    var keys = ""
    var keysDueMs: Int?
    var playedOutMs: Int?
    var isAudible = false
    var notes = CallNotes()
    var streamStartedMs: Int?
    var interrupted: Interrupted?
    /// What the agent was still to say when the media stream was lost: said on the next one.
    var unsaid = ""
    var agentReady = false
    var agentWasAudible = false
    var agentReopens = 0
    var agentReopenedMs: Int?
    /// Since when; nil of one that nobody is asked to wait for.
    var toolsRunning: [String: Int?] = [:]
    /// Functions of the agent that guests of the call answer.
    package var guestTools: Set<String> = []
    /// Functions with which the agent takes its leave: "one moment, please" after a goodbye would call the caller back.
    package var partingTools: Set<String> = []
    /// Of a call that we placed: the key that means, do not call me again.
    package var optOutKey: String?
    var toolFillerSaid = false
    var lastActivityMs = 0
    var lastAskedMs: Int?
    var responseDueMs: Int?
    /// By when the media stream is closed by us after the carrier was told to hang up.
    var closeDueMs: Int?
    /// By when a transfer must have ended the media stream.
    var transferDueMs: Int?
    package internal(set) var held = false
    var endReason: String?
    /// The carrier's word that the call is over, while its media stream is still open.
    var over: Over?

    package init(
        limits: Limits = Limits(), rangAt: Date, wording: CallWording = .english, expectsGreeting: Bool = true
    ) {
        self.limits = limits
        self.wording = wording
        self.rangAt = rangAt
        self.expectsGreeting = expectsGreeting
    }

    /// A call taken up again from its journal after the gateway that held it died.
    package init(limits: Limits, wording: CallWording, resuming record: CallRecord) {
        self.init(limits: limits, rangAt: record.opening.rangAt, wording: wording, expectsGreeting: false)
        turnCount = record.transcript.turns.map(\.number).max() ?? 0
        lastActivityMs = record.lastEntryMs
    }

    package var afterStream: AfterStream {
        if transferring { return .transferring }
        if fellBack { return .fallback }
        return leaving == nil ? .reconnect : .hangUp
    }

    /// Takes an event at `nowMs` and says what is to be done, in order.
    package mutating func handle(_ event: Event, at nowMs: Int, playout: Playout = Playout()) -> [Action] {
        guard phase != .ended else { return [] }
        var actions: [Action] = []
        (playedOutMs, isAudible) = (playout.playedOutMs, playout.audible)
        switch event {
        case .streamStarted(let sid): streamStarted(sid, nowMs, &actions)
        case .streamClosed: streamClosed(nowMs, playout, &actions)
        case .agent(let event): agentSays(event, nowMs, playout, &actions)
        case .agentLegLost(let reason, let retryable):
            agentLegLost(reason, retryable: retryable, nowMs, playout, &actions)
        case .agentAudioBegan: agentAudioBegan(playout)
        case .agentAudible(let inMs): agentAudible(nowMs, inMs)
        case .agentHeard(let agoMs, let isFiller): agentHeard(nowMs - agoMs, isFiller)
        case .playoutDrained: playoutDrained(nowMs, playout, &actions)
        case .callerVoiceStarted(let lagMs): callerVoiceStarted(nowMs - lagMs, nowMs)
        case .callerVoiceEnded(let lagMs):
            callerEndedMs = nowMs - lagMs
            interrupted?.callerQuietSinceMs = nowMs
            lastActivityMs = nowMs
        case .keyPressed(let digit): keyPressed(digit, nowMs, &actions)
        case .toolFinished(let call, let result, let facts, let way):
            toolFinished(call, result, facts, way, nowMs, &actions)
        case .transferWanted(let reason):
            actions.append(.journal(.fact(.transferRequested(reason: reason), atMs: nowMs)))
            beginLeaving(.transfer, "transferred", nowMs)
        case .transferFailed(let reason): transferFailed(reason, nowMs, &actions)
        case .endWanted(let reason): beginLeaving(.hangUp, reason, nowMs)
        case .held(let isHeld): hold(isHeld, nowMs)
        case .hushed: closeAgentTurn(nowMs, playout, &actions)
        case .callEnded(let status): callEnded(status, nowMs, playout, &actions)
        case .carrierUnreachable: carrierUnreachable(nowMs, playout, &actions)
        case .tick: break
        }
        if phase != .ended { deadlines(nowMs, playout, &actions) }
        return actions
    }

    // MARK: The media stream

    private mutating func streamStarted(_ sid: StreamSid, _ nowMs: Int, _ actions: inout [Action]) {
        phase = .talking
        streamStartedMs = nowMs
        lastActivityMs = nowMs
        lastAskedMs = nil
        (transferring, transferDueMs, closeDueMs) = (false, nil, nil)
        lastWords = nil
        actions.append(.journal(.answered(streamSid: sid, at: date(nowMs))))
        if fellBack {
            actions.append(.closeStream)
        } else if !unsaid.isEmpty, leaving == nil {
            actions.append(.agent(.say(unsaid, mode: .queue)))
        }
        unsaid = ""
    }

    private mutating func streamClosed(_ nowMs: Int, _ playout: Playout, _ actions: inout [Action]) {
        guard phase == .talking else { return }
        // During a consult its own words are said again by the consult.
        unsaid = leaving == nil && !held && playout.audible ? unheardText(playout) : ""
        interrupted = nil
        (transferDueMs, closeDueMs) = (nil, nil)
        closeAgentTurn(nowMs, playout, &actions)
        phase = .streamless(sinceMs: nowMs)
        actions.append(.journal(.streamClosed(atMs: nowMs)))
    }

    /// The carrier's word may overtake the last of its stream, in which the caller may still be speaking; and the agent
    /// understands the caller's last words a moment after they were said.
    private mutating func callEnded(
        _ status: String, _ nowMs: Int, _ playout: Playout, _ actions: inout [Action]
    ) {
        switch phase {
        case .talking: over = over ?? Over(status: status, saidMs: nowMs)
        case .streamless(let sinceMs) where awaitsLastWords && nowMs < sinceMs + limits.lastWordsMs:
            over = over ?? Over(status: status, saidMs: nowMs)
        case .ringing, .streamless, .ended: end(status, nowMs, playout, &actions)
        }
    }

    /// Whether there is somebody who may still tell what the caller said.
    private var awaitsLastWords: Bool { agentReady && !fellBack }

    /// Whether the carrier has said that the call is over.
    package var isOver: Bool { over != nil || phase == .ended }

    private mutating func carrierUnreachable(_ nowMs: Int, _ playout: Playout, _ actions: inout [Action]) {
        let sinceMs: Int
        switch phase {
        case .talking, .ended: return
        case .ringing: sinceMs = limits.resumeWithinMs
        case .streamless(let ms): sinceMs = ms
        }
        if over == nil, nowMs >= sinceMs + limits.unreachableMs { end("unknown", nowMs, playout, &actions) }
    }

    mutating func end(_ status: String, _ nowMs: Int, _ playout: Playout, _ actions: inout [Action]) {
        closeAgentTurn(nowMs, playout, &actions)
        var endedMs = over?.saidMs ?? nowMs
        if case .streamless(let sinceMs) = phase, !transferring { endedMs = min(endedMs, sinceMs) }
        phase = .ended
        // Hung up on before anybody answered, `canceled` and the like: the caller's own doing.
        let carrierFault = status == "failed"
        let reason =
            endReason ?? (transferring ? "transferred" : nil) ?? (leaving?.way == .hangUp ? leaving?.reason : nil)
            ?? (carrierFault ? "carrier_failed" : "caller_hangup")
        actions.append(.cancelTools(Array(toolsRunning.keys).sorted()))
        if let rest = notes.rest { actions.append(.journal(.note(rest, atMs: nowMs))) }
        actions.append(.journal(.ended(CallEnding(reason: reason, endedAt: date(endedMs), ear: ear))))
        actions.append(.finish)
    }

    private func date(_ ms: Int) -> Date { rangAt.addingTimeInterval(Double(ms) / 1_000) }

    /// On record at once; the agent is told when the input is complete.
    private mutating func keyPressed(_ digit: String, _ nowMs: Int, _ actions: inout [Action]) {
        lastActivityMs = nowMs
        lastWords = nil
        actions.append(.journal(.dtmf(digit: digit, atMs: nowMs)))
        if digit == optOutKey, keys.isEmpty { return leaveAlone(digit, nowMs, &actions) }
        keys += digit
        let isComplete = digit == "#" || keys.count >= limits.keysMax
        keysDueMs = isComplete ? nowMs : nowMs + limits.keysPauseMs
    }

    /// Keeps a remark on record, as long as there is room for it.
    mutating func note(_ text: String, _ nowMs: Int, _ actions: inout [Action]) {
        if let note = notes.take(text) { actions.append(.journal(.note(note, atMs: nowMs))) }
    }
}
