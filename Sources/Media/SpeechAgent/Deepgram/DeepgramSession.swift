package import Runtime

/// One connection to a Deepgram Voice Agent (v1): JSON in text frames, mu-law as it is in binary ones, both ways.
package struct DeepgramSession: AgentDialect {
    package enum Phase: Equatable, Sendable {
        case connecting, awaitingWelcome, awaitingSettings, ready, closing, closed
    }

    package internal(set) var phase = Phase.connecting
    /// Agent audio frames refused by the drop gate.
    package internal(set) var droppedFrames = 0
    /// Agent text chunks of a response that was already cut off.
    package internal(set) var droppedTexts = 0
    package internal(set) var unknownMessages = 0
    package internal(set) var silenceBytesSent = 0
    /// Settings as they stand now: prompt and voice with every update since folded in.
    package internal(set) var settings: AgentSettings
    let options: DeepgramOptions
    package internal(set) var conversation: AgentConversation
    package internal(set) var sessionID = ""

    var phaseDeadline = MonotonicTime.distantFuture
    var expiryDeadline = MonotonicTime.distantFuture
    var expiryTold = false
    var gate = AudioGate()
    var uplink = UplinkClock()
    var watchdog = RecognitionWatchdog()
    var tools = ToolLedger()
    var injections = InjectionLedger()
    var latency = AgentLatency()
    var waiting: [SpeechAgentCommand] = []
    var unknownTypes: Set<String> = []
    var unreadableMessages = 0

    static let handshakeMs: Int64 = 5_000
    static let expiryMs: Int64 = 115 * 60_000
    static let waitingMax = 16
    static let unreadableMax = 10
    static let unknownTypesMax = 32

    package init(settings: AgentSettings, options: DeepgramOptions = DeepgramOptions()) {
        self.settings = settings
        self.options = options
        conversation = AgentConversation(settings.history)
    }

    package var isReady: Bool { phase == .ready }
    package var isFlux: Bool { settings.listenModel.hasPrefix("flux") }
    /// Confirmed turns and function calls, the earlier ones the settings brought included.
    package var history: [AgentHistoryItem] { conversation.items }

    package static func request(to url: String, apiKey: String?) -> AgentRequest {
        AgentRequest(url: url, headers: apiKey.map { ["Authorization": "Token \($0)"] } ?? [:])
    }

    /// The upgrade was accepted. Nothing is sent before the server's `Welcome`.
    package mutating func opened(at now: MonotonicTime) -> [AgentAction] {
        guard phase == .connecting else { return [] }
        phase = .awaitingWelcome
        phaseDeadline = now.adding(milliseconds: Self.handshakeMs)
        expiryDeadline = now.adding(milliseconds: Self.expiryMs)
        return []
    }

    /// The socket is gone, by whoever's hand. `code` is the WebSocket close code, 1006 when there was none.
    package mutating func closed(code: Int, at now: MonotonicTime) -> [AgentAction] {
        guard phase != .closed else { return [] }
        var actions = flushLatency()
        if phase != .closing {
            let text = "the agent closed the connection with code \(code)"
            let failure = AgentFailure(code: "CONNECTION_CLOSED", text: text, retryable: true)
            actions.append(.event(.failed(failure)))
        }
        enter(.closed)
        return actions + [.event(.closed)]
    }

    /// Reads an upgrade refused with an HTTP status.
    package static func upgradeFailure(status: Int) -> AgentFailure {
        let text =
            switch status {
            case 401, 403: "the agent refused our credentials; check the key and that it is sent as a token"
            case 404: "the agent has no such path; check the address"
            case 429: "the agent has no free session for this project"
            default: "the agent refused the upgrade"
            }
        return AgentFailure(code: "UPGRADE_\(status)", text: text, retryable: status == 429 || status >= 500)
    }

    package mutating func carry(_ audio: Span<UInt8>, in message: inout [UInt8]) -> AgentFrame? { nil }

    /// Whether this binary frame may be played: false before `SettingsApplied` and, after the caller interrupts, until
    /// the next response opens the gate or 1 s went by without agent audio. Constant time, no allocation.
    package mutating func acceptsAudio(at now: MonotonicTime) -> Bool {
        guard phase == .ready else { return false }
        if gate.accepts(at: now) {
            watchdog.disarm()
            return true
        }
        droppedFrames += 1
        return false
    }

    /// - Parameter voiced: keeps the watchdog quiet on a silent line.
    package mutating func sentAudio(at now: MonotonicTime, voiced: Bool) {
        uplink.sent(at: now)
        if voiced { watchdog.heard(at: now) }
    }

    /// Stops or resumes caller audio on purpose, e.g. while a human has the call: paused, only `KeepAlive` flows.
    package mutating func setUplinkPaused(_ paused: Bool, at now: MonotonicTime) {
        uplink.isPaused = paused
        uplink.sent(at: now)
    }

    /// The server is told nothing: it has no message for it.
    package mutating func heard(text: String, ms: Int) -> [AgentAction] {
        conversation.cutLastAgentTurn(to: text)
        return []
    }

    package func reconnectSettings(apology: String?) -> AgentSettings {
        var settings = settings
        settings.greeting = apology
        settings.history = conversation.items
        return settings
    }

    mutating func enter(_ phase: Phase) {
        self.phase = phase
        phaseDeadline = .distantFuture
        if phase == .closing || phase == .closed {
            tools.clear()
            foldWaiting()
            watchdog.disarm()
            expiryDeadline = .distantFuture
        }
    }

    /// What was to be said is lost with the connection; what was to hold from then on is kept for the next one.
    private mutating func foldWaiting() {
        for command in waiting {
            switch command {
            case .appendInstructions(let text): settings.brief.add(text)
            case .replaceThink(let prompt): settings.prompt = prompt
            case .setVoice(let voice): settings.voice = voice
            default: break
            }
        }
        waiting.removeAll()
    }

    mutating func fail(_ code: String, _ text: String, retryable: Bool) -> [AgentAction] {
        let actions = flushLatency()
        enter(.closing)
        let failure = AgentFailure(code: code, text: text, retryable: retryable)
        return actions + [.event(.failed(failure)), .close(code: 1_000)]
    }

    mutating func flushLatency() -> [AgentAction] {
        guard latency.describesTurn else { return [] }
        defer { latency = AgentLatency() }
        return [.event(.latency(latency))]
    }
}
