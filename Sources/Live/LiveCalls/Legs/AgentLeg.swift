import AudioCore
import Runtime
import SpeechAgent
import WebSocketTransport

/// One WebSocket to the speech agent with its dialect, on the call's media loop.
final class AgentLeg<Dialect: AgentDialect>: WebSocketHandler, AgentLine {
    /// Of caller audio that waits for the agent.
    private static var backlogMs: Int { 2_000 }
    /// What a message's memory is kept up to, from one to the next.
    private static var keptBytesMax: Int { 1_024 }

    private let loop: MediaLoop
    private unowned let owner: any AgentLegOwner
    private var session: Dialect
    private var socket: WebSocket?
    private var timer: LoopTimer?
    /// Caller audio on its way into a message: all of it until the agent is ready, then less than one message.
    private var waiting: [UInt8] = []
    /// The message under way, where the dialect does not send audio as it is.
    private var message: [UInt8] = []
    /// Speech out of the agent's last message, where that is not the speech itself.
    private var speech: [UInt8] = []
    private var isReady = false
    private let grain: MessageGrain
    private var isOver = false
    /// The owner has let go: it may be no more.
    private var isReleased = false

    init(
        _ endpoint: AgentEndpoint, _ settings: AgentSettings, _ options: Dialect.Options, on loop: MediaLoop,
        grain: MessageGrain, owner: any AgentLegOwner
    ) {
        self.loop = loop
        self.grain = grain
        self.owner = owner
        session = Dialect(settings: settings, options: options)
        timer = loop.makeTimer { [unowned self] in tick() }
        do {
            let request = Dialect.request(to: endpoint.url, apiKey: endpoint.apiKey)
            let headers = request.headers.map { ($0.key, $0.value) }
            loop.connect(try WebSocketRequest(url: request.url, headers: headers, tls: endpoint.tls), handler: self)
        } catch {
            lose(reason: "\(error)", retryable: false)
        }
    }

    func reconnectSettings() -> AgentSettings { session.reconnectSettings(apology: nil) }

    func callerHeard(_ text: String, ms: Int) { act(session.heard(text: text, ms: ms)) }

    func callerSpoke(_ audio: Span<UInt8>, at now: MonotonicTime) {
        guard isReady else { return keep(audio) }
        session.sentAudio(at: now, voiced: true)
        if waiting.isEmpty, grain.toAgent == 1 { return send(audio) }
        append(audio)
        if waiting.count >= grain.toAgent * MuLaw.frameBytes { flush() }
    }

    func flush() {
        guard isReady, !waiting.isEmpty else { return }
        send(waiting.span)
        waiting.removeAll(keepingCapacity: waiting.capacity <= Self.keptBytesMax)
    }

    /// Caller audio, or silence in its place.
    private func send(_ audio: Span<UInt8>) {
        guard !Dialect.carriesAudioAsItIs else {
            _ = socket?.sendBinary(audio)
            return
        }
        switch session.carry(audio, in: &message) {
        case .binary: _ = socket?.sendBinary(message.span)
        case .text: _ = socket?.sendText(message.span)
        }
        message.removeAll(keepingCapacity: message.capacity <= 2 * Self.keptBytesMax)
    }

    private func keep(_ audio: Span<UInt8>) {
        let excess = waiting.count + audio.count - Self.backlogMs * MuLaw.bytesPerMillisecond
        if excess > 0 { waiting.removeFirst(min(excess, waiting.count)) }
        append(audio)
    }

    private func append(_ audio: Span<UInt8>) { audio.withUnsafeBufferPointer { waiting.append(contentsOf: $0) } }

    func perform(_ command: SpeechAgentCommand) { act(session.perform(command, at: .now())) }

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

    private func act(_ actions: [AgentAction]) {
        for action in actions {
            guard !isOver else { return }
            switch action {
            case .send(let text): _ = socket?.sendText(Array(text.utf8).span)
            case .sendSilence(let bytes): send([UInt8](repeating: MuLaw.silence, count: bytes).span)
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
        session.sentAudio(at: .now(), voiced: true)
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

    func webSocket(_ socket: WebSocket, receivedText message: Span<UInt8>) { received(message, in: .text) }
    func webSocket(_ socket: WebSocket, receivedBinary message: Span<UInt8>) { received(message, in: .binary) }

    /// Hot path, where it is speech.
    private func received(_ message: Span<UInt8>, in frame: AgentFrame) {
        guard !isOver else { return }
        switch session.received(message, in: frame, speech: &speech, at: .now()) {
        case .speech: owner.agentLeg(self, spoke: message)
        case .actions(let actions):
            if !speech.isEmpty {
                owner.agentLeg(self, spoke: speech.span)
                speech.removeAll(keepingCapacity: speech.capacity <= 16 * Self.keptBytesMax)
            }
            // Audio that is dropped asks for nothing, frame after frame.
            if frame == .text || !actions.isEmpty { act(actions) }
        }
    }

    func webSocketDidClose(_ socket: WebSocket?, _ closing: WebSocketClosing) {
        self.socket = nil
        guard !isOver else { return }
        let refused = closing.httpStatus.map { "the agent refused the connection with \($0)" }
        let reason = refused ?? closing.error ?? "the agent closed the connection (\(closing.code ?? 1006))"
        lose(reason: reason, retryable: closing.httpStatus.map { Dialect.upgradeFailure(status: $0).retryable } ?? true)
    }
}

extension SendableBox {
    fileprivate func callLost<Dialect>(
        _ reason: String, _ retryable: Bool
    ) -> @Sendable () -> Void where Value == AgentLeg<Dialect> {
        { value.reportLoss(reason, retryable) }
    }
}
