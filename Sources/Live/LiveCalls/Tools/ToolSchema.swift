import Encoding
import SpeechAgent

/// JSON Schemas of what tools take.
enum ToolSchema {
    static func text(_ description: String) -> WireObject { ["type": "string", "description": .string(description)] }

    static func choice(_ description: String, _ values: [String]) -> WireObject {
        ["type": "string", "description": .string(description), "enum": .array(values.map { .string($0) })]
    }

    static func object(_ properties: [(String, WireObject)], required: [String] = []) -> WireObject {
        var fields = WireObject()
        for (name, property) in properties { fields[name] = .object(property) }
        var schema: WireObject = ["type": "object", "properties": .object(fields)]
        if !required.isEmpty { schema["required"] = .array(required.map { .string($0) }) }
        return schema
    }
}
