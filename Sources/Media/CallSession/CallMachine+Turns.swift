import AudioCore
import CallModel
import SpeechAgent

/// Who said what, and what of it was heard.
extension CallMachine {
    /// A turn that grows is sketched again after this long, or earlier when it has become a quarter longer.
    static let sketchEveryMs = 1_000

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
        case .agentAudioSent: agentSentAll(nowMs, playout, &actions)
        case .toolCall(let call) where guestTools.contains(call.name):
            responseDueMs = nil
            actions.append(.askGuest(call))
        case .toolCall(let call):
            toolsRunning.updateValue(partingTools.contains(call.name) ? nil : nowMs, forKey: call.id)
            toolFillerSaid = false
            responseDueMs = nil
            actions.append(.runTool(call))
        case .toolCancelled(let ids):
            for id in ids { toolsRunning.removeValue(forKey: id) }
            actions.append(.cancelTools(ids))
        case .injectionRefused(let why): note("injection refused: \(why)", nowMs, &actions)
        case .warning(let code, _): note("agent warning \(code)", nowMs, &actions)
        case .sessionExpiring: note("agent session expires soon", nowMs, &actions)
        case .failed(let failure):
            agentLegLost(failure.code, retryable: failure.retryable, nowMs, playout, &actions)
        case .injectionAccepted, .configApplied, .latency, .closed: break
        }
    }

    // MARK: The caller

    mutating func callerVoiceStarted(_ startedMs: Int, _ nowMs: Int) {
        // What was noise, or is on record, is no part of what is said now.
        if let callerEndedMs, startedMs > callerEndedMs + limits.falseInterruptionMs { callerStartedMs = nil }
        callerStartedMs = callerStartedMs ?? startedMs
        callerEndedMs = nil
        interrupted?.callerQuietSinceMs = nil
        lastActivityMs = nowMs
        lastWords = nil
    }

    /// Barge-in, or simply the caller's turn. Silences the carrier before anything else.
    private mutating func callerInterrupts(_ nowMs: Int, _ playout: Playout, _ actions: inout [Action]) {
        callerStartedMs = callerStartedMs ?? nowMs
        // The agent may notice a short word after it has ended.
        let hasJustEnded = callerEndedMs.map { nowMs <= $0 + limits.falseInterruptionMs } ?? false
        if playout.callerVoicedMs != nil || !hasJustEnded { callerEndedMs = nil }
        lastActivityMs = nowMs
        lastWords = nil
        responseDueMs = nil
        if leaving?.way == .hangUp, leaving?.reason == "agent_hangup", playout.audible { leaving = nil }
        guard playout.audible else {
            closeAgentTurn(nowMs, playout, &actions)
            return
        }
        actions.append(.discardPlayout)
        let unheard = unheardText(playout)
        closeAgentTurn(nowMs, playout, &actions)
        interrupted = held ? nil : Interrupted(atMs: nowMs, unheard: unheard, callerQuietSinceMs: nil)
    }

    /// Whether these are the caller's last words told a second time: soon, and nobody has made a sound since.
    package func isRepeat(_ text: String, at nowMs: Int) -> Bool {
        nowMs < lastWordsUntilMs && lastWords == CallMachine.bare(text)
    }

    /// Words without what a second telling may write differently.
    private static func bare(_ text: String) -> String {
        let bare = text.lowercased().filter { $0.isLetter || $0.isNumber }
        return bare.isEmpty ? text : bare
    }

    private mutating func callerSaid(_ text: String, _ nowMs: Int, _ playout: Playout, _ actions: inout [Action]) {
        guard !isRepeat(text, at: nowMs) else { return }
        interrupted = nil
        closeAgentTurn(nowMs, playout, &actions)
        // What is understood after the hang-up was said before it.
        let saidMs = if case .streamless(let sinceMs) = phase { min(nowMs, sinceMs) } else { nowMs }
        let ended = min(saidMs, callerEndedMs ?? playout.callerVoicedMs ?? saidMs)
        let started = min(callerStartedMs ?? ended, ended)
        var words = HeardText()
        words.append(text: text)
        let pieces = CallMachine.pieces(words, heard: words.pieces, from: started, to: ended)
        for (index, piece) in pieces.enumerated() {
            actions.append(.journal(.turn(piece.turn(.caller, number: turnCount + 1 + index))))
        }
        turnCount += pieces.count
        noteWhatIsLeftOut(words, nowMs, &actions)
        callerStartedMs = nil
        callerEndedMs = nil
        lastWords = CallMachine.bare(text)
        lastWordsUntilMs = nowMs + limits.toldTwiceMs
        answerAwaitedSinceMs = ended
        replyHeard = false
        responseDueMs = held ? nil : nowMs + limits.responseMs
        lastActivityMs = nowMs
    }

    // MARK: The agent

    mutating func agentSaid(_ text: String, _ nowMs: Int, _ playout: Playout, _ actions: inout [Action]) {
        // What begins after the hang-up is heard by nobody.
        guard over == nil || phase == .talking else { return }
        var turn = agentTurn ?? OpenAgentTurn()
        let hadPieces = turn.words.pieces.count
        turn.words.append(text: text)
        guard !turn.words.isEmpty else { return }
        turn.number = turn.number ?? turnCount + 1
        turnCount += turn.words.pieces.count - hadPieces
        turn.wordsMs = nowMs
        // The first words after the audio are those of the audio; others are of more to come.
        if turn.startByte == nil || hadPieces > 0 { turn.sentAll = false }
        agentTurn = turn
        lastWords = nil
        responseDueMs = responseDueMs.map { max($0, nowMs + limits.responseAudioMs) }
        if turn.isDone { return closeAgentTurn(nowMs, playout, &actions) }
        sketchAgentTurn(nowMs, playout, &actions)
    }

    /// On disk while it is being spoken: a gateway killed in mid-sentence still knows what it was saying. A turn that has
    /// grown by little waits for more, so that what is written stays in proportion to what was said.
    mutating func sketchAgentTurn(_ nowMs: Int, _ playout: Playout, _ actions: inout [Action], atOnce: Bool = false) {
        guard var turn = agentTurn, let number = turn.number, !turn.isSketched else { return }
        let bytes = turn.words.textBytes
        let hasGrown = bytes >= turn.sketchedBytes + turn.sketchedBytes / 4
        guard atOnce || hasGrown || nowMs >= turn.sketchedMs + CallMachine.sketchEveryMs else { return }
        for (index, piece) in pieces(of: turn, nowMs, playout).enumerated() where piece.endByte > turn.sketchedBytes {
            var sketch = piece.turn(.agent, number: number + index)
            sketch.interrupted = true
            actions.append(.sketch(sketch))
        }
        turn.sketchedBytes = bytes
        turn.sketchedMs = nowMs
        agentTurn = turn
    }

    /// The audio may come before its words.
    mutating func agentAudioBegan(_ playout: Playout) {
        var turn = agentTurn ?? OpenAgentTurn()
        // Speech without words, complete: what comes now is something else.
        if turn.number == nil, turn.sentAll { turn = OpenAgentTurn() }
        if turn.startByte == nil {
            turn.startByte = playout.queuedBytes
            turn.droppedBefore = playout.droppedBytes
        }
        turn.sentAll = false
        turn.heardAllMs = nil
        agentTurn = turn
        lastWords = nil
    }

    mutating func agentAudible(_ nowMs: Int, _ inMs: Int) {
        if agentTurn?.startedMs == nil { agentTurn?.startedMs = nowMs + inMs }
        agentWasAudible = true
        responseDueMs = nil
        interrupted = nil
        lastActivityMs = nowMs
    }

    /// Whether these words of the agent only bridge the wait for an answer.
    package func isFiller(_ text: String) -> Bool { text == wording.toolFiller }

    mutating func agentHeard(_ atMs: Int, _ isFiller: Bool) {
        if let streamStartedMs, ear.pickupToFirstAudioMs == nil {
            ear.pickupToFirstAudioMs = max(0, atMs - streamStartedMs)
        }
        guard let since = answerAwaitedSinceMs else { return }
        if !replyHeard {
            ear.responses.append(
                EarLedger.Response(callerEndedMs: since, firstAudioMs: atMs, fillerMs: isFiller ? atMs : nil))
        }
        if !isFiller, let last = ear.responses.indices.last { ear.responses[last].answerMs = atMs }
        replyHeard = true
        if !isFiller { answerAwaitedSinceMs = nil }
    }

    private mutating func agentSentAll(_ nowMs: Int, _ playout: Playout, _ actions: inout [Action]) {
        sketchAgentTurn(nowMs, playout, &actions, atOnce: true)
        agentTurn?.sentAll = true
        guard !playout.audible else { return }
        if agentTurn?.heardAllMs == nil { agentTurn?.heardAllMs = min(nowMs, playout.playedOutMs ?? nowMs) }
        closeSpokenTurn(nowMs, playout, &actions)
    }

    mutating func playoutDrained(_ nowMs: Int, _ playout: Playout, _ actions: inout [Action]) {
        lastActivityMs = nowMs
        agentTurn?.heardAllMs = nowMs
        if agentTurn?.sentAll == true { closeSpokenTurn(nowMs, playout, &actions) }
    }

    /// A turn that is complete is closed, but for one whose words are still to come.
    private mutating func closeSpokenTurn(_ nowMs: Int, _ playout: Playout, _ actions: inout [Action]) {
        if agentTurn?.number != nil || agentTurn?.startByte == nil { closeAgentTurn(nowMs, playout, &actions) }
    }

    mutating func closeAgentTurn(_ nowMs: Int, _ playout: Playout, _ actions: inout [Action]) {
        guard let turn = agentTurn else { return }
        agentTurn = nil
        guard let number = turn.number else { return }
        let pieces = pieces(of: turn, nowMs, playout)
        for (index, piece) in pieces.enumerated() {
            actions.append(.journal(.turn(piece.turn(.agent, number: number + index))))
        }
        noteWhatIsLeftOut(turn.words, nowMs, &actions)
        let heard = pieces.map(\.heardText).filter { !$0.isEmpty }.joined(separator: " ")
        if heard != turn.words.text { actions.append(.agentHeardOnly(heard, ms: heardMs(of: turn, playout))) }
    }

    private mutating func noteWhatIsLeftOut(_ words: HeardText, _ nowMs: Int, _ actions: inout [Action]) {
        guard words.leftOutBytes > 0 else { return }
        note("a turn of endless words: \(words.leftOutBytes) bytes left out", nowMs, &actions)
    }

    /// The line was silenced for the caller: kept for the record of delays.
    package mutating func bargedIn(detectedMs: Int, clearSentMs: Int, discardedMs: Int) {
        ear.bargeIns.append(
            EarLedger.BargeIn(detectedMs: detectedMs, clearSentMs: clearSentMs, discardedMs: discardedMs))
    }
}
