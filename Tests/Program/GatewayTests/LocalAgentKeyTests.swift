import Gateway
import Testing
import WebSocketTransport

@testable import parley

/// Whether the agent inside the gateway's process lets somebody in.
@Suite struct LocalAgentKeyTests {
    /// Knocks, and hears the status with which it is refused; 101 when it is let in.
    private final class Knock: WebSocketHandler, Sendable {
        private let answer: AsyncStream<Int>.Continuation

        private init(_ answer: AsyncStream<Int>.Continuation) { self.answer = answer }

        static func status(_ agent: OwnAgent, key: String?, on loop: MediaLoop) async throws -> Int? {
            let headers = key.map { [("Authorization", "Token \($0)")] } ?? []
            let request = try WebSocketRequest(url: agent.url, headers: headers)
            let (answers, answer) = AsyncStream.makeStream(of: Int.self)
            loop.post { loop.connect(request, handler: Knock(answer)) }
            for await status in answers { return status }
            return nil
        }

        func webSocketDidOpen(_ socket: WebSocket) {
            answer.yield(101)
            socket.close(code: 1000, reason: "")
        }
        func webSocket(_ socket: WebSocket, receivedText message: Span<UInt8>) {}
        func webSocket(_ socket: WebSocket, receivedBinary message: Span<UInt8>) {}
        func webSocketDidClose(_ socket: WebSocket?, _ closing: WebSocketClosing) {
            answer.yield(closing.httpStatus ?? 0)
            answer.finish()
        }
    }

    @Test func `no other process of the machine gets into the agent that serve starts`() async throws {
        let loops = try LoopGroup(threads: 1)
        let agent = try await OwnAgent.local()
        let other = try await OwnAgent.local()
        let loop = loops.loops[0]

        #expect(try await Knock.status(agent, key: nil, on: loop) == 401)
        #expect(try await Knock.status(agent, key: "", on: loop) == 401)
        #expect(try await Knock.status(agent, key: other.apiKey, on: loop) == 401)
        #expect(try await Knock.status(agent, key: agent.apiKey, on: loop) == 101)
        #expect(agent.apiKey.utf8.count >= 43 && agent.apiKey != other.apiKey)

        await agent.stop()
        await other.stop()
        await loops.shutdown()
    }
}
