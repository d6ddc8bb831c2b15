package import Runtime

extension DeepgramSession {
    static let busy = #"{"error":"too many requests at once; try again in a moment"}"#
    static let tooLate = #"{"error":"the system did not answer in time"}"#
    /// A tool's answer longer than this is replaced by an error the model can speak about.
    static let resultBytesMax = 65_536

    /// Before the agent is ready, up to 16 commands wait for it; the rest is refused.
    package mutating func perform(_ command: SpeechAgentCommand, at now: MonotonicTime) -> [AgentAction] {
        if command == .close { return close() }
        switch phase {
        case .ready: return execute(command, at: now)
        case .closing, .closed: return []
        case .connecting, .awaitingWelcome, .awaitingSettings:
            guard waiting.count < Self.waitingMax else { return [.event(.injectionRefused("the agent is not ready"))] }
            waiting.append(command)
            return []
        }
    }

    private mutating func close() -> [AgentAction] {
        guard phase != .closing, phase != .closed else { return [] }
        let actions = flushLatency()
        enter(.closing)
        return actions + [.close(code: 1_000)]
    }

    private mutating func execute(_ command: SpeechAgentCommand, at now: MonotonicTime) -> [AgentAction] {
        switch command {
        case .say(let text, let mode):
            guard !text.isEmpty else { return [] }
            injections.say(text)
            let behavior: DeepgramClientMessage.InjectionBehavior? =
                switch mode {
                case .ifIdle: nil
                case .queue: .queue
                case .interrupt: .interrupt
                }
            return [send(.injectAgentMessage(text, behavior: behavior))]
        case .userText(let text):
            guard !text.isEmpty else { return [] }
            injections.type(text)
            return [send(.injectUserMessage(text))]
        case .appendInstructions(let text):
            settings.brief.add(text)
            // Added to a prompt that is full, it would be what the server cuts off.
            guard settings.promptCharactersCut(max: options.promptCharactersMax) == 0 else {
                return [send(.updateThink([settings.deepgramThink(options)]))]
            }
            return [send(.updatePrompt(text))]
        case .replaceThink(let prompt):
            settings.prompt = prompt
            return [send(.updateThink([settings.deepgramThink(options)]))]
        case .toolResult(let id, let name, let content): return answer(id, name, content)
        case .setVoice(let voice):
            settings.voice = voice
            return [send(.updateSpeak([DeepgramSpeak(provider: .speak(voice: voice))]))]
        case .endUserTurn:
            guard isFlux else {
                let text = "\(settings.listenModel) ends turns by itself only"
                return [.event(.warning(code: "FORCE_END_TURN_UNSUPPORTED", text: text))]
            }
            return [send(.forceEndTurn)]
        case .close: return close()
        }
    }

    private func send(_ message: DeepgramClientMessage) -> AgentAction { .send(message.encoded()) }

    func respond(id: String?, name: String, content: String) -> AgentAction {
        send(.functionCallResponse(id: id, name: name, content: content))
    }

    private mutating func answer(_ id: String, _ name: String, _ content: String) -> [AgentAction] {
        guard let open = tools.answer(id) else { return [] }
        return [finish(open, content)]
    }

    private mutating func finish(_ open: ToolLedger.Open, _ content: String) -> AgentAction {
        let fits = content.utf8.count <= Self.resultBytesMax
        let content = fits ? content : #"{"error":"the answer is too long"}"#
        conversation.called(open.call, response: content)
        return respond(id: open.hasID ? open.call.id : nil, name: open.call.name, content: content)
    }

    package var nextDeadline: MonotonicTime {
        mutating get {
            guard phase == .ready else { return phaseDeadline }
            return min(uplink.deadline, tools.deadline, watchdog.deadline, expiryDeadline)
        }
    }

    /// Time passed. Call it at ``nextDeadline`` or more often.
    package mutating func tick(at now: MonotonicTime) -> [AgentAction] {
        switch phase {
        case .awaitingWelcome where now >= phaseDeadline:
            return fail("WELCOME_TIMEOUT", "the agent did not greet us within 5 s", retryable: true)
        case .awaitingSettings where now >= phaseDeadline:
            return fail("SETTINGS_TIMEOUT", "the agent did not apply our settings within 5 s", retryable: true)
        case .ready: break
        default: return []
        }
        var actions: [AgentAction] = []
        switch uplink.filler(at: now) {
        case .silence(let bytes)?:
            silenceBytesSent += bytes
            actions.append(.sendSilence(bytes: bytes))
        case .keepAlive?: actions.append(send(.keepAlive))
        case nil: break
        }
        for open in tools.overdue(at: now) {
            actions.append(finish(open, Self.tooLate))
            actions.append(.event(.toolCancelled([open.call.id])))
            actions.append(.event(.warning(code: "TOOL_TIMEOUT", text: open.call.name)))
        }
        if watchdog.hasStalled(at: now) {
            let text = "speech began 10 s ago and no text has come"
            actions.append(.event(.warning(code: "RECOGNITION_STALLED", text: text)))
            if isFlux { actions.append(send(.forceEndTurn)) }
        }
        if now >= expiryDeadline { actions += expire() }
        return actions
    }
}
