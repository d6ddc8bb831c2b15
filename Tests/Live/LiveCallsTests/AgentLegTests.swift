import Encoding
import Foundation
import Runtime
import SpeechAgent
import Synchronization
import Testing
import WebSocketTransport

@testable import LiveCalls

/// A leg over real sockets, in a dialect that has next to nothing in common with Deepgram's.
@Suite struct AgentLegTests {
    /// The agent's side: agrees to everything, says "Hi." once, and keeps what it is sent.
    private final class Agent: WebSocketHandler, Sendable {
        let sent = Mutex<[String]>([])
        let asked = Mutex<HTTPRequest?>(nil)
        static let speech: [UInt8] = [1, 2, 3]

        private func send(_ json: String, on socket: WebSocket) { _ = socket.sendText(Array(json.utf8).span) }

        func webSocketDidOpen(_ socket: WebSocket) { send(#"{"type":"session.created"}"#, on: socket) }

        func webSocket(_ socket: WebSocket, receivedText message: Span<UInt8>) {
            let line = message.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
            sent.withLock { $0.append(line) }
            guard line.contains("session.update"), sent.withLock(\.count) == 1 else { return }
            send(#"{"type":"session.updated"}"#, on: socket)
            send(
                #"{"type":"response.output_audio.delta","item_id":"i7","delta":"\#(Base64.encode(Self.speech))","#
                    + #""transcript":"Hi."}"#, on: socket)
        }

        func webSocket(_ socket: WebSocket, receivedBinary message: Span<UInt8>) {
            sent.withLock { $0.append("binary") }
        }
        func webSocketDidClose(_ socket: WebSocket?, _ closing: WebSocketClosing) {}
    }

    /// The call's side.
    private final class Owner: AgentLegOwner, Sendable {
        let told = Mutex<[String]>([])

        func agentLeg(_ leg: any AgentLine, said event: SpeechAgentEvent) {
            told.withLock { $0.append("\(event)") }
        }
        func agentLeg(_ leg: any AgentLine, spoke speech: Span<UInt8>) {
            let bytes = speech.withUnsafeBufferPointer { Array($0) }
            told.withLock { $0.append("speech \(bytes)") }
        }
        func agentLegLost(_ leg: any AgentLine, reason: String, retryable: Bool) {
            told.withLock { $0.append("lost, \(retryable ? "try again" : "for good")") }
        }
    }

    private final class Scene: Sendable {
        let agent = Agent()
        let owner = Owner()
        private let here: LoopGroup
        private let outside: LoopGroup
        private let server: TransportServer
        private let leg = Mutex<SendableBox<any AgentLine>?>(nil)

        /// - Parameters:
        ///   - status: refuses the connection.
        ///   - first: happens to the leg before anything comes of the connection.
        init(refusing status: Int? = nil, first: @escaping @Sendable (any AgentLine) -> Void = { _ in }) throws {
            here = try LoopGroup(threads: 1)
            outside = try LoopGroup(threads: 1)
            server = try TransportServer(
                loops: outside, listen: ListenAddress(host: "127.0.0.1", port: 0), tls: nil,
                routes: ServerRoutes(
                    respond: { _ in .empty(404) },
                    upgrade: { [agent] request, _ in
                        agent.asked.withLock { $0 = request }
                        return status.map { .refuse(.empty($0)) } ?? .accept(agent)
                    }))
            let endpoint = AgentEndpoint(url: "ws://127.0.0.1:\(server.boundPort)/v1", apiKey: "key")
            let loop = here.loops[0]
            loop.post { [self] in
                let made: any AgentLine = AgentLeg<RealtimeSketch>(
                    endpoint, AgentSettings(prompt: "You sell."), RealtimeSketch.Options(), on: loop,
                    grain: MessageGrain(isAdaptive: false), owner: owner)
                first(made)
                leg.withLock { $0 = SendableBox(made) }
            }
        }

        func onLeg(_ work: @escaping @Sendable (any AgentLine) -> Void) {
            here.loops[0].post { [self] in
                if let leg = leg.withLock(\.self) { work(leg.value) }
            }
        }

        func close() async {
            onLeg { $0.close() }
            await server.shutdown(graceSeconds: 0)
            await here.shutdown()
            await outside.shutdown()
        }
    }

    private static func append(_ audio: [UInt8]) -> String {
        #"{"type":"input_audio_buffer.append","audio":"\#(Base64.encode(audio))"}"#
    }

    @Test func `audio that travels inside text goes both ways, and what is told beside it comes after it`() async throws
    {
        let frame = [UInt8](repeating: 0x20, count: 160)
        let scene = try Scene { leg in for _ in 0..<2 { leg.callerSpoke(frame.span, at: .now()) } }

        let silence = Self.append([UInt8](repeating: 0xFF, count: 160))
        try await Exchange.until { scene.agent.sent.withLock { $0.contains(silence) } }
        scene.onLeg { $0.callerSpoke(frame.span, at: .now()) }
        try await Exchange.until { scene.agent.sent.withLock { $0.contains(Self.append(frame)) } }

        let sent = scene.agent.sent.withLock(\.self)
        #expect(sent[0].contains("You sell.") && sent[1] == Self.append(frame + frame), "what waited comes first")
        #expect(!sent.contains("binary"))
        #expect(
            scene.owner.told.withLock(\.self) == [
                "\(SpeechAgentEvent.ready(sessionID: "sketch"))", "speech \(Agent.speech)",
                "\(SpeechAgentEvent.agentText("Hi."))",
            ])
        await scene.close()
    }

    @Test func `what the caller heard is told to an agent that wants to know, and so are its orders`() async throws {
        let scene = try Scene()
        try await Exchange.until { scene.owner.told.withLock(\.count) == 3 }

        scene.onLeg { leg in
            leg.callerHeard("H", ms: 480)
            leg.perform(.appendInstructions("Be brief."))
        }

        let truncation = #"{"type":"conversation.item.truncate","item_id":"i7","audio_end_ms":480}"#
        try await Exchange.until { scene.agent.sent.withLock { $0.contains(truncation) } }
        try await Exchange.until { scene.agent.sent.withLock { $0.contains { $0.contains("Be brief.") } } }
        await scene.close()
    }

    @Test(arguments: [(503, "try again"), (429, "for good")])
    func `the handshake is the dialect's, and so is whether a refusal is final`(_ status: Int, _ outcome: String)
        async throws
    {
        let scene = try Scene(refusing: status)

        try await Exchange.until { scene.owner.told.withLock { $0 == ["lost, \(outcome)"] } }

        let request = scene.agent.asked.withLock { $0 }
        let asked = try #require(request)
        #expect(asked.path == "/v1" && asked.query == "model=sketch" && asked.header("authorization") == "Bearer key")
        await scene.close()
    }
}
