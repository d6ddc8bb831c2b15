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
        /// Agent speech of a new response was handed to the carrier for the first time.
        case agentAudible
        /// The carrier confirmed that the caller heard the first frame of a response.
        case agentHeard
        /// Everything sent was confirmed as heard and nothing waits.
        case playoutDrained
        case callerVoiceStarted
        case callerVoiceEnded(lagMs: Int)
        case keyPressed(String)
        case toolFinished(AgentToolCall, result: String, facts: [CallFact])
        /// The caller wants a person, and the agent need not be asked.
        case transferWanted(reason: String)
        case transferFailed(reason: String)
        /// A consult begins or is over: meanwhile the agent is silent on purpose.
        case held(Bool)
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
        /// The agent wants specialists asked: the consent gate answers the call.
        case consult(AgentToolCall)
        case cancelTools([String])
        case journal(CallJournalEntry)
        /// Journal what a turn that is still being spoken grew by: the turn at its end replaces it.
        case sketch(SpokenPart)
        /// End the call at the carrier, everything said having been heard.
        case hangUp
        /// Hand the call to a person.
        case transfer
        /// Close the media stream; `/twilio/resume` then answers with the profile's fallback.
        case closeStreamForFallback
        /// Ask the carrier whether the call still exists.
        case askCarrier
        case finish
    }

    /// Where agent speech stands, in bytes since the call began, at the moment of an event.
    package struct Playout: Equatable, Sendable {
        package var queuedBytes: Int
        package var heardBytes: Int
        package var audible: Bool
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
        /// Kept as several turns where it is too long for one: the number of each, and where in the text it begins, in bytes.
        struct Piece: Equatable {
            var number: Int
            var start: Int
        }
        var pieces: [Piece]
        var text = ""
        var startByte: Int
        var startedMs: Int?
        var sentAll = false
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
    /// What ``Action/playApology`` says.
    let apology: String
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
    var streamStartedMs: Int?
    var interrupted: Interrupted?
    /// What the agent was still to say when the media stream was lost: said on the next one.
    var unsaid = ""
    var agentReady = false
    var agentWasAudible = false
    var agentReopens = 0
    var agentReopenedMs: Int?
    var toolsRunning: [String: Int] = [:]
    var toolFillerSaid = false
    var lastActivityMs = 0
    var lastAskedMs: Int?
    var responseDueMs: Int?
    package internal(set) var held = false
    var endReason: String?
    /// The carrier's word that the call is over, while its media stream is still open.
    var over: Over?

    package init(limits: Limits = Limits(), rangAt: Date, apology: String = "", expectsGreeting: Bool = true) {
        self.limits = limits
        self.apology = apology
        self.rangAt = rangAt
        self.expectsGreeting = expectsGreeting
    }

    /// A call taken up again from its journal after the gateway that held it died.
    package init(limits: Limits, apology: String = "", resuming record: CallRecord) {
        self.init(limits: limits, rangAt: record.opening.rangAt, apology: apology, expectsGreeting: false)
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
        switch event {
        case .streamStarted(let sid): streamStarted(sid, nowMs, &actions)
        case .streamClosed: streamClosed(nowMs, playout, &actions)
        case .agent(let event): agentSays(event, nowMs, playout, &actions)
        case .agentLegLost(let reason, let retryable):
            agentLegLost(reason, retryable: retryable, nowMs, playout, &actions)
        case .agentAudible: agentAudible(nowMs, &actions)
        case .agentHeard: agentHeard(nowMs)
        case .playoutDrained: playoutDrained(nowMs, playout, &actions)
        case .callerVoiceStarted:
            callerStartedMs = callerStartedMs ?? nowMs
            callerEndedMs = nil
            interrupted?.callerQuietSinceMs = nil
            lastActivityMs = nowMs
        case .callerVoiceEnded(let lagMs):
            callerEndedMs = nowMs - lagMs
            interrupted?.callerQuietSinceMs = nowMs
            lastActivityMs = nowMs
        case .keyPressed(let digit): keyPressed(digit, nowMs, &actions)
        case .toolFinished(let call, let result, let facts): toolFinished(call, result, facts, nowMs, &actions)
        case .transferWanted(let reason):
            actions.append(.journal(.fact(.transferRequested(reason: reason), atMs: nowMs)))
            beginLeaving(.transfer, "transferred", nowMs)
        case .transferFailed(let reason): transferFailed(reason, nowMs, &actions)
        case .held(let isHeld): hold(isHeld, nowMs)
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
        transferring = false
        actions.append(.journal(.answered(streamSid: sid, at: date(nowMs))))
        if fellBack {
            actions.append(.closeStreamForFallback)
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
        closeAgentTurn(nowMs, playout, interrupted: true, &actions)
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
        closeAgentTurn(nowMs, playout, interrupted: true, &actions)
        var endedMs = over?.saidMs ?? nowMs
        if case .streamless(let sinceMs) = phase, !transferring { endedMs = min(endedMs, sinceMs) }
        phase = .ended
        // Hung up on before anybody answered, `canceled` and the like: the caller's own doing.
        let carrierFault = status == "failed"
        let reason =
            endReason ?? (transferring ? "transferred" : nil) ?? (leaving?.way == .hangUp ? leaving?.reason : nil)
            ?? (carrierFault ? "carrier_failed" : "caller_hangup")
        actions.append(.cancelTools(Array(toolsRunning.keys).sorted()))
        actions.append(.journal(.ended(CallEnding(reason: reason, endedAt: date(endedMs), ear: ear))))
        actions.append(.finish)
    }

    private func date(_ ms: Int) -> Date { rangAt.addingTimeInterval(Double(ms) / 1_000) }

    private mutating func keyPressed(_ digit: String, _ nowMs: Int, _ actions: inout [Action]) {
        lastActivityMs = nowMs
        actions.append(.journal(.dtmf(digit: digit, atMs: nowMs)))
        actions.append(.agent(.userText("(keypad input: \(digit))")))
    }

    private mutating func transferFailed(_ reason: String, _ nowMs: Int, _ actions: inout [Action]) {
        transferring = false
        leaving = nil
        actions.append(.journal(.note("transfer failed: \(reason)", atMs: nowMs)))
        actions.append(
            .agent(.say("I'm sorry, nobody can take the call right now. Let me go on helping you.", mode: .queue)))
    }
}
