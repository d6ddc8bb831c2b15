import AudioCore
import CallModel
import SpeechAgent

/// What happens because of time: every step of a call has a deadline and a fallback.
extension CallMachine {
    /// Bytes of a tool's arguments, and of its answer, that go on record.
    private static let toolTextBytesMax = 16_384

    mutating func deadlines(_ nowMs: Int, _ playout: Playout, _ actions: inout [Action]) {
        switch phase {
        case .talking:
            if let over {
                if nowMs >= over.saidMs + limits.streamRestMs { end(over.status, nowMs, playout, &actions) }
                return
            }
            if let closeDueMs, nowMs >= closeDueMs {
                self.closeDueMs = nil
                actions.append(.closeStream)
            }
            if let transferDueMs, nowMs >= transferDueMs {
                transferFailed("the carrier did not act on it", nowMs, &actions)
            }
            keysComplete(nowMs, &actions)
            sketchAgentTurn(nowMs, playout, &actions)
            leave(nowMs, playout, &actions)
            firstAudio(nowMs, playout, &actions)
            falseInterruption(nowMs, &actions)
            slowTools(nowMs, &actions)
            silentAgent(nowMs, playout, &actions)
            runaway(nowMs, playout, &actions)
        case .streamless(let sinceMs):
            guard let over else { return awaitCarrier(nowMs, sinceMs, &actions) }
            if nowMs >= sinceMs + limits.lastWordsMs { end(over.status, nowMs, playout, &actions) }
        case .ringing where nowMs >= limits.resumeWithinMs:
            // The carrier fetched the TwiML and never opened the stream.
            if lastAskedMs.map({ nowMs - $0 >= limits.askCarrierEveryMs }) ?? true {
                lastAskedMs = nowMs
                actions.append(.askCarrier)
            }
        case .ringing, .ended: break
        }
    }

    /// When ``handle(_:at:playout:)`` wants a ``Event/tick``, in ms since the phone rang.
    package var nextDeadlineMs: Int {
        var next = Int.max
        switch phase {
        case .ended: return .max
        case .ringing:
            next = min(
                next, (lastAskedMs ?? 0) + (lastAskedMs == nil ? limits.resumeWithinMs : limits.askCarrierEveryMs))
        case .streamless(let since):
            if over != nil { return since + limits.lastWordsMs }
            next = min(next, lastAskedMs.map { $0 + limits.askCarrierEveryMs } ?? since + limits.askCarrierAfterMs)
        case .talking:
            if let over { return over.saidMs + limits.streamRestMs }
            if let closeDueMs { next = min(next, closeDueMs) }
            if let transferDueMs { next = min(next, transferDueMs) }
            if endReason != nil { return next }
            if let leaving, !transferring {
                next = min(next, leaving.pauseOver ? leaveDueMs(leaving) : leaving.notBeforeMs)
            }
            if let keysDueMs { next = min(next, keysDueMs) }
            if let turn = agentTurn, !turn.isSketched { next = min(next, turn.sketchedMs + CallMachine.sketchEveryMs) }
            if let due = firstAudioDueMs { next = min(next, due) }
            if let quiet = interrupted?.callerQuietSinceMs { next = min(next, quiet + limits.falseInterruptionMs) }
            if let toolFillerDueMs { next = min(next, toolFillerDueMs) }
            if let responseDueMs { next = min(next, responseDueMs) }
            if leaving == nil {
                next = min(next, limits.callMsMax)
                if !held { next = min(next, lastActivityMs + limits.silenceMsMax) }
            }
        }
        return next
    }

    /// While a consult is on, nobody takes the agent's silence, or the caller's, for a fault.
    mutating func hold(_ isHeld: Bool, _ nowMs: Int) {
        guard isHeld != held else { return }
        held = isHeld
        responseDueMs = nil
        interrupted = nil
        lastActivityMs = nowMs
    }

    // MARK: Leaving

    /// Announces that we end the call for `reason` once everything said has been heard.
    mutating func beginLeaving(_ way: Leaving.Way, _ reason: String, _ nowMs: Int) {
        guard leaving == nil else { return }
        leaving = Leaving(
            way: way, reason: reason, byMs: nowMs + limits.leavingMs, notBeforeMs: nowMs + limits.leavingPauseMs)
    }

    private mutating func leave(_ nowMs: Int, _ playout: Playout, _ actions: inout [Action]) {
        guard let plan = leaving, endReason == nil, !transferring else { return }
        guard nowMs >= plan.notBeforeMs else { return }
        leaving?.pauseOver = true
        guard nowMs >= plan.byMs || (!playout.audible && nowMs >= leaveDueMs(plan)) else { return }
        switch plan.way {
        case .hangUp: hangUp(plan.reason, nowMs, &actions)
        case .transfer:
            transferring = true
            transferDueMs = nowMs + limits.transferMs
            actions.append(.transfer)
        }
    }

