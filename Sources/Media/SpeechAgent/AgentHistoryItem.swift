import Encoding

package enum AgentRole: String, Sendable { case user, assistant }

/// A function the agent asked for.
package struct AgentToolCall: Equatable, Sendable {
    package var id: String
    package var name: String
    /// JSON text as the model wrote it, of at most ``argumentsBytesMax`` bytes; it can be malformed.
    package var arguments: String

    /// Calls with more are refused before they are told of.
    package static let argumentsBytesMax = 16_384

    package init(id: String, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}

/// One thing that happened in the conversation, for an agent that joins it later.
package enum AgentHistoryItem: Equatable, Sendable {
    case said(AgentRole, String)
    case called(AgentToolCall, response: String)
}

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
    static func items(_ value: WireJSON, path: String, lenient: Bool) throws(DeepgramDecodeError) -> [AgentHistoryItem]
    {
        guard let object = value.object else { throw .wrongKind(path: path, expected: "an object") }
        var reader = FieldReader(object, path: path, lenient: lenient)
        guard try reader.requiredString("type") == "History" else { throw .badValue(path: reader.name("type")) }
        let items = try items(&reader, path: path, lenient: lenient)
        if !lenient { try reader.finish() }
        return items
    }

    static func items(
        _ reader: inout FieldReader, path: String, lenient: Bool
    ) throws(DeepgramDecodeError) -> [AgentHistoryItem] {
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

/// A field that holds JSON text, given as a string or, by some servers, as the value itself.
func jsonText(_ value: WireJSON?) -> String {
    switch value {
    case .string(let text)?: text
    case let value?: value.text
    case nil: ""
    }
}

extension String {
    /// At most its first `bytesMax` bytes of UTF-8, cut between two characters of Unicode.
    func cut(bytesMax: Int) -> String {
        guard utf8.count > bytesMax else { return self }
        var end = utf8.index(utf8.startIndex, offsetBy: bytesMax)
        while end.samePosition(in: unicodeScalars) == nil { utf8.formIndex(before: &end) }
        return String(unicodeScalars[..<end])
    }
}
