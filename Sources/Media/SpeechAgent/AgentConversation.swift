/// The confirmed turns and function calls of a conversation, as the next connection needs them. The oldest go first
/// when it grows past its bound.
package struct AgentConversation: Equatable, Sendable {
    package private(set) var items: [AgentHistoryItem]
    /// Of one turn, some eighteen minutes of speech.
    static let turnBytesMax = 16_384

    /// Whether the next chunk the agent says continues its last turn.
    private var agentTurnIsOpen = false

    init(_ items: [AgentHistoryItem]) { self.items = AgentSettings.latest(items) }

    mutating func userSaid(_ text: String) {
        agentTurnIsOpen = false
        append(.said(.user, text))
    }

    mutating func agentSaid(_ chunk: String) {
        if agentTurnIsOpen, case .said(.assistant, let earlier)? = items.last,
            earlier.utf8.count + chunk.utf8.count < Self.turnBytesMax
        {
            items[items.count - 1] = .said(.assistant, earlier + " " + chunk)
        } else {
            append(.said(.assistant, chunk))
            agentTurnIsOpen = true
        }
    }

    mutating func called(_ call: AgentToolCall, response: String) {
        agentTurnIsOpen = false
        append(.called(call, response: response))
    }

    mutating func interrupted() { agentTurnIsOpen = false }

    mutating func cutLastAgentTurn(to text: String) {
        agentTurnIsOpen = false
        let last = items.lastIndex { if case .said(.assistant, _) = $0 { true } else { false } }
        guard let last else { return }
        if text.isEmpty { items.remove(at: last) } else { items[last] = .said(.assistant, text) }
    }

    private mutating func append(_ item: AgentHistoryItem) {
        items = AgentSettings.latest(items + [item])
    }
}
