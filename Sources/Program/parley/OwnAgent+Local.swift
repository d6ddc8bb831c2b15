import Encoding
import Gateway
import LocalAgent
import WebSocketTransport

extension OwnAgent {
    /// The local agent in this process, and how to be let in: with a key made now, which no other process on this machine
    /// knows.
    static func local() async throws -> OwnAgent {
        let loops = try LoopGroup(threads: 1)
        let key = Base64.encode((0..<32).map { _ in UInt8.random(in: .min ... .max) })
        let agent = try await LocalAgentServer(
            loops: loops, listen: ListenAddress(host: "127.0.0.1", port: 0), apiKey: key)
        return OwnAgent(url: agent.url, apiKey: key, loops: loops.loops) {
            await agent.shutdown()
            await loops.shutdown()
        }
    }
}
