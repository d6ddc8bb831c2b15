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
