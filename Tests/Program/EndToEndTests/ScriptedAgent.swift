import AudioCore
import Foundation
import Runtime
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
        /// Never says `Welcome`.
        var isMute = false
        /// Answers the settings with this error instead of `SettingsApplied`.
        var errorForSettings: String?
        /// Says what the gateway asks it to say.
        var speaksInjected = false
    }

    let url: String
    private let loops: LoopGroup
    private let server: TransportServer
    private let scene: Scene?

    /// - Parameter parts: what the first, second, … connection does; the last one serves for all that follow.
    convenience init(_ parts: [Part], tls: ServerTLS? = nil) throws {
        let scene = Scene("any", number: "", parts)
        try self.init(scene: scene, tls: tls) { _ in scene }
    }

    /// - Parameter choose: finds the scene of a connection by its settings; nil aborts it.
    convenience init(choose: @escaping @Sendable (DeepgramSettings) -> Scene?) throws {
        try self.init(scene: nil, tls: nil, choose: choose)
    }

    private init(
        scene: Scene?, tls: ServerTLS?, choose: @escaping @Sendable (DeepgramSettings) -> Scene?
    ) throws {
        var limits = TransportLimits()
        // A test may send a minute of speech at once.
        limits.sendQueueBytesMax = 16 << 20
        loops = try LoopGroup(threads: 1, limits: limits)
        self.scene = scene
        let routes = ServerRoutes(
            respond: { _ in .empty(404) },
            upgrade: { _, _ in
                let part = scene?.open()
                if let status = part?.refuseWith { return .refuse(.empty(status)) }
                return .accept(ScriptedAgentLeg(scene, part, choose: choose))
            })
        server = try TransportServer(
            loops: loops, listen: ListenAddress(host: "127.0.0.1", port: 0), tls: tls, routes: routes)
        url = "\(tls == nil ? "ws" : "wss")://127.0.0.1:\(server.boundPort)/v1/agent/converse"
    }

    /// The settings each connection was given, in order.
    var settings: [DeepgramSettings] { scene?.settings ?? [] }
    var messages: [DeepgramClientMessage] { scene?.messages ?? [] }
    var audioBytes: Int { scene?.audioBytes ?? 0 }

    func shutdown() async {
        await server.shutdown(graceSeconds: 0)
        await loops.shutdown()
    }
}

/// What the agent does in some calls, and what it was told and heard there.
final class Scene: Sendable {
    let name: String
    /// The number to call.
    let number: String
    private let parts: [ScriptedAgent.Part]
    private let state = Mutex(State())

    private struct State {
        var opened = 0
        var settings: [DeepgramSettings] = []
        var messages: [DeepgramClientMessage] = []
        var audioBytes = 0
    }

    init(_ name: String, number: String, _ parts: [ScriptedAgent.Part]) {
        self.name = name
        self.number = number
        self.parts = parts
    }

    var settings: [DeepgramSettings] { state.withLock { $0.settings } }
    /// All but settings.
    var messages: [DeepgramClientMessage] { state.withLock { $0.messages } }
    var audioBytes: Int { state.withLock { $0.audioBytes } }
    /// Ids of the function calls that the gateway has answered.
    var answers: [String] {
        messages.compactMap { if case .functionCallResponse(let id, _, _) = $0 { id ?? "" } else { nil } }
    }
    /// What the gateway had the agent say.
    var injected: [String] {
        messages.compactMap { if case .injectAgentMessage(let text, _) = $0 { text } else { nil } }
    }

    fileprivate func open() -> ScriptedAgent.Part {
        let number = state.withLock { state in
            defer { state.opened += 1 }
            return state.opened
        }
        return parts[min(number, parts.count - 1)]
    }

    fileprivate func told(_ message: DeepgramClientMessage) {
        state.withLock { state in
            if case .settings(let settings) = message {
                state.settings.append(settings)
            } else {
                state.messages.append(message)
            }
        }
    }

    fileprivate func heard(_ bytes: Int) { state.withLock { $0.audioBytes += bytes } }
}

final class ScriptedAgentLeg: WebSocketHandler {
    private var scene: Scene?
    private var part: ScriptedAgent.Part?
    private let choose: @Sendable (DeepgramSettings) -> Scene?
    private var socket: WebSocket?
    private var heardBytes = 0
    private var timers: [LoopTimer] = []

