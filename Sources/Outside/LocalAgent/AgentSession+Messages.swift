import Foundation
import Runtime
import SpeechAgent
import Telemetry
import WebSocketTransport

/// What the client says in text frames.
extension AgentSession {
    func received(_ message: DeepgramClientMessage) {
        if case .settings(let settings) = message {
            guard phase == .waitingForSettings else {
                return fail("SETTINGS_ALREADY_APPLIED", "Settings were sent a second time; reconnect to change them.")
            }
            return apply(settings)
        }
        guard phase == .running else {
            return fail("NON_SETTINGS_MESSAGE_BEFORE_SETTINGS", "The first message must be Settings.")
        }
        switch message {
        case .settings, .keepAlive: break
        case .updatePrompt(let prompt):
            send(.promptUpdated)
            perform(dialogue?.append(instructions: prompt) ?? [])
        case .updateThink(let think):
            offer(think.first?.functions ?? [])
            send(.thinkUpdated)
            perform(dialogue?.update(prompt: think.first?.prompt, functions: offeredFunctions) ?? [])
        case .updateSpeak: send(.speakUpdated)
        case .updateListen: send(.listenUpdated)
        case .injectUserMessage(let text): userTyped(text)
        case .injectAgentMessage(let text, let behavior): inject(text, behavior ?? .default)
        case .injectDynamicAgentMessage: send(.injectionRefused("A dynamic message needs think_live, which is off."))
        case .functionCallResponse(let id, let name, let content): answered(id: id, name: name, content: content)
        case .forceEndTurn: endTurn()
        case .updateThinkLive:
            send(.thinkLiveUpdated)
            warnOfLive()
        case .customToThinkProvider:
            send(.warning(code: "THINK_REQUEST_FAILED", description: "The local agent has no think provider."))
        }
    }

    private func apply(_ settings: DeepgramSettings) {
        guard case .inline(let agent) = settings.agent else {
            return fail("INVALID_AGENT_ID", "The local agent keeps no stored agents; send the agent block inline.")
        }
        guard settings.input?.encoding == "mulaw", settings.input?.sampleRate == 8_000 else {
            return fail("USER_AUDIO_FORMAT", "The local agent takes audio.input mulaw at 8000 Hz only.")
        }
        guard settings.output?.encoding == "mulaw", settings.output?.sampleRate ?? 8_000 == 8_000,
            settings.outputContainer ?? "none" == "none"
        else {
            return fail(
                "INVALID_SETTINGS", "The local agent gives audio.output mulaw at 8000 Hz with container none only.")
        }
        sendsHistory = settings.history ?? true
        isExperimental = settings.experimental ?? false
        offer(agent.think.first?.functions ?? [])
        let prompt = agent.think.first?.prompt ?? ""
        var dialogue = Dialogue(
            settings: .init(
                prompt: prompt, greeting: agent.greeting, functions: offeredFunctions, history: agent.context,
                timeZone: Self.timeZone(in: prompt) ?? defaultZone), now: .now)
        phase = .running
        startSessionClock()
        send(.settingsApplied)
        if agent.thinkLive != nil { warnOfLive() }
        warnOfFillers(agent)
        let first = dialogue.begin(now: .now)
        self.dialogue = dialogue
        if let greeting = agent.greeting, !greeting.isEmpty { respond(Response(text: greeting)) }
        perform(first)
        if responses.isEmpty { armSilence() }
    }

    private func warnOfLive() {
        send(
            .warning(code: "THINK_LIVE_UNAVAILABLE", description: "The local agent takes think_live and does nothing."))
    }

    /// A client that is written against this agent is to know what awaits it elsewhere.
    private func warnOfFillers(_ agent: DeepgramAgent) {
        let hasFillers = agent.think.flatMap { $0.functions ?? [] }.contains {
            $0.initialFiller != nil || $0.fillersMax != nil || $0.fillerIntervalMs != nil
        }
        guard hasFillers else { return }
        let hint = agent.thinkLive == nil ? " Deepgram's own server refuses them without think_live." : ""
        send(
            .warning(
                code: "FILLERS_UNAVAILABLE", description: "The local agent speaks no fillers for functions." + hint))
    }

