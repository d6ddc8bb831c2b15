package import Encoding

/// One JSON text frame from client to Deepgram Voice Agent v1. The live server refuses unknown keys, nulls, and floats
/// where integers are meant, and closes; so does this decoder.
package enum DeepgramClientMessage: Equatable, Sendable {
    package enum InjectionBehavior: String, Sendable {
        /// Spoken only if neither side is in mid-turn; otherwise refused.
        case `default`
        /// Spoken after what is already queued.
        case queue
        /// Cuts the agent's own speech.
        case interrupt
    }

    case settings(DeepgramSettings)
    /// Adds to the system prompt.
    case updatePrompt(String)
    /// Replaces provider, prompt, endpoint and functions.
    case updateThink([DeepgramThink])
    case updateSpeak([DeepgramSpeak])
    case updateListen(DeepgramProvider)
    case injectUserMessage(String)
    /// Spoken word for word; `behavior` nil leaves the field out.
    case injectAgentMessage(String, behavior: InjectionBehavior?)
    /// Asks `think_live` to say something of its own.
    case injectDynamicAgentMessage(behavior: InjectionBehavior?)
    case functionCallResponse(id: String?, name: String, content: String)
    case keepAlive
    case forceEndTurn
    case updateThinkLive(WireObject)
    case customToThinkProvider(WireJSON)

    /// The message as one line of JSON.
    package func encoded() -> String { WireJSON.object(json).text }

    private var json: WireObject {
        switch self {
        case .settings(let settings): return settings.json
        case .updatePrompt(let prompt): return ["type": "UpdatePrompt", "prompt": .string(prompt)]
        case .updateThink(let think):
            return ["type": "UpdateThink", "think": oneOrMany(think.map(\.json)) ?? .array([])]
        case .updateSpeak(let speak):
            return ["type": "UpdateSpeak", "speak": oneOrMany(speak.map(\.json)) ?? .array([])]
        case .updateListen(let provider):
            return ["type": "UpdateListen", "listen": .object(["provider": .object(provider.fields)])]
        case .injectUserMessage(let content): return ["type": "InjectUserMessage", "content": .string(content)]
        case .injectAgentMessage(let message, let behavior):
            var json: WireObject = ["type": "InjectAgentMessage", "message": .string(message)]
            json["behavior"] = behavior.map { .string($0.rawValue) }
            return json
        case .injectDynamicAgentMessage(let behavior):
            var json: WireObject = ["type": "InjectAgentMessage", "is_dynamic": .bool(true)]
            json["behavior"] = behavior.map { .string($0.rawValue) }
            return json
        case .functionCallResponse(let id, let name, let content):
            var json: WireObject = ["type": "FunctionCallResponse"]
            json["id"] = id.map { .string($0) }
            json["name"] = .string(name)
            json["content"] = .string(content)
            return json
        case .keepAlive: return ["type": "KeepAlive"]
        case .forceEndTurn: return ["type": "ForceEndTurn"]
        case .updateThinkLive(let live): return ["type": "UpdateThink_Live", "think_live": .object(live)]
        case .customToThinkProvider(let content): return ["type": "__customToThinkProvider", "content": content]
        }
    }

    /// Takes one text frame, strictly: an unknown type or key, a null or a wrong kind is refused.
    package init(decoding text: [UInt8]) throws(AgentDecodeError) {
        var (type, reader) = try FieldReader.message(text, lenient: false)
        switch type {
        case "Settings": self = .settings(try DeepgramSettings(&reader))
        case "UpdatePrompt": self = .updatePrompt(try reader.requiredString("prompt"))
        case "UpdateThink":
            let entries = try objects(try reader.required("think", reader.value("think")), path: "think")
            self = .updateThink(
                try entries.map { entry throws(AgentDecodeError) in try DeepgramThink(entry, path: "think") })
        case "UpdateSpeak":
            let entries = try objects(try reader.required("speak", reader.value("speak")), path: "speak")
            self = .updateSpeak(
                try entries.map { entry throws(AgentDecodeError) in try DeepgramSpeak(entry, path: "speak") })
        case "UpdateListen":
            let listen = try reader.required("listen", reader.object("listen"))
            self = .updateListen(try DeepgramProvider.listen(in: listen, path: "listen"))
        case "InjectUserMessage": self = .injectUserMessage(try reader.requiredString("content"))
        case "InjectAgentMessage": self = try Self.injection(&reader)
        case "FunctionCallResponse":
            self = .functionCallResponse(
                id: try reader.string("id"), name: try reader.requiredString("name"),
                content: try reader.requiredString("content"))
        case "KeepAlive": self = .keepAlive
        case "ForceEndTurn": self = .forceEndTurn
        case "UpdateThink_Live":
            self = .updateThinkLive(try reader.required("think_live", reader.object("think_live")))
        case "__customToThinkProvider":
            self = .customToThinkProvider(try reader.required("content", reader.value("content")))
        default: throw .unknownType
        }
        try reader.finish()
    }

    package init(decoding text: Span<UInt8>) throws(AgentDecodeError) { try self.init(decoding: text.copied) }

    private static func injection(_ reader: inout FieldReader) throws(AgentDecodeError) -> DeepgramClientMessage {
        let behavior = try reader.string("behavior").map { text throws(AgentDecodeError) in
            guard let behavior = InjectionBehavior(rawValue: text) else { throw .badValue(path: "behavior") }
            return behavior
        }
        if try reader.bool("is_dynamic") == true { return .injectDynamicAgentMessage(behavior: behavior) }
        return .injectAgentMessage(try reader.requiredString("message"), behavior: behavior)
    }
}
