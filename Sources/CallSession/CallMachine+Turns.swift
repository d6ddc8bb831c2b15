import AudioCore
import CallModel
import SpeechAgent

/// Who said what, and what of it was heard.
extension CallMachine {
    mutating func agentSays(
        _ event: SpeechAgentEvent, _ nowMs: Int, _ playout: Playout, _ actions: inout [Action]
    ) {
        switch event {
        case .ready:
            agentReady = true
        case .userSpeechStarted: callerInterrupts(nowMs, playout, &actions)
        case .userSpeechEnded: break
        case .userTranscript(let text): callerSaid(text, nowMs, playout, &actions)
        case .agentText(let text): agentSaid(text, nowMs, playout, &actions)
        case .agentAudioSent:
            agentTurn?.sentAll = true
            if !playout.audible { closeAgentTurn(nowMs, playout, interrupted: false, &actions) }
        case .toolCall(let call) where call.name == AgentTools.consult:
            responseDueMs = nil
            actions.append(.consult(call))
        case .toolCall(let call):
            toolsRunning[call.id] = nowMs
            toolFillerSaid = false
            responseDueMs = nil
            actions.append(.runTool(call))
        case .toolCancelled(let ids):
            for id in ids { toolsRunning[id] = nil }
            actions.append(.cancelTools(ids))
        case .injectionRefused(let why): actions.append(.journal(.note("injection refused: \(why)", atMs: nowMs)))
        case .warning(let code, _): actions.append(.journal(.note("agent warning \(code)", atMs: nowMs)))
        case .sessionExpiring: actions.append(.journal(.note("agent session expires soon", atMs: nowMs)))
        case .failed(let failure):
            agentLegLost(failure.code, retryable: failure.retryable, nowMs, playout, &actions)
        case .injectionAccepted, .configApplied, .latency, .closed: break
        }
    }

    /// Barge-in, or simply the caller's turn. Silences the carrier before anything else.
    private mutating func callerInterrupts(_ nowMs: Int, _ playout: Playout, _ actions: inout [Action]) {
        callerStartedMs = callerStartedMs ?? nowMs
        callerEndedMs = nil
        lastActivityMs = nowMs
        responseDueMs = nil
        if leaving?.way == .hangUp, leaving?.reason == "agent_hangup", playout.audible { leaving = nil }
        guard playout.audible else {
            closeAgentTurn(nowMs, playout, interrupted: false, &actions)
            return
        }
        actions.append(.discardPlayout)
        let unheard = unheardText(playout)
        closeAgentTurn(nowMs, playout, interrupted: true, &actions)
        interrupted = held ? nil : Interrupted(atMs: nowMs, unheard: unheard, callerQuietSinceMs: nil)
    }

    private mutating func callerSaid(_ text: String, _ nowMs: Int, _ playout: Playout, _ actions: inout [Action]) {
        interrupted = nil
        closeAgentTurn(nowMs, playout, interrupted: playout.audible, &actions)
        turnCount += 1
        let started = callerStartedMs ?? nowMs
        let ended = max(started, callerEndedMs ?? nowMs)
        let turn = Turn(number: turnCount, speaker: .caller, startedMs: started, endedMs: ended, text: text)
        actions.append(.journal(.turn(turn)))
        callerStartedMs = nil
        callerEndedMs = nil
        answerAwaitedSinceMs = ended
        responseDueMs = held ? nil : nowMs + limits.responseMs
        lastActivityMs = nowMs
    }

    mutating func agentSaid(_ text: String, _ nowMs: Int, _ playout: Playout, _ actions: inout [Action]) {
        var turn = agentTurn ?? openTurn(playout)
        turn.text += turn.text.isEmpty || text.isEmpty ? text : " " + text
        turn.sentAll = false
        agentTurn = turn
        responseDueMs = nil
        // On disk while it is being spoken: a gateway killed in mid-sentence still knows what it was saying.
        actions.append(.sketch(record(turn, nowMs, playout, interrupted: true)))
    }

    mutating func openTurn(_ playout: Playout) -> OpenAgentTurn {
        turnCount += 1
        return OpenAgentTurn(number: turnCount, startByte: playout.heardBytes)
    }

    mutating func agentAudible(_ nowMs: Int, _ actions: inout [Action]) {
        if agentTurn?.startedMs == nil { agentTurn?.startedMs = nowMs }
        agentWasAudible = true
        responseDueMs = nil
        interrupted = nil
        lastActivityMs = nowMs
    }

    mutating func agentHeard(_ nowMs: Int) {
        if let streamStartedMs, ear.pickupToFirstAudioMs == nil {
            ear.pickupToFirstAudioMs = max(0, nowMs - streamStartedMs)
        }
        if let since = answerAwaitedSinceMs {
            ear.responses.append(EarLedger.Response(callerEndedMs: since, firstAudioMs: nowMs))
            answerAwaitedSinceMs = nil
        }
    }

    mutating func playoutDrained(_ nowMs: Int, _ playout: Playout, _ actions: inout [Action]) {
        lastActivityMs = nowMs
        if agentTurn?.sentAll == true { closeAgentTurn(nowMs, playout, interrupted: false, &actions) }
    }

    mutating func closeAgentTurn(
        _ nowMs: Int, _ playout: Playout, interrupted: Bool, _ actions: inout [Action]
    ) {
        guard let turn = agentTurn else { return }
        agentTurn = nil
        let cut = interrupted && playout.queuedBytes > playout.heardBytes
        actions.append(.journal(.turn(record(turn, nowMs, playout, interrupted: cut))))
    }

    private func record(_ turn: OpenAgentTurn, _ nowMs: Int, _ playout: Playout, interrupted: Bool) -> Turn {
        let started = turn.startedMs ?? nowMs
        return Turn(
            number: turn.number, speaker: .agent, startedMs: started, endedMs: max(started, nowMs), text: turn.text,
            interrupted: interrupted, heardText: interrupted ? heardText(turn, playout) : turn.text)
    }

    private func heardText(_ turn: OpenAgentTurn, _ playout: Playout) -> String {
        var heard = HeardText()
        heard.append(text: turn.text)
        heard.audio(bytes: max(0, playout.queuedBytes - turn.startByte))
        return heard.heard(bytes: max(0, playout.heardBytes - turn.startByte))
    }

    func unheardText(_ playout: Playout) -> String {
        guard let turn = agentTurn else { return "" }
        let heard = heardText(turn, playout)
        guard turn.text.hasPrefix(heard) else { return "" }
        return String(turn.text.dropFirst(heard.count).drop(while: \.isWhitespace))
    }

    /// The line was silenced for the caller: kept for the record of delays.
    package mutating func bargedIn(detectedMs: Int, clearSentMs: Int, discardedMs: Int) {
        ear.bargeIns.append(
            EarLedger.BargeIn(detectedMs: detectedMs, clearSentMs: clearSentMs, discardedMs: discardedMs))
    }
}
