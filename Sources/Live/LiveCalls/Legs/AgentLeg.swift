import AudioCore
import Runtime
import SpeechAgent
import Telemetry
package import WebSocketTransport

/// Where the speech agent is and how to be let in.
package struct AgentEndpoint: Sendable {
    package var url: String
    package var apiKey: String?
    /// How a `wss` agent's certificate is checked.
    package var tls: ClientTLS

    package init(url: String, apiKey: String? = nil, tls: ClientTLS = .systemTrust) {
        self.url = url
        self.apiKey = apiKey
        self.tls = tls
    }
}

/// The call an agent leg belongs to. All calls come on the leg's loop.
protocol AgentLegOwner: AnyObject {
    func agentLeg(_ leg: AgentLeg, said event: SpeechAgentEvent)
    /// Agent speech in mu-law, any length, lent for this call only.
    func agentLeg(_ leg: AgentLeg, spoke speech: Span<UInt8>)
    /// The leg is gone and says nothing more. Called at most once, and not after ``AgentLeg/close()``.
    func agentLegLost(_ leg: AgentLeg, reason: String, retryable: Bool)
}

/// One WebSocket to the speech agent with its protocol machine, on the call's media loop.
final class AgentLeg: WebSocketHandler {
    private static let backlogMs = 2_000
    private static let messageBytesMax = 1_024

    private let loop: MediaLoop
    private unowned let owner: any AgentLegOwner
    private var session: DeepgramSession
    private var socket: WebSocket?
    private var timer: LoopTimer?
    /// Caller audio on its way into a message: all of it until the agent is ready, then less than one message.
    private var waiting: [UInt8] = []
    private var isReady = false
    private let grain: MessageGrain
    private var isOver = false
    /// The owner has let go: it may be no more.
    private var isReleased = false

    init(
        loop: MediaLoop, endpoint: AgentEndpoint, settings: AgentSettings, grain: MessageGrain, owner: any AgentLegOwner
    ) {
        self.loop = loop
        self.grain = grain
        self.owner = owner
        session = DeepgramSession(settings: settings)
        timer = loop.makeTimer { [unowned self] in tick() }
        do {
            let headers = endpoint.apiKey.map { [("Authorization", "Token \($0)")] } ?? []
            loop.connect(try WebSocketRequest(url: endpoint.url, headers: headers, tls: endpoint.tls), handler: self)
        } catch {
            lose(reason: "\(error)", retryable: false)
        }
    }

    /// The settings of a new leg that goes on where this one stopped.
    func reconnectSettings() -> AgentSettings { session.reconnectSettings(apology: nil) }

    /// What the caller heard of the agent's last words, so that the next leg remembers no more than that.
    func callerHeard(_ text: String) { session.heard(text: text) }

    /// Hot path: one frame of the caller's audio, sent on when it fills a message.
    func callerSpoke(_ audio: Span<UInt8>, at now: MonotonicTime) {
        guard isReady else { return keep(audio) }
        session.sentAudio(at: now)
        if waiting.isEmpty, grain.toAgent == 1 {
            _ = socket?.sendBinary(audio)
            return
        }
        append(audio)
        if waiting.count >= grain.toAgent * MuLaw.frameBytes { flush() }
    }

    /// Sends what waits for its message to be full.
    func flush() {
        guard isReady, !waiting.isEmpty else { return }
        _ = socket?.sendBinary(waiting.span)
        waiting.removeAll(keepingCapacity: waiting.capacity <= AgentLeg.messageBytesMax)
    }

    private func keep(_ audio: Span<UInt8>) {
        let excess = waiting.count + audio.count - AgentLeg.backlogMs * MuLaw.bytesPerMillisecond
        if excess > 0 { waiting.removeFirst(min(excess, waiting.count)) }
        append(audio)
    }

    private func append(_ audio: Span<UInt8>) { audio.withUnsafeBufferPointer { waiting.append(contentsOf: $0) } }

    func perform(_ command: SpeechAgentCommand) { act(session.perform(command, at: .now())) }

    /// The call is over, or this leg is replaced: nothing more is reported.
    func close() {
        isReleased = true
        shut()
    }

    private func shut() {
        guard !isOver else { return }
        flush()
        isOver = true
        isReady = false
        timer?.cancel()
        timer = nil
        socket?.close(code: 1000, reason: "")
        socket = nil
    }

    private func tick() {
        guard !isOver else { return }
        let now = MonotonicTime.now()
        // Caller audio has come since the timer was set: nothing to do before the new deadline.
        guard session.nextDeadline <= now else { return armTimer(toleranceMs: 100) }
        flush()
        act(session.tick(at: now))
    }

    private func act(_ actions: [DeepgramSession.Action]) {
        for action in actions {
            guard !isOver else { return }
            switch action {
            case .send(let text): _ = socket?.sendText(Array(text.utf8).span)
            case .sendSilence(let bytes):
                _ = socket?.sendBinary([UInt8](repeating: MuLaw.silence, count: bytes).span)
            case .event(.failed(let failure)):
                lose(reason: failure.code, retryable: failure.retryable)
            case .event(.closed): break
            case .event(let event):
                if case .ready = event { becomeReady() }
                owner.agentLeg(self, said: event)
            case .close: lose(reason: "the agent session closed", retryable: true)
            }
        }
        guard !isOver else { return }
        armTimer()
    }

    /// A little late does no harm, and many legs wake together.
    private func armTimer() { armTimer(toleranceMs: Int64(grain.toAgent * 20)) }
    private func armTimer(toleranceMs: Int64) { timer?.arm(at: session.nextDeadline, toleranceMs: toleranceMs) }

    /// What the caller said meanwhile is the first thing the agent hears.
    private func becomeReady() {
        isReady = true
        guard !waiting.isEmpty else { return }
        session.sentAudio(at: .now())
        flush()
    }

    private func lose(reason: String, retryable: Bool) {
        guard !isOver else { return }
        shut()
        // A loss found while the leg is being made is reported when its owner has it.
        loop.post(SendableBox(self).callLost(reason, retryable))
    }

    fileprivate func reportLoss(_ reason: String, _ retryable: Bool) {
        guard !isReleased else { return }
        owner.agentLegLost(self, reason: reason, retryable: retryable)
    }

    // MARK: WebSocketHandler

    func webSocketDidOpen(_ socket: WebSocket) {
        guard !isOver else { return socket.close(code: 1000, reason: "") }
        self.socket = socket
        act(session.opened(at: .now()))
    }

    func webSocket(_ socket: WebSocket, receivedText message: Span<UInt8>) {
        guard !isOver else { return }
        act(session.received(text: message, at: .now()))
    }

    func webSocket(_ socket: WebSocket, receivedBinary message: Span<UInt8>) {
        guard !isOver, session.acceptsAudio(at: .now()) else { return }
        owner.agentLeg(self, spoke: message)
    }

    func webSocketDidClose(_ socket: WebSocket?, _ closing: WebSocketClosing) {
        self.socket = nil
        guard !isOver else { return }
        let refused = closing.httpStatus.map { "the agent refused the connection with \($0)" }
        let reason = refused ?? closing.error ?? "the agent closed the connection (\(closing.code ?? 1006))"
        lose(reason: reason, retryable: closing.httpStatus.map { $0 == 429 || $0 >= 500 } ?? true)
    }
}

extension SendableBox where Value == AgentLeg {
    fileprivate func callLost(_ reason: String, _ retryable: Bool) -> @Sendable () -> Void {
        { value.reportLoss(reason, retryable) }
    }
}
