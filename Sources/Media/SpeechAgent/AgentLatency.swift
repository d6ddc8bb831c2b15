/// Delays of one agent turn as the provider measured them, in milliseconds.
package struct AgentLatency: Equatable, Sendable {
    package var sttMs: Int?
    package var llmFirstTokenMs: Int?
    package var llmFirstTextMs: Int?
    package var toolMs: Int?
    package var thinkingMs: Int?
    package var ttsMs: Int?
    package var totalMs: Int?

    package init() {}
}
