import Encoding
package import Runtime

extension DeepgramSession {
    /// One text frame from the server. What cannot be read is a warning, ten times; then the connection is given up.
    package mutating func received(text: [UInt8], at now: MonotonicTime) -> [AgentAction] {
        guard phase != .closing, phase != .closed, phase != .connecting else { return [] }
        do {
            return handle(try DeepgramServerMessage(decoding: text), at: now)
        } catch {
            unreadableMessages += 1
            guard unreadableMessages < Self.unreadableMax else {
                return fail("UNREADABLE_SERVER", "the agent keeps sending what is no message", retryable: true)
            }
            return [.event(.warning(code: "UNREADABLE_MESSAGE", text: error.description))]
        }
    }

    package mutating func received(
        _ message: Span<UInt8>, in frame: AgentFrame, speech: inout [UInt8], at now: MonotonicTime
    ) -> AgentReceipt {
        switch frame {
        case .text: .actions(received(text: message.copied, at: now))
        case .binary: acceptsAudio(at: now) ? .speech : .actions([])
        }
    }

    private mutating func handle(_ message: DeepgramServerMessage, at now: MonotonicTime) -> [AgentAction] {
        switch message {
        case .welcome(let id): welcomed(id, at: now)
        case .settingsApplied: settingsApplied(at: now)
        case .error(let code, let text): failed(code, text)
        case .warning(let code, let text): warned(code, text, at: now)
        case .unknown(let type): unknown(type)
        default: phase == .ready ? converse(message, at: now) : []
        }
    }

    private mutating func welcomed(_ id: String, at now: MonotonicTime) -> [AgentAction] {
        guard phase == .awaitingWelcome else { return [] }
        sessionID = id
        enter(.awaitingSettings)
        phaseDeadline = now.adding(milliseconds: Self.handshakeMs)
        return [.send(DeepgramClientMessage.settings(settings.deepgram(options)).encoded())]
    }

    private mutating func settingsApplied(at now: MonotonicTime) -> [AgentAction] {
        guard phase == .awaitingSettings else { return [] }
        enter(.ready)
        uplink.sent(at: now)
        var actions: [AgentAction] = [.event(.ready(sessionID: sessionID))]
        let commands = waiting
        waiting.removeAll()
        for command in commands { actions += perform(command, at: now) }
        return actions
    }

    private mutating func converse(_ message: DeepgramServerMessage, at now: MonotonicTime) -> [AgentAction] {
        switch message {
        case .userStartedSpeaking:
            let actions = flushLatency()
            gate.close(at: now)
            watchdog.arm(at: now)
            conversation.interrupted()
            return actions + [.event(.userSpeechStarted)]
        case .endOfTurn(let trigger):
            gate.open()
            watchdog.disarm()
            return [.event(.userSpeechEnded(trigger: trigger))]
        case .conversationText(.user, let text, _): return userSaid(text)
        case .conversationText(.assistant, let text, _): return agentSaid(text, at: now)
        case .agentThinking, .agentStartedSpeaking:
            gate.open()
            return []
        case .agentAudioDone:
            // Of a response that was cut off it means nothing.
            return gate.isOpen ? flushLatency() + [.event(.agentAudioSent)] : []
        case .functionCallRequest(let calls): return requested(calls, at: now)
        case .functionCallCancelled(let calls):
            let void = tools.cancel(calls.filter { $0.refusal == nil }.compactMap(\.id))
            return void.isEmpty ? [] : [.event(.toolCancelled(void))]
        case .latencyReport(let report):
            latency.merge(report)
            return []
        case .promptUpdated: return [.event(.configApplied("instructions"))]
        case .thinkUpdated: return [.event(.configApplied("think"))]
        case .speakUpdated: return [.event(.configApplied("voice"))]
        case .listenUpdated: return [.event(.configApplied("listen"))]
        case .injectionRefused(let reason):
            return injections.refused("message", at: now) ? [.event(.injectionRefused(reason))] : []
        case .frustrationDetected(let count, _):
            return [.event(.warning(code: "FRUSTRATION_DETECTED", text: "\(count)"))]
        default:
            // History repeats what the events said, a function response echoes ours, the rest needs nothing.
            return []
        }
    }

    private mutating func userSaid(_ text: String) -> [AgentAction] {
        gate.open()
        watchdog.disarm()
        let actions = flushLatency()
        guard !text.isEmpty else { return actions }
        conversation.userSaid(text)
        return actions + [.event(injections.echoed(text) ? .injectionAccepted : .userTranscript(text))]
    }

    private mutating func agentSaid(_ text: String, at now: MonotonicTime) -> [AgentAction] {
        guard !text.isEmpty else { return [] }
        let ours = injections.spoke(text)
        if ours { gate.open() }
        guard gate.acceptsText(at: now) else {
            droppedTexts += 1
            return []
        }
        watchdog.disarm()
        conversation.agentSaid(text)
        return (ours ? [.event(.injectionAccepted)] : []) + [.event(.agentText(text))]
    }

    private mutating func requested(
        _ calls: [DeepgramServerMessage.FunctionCall], at now: MonotonicTime
    ) -> [AgentAction] {
        gate.open()
        return calls.filter(\.clientSide).compactMap { call in
            if let refusal = call.refusal {
                let content = WireJSON.object(["error": .string(refusal)]).text
                return respond(id: call.id, name: call.name, content: content)
            }
            return switch tools.admit(id: call.id, name: call.name, arguments: call.arguments, at: now) {
            case .run(let call): .event(.toolCall(call))
            case .duplicate: nil
            case .tooMany: respond(id: call.id, name: call.name, content: Self.busy)
            }
        }
    }

    private mutating func unknown(_ type: String) -> [AgentAction] {
        unknownMessages += 1
        guard unknownTypes.count < Self.unknownTypesMax, unknownTypes.insert(type).inserted else { return [] }
        return [.event(.warning(code: "UNKNOWN_MESSAGE", text: type))]
    }

    private mutating func warned(_ code: String, _ text: String, at now: MonotonicTime) -> [AgentAction] {
        switch code {
        case "MAXIMUM_SESSION_LENGTH_APPROACHING": expire()
        case "INJECT_AGENT_MESSAGE_DURING_USER_SPEECH", "INJECT_AGENT_MESSAGE_DURING_AGENT_SPEECH":
            injections.refused("warning", at: now) ? [.event(.injectionRefused(code))] : []
        default: [.event(.warning(code: code, text: text))]
        }
    }

    mutating func expire() -> [AgentAction] {
        expiryDeadline = .distantFuture
        guard !expiryTold else { return [] }
        expiryTold = true
        return [.event(.sessionExpiring)]
    }

    /// Codes a new connection cannot help with: our mistake, or a provider behind the agent that stays down.
    private static let hopeless: Set<String> = [
        "FAILED_TO_THINK", "FAILED_TO_SPEAK", "UNPARSABLE_CLIENT_MESSAGE", "NON_SETTINGS_MESSAGE_BEFORE_SETTINGS",
        "SETTINGS_ALREADY_APPLIED", "INVALID_SETTINGS", "USER_AUDIO_FORMAT", "NON_EXISTENT_FUNCTION_CALLED",
        "INVALID_AGENT_ID", "AGENT_ID_NOT_SUPPORTED",
    ]

    private mutating func failed(_ code: String, _ text: String) -> [AgentAction] {
        fail(code, text, retryable: !Self.hopeless.contains(code))
    }
}
