import AudioCore
import Foundation
import LocalSpeech
import Runtime
import SpeechAgent
import Synchronization
import Telemetry
import WebSocketTransport

/// One connection to the local agent: the server side of Deepgram's Voice Agent protocol.
///
/// Unchecked: all state belongs to the loop of its socket, where every method runs. Other threads hold a session only to
/// post results back to that loop; the one thing they read is ``epoch``, an atomic.
final class AgentSession: WebSocketHandler, @unchecked Sendable {
    enum Phase { case opening, waitingForSettings, running, closed }

    /// Something to be said, and what follows once it has been sent.
    struct Response {
        var text: String
        var then: [Dialogue.FunctionCall] = []
    }

    struct PendingCall {
        var call: Dialogue.FunctionCall
        var deadline: MonotonicTime
        var isDeferred: Bool
    }

    let loop: MediaLoop
    let services: SpeechServices
    let timing: AgentTiming
    let defaultZone: TimeZone
    private let onClose: @Sendable () -> Void
    private(set) var socket: WebSocket?
    var phase = Phase.opening

    // The conversation.
    var dialogue: Dialogue?
    var functions: [String: DeepgramFunction] = [:]
    var sendsHistory = true
    var isExperimental = false
    var calls: [String: PendingCall] = [:]
    var callsMade = 0
    /// Calls that a barge-in voided: made again once the caller has finished.
    var callsToRepeat: [Dialogue.FunctionCall] = []

    // Hearing.
    var ear = CallerEar()
    var line: Recognizer.Line?
    var decoding = 0
    /// The caller's pause, when they are quiet in the midst of a turn, or at its end.
    var pause: Pause?
    var pauses = 0
    /// Words of a turn that the client ended while the caller went on.
    var heldWords = ""
    var turnEndedAt: MonotonicTime?
    var interruptedAgent = false

    // Speaking.
    /// Rises whenever what is being said becomes void.
    let epoch = Atomic<Int>(0)
    var responses: [Response] = []
    var isSynthesizing = false
    var speech: [UInt8] = []
    var speechSent = 0
    var piece = 0
    /// When the caller will have heard what was sent, if it is played without a gap.
    var playbackEnd = MonotonicTime.now()
    /// Owed to the client although the speech before it was cut short.
    var owed: [Dialogue.FunctionCall] = []

    private(set) var paceTimer: LoopTimer?
    private(set) var silenceTimer: LoopTimer?
    private(set) var functionTimer: LoopTimer?
    private(set) var pauseTimer: LoopTimer?
    private var idleTimer: LoopTimer?
    private var sessionTimer: LoopTimer?
    private var lastMessageAt = MonotonicTime.now()

    init(
        loop: MediaLoop, services: SpeechServices, timing: AgentTiming, timeZone: TimeZone,
        onClose: @escaping @Sendable () -> Void
    ) {
        self.loop = loop
        self.services = services
        self.timing = timing
        self.defaultZone = timeZone
        self.onClose = onClose
    }

    // MARK: Socket

    func webSocketDidOpen(_ socket: WebSocket) {
        self.socket = socket
        phase = .waitingForSettings
        line = services.recognizer.line()
        paceTimer = loop.makeTimer { [weak self] in self?.sendPiece() }
        silenceTimer = loop.makeTimer { [weak self] in self?.callerWasSilent() }
        functionTimer = loop.makeTimer { [weak self] in self?.expireCalls() }
        pauseTimer = loop.makeTimer { [weak self] in self?.endTurnWhenDue() }
        idleTimer = loop.makeTimer { [weak self] in self?.checkIdle() }
        sessionTimer = loop.makeTimer { [weak self] in
            self?.fail("MAXIMUM_SESSION_LENGTH_REACHED", "The session has reached its maximum length.")
        }
        lastMessageAt = .now()
        idleTimer?.arm(at: lastMessageAt.adding(milliseconds: timing.clientIdleMs))
        send(.welcome(requestID: UUID().uuidString.lowercased()))
    }

    func webSocket(_ socket: WebSocket, receivedText message: Span<UInt8>) {
        guard phase != .closed else { return }
        lastMessageAt = .now()
        let decoded: DeepgramClientMessage
        do {
            decoded = try DeepgramClientMessage(decoding: message)
        } catch {
            return fail("UNPARSABLE_CLIENT_MESSAGE", error.description)
        }
        received(decoded)
    }

    func webSocket(_ socket: WebSocket, receivedBinary message: Span<UInt8>) {
        guard phase != .closed else { return }
        lastMessageAt = .now()
        guard phase == .running else {
            return fail("NON_SETTINGS_MESSAGE_BEFORE_SETTINGS", "Audio came before the Settings message.")
        }
        hear(message)
    }

    func webSocketDidClose(_ socket: WebSocket?, _ closing: WebSocketClosing) {
        for timer in [paceTimer, silenceTimer, functionTimer, pauseTimer, idleTimer, sessionTimer] { timer?.cancel() }
        epoch.wrappingAdd(1, ordering: .relaxed)
        phase = .closed
        self.socket = nil
        line = nil
        onClose()
    }

    func send(_ message: DeepgramServerMessage) {
        guard phase != .closed || message.isError, let socket else { return }
        _ = socket.sendText(Array(message.encoded().utf8).span)
    }

    func sendAudio(_ codes: [UInt8]) { _ = socket?.sendBinary(codes.span) }

    /// The session is over: says why and closes.
    func fail(_ code: String, _ description: String) {
        guard phase != .closed else { return }
        phase = .closed
        epoch.wrappingAdd(1, ordering: .relaxed)
        send(.error(code: code, description: description))
        socket?.close(code: 1008, reason: code)
    }

    func startSessionClock() { sessionTimer?.arm(at: .now().adding(milliseconds: timing.sessionMs)) }

    private func checkIdle() {
        let deadline = lastMessageAt.adding(milliseconds: timing.clientIdleMs)
        guard deadline <= .now() else { idleTimer?.arm(at: deadline); return }
        fail(
            "CLIENT_MESSAGE_TIMEOUT",
            "The stream was idle for too long. Send audio continuously, or KeepAlive while there is none.")
    }
}

extension DeepgramServerMessage {
    fileprivate var isError: Bool {
        switch self {
        case .error(_, _): true
        default: false
        }
    }
}
