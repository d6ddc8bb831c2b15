import CallModel
import CallSession
import Foundation

/// What comes of a tool call.
struct ToolOutcome: Sendable {
    /// JSON text for the agent.
    var result: String
    /// What was settled: in the journal, and with the call's record in the CRM.
    var facts: [CallFact] = []
    /// How the call is left once everything said has been heard; nil: it goes on.
    var leaving: CallMachine.Leaving.Way?

    static func done(_ facts: CallFact..., leaving: CallMachine.Leaving.Way? = nil) -> ToolOutcome {
        ToolOutcome(result: #"{"ok":true}"#, facts: facts, leaving: leaving)
    }

    /// - Parameter note: what the agent is to know, or to say.
    static func done(note: String, _ facts: CallFact..., leaving: CallMachine.Leaving.Way? = nil) -> ToolOutcome {
        ToolOutcome(result: json(["ok": true, "note": note]), facts: facts, leaving: leaving)
    }

    static func answer(_ object: [String: any Sendable], _ facts: CallFact...) -> ToolOutcome {
        ToolOutcome(result: json(object), facts: facts)
    }

    /// Nothing was done, and `why` says what is to be mended.
    static func refused(_ why: String) -> ToolOutcome { ToolOutcome(result: json(["ok": false, "error": why])) }

    private static func json(_ object: [String: any Sendable]) -> String {
        let data = try? JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
        return data.map { String(decoding: $0, as: UTF8.self) } ?? #"{"ok":false,"error":"no answer"}"#
    }
}
