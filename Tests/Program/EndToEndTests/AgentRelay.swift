import LocalAgent
import Synchronization
import WebSocketTransport

/// The local agent behind a line that breaks once: when the gateway has it say certain words.
final class AgentRelay: Sendable {
    let url: String
    private let loops: LoopGroup
    private let server: TransportServer
    private let agent: LocalAgentServer
    private let state: State

    fileprivate final class State: Sendable {
        let connections = Mutex(0)
        let isCut = Mutex(false)
    }

    init(cuttingAt words: String) async throws {
        loops = try LoopGroup(threads: 1)
        agent = try await LocalAgentServer(loops: loops, listen: ListenAddress(host: "127.0.0.1", port: 0))
        let (state, target) = (State(), agent.url)
        self.state = state
        server = try TransportServer(
            loops: loops, listen: ListenAddress(host: "127.0.0.1", port: 0), tls: nil,
            routes: ServerRoutes(
                respond: { _ in .empty(404) },
                upgrade: { _, _ in
                    state.connections.withLock { $0 += 1 }
                    return .accept(RelayedLeg(target, words, state))
                }))
        url = "ws://127.0.0.1:\(server.boundPort)/v1/agent/converse"
    }

    var connectionCount: Int { state.connections.withLock { $0 } }

    func shutdown() async {
        await server.shutdown(graceSeconds: 0)
        await agent.shutdown()
        await loops.shutdown()
    }
}

/// The gateway's side of one connection. Both sides are on the one loop.
private final class RelayedLeg: WebSocketHandler {
    private let target: String
    private let words: String
    private let state: AgentRelay.State
    private var near: WebSocket?
    private var far: AgentSide?

    init(_ target: String, _ words: String, _ state: AgentRelay.State) {
        (self.target, self.words, self.state) = (target, words, state)
    }

    func webSocketDidOpen(_ socket: WebSocket) {
        near = socket
        let far = AgentSide(self)
        self.far = far
        guard let request = try? WebSocketRequest(url: target, headers: [], tls: .systemTrust) else {
            return socket.abort()
        }
        socket.loop.connect(request, handler: far)
    }

    func webSocket(_ socket: WebSocket, receivedText message: Span<UInt8>) {
        let text = String(decoding: message.indices.map { message[$0] }, as: UTF8.self)
        let isTheMoment =
            text.contains(words)
            && state.isCut.withLock { isCut in
                defer { isCut = true }
                return !isCut
            }
        if isTheMoment {
            far?.abort()
            socket.abort()
        } else {
            far?.send(text)
        }
    }

    func webSocket(_ socket: WebSocket, receivedBinary message: Span<UInt8>) { far?.send(message) }

    func webSocketDidClose(_ socket: WebSocket?, _ closing: WebSocketClosing) {
        near = nil
        far?.abort()
        far = nil
    }

    fileprivate func came(text: Span<UInt8>) { _ = near?.sendText(text) }
    fileprivate func came(audio: Span<UInt8>) { _ = near?.sendBinary(audio) }
    fileprivate func agentGone() { near?.abort() }
}

private final class AgentSide: WebSocketHandler {
    private weak var owner: RelayedLeg?
    private var socket: WebSocket?
    private var waiting: [String] = []

    init(_ owner: RelayedLeg) { self.owner = owner }

    func send(_ text: String) {
        guard let socket else { return waiting.append(text) }
        _ = socket.sendText(Array(text.utf8).span)
    }

    func send(_ audio: Span<UInt8>) { _ = socket?.sendBinary(audio) }
    func abort() { socket?.abort() }

    func webSocketDidOpen(_ socket: WebSocket) {
        self.socket = socket
        for text in waiting { _ = socket.sendText(Array(text.utf8).span) }
        waiting = []
    }

    func webSocket(_ socket: WebSocket, receivedText message: Span<UInt8>) { owner?.came(text: message) }
    func webSocket(_ socket: WebSocket, receivedBinary message: Span<UInt8>) { owner?.came(audio: message) }
    func webSocketDidClose(_ socket: WebSocket?, _ closing: WebSocketClosing) {
        self.socket = nil
        owner?.agentGone()
    }
}
