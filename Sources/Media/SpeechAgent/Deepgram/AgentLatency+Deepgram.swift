import Encoding

extension AgentLatency {
    /// Wire names in seconds, and where each goes.
    private static var table: [(String, WritableKeyPath<AgentLatency, Int?>)] {
        [
            ("stt_latency", \.sttMs), ("ttt_token_latency", \.llmFirstTokenMs), ("ttt_text_latency", \.llmFirstTextMs),
            ("ttt_tool_latency", \.toolMs), ("ttt_thinking_latency", \.thinkingMs), ("tts_latency", \.ttsMs),
            ("total_latency", \.totalMs),
        ]
    }

    /// Whether something besides the recogniser's own running figure is known: that alone is no turn.
    var describesTurn: Bool { Self.table.dropFirst().contains { self[keyPath: $0.1] != nil } }

    /// Later figures replace earlier ones.
    mutating func merge(_ other: AgentLatency) {
        for (_, field) in Self.table { if let value = other[keyPath: field] { self[keyPath: field] = value } }
    }

    /// Figures outside 0 s … 1 h are left out.
    init(_ reader: inout FieldReader) throws(AgentDecodeError) {
        for (name, field) in Self.table {
            guard let seconds = try reader.number(name), seconds >= 0, seconds <= 3_600 else { continue }
            self[keyPath: field] = Int(exactly: (seconds * 1_000).rounded())
        }
        // `AgentStartedSpeaking` has one figure for the language model.
        if let seconds = try reader.number("ttt_latency"), seconds >= 0, seconds <= 3_600 {
            llmFirstTextMs = Int(exactly: (seconds * 1_000).rounded())
        }
    }

    func write(to json: inout WireObject) {
        for (name, field) in Self.table { json[name] = self[keyPath: field].map { .number(Double($0) / 1_000) } }
    }
}