    /// When the call may be left: everything said will have been heard, and the agent is done, or nothing more came of
    /// what it was saying for a while.
    private func leaveDueMs(_ plan: Leaving) -> Int {
        if isAudible { return min(plan.byMs, playedOutMs.map { $0 + 1 } ?? plan.byMs) }
        guard let turn = agentTurn, !turn.isDone else { return plan.notBeforeMs }
        let hasAudio = turn.startByte != nil
        let due = hasAudio ? (playedOutMs ?? 0) + limits.goodbyeRestMs : turn.wordsMs + limits.goodbyeAudioMs
        return min(plan.byMs, max(plan.notBeforeMs, due))
    }

    /// Tells the carrier, which closes the media stream; when it does not, whatever it answered, we do.
    private mutating func hangUp(_ reason: String, _ nowMs: Int, _ actions: inout [Action]) {
        endReason = reason
        closeDueMs = nowMs + limits.hangUpMs
        actions.append(.hangUp)
    }

    mutating func transferFailed(_ reason: String, _ nowMs: Int, _ actions: inout [Action]) {
        transferring = false
        transferDueMs = nil
        leaving = nil
        note("transfer failed: \(reason)", nowMs, &actions)
        actions.append(
            .agent(.say("I'm sorry, nobody can take the call right now. Let me go on helping you.", mode: .queue)))
    }

    // MARK: Keys

    private mutating func keysComplete(_ nowMs: Int, _ actions: inout [Action]) {
        guard let due = keysDueMs, nowMs >= due else { return }
        actions.append(.agent(.userText("(keypad input: \(keys))")))
        (keys, keysDueMs) = ("", nil)
    }

    /// Somebody we called wants no more calls: on record at once, said aloud, and the call ends.
    mutating func leaveAlone(_ key: String, _ nowMs: Int, _ actions: inout [Action]) {
        guard leaving == nil, endReason == nil else { return }
        actions.append(.journal(.fact(.doNotContact(words: "pressed \(key)"), atMs: nowMs)))
        actions.append(.agent(.say(wording.leftAlone, mode: .interrupt)))
        beginLeaving(.hangUp, "dnc_request", nowMs)
        leaving?.notBeforeMs = nowMs + 2_000
    }

    // MARK: The agent leg

    mutating func agentLegLost(
        _ reason: String, retryable: Bool, _ nowMs: Int, _ playout: Playout, _ actions: inout [Action]
    ) {
        if let over, phase != .talking { return end(over.status, nowMs, playout, &actions) }
        guard !fellBack, endReason == nil, over == nil else { return }
        for id in toolsRunning.keys.sorted() { actions.append(.cancelTools([id])) }
        toolsRunning = [:]
        agentReady = false
        responseDueMs = nil
        note("agent leg lost: \(reason)", nowMs, &actions)
        if let leaving, leaving.way == .hangUp {
            return hangUp(leaving.reason, nowMs, &actions)
        }
        let again = agentReopenedMs.map { nowMs - $0 < 10_000 } ?? false
        guard retryable, !again, agentReopens < 3 else {
            closeAgentTurn(nowMs, playout, &actions)
            fallBack(nowMs, &actions)
            return
        }
        expectsGreeting = false
        agentReopens += 1
        agentReopenedMs = nowMs
        if phase == .talking {
            // What the lost leg had already said plays on; the apology joins its turn.
            agentSaid(wording.apology, nowMs, playout, &actions)
            agentTurn?.sentAll = true
            actions.append(.playApology)
        }
        actions.append(.reopenAgentLeg)
    }

    /// The call moves to another loop, with a new agent leg that has the conversation so far.
    package mutating func agentLegReplaced() {
        toolsRunning = [:]
        agentReady = false
        responseDueMs = nil
        expectsGreeting = false
    }

    private mutating func fallBack(_ nowMs: Int, _ actions: inout [Action]) {
        fellBack = true
        endReason = "agent_fault"
        note("the agent could not be brought back: fallback", nowMs, &actions)
        if phase == .talking { actions.append(.closeStream) }
    }

    /// By when the agent must be there, and be heard where it speaks first; nil once it is.
    private var firstAudioDueMs: Int? {
        guard let streamStartedMs, leaving == nil, !agentReady || (expectsGreeting && !agentWasAudible) else {
            return nil
        }
        return max(streamStartedMs, agentReopenedMs ?? 0) + limits.firstAudioMs
    }

