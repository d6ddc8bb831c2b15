import AudioCore
import Encoding
import Runtime
import SpeechAgent
import Synchronization
import WebSocketTransport

/// The speech agents of all calls, on one loop: Deepgram's protocol, the caller's words included. Each call asks for a
/// consult, and all of them agree at one moment, when every one has heard its offer.
final class ConsultAgent: Sendable {
    /// As fast as flite speaks the hold phrases.
    static let charactersPerSecond = 13
    static let holdWords = "specialists"

    let url: String
    private let loops: LoopGroup
    private let server: TransportServer
    private let plot: Plot

    /// What the calls share. `questions` are handed out in turn.
    final class Plot: Sendable {
        let callers: Int
        let questions: [String]
        private let state = Mutex(State())

        private struct State {
            var opened = 0
            var waiting: [@Sendable () -> Void] = []
        }

        init(callers: Int, questions: [String]) {
            self.callers = callers
            self.questions = questions
        }

        func nextQuestion() -> String {
            state.withLock { state in
                defer { state.opened += 1 }
                return questions[state.opened % questions.count]
            }
        }

        /// Runs `agree` of every caller once the last one is here.
        func offered(_ agree: @escaping @Sendable () -> Void) {
            let all = state.withLock { state -> [@Sendable () -> Void] in
                state.waiting.append(agree)
                guard state.waiting.count == callers else { return [] }
                defer { state.waiting = [] }
                return state.waiting
            }
            for agree in all { agree() }
        }
    }

    init(_ plot: Plot) throws {
        self.plot = plot
        var limits = TransportLimits()
        limits.sendQueueBytesMax = 8 << 20
        loops = try LoopGroup(threads: 1, limits: limits)
        server = try TransportServer(
            loops: loops, listen: ListenAddress(host: "127.0.0.1", port: 0), tls: nil,
            routes: ServerRoutes(
                respond: { _ in .empty(404) }, upgrade: { _, _ in .accept(ConsultAgentLeg(plot)) }))
        url = "ws://127.0.0.1:\(server.boundPort)/v1/agent/converse"
    }

    func shutdown() async {
        await server.shutdown(graceSeconds: 0)
        await loops.shutdown()
    }
}

private final class ConsultAgentLeg: WebSocketHandler, @unchecked Sendable {  // used on its loop only
    private let plot: ConsultAgent.Plot
    private var socket: WebSocket?
    private var timers: [LoopTimer] = []

    init(_ plot: ConsultAgent.Plot) { self.plot = plot }

    func webSocketDidOpen(_ socket: WebSocket) {
        self.socket = socket
        send(.welcome(requestID: "8f0c2b7e-0000-4000-8000-000000000001"))
    }

    func webSocket(_ socket: WebSocket, receivedText message: Span<UInt8>) {
        guard let message = try? DeepgramClientMessage(decoding: message) else { return socket.abort() }
        switch message {
        case .settings(_):
            send(.settingsApplied)
            say("Hello.", seconds: 0.5)
            after(ms: 1_500) { $0.ask() }
        case .injectAgentMessage(let text, _): told(text)
        case .updatePrompt(let text) where text.contains(AgentHold.goOn):
            after(ms: 500) { leg in
                leg.send(
                    .functionCallRequest([.init(id: "end", name: "end_call", arguments: "{}", clientSide: true)]))
            }
        default: break
        }
    }

    func webSocket(_ socket: WebSocket, receivedBinary message: Span<UInt8>) {}

    func webSocketDidClose(_ socket: WebSocket?, _ closing: WebSocketClosing) {
        self.socket = nil
        for timer in timers { timer.cancel() }
        timers = []
    }

    private func ask() {
        let question = plot.nextQuestion()
        send(.conversationText(.user, question))
        let arguments = WireJSON.object(["question": .string(question)]).text
        send(
            .functionCallRequest([
                .init(id: "fc_1", name: AgentTools.consult, arguments: arguments, clientSide: true)
            ]))
    }

    private func told(_ text: String) {
        if text.contains("Shall I ask them?") {
            say(text, seconds: 0.5)
            guard let loop = socket?.loop else { return }
            plot.offered { loop.post { self.after(ms: 700) { $0.send(.conversationText(.user, "yes please")) } } }
        } else if text.contains(ConsultAgent.holdWords), text.count < 80 {
            say(text, seconds: Double(text.count) / Double(ConsultAgent.charactersPerSecond))
        } else {
            // That an answer is long says nothing about when it begins.
            say(text, seconds: 0.5)
        }
    }

    private func say(_ text: String, seconds: Double) {
        send(.conversationText(.assistant, text))
        let audio = [UInt8](repeating: 0x20, count: Int(seconds * 8_000))
        for start in stride(from: 0, to: audio.count, by: 1_000) {
            _ = socket?.sendBinary(audio.span.extracting(start..<min(start + 1_000, audio.count)))
        }
        send(.agentAudioDone)
    }

    private func send(_ message: DeepgramServerMessage) { _ = socket?.sendText(Array(message.encoded().utf8).span) }

    private func after(ms: Int64, _ work: @escaping (ConsultAgentLeg) -> Void) {
        guard let socket else { return }
        let timer = socket.loop.makeTimer { [unowned self] in work(self) }
        timer.arm(at: MonotonicTime.now().adding(milliseconds: ms))
        timers.append(timer)
    }
}
