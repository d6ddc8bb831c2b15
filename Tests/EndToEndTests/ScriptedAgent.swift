import AudioCore
import CallModel
import SpeechAgent
import Synchronization
import WebSocketTransport

/// A speech agent on a real socket that speaks Deepgram's protocol and does exactly what a test tells it.
final class ScriptedAgent: Sendable {
    /// What one connection does; called on its loop.
    struct Part: Sendable {
        /// After `SettingsApplied`; the settings are what the gateway sent.
        var onReady: @Sendable (ScriptedAgentLeg, DeepgramSettings) -> Void = { leg, settings in
            if let greeting = settings.agentGreeting { leg.speak(greeting) }
        }
        var onMessage: @Sendable (ScriptedAgentLeg, DeepgramClientMessage) -> Void = { _, _ in }
        /// Caller audio so far, in bytes.
        var onAudio: @Sendable (ScriptedAgentLeg, Int) -> Void = { _, _ in }
        /// Answer the upgrade with this status instead.
        var refuseWith: Int?
    }

    let url: String
    private let loops: LoopGroup
    private let server: TransportServer
    private let connections: Box

    private final class Box: Sendable {
        let settings = Mutex<[DeepgramSettings]>([])
        let opened = Atomic<Int>(0)
        let audioBytes = Atomic<Int>(0)
    }

    /// - Parameter parts: what the first, second, … connection does; the last one serves for all that follow.
    init(_ parts: [Part]) throws {
        loops = try LoopGroup(threads: 1)
        let box = Box()
        connections = box
        let routes = ServerRoutes(
            respond: { _ in .empty(404) },
            upgrade: { _, _ in
                let number = box.opened.add(1, ordering: .relaxed).oldValue
                let part = parts[min(number, parts.count - 1)]
                if let status = part.refuseWith { return .refuse(.empty(status)) }
                return .accept(
                    ScriptedAgentLeg(
                        part, onSettings: { settings in box.settings.withLock { $0.append(settings) } },
                        onAudio: { box.audioBytes.add($0, ordering: .relaxed) }))
            })
        server = try TransportServer(
            loops: loops, listen: ListenAddress(host: "127.0.0.1", port: 0), tls: nil, routes: routes)
        url = "ws://127.0.0.1:\(server.boundPort)/v1/agent/converse"
    }

    /// The settings each connection was given, in order.
    var settings: [DeepgramSettings] { connections.settings.withLock { $0 } }
    var audioBytes: Int { connections.audioBytes.load(ordering: .relaxed) }

    func shutdown() async {
        await server.shutdown(graceSeconds: 0)
        await loops.shutdown()
    }
}

final class ScriptedAgentLeg: WebSocketHandler {
    private let part: ScriptedAgent.Part
    private let onSettings: @Sendable (DeepgramSettings) -> Void
    private let count: @Sendable (Int) -> Void
    private var socket: WebSocket?
    private var heardBytes = 0
    private var timers: [LoopTimer] = []

    init(
        _ part: ScriptedAgent.Part, onSettings: @escaping @Sendable (DeepgramSettings) -> Void,
        onAudio: @escaping @Sendable (Int) -> Void
    ) {
        self.part = part
        self.onSettings = onSettings
        count = onAudio
    }

    func webSocketDidOpen(_ socket: WebSocket) {
        self.socket = socket
        send(.welcome(requestID: "8f0c2b7e-0000-4000-8000-000000000001"))
    }

    func webSocket(_ socket: WebSocket, receivedText message: Span<UInt8>) {
        guard let message = try? DeepgramClientMessage(decoding: message) else { return socket.abort() }
        if case .settings(let settings) = message {
            onSettings(settings)
            send(.settingsApplied)
            part.onReady(self, settings)
        }
        part.onMessage(self, message)
    }

    func webSocket(_ socket: WebSocket, receivedBinary message: Span<UInt8>) {
        heardBytes += message.count
        count(message.count)
        part.onAudio(self, heardBytes)
    }

    func webSocketDidClose(_ socket: WebSocket?, _ closing: WebSocketClosing) {
        self.socket = nil
        for timer in timers { timer.cancel() }
        timers = []
    }

    func send(_ message: DeepgramServerMessage) { _ = socket?.sendText(Array(message.encoded().utf8).span) }

    /// Text, a tone for as long as the text would take, all at once, and the end of the response.
    func speak(_ text: String, tone: UInt8 = 0x20, done: Bool = true) {
        send(.conversationText(.assistant, text))
        let frames = max(25, text.count * 3)
        var audio = [UInt8](repeating: MuLaw.silence, count: frames * 160)
        // A square wave of 200 Hz whose loudness names the sentence.
        for index in audio.indices { audio[index] = (index / 20) % 2 == 0 ? tone : tone | 0x80 }
        for start in stride(from: 0, to: audio.count, by: 1_000) {
            _ = socket?.sendBinary(audio.span.extracting(start..<min(start + 1_000, audio.count)))
        }
        if done { send(.agentAudioDone) }
    }

    func abort() { socket?.abort() }

    func after(ms: Int64, _ work: @escaping (ScriptedAgentLeg) -> Void) {
        guard let socket else { return }
        let timer = socket.loop.makeTimer { [unowned self] in work(self) }
        timer.arm(at: MonotonicTime.now().adding(milliseconds: ms))
        timers.append(timer)
    }
}

extension DeepgramSettings {
    var inlineAgent: DeepgramAgent? {
        if case .inline(let agent) = agent { agent } else { nil }
    }
    var agentGreeting: String? { inlineAgent?.greeting }
}