    private func offer(_ list: [DeepgramFunction]) {
        // A function with an endpoint is for the vendor's servers to call.
        functions = Dictionary(
            list.filter { $0.endpoint == nil }.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private var offeredFunctions: Set<String> { Set(functions.keys) }

    /// The first IANA zone named in the prompt, such as `America/New_York`.
    static func timeZone(in prompt: String) -> TimeZone? {
        for word in prompt.prefix(25_000).split(whereSeparator: { $0.isWhitespace || "\"'`(),;".contains($0) })
        where word.contains("/") && (word.first?.isUppercase ?? false) {
            let name = word.last == "." ? word.dropLast() : word
            if let zone = TimeZone(identifier: String(name)) { return zone }
        }
        return nil
    }

    private func inject(_ text: String, _ behavior: DeepgramClientMessage.InjectionBehavior) {
        switch behavior {
        case .default:
            guard !ear.isSpeaking else { return send(.injectionRefused("The user is speaking.")) }
            guard responses.isEmpty, decoding == 0, playbackEnd <= .now() else {
                return send(.injectionRefused("The agent is mid-turn."))
            }
        case .queue: break
        case .interrupt: hush()
        }
        respond(Response(text: text))
    }

    // MARK: Functions

    func request(_ wanted: [Dialogue.FunctionCall]) {
        guard !wanted.isEmpty else { return }
        let now = MonotonicTime.now()
        var entries: [DeepgramServerMessage.FunctionCall] = []
        for call in wanted {
            callsMade += 1
            let id = "fc_\(callsMade)"
            let deadline = now.adding(milliseconds: timing.functionMs)
            let isDeferred = functions[call.name]?.deferUntilEndOfTurn ?? false
            calls[id] = PendingCall(call: call, deadline: deadline, isDeferred: isDeferred)
            entries.append(.init(id: id, name: call.name, arguments: call.arguments, clientSide: true))
        }
        send(.functionCallRequest(entries))
        if let next = calls.values.map(\.deadline).min() { functionTimer?.arm(at: next) }
    }

    private func answered(id: String?, name: String, content: String) {
        let known = id ?? calls.first { $0.value.call.name == name }?.key ?? ""
        guard let pending = calls.removeValue(forKey: known) else {
            return Log.debug("function response for a call that is not open", ["function": name])
        }
        send(.functionCallResponse(id: known, name: pending.call.name, content: content))
        if sendsHistory {
            let call = AgentToolCall(id: known, name: pending.call.name, arguments: pending.call.arguments)
            send(.history([.called(call, response: content)]))
        }
        tell(.functionReturned(name: pending.call.name, content: content))
    }

    func expireCalls() {
        let now = MonotonicTime.now()
        let late = calls.filter { $0.value.deadline <= now }
        for (id, pending) in late {
            calls[id] = nil
            send(
                .warning(
                    code: "FUNCTION_CALL_FAILED", description: "\(pending.call.name) was not answered in time."))
            tell(.functionFailed(name: pending.call.name))
        }
        if let next = calls.values.map(\.deadline).min() { functionTimer?.arm(at: next) }
    }

    /// Barge-in: calls that may run before a turn is confirmed are void; they are made again after the turn.
    func cancelCalls() {
        let void = calls.filter { !$0.value.isDeferred }
        guard !void.isEmpty else { return }
        for id in void.keys { calls[id] = nil }
        callsToRepeat += void.values.map(\.call)
        send(
            .functionCallCancelled(
                void.map { .init(id: $0.key, name: $0.value.call.name, arguments: "", clientSide: true) }))
    }
}
