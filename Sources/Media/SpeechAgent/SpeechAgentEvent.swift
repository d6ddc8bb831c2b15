/// Why an agent leg is lost.
package struct AgentFailure: Error, Equatable, Sendable {
    /// The provider's code, or ours: `WELCOME_TIMEOUT`, `SETTINGS_TIMEOUT`, `CONNECTION_CLOSED`, `UPGRADE_401`, …
    package var code: String
    package var text: String
    /// Whether a new connection with the conversation so far has a chance.
    package var retryable: Bool

    package init(code: String, text: String, retryable: Bool) {
        self.code = code
        self.text = text
        self.retryable = retryable
    }
}

/// What a speech agent tells the call, whatever its dialect. Audio travels beside it, never through it.
package enum SpeechAgentEvent: Equatable, Sendable {
    /// Audio may flow; the id is the provider's, which its support asks for.
    case ready(sessionID: String)
    /// The caller began to talk: playback stops, queued agent audio is void.
    case userSpeechStarted
    /// `trigger` as the provider names it: `model`, `timeout`, `manual`.
    case userSpeechEnded(trigger: String)
    /// A confirmed turn of the caller.
    case userTranscript(String)
    /// A chunk of what the agent is about to say.
    case agentText(String)
    /// The provider has sent the last audio of a response: it is not heard yet.
    case agentAudioSent
    case toolCall(AgentToolCall)
    /// These calls are void: stop working on them.
    case toolCancelled([String])
    case injectionAccepted
    case injectionRefused(String)
    /// `instructions`, `think`, `voice`, `listen`.
    case configApplied(String)
    /// Once a turn at most.
    case latency(AgentLatency)
    case warning(code: String, text: String)
    /// The provider ends the session soon: reconnect at the next quiet moment.
    case sessionExpiring
    case failed(AgentFailure)
    case closed
}

package enum SpeechAgentCommand: Equatable, Sendable {
    package enum SayMode: Sendable { case ifIdle, queue, interrupt }

    /// Spoken word for word.
    case say(String, mode: SayMode)
    /// As if the caller had said it.
    case userText(String)
    case appendInstructions(String)
    /// Replaces the prompt; the functions stay.
    case replaceThink(prompt: String)
    /// `content` is JSON text or a plain sentence.
    case toolResult(id: String, name: String, content: String)
    case setVoice(String)
    case endUserTurn
    case close
}
