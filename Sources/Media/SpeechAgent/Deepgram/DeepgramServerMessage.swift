package import Encoding

/// One JSON text frame from Deepgram Voice Agent v1 to client. Fields the reference does not name are ignored and an
/// unknown `type` is a value: new events appear every few weeks and must never end a call.
package enum DeepgramServerMessage: Equatable, Sendable {
    package struct FunctionCall: Equatable, Sendable {
        /// Nil when the server left it out.
        package var id: String?
        package var name: String
        package var arguments: String
        package var clientSide: Bool
        /// Why it is not to be run, for the agent to read; nil for nearly all.
        package var refusal: String?
        package init(id: String?, name: String, arguments: String, clientSide: Bool, refusal: String? = nil) {
            self.id = id
            self.name = name
            self.arguments = arguments
            self.clientSide = clientSide
            self.refusal = refusal
        }
    }

    case welcome(requestID: String)
    case settingsApplied
    /// `user`: once a confirmed turn; `assistant`: once a spoken chunk. `languages` is what was recognised.
    case conversationText(AgentRole, String, languages: [String] = [])
    case userStartedSpeaking
    case endOfTurn(trigger: String)
    case agentThinking(String)
    case functionCallRequest([FunctionCall])
    /// The ids of calls that are void.
    case functionCallCancelled([FunctionCall])
    case functionCallResponse(id: String?, name: String, content: String)
    case agentStartedSpeaking(AgentLatency)
    /// The last audio of a response was sent, not heard.
    case agentAudioDone
    case latencyReport(AgentLatency)
    case promptUpdated, speakUpdated, thinkUpdated, listenUpdated, thinkLiveUpdated
    case frustrationDetected(count: Int, escalated: Bool)
    case injectionRefused(String)
    case history([AgentHistoryItem])
    case warning(code: String, description: String)
    case error(code: String, description: String)
    case customFromThinkProvider(WireJSON)
    case unknown(type: String)

    package func encoded() -> String { WireJSON.object(json).text }

    private var json: WireObject {
        switch self {
        case .welcome(let id): return ["type": "Welcome", "request_id": .string(id)]
        case .settingsApplied: return ["type": "SettingsApplied"]
        case .conversationText(let role, let text, let languages):
            var json: WireObject = [
                "type": "ConversationText", "role": .string(role.rawValue), "content": .string(text),
                "conversational_behavior": "default",
            ]
            if !languages.isEmpty { json["languages"] = .array(languages.map { .string($0) }) }
            return json
        case .userStartedSpeaking: return ["type": "UserStartedSpeaking"]
        case .endOfTurn(let trigger): return ["type": "EndOfTurn", "trigger": .string(trigger)]
        case .agentThinking(let content): return ["type": "AgentThinking", "content": .string(content)]
        case .functionCallRequest(let calls):
            return [
                "type": "FunctionCallRequest", "functions": .array(calls.map { .object($0.json(cancelled: false)) }),
            ]
        case .functionCallCancelled(let calls):
            return [
                "type": "FunctionCallCancelled", "functions": .array(calls.map { .object($0.json(cancelled: true)) }),
            ]
        case .functionCallResponse(let id, let name, let content):
            var json: WireObject = ["type": "FunctionCallResponse"]
            json["id"] = id.map { .string($0) }
            json["name"] = .string(name)
            json["content"] = .string(content)
            return json
        case .agentStartedSpeaking(let latency):
            var json: WireObject = ["type": "AgentStartedSpeaking"]
            json["total_latency"] = .number(Double(latency.totalMs ?? 0) / 1_000)
            json["tts_latency"] = .number(Double(latency.ttsMs ?? 0) / 1_000)
            json["ttt_latency"] = .number(Double(latency.llmFirstTextMs ?? 0) / 1_000)
            return json
        case .agentAudioDone: return ["type": "AgentAudioDone"]
        case .latencyReport(let latency):
            var json: WireObject = ["type": "LatencyReport"]
            latency.write(to: &json)
            return json
        case .promptUpdated: return ["type": "PromptUpdated"]
        case .speakUpdated: return ["type": "SpeakUpdated"]
        case .thinkUpdated: return ["type": "ThinkUpdated"]
        case .listenUpdated: return ["type": "ListenUpdated"]
        case .thinkLiveUpdated: return ["type": "ThinkLiveUpdated"]
        case .frustrationDetected(let count, let escalated):
            return ["type": "FrustrationDetected", "count": .integer(count), "escalated": .bool(escalated)]
        case .injectionRefused(let message): return ["type": "InjectionRefused", "message": .string(message)]
        case .history(let items): return Self.history(items)
        case .warning(let code, let text):
            return ["type": "Warning", "description": .string(text), "code": .string(code)]
        case .error(let code, let text):
            return ["type": "Error", "description": .string(text), "code": .string(code)]
        case .customFromThinkProvider(let content): return ["type": "__customFromThinkProvider", "content": content]
        case .unknown(let type): return ["type": .string(type)]
        }
    }

    /// Something said is one message; function calls of one moment share one.
    private static func history(_ items: [AgentHistoryItem]) -> WireObject {
        var json = items.first?.json ?? ["type": "History", "function_calls": .array([])]
        let calls = items.flatMap { $0.json["function_calls"]?.array ?? [] }
        if !calls.isEmpty { json["function_calls"] = .array(calls) }
        return json
    }
}

extension DeepgramServerMessage.FunctionCall {
    func json(cancelled: Bool) -> WireObject {
        var json = WireObject()
        json["id"] = id.map { .string($0) }
        json["name"] = .string(name)
        if !cancelled {
            json["arguments"] = .string(arguments)
            json["client_side"] = .bool(clientSide)
        }
        return json
    }
}
