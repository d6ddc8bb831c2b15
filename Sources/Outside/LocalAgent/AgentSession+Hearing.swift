import Foundation
import LocalSpeech
import Runtime
import SpeechAgent
import Telemetry
import WebSocketTransport

/// The caller's turns: audio to utterance, utterance to words, words to the dialogue.
extension AgentSession {
    func hear(_ codes: Span<UInt8>) {
        for event in ear.hear(codes) {
            switch event {
            case .started: callerStarted()
            case .ended(let utterance): recognize(utterance, trigger: "model")
            }
        }
    }

    private func callerStarted() {
        silenceTimer?.cancel()
        send(.userStartedSpeaking)
        interruptedAgent = interruptedAgent || !responses.isEmpty || playbackEnd > .now()
        hush()
        cancelCalls()
    }

    func recognize(_ utterance: [UInt8], trigger: String) {
        guard let line else { return }
        decoding += 1
        turnEndedAt = .now()
        let loop = self.loop
        services.recognizer.recognize(utterance, on: line) { [self] found in
            loop.post { self.recognized(found, trigger: trigger) }
        }
    }

    private func recognized(_ found: Recognition, trigger: String) {
        guard phase == .running else { return }
        decoding -= 1
        let words = [heldWords, found.text].filter { !$0.isEmpty }.joined(separator: " ")
        heldWords = ""
        // The caller went on speaking: this was only the first part of the turn.
        guard !ear.isSpeaking, decoding == 0 else {
            heldWords = words
            return
        }
        let latency = turnEndedAt.map { MonotonicTime.now().milliseconds(since: $0) } ?? 0
        var report = AgentLatency()
        report.sttMs = Int(latency)
        send(.latencyReport(report))
        send(.endOfTurn(trigger: trigger))
        let interrupted = interruptedAgent
        interruptedAgent = false
        if words.isEmpty {
            tell(.userMumbled(interrupting: interrupted))
        } else {
            send(.conversationText(.user, words))
            if sendsHistory { send(.history([.said(.user, words)])) }
            tell(.userSaid(words, confidence: found.confidence))
        }
        settleDebts()
    }

    func userTyped(_ text: String) {
        silenceTimer?.cancel()
        send(.endOfTurn(trigger: "manual"))
        send(.conversationText(.user, text))
        if sendsHistory { send(.history([.said(.user, text)])) }
        hush()
        tell(.userSaid(text, confidence: 1))
        settleDebts()
    }

    /// What a barge-in put off: calls to be made again, and those that only waited for speech to be over.
    private func settleDebts() {
        let again = callsToRepeat
        callsToRepeat = []
        request(again)
        guard responses.isEmpty else {
            responses[responses.count - 1].then += owed
            owed = []
            return
        }
        let due = owed
        owed = []
        request(due)
        armSilence()
    }

    func tell(_ event: Dialogue.Event) {
        guard let actions = dialogue?.handle(event, now: .now) else { return }
        perform(actions)
    }

    func perform(_ actions: [Dialogue.Action]) {
        var texts: [String] = []
        var now: [Dialogue.FunctionCall] = []
        var then: [Dialogue.FunctionCall] = []
        for action in actions {
            switch action {
            case .say(let text): texts.append(text)
            case .call(let call): now.append(call)
            case .callAfterSpeech(let call): then.append(call)
            }
        }
        request(now)
        if texts.isEmpty { request(then) } else { respond(Response(text: texts.joined(separator: " "), then: then)) }
    }

    /// Waits for the caller from the end of what is being heard on.
    func armSilence() {
        guard phase == .running, dialogue?.isOver == false else { return }
        silenceTimer?.arm(at: max(.now(), playbackEnd).adding(milliseconds: timing.callerSilenceMs))
    }

    func callerWasSilent() {
        guard phase == .running, !ear.isSpeaking, decoding == 0, responses.isEmpty else { return }
        guard calls.isEmpty else { return armSilence() }
        tell(.callerSilent)
        if responses.isEmpty { armSilence() }
    }
}