    init(
        _ scene: Scene?, _ part: ScriptedAgent.Part?, choose: @escaping @Sendable (DeepgramSettings) -> Scene?
    ) {
        self.scene = scene
        self.part = part
        self.choose = choose
    }

    func webSocketDidOpen(_ socket: WebSocket) {
        self.socket = socket
        if part?.isMute != true { send(.welcome(requestID: "8f0c2b7e-0000-4000-8000-000000000001")) }
    }

    func webSocket(_ socket: WebSocket, receivedText message: Span<UInt8>) {
        guard let message = try? DeepgramClientMessage(decoding: message) else { return socket.abort() }
        if case .settings(let settings) = message {
            if scene == nil {
                scene = choose(settings)
                part = scene?.open()
            }
            scene?.told(message)
            guard let part else { return socket.abort() }
            if let code = part.errorForSettings { return send(.error(code: code, description: "no")) }
            send(.settingsApplied)
            part.onReady(self, settings)
        } else {
            scene?.told(message)
            if part?.speaksInjected == true, case .injectAgentMessage(let text, _) = message { speak(text) }
        }
        part?.onMessage(self, message)
    }

    func webSocket(_ socket: WebSocket, receivedBinary message: Span<UInt8>) {
        // What was held back while the agent was connecting comes in one piece.
        for bytes in stride(from: heardBytes + 160, through: heardBytes + message.count, by: 160) {
            scene?.heard(160)
            part?.onAudio(self, bytes)
        }
        heardBytes += message.count
    }

    func webSocketDidClose(_ socket: WebSocket?, _ closing: WebSocketClosing) {
        self.socket = nil
        for timer in timers { timer.cancel() }
        timers = []
    }

    func send(_ message: DeepgramServerMessage) { sendText(message.encoded()) }
    func sendText(_ text: String) { _ = socket?.sendText(Array(text.utf8).span) }
    func sendAudio(_ audio: [UInt8]) { _ = socket?.sendBinary(audio.span) }

    /// Asks the gateway for a function of the catalog.
    func call(_ name: String, id: String, _ arguments: String = "{}") {
        send(.functionCallRequest([.init(id: id, name: name, arguments: arguments, clientSide: true)]))
    }

    /// Text, a tone for as long as the text would take, all at once, and the end of the response.
    func speak(_ text: String, tone: UInt8 = 0x20, done: Bool = true) {
        send(.conversationText(.assistant, text))
        let audio = Tone.audio(tone, frames: Tone.frames(of: text))
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

/// Square waves of 200 Hz whose loudness names the sentence, so that a test can find it in the caller's ear.
enum Tone {
    static func frames(of text: String) -> Int { max(25, text.count * 3) }

    static func audio(_ tone: UInt8, frames: Int) -> [UInt8] {
        var audio = [UInt8](repeating: MuLaw.silence, count: frames * 160)
        for index in audio.indices { audio[index] = (index / 20) % 2 == 0 ? tone : tone | 0x80 }
        return audio
    }

    /// How much of `tone` is in what was heard, in ms. Half waves only: speech holds single samples of any loudness.
    static func ms(of tone: UInt8, in heard: [UInt8]) -> Int {
        var bytes = 0
        var run = 0
        var last: UInt8?
        for byte in heard + [MuLaw.silence] {
            if byte == last {
                run += 1
            } else {
                if let last, last & 0x7F == tone, run >= 10 { bytes += run }
                (last, run) = (byte, 1)
            }
        }
        return bytes / 8
    }
}

/// The tone a caller on hold hears: 440 Hz for 300 ms.
enum SoftTone {
    /// A stretch from its middle, which no speech holds by chance.
    private static let middle: [UInt8] = (800..<1_120).map { index in
        MuLaw.encode(Int16(1_600 * sin(2 * .pi * 440 * Double(index) / 8_000)))
    }

    static func count(in heard: [UInt8]) -> Int {
        var (count, at) = (0, 0)
        while at + middle.count <= heard.count {
            if heard[at] == middle[0], heard[at..<(at + middle.count)].elementsEqual(middle) {
                count += 1
                at += middle.count
            } else {
                at += 1
            }
        }
        return count
    }
}

extension DeepgramSettings {
    var inlineAgent: DeepgramAgent? {
        if case .inline(let agent) = agent { agent } else { nil }
    }
    var agentGreeting: String? { inlineAgent?.greeting }
    var prompt: String { inlineAgent?.think.first?.prompt ?? "" }
}
