import Foundation
import LocalSpeech
import Runtime
import SpeechAgent
import Telemetry
import WebSocketTransport

/// The caller's turns: audio to utterance, utterance to words, words to the dialogue.
///
/// What was said is recognised as soon as the caller pauses, and the dialogue says how long a pause after such words ends the
/// turn: a finished answer is answered at once, somebody who has only begun is waited for.
extension AgentSession {
    /// A pause of the caller's, and what they said before it.
    struct Pause {
        var number: Int
        /// Nil while it is being recognised.
        var found: Recognition?
        /// How long it has to last to end the turn; nil until the words are known.
        var endsTurnAfterMs: Int?
        /// It has lasted as long as any may.
        var isOver = false
        /// By when the caller was quiet.
        var quietSince: MonotonicTime
    }

    private static let audioLateMsMax: Int64 = 400

    func hear(_ codes: Span<UInt8>) {
        for event in ear.hear(codes, isTalkedTo: isAudible) {
            switch event {
            case .started: callerStarted()
            case .paused(let utterance): callerPaused(utterance)
            case .resumed: pause = nil
            case .ended(let utterance):
                if pause == nil { callerPaused(utterance) }
                pause?.isOver = true
            case .dropped: break
            }
        }
        endTurnWhenDue()
    }

    /// Whether the caller hears the agent for a while yet.
    private var isAudible: Bool {
        !responses.isEmpty || playbackEnd > MonotonicTime.now().adding(milliseconds: Int64(CallerEar.cutInMs))
    }

    private func callerStarted() {
        silenceTimer?.cancel()
        send(.userStartedSpeaking)
        interruptedAgent = interruptedAgent || !responses.isEmpty || playbackEnd > .now()
        hush()
        cancelCalls()
    }

    private func callerPaused(_ utterance: [UInt8]) {
        pauses += 1
        let number = pauses
        let quietSince = MonotonicTime.now().adding(milliseconds: -Int64(ear.quietMs))
        pause = Pause(number: number, quietSince: quietSince)
        recognize(utterance) { [self] found in
            guard pause?.number == number else { return }
            pause?.found = found
            pause?.endsTurnAfterMs = dialogue?.patienceMs(after: words(with: found), now: .now) ?? CallerEar.pauseMsMax
            endTurnWhenDue()
        }
    }

    func endTurnWhenDue() {
        guard let pause, let found = pause.found, let patienceMs = pause.endsTurnAfterMs else { return }
        // A client may send no audio while nobody speaks; one whose audio is late is waited for a little.
        let due = pause.quietSince.adding(milliseconds: Int64(patienceMs) + Self.audioLateMsMax)
        guard pause.isOver || ear.quietMs >= patienceMs || due <= .now() else {
            pauseTimer?.arm(at: due)
            return
        }
        self.pause = nil
        pauseTimer?.cancel()
        _ = ear.forceEnd()
        turnEndedAt = pause.quietSince.adding(milliseconds: Int64(patienceMs))
        turnEnded(found, trigger: "model")
    }

    private func recognize(_ utterance: [UInt8], done: @escaping @Sendable (Recognition) -> Void) {
        guard let line else { return }
        decoding += 1
        let loop = self.loop
        services.recognizer.recognize(utterance, on: line) { [self] found in
            loop.post {
                self.decoding -= 1
                if self.phase == .running { done(found) }
            }
        }
    }

    /// The client ends the turn.
    func endTurn() {
        guard let utterance = ear.forceEnd() else { return }
        pause = nil
        turnEndedAt = .now()
        recognize(utterance) { [self] found in
            // The caller went on speaking: this was only the first part of the turn.
            if ear.isSpeaking { heldWords = words(with: found) } else { turnEnded(found, trigger: "manual") }
        }
    }

    private func words(with found: Recognition) -> String {
        [heldWords, found.text].filter { !$0.isEmpty }.joined(separator: " ")
    }

    private func turnEnded(_ found: Recognition, trigger: String) {
        let words = self.words(with: found)
        heldWords = ""
        let latency = turnEndedAt.map { MonotonicTime.now().milliseconds(since: $0) } ?? 0
        var report = AgentLatency()
        report.sttMs = Int(max(0, latency))
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
