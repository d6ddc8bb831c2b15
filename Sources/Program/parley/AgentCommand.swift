import Foundation
import LocalAgent
import Telemetry
import WebSocketTransport

enum AgentCommand: Command {
    static let name = "agent"
    static let summary = "the local speech agent: Deepgram's Voice Agent protocol over real recognition and synthesis"
    static let options = [
        Option("--listen", "ADDRESS:PORT", "where to listen; default 127.0.0.1:8090")
    ]

    static func run(_ arguments: Arguments) async throws -> ExitCode {
        let written = arguments.text("--listen") ?? "127.0.0.1:8090"
        guard let listen = ListenAddress(parsing: written) else {
            throw Arguments.Mistake(text: "--listen: \"\(written)\" is not an address and port")
        }
        let loops = try LoopGroup(threads: 1)
        let agent = try await LocalAgentServer(loops: loops, listen: listen)
        print(
            "The local speech agent listens at \(agent.url). Point a gateway at it with PARLEY_AGENT_URL=\(agent.url)")
        await Signals.untilAskedToStop()
        await agent.shutdown()
        await loops.shutdown()
        return .done
    }
}