    private mutating func firstAudio(_ nowMs: Int, _ playout: Playout, _ actions: inout [Action]) {
        guard let due = firstAudioDueMs, nowMs >= due else { return }
        agentLegLost("no agent audio in time", retryable: true, nowMs, playout, &actions)
    }

    /// The agent owes an answer and gives none: a word from us, so that the caller does not sit in silence.
    private mutating func silentAgent(_ nowMs: Int, _ playout: Playout, _ actions: inout [Action]) {
        guard let due = responseDueMs, nowMs >= due, toolsRunning.isEmpty else { return }
        responseDueMs = nil
        guard !playout.audible, leaving == nil else { return }
        note("the agent gave no answer in time", nowMs, &actions)
        actions.append(.agent(.say(wording.sayAgain, mode: .queue)))
    }

    /// Noise cut the agent short and no words followed: it takes up again where it was.
    private mutating func falseInterruption(_ nowMs: Int, _ actions: inout [Action]) {
        guard let cut = interrupted, let quiet = cut.callerQuietSinceMs, nowMs >= quiet + limits.falseInterruptionMs
        else { return }
        interrupted = nil
        callerStartedMs = nil
        guard !cut.unheard.isEmpty, leaving == nil else { return }
        note("false interruption", nowMs, &actions)
        actions.append(.agent(.say(cut.unheard, mode: .queue)))
    }

    // MARK: Tools

    private var toolFillerDueMs: Int? {
        guard !toolFillerSaid, let oldest = toolsRunning.values.compactMap(\.self).min() else { return nil }
        return oldest + limits.toolAnswerMs
    }

    private mutating func slowTools(_ nowMs: Int, _ actions: inout [Action]) {
        guard let due = toolFillerDueMs, nowMs >= due else { return }
        toolFillerSaid = true
        actions.append(.agent(.say(wording.toolFiller, mode: .queue)))
    }

    mutating func toolFinished(
        _ call: AgentToolCall, _ result: String, _ facts: [CallFact], _ way: Leaving.Way?, _ nowMs: Int,
        _ actions: inout [Action]
    ) {
        guard toolsRunning.removeValue(forKey: call.id) != nil else { return }
        let entry = CallJournalEntry.toolCalled(
            name: String(call.name.prefix(utf8Bytes: CallNotes.noteBytesMax)),
            arguments: String(call.arguments.prefix(utf8Bytes: CallMachine.toolTextBytesMax)),
            result: String(result.prefix(utf8Bytes: CallMachine.toolTextBytesMax)), atMs: nowMs)
        actions.append(.journal(entry))
        for fact in facts { actions.append(.journal(.fact(fact, atMs: nowMs))) }
        actions.append(.agent(.toolResult(id: call.id, name: call.name, content: result)))
        switch way {
        case .transfer?: beginLeaving(.transfer, "transferred", nowMs)
        case .hangUp?: beginLeaving(.hangUp, "agent_hangup", nowMs)
        case nil: break
        }
        responseDueMs = way == .hangUp || held ? nil : nowMs + limits.responseMs
    }

    // MARK: Runaway guard

    private mutating func runaway(_ nowMs: Int, _ playout: Playout, _ actions: inout [Action]) {
        guard leaving == nil, endReason == nil, !transferring else { return }
        let somebodySpeaks = playout.audible || (callerStartedMs != nil && callerEndedMs == nil)
        if somebodySpeaks, nowMs >= lastActivityMs + limits.silenceMsMax { lastActivityMs = nowMs }
        let (reason, goodbye): (String, String)
        if nowMs >= limits.callMsMax {
            (reason, goodbye) = ("max_duration", wording.endOfTime)
        } else if turnCount >= limits.turnsMax {
            (reason, goodbye) = ("turn_limit", wording.endOfTurns)
        } else if !held, nowMs >= lastActivityMs + limits.silenceMsMax {
            (reason, goodbye) = ("silence_timeout", wording.endOfSilence)
        } else {
            return
        }
        note("runaway guard: \(reason)", nowMs, &actions)
        actions.append(.agent(.say(goodbye, mode: .interrupt)))
        beginLeaving(.hangUp, reason, nowMs)
        leaving?.notBeforeMs = nowMs + 2_000
    }

    // MARK: Between streams

    private mutating func awaitCarrier(_ nowMs: Int, _ sinceMs: Int, _ actions: inout [Action]) {
        let dueMs = lastAskedMs.map { $0 + limits.askCarrierEveryMs } ?? sinceMs + limits.askCarrierAfterMs
        guard nowMs >= dueMs else { return }
        lastAskedMs = nowMs
        actions.append(.askCarrier)
    }
}
