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
        // What is understood after the hang-up was said before it.
        let saidMs = if case .streamless(let sinceMs) = phase { min(nowMs, sinceMs) } else { nowMs }
        let started = min(callerStartedMs ?? saidMs, saidMs)
        let ended = max(started, min(callerEndedMs ?? saidMs, saidMs))
        for piece in TurnPieces.of(text) {
            turnCount += 1
            let turn = Turn(number: turnCount, speaker: .caller, startedMs: started, endedMs: ended, text: piece)
            actions.append(.journal(.turn(turn)))
        }
        callerStartedMs = nil
        callerEndedMs = nil
        answerAwaitedSinceMs = ended
        responseDueMs = held ? nil : nowMs + limits.responseMs
        lastActivityMs = nowMs
    }

    mutating func agentSaid(_ text: String, _ nowMs: Int, _ playout: Playout, _ actions: inout [Action]) {
        // What begins after the hang-up is heard by nobody.
        guard over == nil || phase == .talking else { return }
        var turn = agentTurn ?? openTurn(playout)
        agentTurn = nil
        for piece in TurnPieces.of(text) {
            let blank = turn.text.isEmpty || piece.isEmpty ? "" : " "
            let start = turn.text.utf8.count + blank.utf8.count
            if let last = turn.pieces.last, start > last.start,
                start + piece.utf8.count - last.start > Turn.textBytesMax
            {
                turnCount += 1
                turn.pieces.append(OpenAgentTurn.Piece(number: turnCount, start: start))
            }
            turn.text += blank + piece
            // On disk while it is being spoken: a gateway killed in mid-sentence still knows what it was saying.
            actions.append(.sketch(grown(turn, by: piece, nowMs, playout)))
        }
        turn.sentAll = false
        agentTurn = turn
        responseDueMs = nil
    }

    private func grown(_ turn: OpenAgentTurn, by text: String, _ nowMs: Int, _ playout: Playout) -> SpokenPart {
        let started = turn.startedMs ?? nowMs
        let audioBytes = max(0, playout.queuedBytes - turn.startByte)
        let heardAudio = min(max(0, playout.heardBytes - turn.startByte), audioBytes)
        let heard = audioBytes == 0 ? 0 : Int(Double(heardAudio) / Double(audioBytes) * Double(turn.text.utf8.count))
        let piece = turn.pieces.last ?? OpenAgentTurn.Piece(number: turnCount, start: 0)
        return SpokenPart(
            number: piece.number, startedMs: started, endedMs: max(started, nowMs), text: text,
            heardBytes: max(0, heard - piece.start))
    }

    mutating func openTurn(_ playout: Playout) -> OpenAgentTurn {
        turnCount += 1
        return OpenAgentTurn(
            pieces: [OpenAgentTurn.Piece(number: turnCount, start: 0)], startByte: playout.heardBytes)
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
        for turn in records(turn, nowMs, playout, interrupted: cut) { actions.append(.journal(.turn(turn))) }
    }

    /// The turn as it is kept: one, or several where it is too long for one, each with its share of the audio.
    private func records(_ turn: OpenAgentTurn, _ nowMs: Int, _ playout: Playout, interrupted: Bool) -> [Turn] {
        let started = turn.startedMs ?? nowMs
        let ended = max(started, nowMs)
        let audioBytes = max(0, playout.queuedBytes - turn.startByte)
        let heardBytes = max(0, playout.heardBytes - turn.startByte)
        let textBytes = turn.text.utf8.count
        func audio(at textByte: Int) -> Int {
            textByte >= textBytes ? audioBytes : Int(Double(textByte) / Double(textBytes) * Double(audioBytes))
        }
        return turn.pieces.indices.map { index in
            let start = turn.pieces[index].start
            let isLast = index + 1 == turn.pieces.count
            // Without the blank between two pieces.
            let end = isLast ? textBytes : turn.pieces[index + 1].start - 1
            let share = audio(at: start)..<audio(at: end)
            let utf8 = turn.text.utf8
            let text = String(
                turn.text[utf8.index(utf8.startIndex, offsetBy: start)..<utf8.index(utf8.startIndex, offsetBy: end)])
            var heard = HeardText()
            heard.append(text: text)
            heard.audio(bytes: share.count)
            return Turn(
                number: turn.pieces[index].number, speaker: .agent,
                startedMs: min(ended, started + share.lowerBound / MuLaw.bytesPerMillisecond),
                endedMs: isLast ? ended : min(ended, started + share.upperBound / MuLaw.bytesPerMillisecond),
                text: text, interrupted: interrupted,
                heardText: interrupted ? heard.heard(bytes: heardBytes - share.lowerBound) : text)
        }
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
