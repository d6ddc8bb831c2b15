import Runtime
package import SpeechAgent
package import WebSocketTransport

/// Where the speech agent is, which dialect it speaks, and how to be let in.
package struct AgentEndpoint: Sendable {
    package var url: String
    package var apiKey: String?
    package var vendor: AgentVendor
    /// How a `wss` agent's certificate is checked.
    package var tls: ClientTLS

    package init(
        url: String, apiKey: String? = nil, vendor: AgentVendor = .deepgram(DeepgramOptions()),
        tls: ClientTLS = .systemTrust
    ) {
        self.url = url
        self.apiKey = apiKey
        self.vendor = vendor
        self.tls = tls
    }

    /// Opens a connection for one call, on its loop.
    func open(
        _ settings: AgentSettings, on loop: MediaLoop, grain: MessageGrain, owner: any AgentLegOwner
    ) -> any AgentLine {
        switch vendor {
        case .deepgram(let options):
            AgentLeg<DeepgramSession>(self, settings, options, on: loop, grain: grain, owner: owner)
        }
    }
}

/// A connection to a speech agent as its call knows it, whatever its dialect. On the call's loop.
protocol AgentLine: AnyObject {
    /// Hot path: one frame of the caller's audio, sent on when it fills a message.
    func callerSpoke(_ audio: Span<UInt8>, at now: MonotonicTime)
    /// Sends what waits for its message to be full.
    func flush()
    func perform(_ command: SpeechAgentCommand)
    /// What the caller heard of the agent's last words, so that the agent, and the next one, remember no more than that.
    func callerHeard(_ text: String, ms: Int)
    /// The settings of a new leg that goes on where this one stopped.
    func reconnectSettings() -> AgentSettings
    /// The call is over, or this leg is replaced: nothing more is reported.
    func close()
}

/// The call an agent leg belongs to. All calls come on the leg's loop.
protocol AgentLegOwner: AnyObject {
    func agentLeg(_ leg: any AgentLine, said event: SpeechAgentEvent)
    /// Agent speech in mu-law, any length, lent for this call only.
    func agentLeg(_ leg: any AgentLine, spoke speech: Span<UInt8>)
    /// The leg is gone and says nothing more. Called at most once, and not after ``AgentLine/close()``.
    func agentLegLost(_ leg: any AgentLine, reason: String, retryable: Bool)
}
