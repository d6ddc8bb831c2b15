import Encoding

extension AgentHistoryItem {
    /// One `History` message.
    var json: WireObject {
        switch self {
        case .said(let role, let text):
            ["type": "History", "role": .string(role.rawValue), "content": .string(text)]
        case .called(let call, let response):
            [
                "type": "History",
                "function_calls": .array([
                    .object([
                        "id": .string(call.id), "name": .string(call.name), "client_side": .bool(true),
                        "arguments": .string(call.arguments), "response": .string(response),
                    ])
                ]),
            ]
        }
    }

    /// Reads one `History` message, which may hold several function calls.
    static func items(_ value: WireJSON, path: String, lenient: Bool) throws(AgentDecodeError) -> [AgentHistoryItem] {
        guard let object = value.object else { throw .wrongKind(path: path, expected: "an object") }
        var reader = FieldReader(object, path: path, lenient: lenient)
        guard try reader.requiredString("type") == "History" else { throw .badValue(path: reader.name("type")) }
        let items = try items(&reader, path: path, lenient: lenient)
        if !lenient { try reader.finish() }
        return items
    }

    static func items(
        _ reader: inout FieldReader, path: String, lenient: Bool
    ) throws(AgentDecodeError) -> [AgentHistoryItem] {
        guard let calls = try reader.array("function_calls") else {
            let role = try reader.requiredString("role")
            guard let role = AgentRole(rawValue: role) else { throw .badValue(path: reader.name("role")) }
            return [.said(role, try reader.requiredString("content"))]
        }
        var items: [AgentHistoryItem] = []
        for call in try objects(.array(calls), path: reader.name("function_calls")) {
            var fields = FieldReader(call, path: reader.name("function_calls"), lenient: lenient)
            let id = try fields.string("id") ?? ""
            let name = try fields.requiredString("name")
            _ = try fields.bool("client_side")
            _ = try fields.string("thought_signature")
            let arguments = jsonText(fields.value("arguments"))
            let response = jsonText(fields.value("response"))
            if !lenient { try fields.finish() }
            items.append(.called(AgentToolCall(id: id, name: name, arguments: arguments), response: response))
        }
        return items
    }
}
