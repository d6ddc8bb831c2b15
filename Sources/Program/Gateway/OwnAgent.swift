package import WebSocketTransport

/// The speech agent of a gateway whose settings name none. Whoever starts the gateway brings it; the gateway reaches it over
/// its socket, like any other.
package struct OwnAgent: Sendable {
    package struct Missing: Error, CustomStringConvertible {
        package let description = "no speech agent is set; set PARLEY_AGENT_URL or PARLEY_DEEPGRAM_API_KEY"
        package init() {}
    }

    package let url: String
    /// Of this process, so that no other gets in.
    package let apiKey: String
    /// Callers depend on them.
    package let loops: [MediaLoop]
    /// Once the calls are over.
    package let stop: @Sendable () async -> Void

    package init(url: String, apiKey: String, loops: [MediaLoop], stop: @escaping @Sendable () async -> Void) {
        self.url = url
        self.apiKey = apiKey
        self.loops = loops
        self.stop = stop
    }
}
