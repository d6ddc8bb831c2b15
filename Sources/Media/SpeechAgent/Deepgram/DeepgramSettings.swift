package import Encoding

/// The `Settings` message: the first and only one of a connection.
package struct DeepgramSettings: Equatable, Sendable {
    package enum Agent: Equatable, Sendable {
        /// The UUID of a configuration stored at the vendor.
        case stored(String)
        case inline(DeepgramAgent)
    }

    package struct Audio: Equatable, Sendable {
        package var encoding: String
        /// Hz; nil leaves it to the server.
        package var sampleRate: Int?
        package init(encoding: String, sampleRate: Int?) {
            self.encoding = encoding
            self.sampleRate = sampleRate
        }
    }

    package var tags: [String] = []
    package var experimental: Bool?
    package var mipOptOut: Bool?
    package var history: Bool?
    package var input: Audio?
    package var output: Audio?
    package var outputBitrate: Int?
    package var outputContainer: String?
    package var agent: Agent

    package init(agent: Agent) { self.agent = agent }
}

/// The `agent` block of ``DeepgramSettings``.
package struct DeepgramAgent: Equatable, Sendable {
    package var language: String?
    package var listen: DeepgramProvider?
    /// Tried in this order at each turn.
    package var think: [DeepgramThink] = []
    package var speak: [DeepgramSpeak] = []
    package var greeting: String?
    package var context: [AgentHistoryItem] = []
    package var thinkLive: WireObject?

    package init() {}
}

/// Where the vendor's servers send a request of ours.
package struct DeepgramEndpoint: Equatable, Sendable {
    package var url: String
    package var method: String?
    package var headers: [String: String]

    package init(url: String, method: String? = nil, headers: [String: String] = [:]) {
        self.url = url
        self.method = method
        self.headers = headers
    }
}

package struct DeepgramThink: Equatable, Sendable {
    package var provider: DeepgramProvider
    package var endpoint: DeepgramEndpoint?
    package var prompt: String?
    /// Nil when the message leaves them out, which in `UpdateThink` means: none any more.
    package var functions: [DeepgramFunction]?
    /// Characters of history kept, a number, or `"max"`.
    package var contextLength: WireJSON?

    package init(
        provider: DeepgramProvider, endpoint: DeepgramEndpoint? = nil, prompt: String? = nil,
        functions: [DeepgramFunction]? = nil
    ) {
        self.provider = provider
        self.endpoint = endpoint
        self.prompt = prompt
        self.functions = functions
    }
}

package struct DeepgramSpeak: Equatable, Sendable {
    package var provider: DeepgramProvider
    package var endpoint: DeepgramEndpoint?

    package init(provider: DeepgramProvider, endpoint: DeepgramEndpoint? = nil) {
        self.provider = provider
        self.endpoint = endpoint
    }
}

/// A function the language model may call; without an endpoint we are asked to run it.
package struct DeepgramFunction: Equatable, Sendable {
    package var name: String
    package var description: String?
    /// A JSON Schema object.
    package var parameters: WireObject?
    package var endpoint: DeepgramEndpoint?
    package var deferUntilEndOfTurn: Bool?
    /// What is said while the function runs: once at its start, then so often, after so many ms of silence.
    package var initialFiller: Bool?
    package var fillersMax: Int?
    package var fillerIntervalMs: Int?

    package init(name: String, description: String?, parameters: WireObject?) {
        self.name = name
        self.description = description
        self.parameters = parameters
    }
}
