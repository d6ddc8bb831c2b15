import Encoding
import Runtime

@testable import SpeechAgent

/// Drives a session as a call does and keeps what it did.
struct SessionDriver {
    var session: DeepgramSession
    var now = MonotonicTime(milliseconds: 1_000)
    var sent: [String] = []
    var events: [SpeechAgentEvent] = []
    var played: [Bool] = []
    var silence = 0
    var closeCodes: [Int] = []

    init(_ settings: AgentSettings = SessionDriver.settings) { session = DeepgramSession(settings: settings) }

    static let tools = ["lookup_customer", "book_meeting", "stop_calling_me"].map {
        AgentTool(
            name: $0, description: "Does it.", parameters: ["type": "object", "properties": .object([:])],
            deferUntilEndOfTurn: $0 != "lookup_customer")
    }
    static let settings = AgentSettings(
        prompt: "Short sentences.", greeting: "Hello.", tools: tools, tags: ["gateway"])

    static func ready(_ settings: AgentSettings = SessionDriver.settings) -> SessionDriver {
        var driver = SessionDriver(settings)
        driver.open()
        driver.receive(#"{"type":"Welcome","request_id":"r1"}"#, after: 10)
        driver.receive(#"{"type":"SettingsApplied"}"#, after: 110)
        return driver
    }

    mutating func open() { take(session.opened(at: now)) }

    /// Time passes in 20 ms steps with a tick at each, and with caller audio unless `quiet`.
    mutating func wait(_ ms: Int64, quiet: Bool = false, voiced: Bool = true) {
        var left = ms
        while left > 0 {
            now = now.adding(milliseconds: min(20, left))
            left -= 20
            if !quiet, session.isReady { session.sentAudio(at: now, voiced: voiced) }
            take(session.tick(at: now))
        }
    }

    mutating func receive(_ text: String, after ms: Int64 = 0) {
        wait(ms)
        take(session.received(text: Array(text.utf8), at: now))
    }

    mutating func receive(_ message: DeepgramServerMessage, after ms: Int64 = 0) {
        receive(message.encoded(), after: ms)
    }

    mutating func perform(_ command: SpeechAgentCommand) { take(session.perform(command, at: now)) }

    /// One binary frame from the agent; `played` says whether the gate let it through.
    mutating func audio(after ms: Int64 = 0) {
        wait(ms)
        played.append(session.acceptsAudio(at: now))
    }

    mutating func take(_ actions: [AgentAction]) {
        for action in actions {
            switch action {
            case .send(let text): sent.append(text)
            case .sendSilence(let bytes): silence += bytes
            case .event(let event): events.append(event)
            case .close(let code): closeCodes.append(code)
            }
        }
    }

    /// What was sent, decoded as the server would.
    var messages: [DeepgramClientMessage] {
        sent.compactMap { try? DeepgramClientMessage(decoding: Array($0.utf8)) }
    }

    func responses(to id: String) -> Int {
        messages.filter { if case .functionCallResponse(id, _, _) = $0 { true } else { false } }.count
    }
}
