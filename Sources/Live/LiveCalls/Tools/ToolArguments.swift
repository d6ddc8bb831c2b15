import Foundation
import SpeechAgent

/// Arguments as an LLM writes them: any of them may be missing, empty or of the wrong type.
struct ToolArguments {
    private static let textMax = 500

    private let values: [String: Any]

    /// Nil for what is no JSON object, or too long to be one. No text at all is an empty object.
    init?(json: String) {
        guard json.utf8.count <= AgentToolCall.argumentsBytesMax else { return nil }
        let text = json.isEmpty ? "{}" : json
        guard let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] else {
            return nil
        }
        values = object
    }

    /// Something was given, of whatever type; nulls and empty texts are how models leave a field out.
    func has(_ name: String) -> Bool {
        switch values[name] {
        case nil, is NSNull: false
        case is String: text(name) != nil
        default: true
        }
    }

    /// Trimmed, and cut after 500 characters.
    func text(_ name: String) -> String? {
        guard let text = values[name] as? String else { return nil }
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return trimmed.isEmpty ? nil : String(trimmed.prefix(Self.textMax))
    }

    func number(_ name: String) -> Double? {
        if let number = values[name] as? NSNumber { return number.doubleValue }
        return text(name).flatMap(Double.init)
    }

    /// ISO 8601; without an offset it is meant in `zone`.
    func instant(_ name: String, in zone: TimeZone) -> Date? {
        guard let written = text(name) else { return nil }
        if let exact = try? Date(written, strategy: .iso8601) { return exact }
        let local = Date.ISO8601FormatStyle(timeZone: zone)
            .year().month().day().time(includingFractionalSeconds: false)
        return try? local.parse(written)
    }
}
