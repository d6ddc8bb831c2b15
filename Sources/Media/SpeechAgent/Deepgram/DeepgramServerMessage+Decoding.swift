import Encoding

extension DeepgramServerMessage {
    /// Bytes of a text that was or will be spoken, some eighteen minutes of speech; the rest is cut off.
    package static let textBytesMax = 16_384
    /// Bytes of what a server says about itself: warnings, errors, refusals; the rest is cut off.
    package static let noteBytesMax = 500
    /// Bytes of codes, names and the session's id; the rest is cut off.
    package static let wordBytesMax = 128
    /// Bytes of a function call's id, which must come back as it is: a longer one is refused.
    package static let callIDBytesMax = 256
    /// Function calls in one message; one with more is refused as a whole.
    package static let callsMax = 64

    /// Takes one text frame, leniently: nulls count as absent, extra fields are ignored, an unknown type is kept. Texts are
    /// cut to their bounds, function calls beyond theirs carry a ``FunctionCall/refusal``.
    package init(decoding text: [UInt8]) throws(AgentDecodeError) {
        var (type, reader) = try FieldReader.message(text, lenient: true)
        self = try Self.message(type, &reader)
    }

    package init(decoding text: Span<UInt8>) throws(AgentDecodeError) { try self.init(decoding: text.copied) }

    private static func message(
        _ type: String, _ reader: inout FieldReader
    ) throws(AgentDecodeError) -> DeepgramServerMessage {
        switch type {
        case "Welcome": .welcome(requestID: try word(&reader, "request_id"))
        case "SettingsApplied": .settingsApplied
        case "ConversationText":
            .conversationText(
                try role(&reader), try reader.requiredString("content").cut(bytesMax: textBytesMax),
                languages: try reader.strings("languages") ?? [])
        case "UserStartedSpeaking": .userStartedSpeaking
        case "EndOfTurn": .endOfTurn(trigger: try word(&reader, "trigger"))
        case "AgentThinking": .agentThinking(try note(&reader, "content"))
        case "FunctionCallRequest": .functionCallRequest(try calls(&reader))
        case "FunctionCallCancelled": .functionCallCancelled(try calls(&reader))
        case "FunctionCallResponse":
            .functionCallResponse(
                id: try reader.string("id"), name: try word(&reader, "name"), content: jsonText(reader.value("content"))
            )
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
        case "InjectionRefused": .injectionRefused(try note(&reader, "message"))
        case "History": .history(try AgentHistoryItem.items(&reader, path: "", lenient: true))
        case "Warning": .warning(code: try word(&reader, "code"), description: try note(&reader, "description"))
        case "Error": .error(code: try word(&reader, "code"), description: try note(&reader, "description"))
        case "__customFromThinkProvider": .customFromThinkProvider(reader.value("content") ?? .null)
        default: .unknown(type: type.cut(bytesMax: wordBytesMax))
        }
    }

    private static func word(_ reader: inout FieldReader, _ key: String) throws(AgentDecodeError) -> String {
        (try reader.string(key) ?? "").cut(bytesMax: wordBytesMax)
    }

    private static func note(_ reader: inout FieldReader, _ key: String) throws(AgentDecodeError) -> String {
        (try reader.string(key) ?? "").cut(bytesMax: noteBytesMax)
    }

    private static func role(_ reader: inout FieldReader) throws(AgentDecodeError) -> AgentRole {
        guard let role = AgentRole(rawValue: try reader.requiredString("role")) else { throw .badValue(path: "role") }
        return role
    }

    /// `arguments` is JSON text or, from some servers, the object itself; `client_side` absent means ours to run.
    private static func calls(_ reader: inout FieldReader) throws(AgentDecodeError) -> [FunctionCall] {
        let entries = try objects(try reader.required("functions", reader.value("functions")), path: "functions")
        guard entries.count <= callsMax else { throw .badValue(path: "functions") }
        var calls: [FunctionCall] = []
        for entry in entries {
            var fields = FieldReader(entry, path: "functions", lenient: true)
            let id = try fields.string("id")
            var call = FunctionCall(
                id: id?.isEmpty == true ? nil : id, name: try word(&fields, "name"),
                arguments: jsonText(fields.value("arguments")),
                clientSide: try fields.bool("client_side") ?? true)
            bound(&call)
            calls.append(call)
        }
        return calls
    }

    private static func bound(_ call: inout FunctionCall) {
        let bytes = call.arguments.utf8.count
        if bytes > AgentToolCall.argumentsBytesMax {
            call.arguments = ""
            call.refusal =
                "the arguments have \(bytes) bytes and at most \(AgentToolCall.argumentsBytesMax) are taken; call "
                + "again with less"
        } else if call.id.map({ $0.utf8.count > callIDBytesMax }) == true {
            call.refusal = "the call's id is longer than \(callIDBytesMax) bytes"
        }
    }
}
