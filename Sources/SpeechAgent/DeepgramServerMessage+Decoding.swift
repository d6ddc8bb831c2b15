extension DeepgramServerMessage {
    /// Takes one text frame, leniently: nulls count as absent, extra fields are ignored, an unknown type is kept.
    package init(decoding text: [UInt8]) throws(DeepgramDecodeError) {
        var (type, reader) = try FieldReader.message(text, lenient: true)
        self = try Self.message(type, &reader)
    }

    package init(decoding text: Span<UInt8>) throws(DeepgramDecodeError) { try self.init(decoding: text.copied) }

    private static func message(
        _ type: String, _ reader: inout FieldReader
    ) throws(DeepgramDecodeError) -> DeepgramServerMessage {
        switch type {
        case "Welcome": .welcome(requestID: try reader.string("request_id") ?? "")
        case "SettingsApplied": .settingsApplied
        case "ConversationText":
            .conversationText(
                try role(&reader), try reader.requiredString("content"),
                languages: try reader.strings("languages") ?? [])
        case "UserStartedSpeaking": .userStartedSpeaking
        case "EndOfTurn": .endOfTurn(trigger: try reader.string("trigger") ?? "")
        case "AgentThinking": .agentThinking(try reader.string("content") ?? "")
        case "FunctionCallRequest": .functionCallRequest(try calls(&reader))
        case "FunctionCallCancelled": .functionCallCancelled(try calls(&reader))
        case "FunctionCallResponse":
            .functionCallResponse(
                id: try reader.string("id"), name: try reader.string("name") ?? "",
                content: jsonText(reader.value("content")))
        case "AgentStartedSpeaking": .agentStartedSpeaking(try AgentLatency(&reader))
        case "AgentAudioDone": .agentAudioDone
        case "LatencyReport": .latencyReport(try AgentLatency(&reader))
        case "PromptUpdated": .promptUpdated
        case "SpeakUpdated": .speakUpdated
        case "ThinkUpdated": .thinkUpdated
        case "ListenUpdated": .listenUpdated
        case "ThinkLiveUpdated": .thinkLiveUpdated
        case "FrustrationDetected":
            .frustrationDetected(
                count: try reader.integer("count") ?? 0, escalated: try reader.bool("escalated") ?? false)
        case "InjectionRefused": .injectionRefused(try reader.string("message") ?? "")
        case "History": .history(try AgentHistoryItem.items(&reader, path: "", lenient: true))
        case "Warning":
            .warning(code: try reader.string("code") ?? "", description: try reader.string("description") ?? "")
        case "Error":
            .error(code: try reader.string("code") ?? "", description: try reader.string("description") ?? "")
        case "__customFromThinkProvider": .customFromThinkProvider(reader.value("content") ?? .null)
        default: .unknown(type: String(type.prefix(80)))
        }
    }

    private static func role(_ reader: inout FieldReader) throws(DeepgramDecodeError) -> AgentRole {
        guard let role = AgentRole(rawValue: try reader.requiredString("role")) else { throw .badValue(path: "role") }
        return role
    }

    /// `arguments` is JSON text or, from some servers, the object itself; `client_side` absent means ours to run.
    private static func calls(_ reader: inout FieldReader) throws(DeepgramDecodeError) -> [FunctionCall] {
        var calls: [FunctionCall] = []
        for entry in try objects(try reader.required("functions", reader.value("functions")), path: "functions") {
            var fields = FieldReader(entry, path: "functions", lenient: true)
            let id = try fields.string("id")
            calls.append(
                FunctionCall(
                    id: id?.isEmpty == true ? nil : id, name: try fields.string("name") ?? "",
                    arguments: jsonText(fields.value("arguments")),
                    clientSide: try fields.bool("client_side") ?? true))
        }
        return calls
    }
}
