package import Runtime

/// One connection to a speech agent in the words of its vendor, as a pure value: the leg performs the actions, and a new
/// connection takes a new value. Audio is mu-law at 8 kHz on this side; how it lies in messages, and in which encoding, is the
/// dialect's.
package protocol AgentDialect: Sendable {
    /// What the vendor takes beyond ``AgentSettings``.
    associatedtype Options: Sendable

    /// How a connection is asked for.
    static func request(to url: String, apiKey: String?) -> AgentRequest
    /// Reads an upgrade that was refused with an HTTP status.
    static func upgradeFailure(status: Int) -> AgentFailure

    init(settings: AgentSettings, options: Options)

    /// When ``tick(at:)`` has something to do next, unless something else happens first. It changes nothing; a getter that may
    /// is handed the value where it lies, while any other gets a copy of it, strings and all.
    var nextDeadline: MonotonicTime { mutating get }
    /// The WebSocket is open.
    mutating func opened(at now: MonotonicTime) -> [AgentAction]
    /// One whole message of the agent's. Without allocation when it is audio.
    ///
    /// - Parameter speech: takes what of the message is speech, decoded; what the actions tell comes after it. Empty before.
    mutating func received(
        _ message: Span<UInt8>, in frame: AgentFrame, speech: inout [UInt8], at now: MonotonicTime
    ) -> AgentReceipt
    mutating func perform(_ command: SpeechAgentCommand, at now: MonotonicTime) -> [AgentAction]
    mutating func tick(at now: MonotonicTime) -> [AgentAction]

    /// Hot path: writes the message that carries so much audio of the caller's, or silence. No allocation once `message` has its
    /// size.
    ///
    /// - Parameter message: empty before.
    /// - Returns: how to send `message`; nil: it was left empty, and the audio goes as it is, in a binary frame.
    mutating func carry(_ audio: Span<UInt8>, in message: inout [UInt8]) -> AgentFrame?
    /// Hot path: audio of the caller's came and goes out, now or with the next message.
    ///
    /// - Parameter voiced: whether it may hold speech.
    mutating func sentAudio(at now: MonotonicTime, voiced: Bool)
    /// The caller heard `text` of the agent's last turn and no more, which is `ms` of its audio; empty: nothing of it.
    mutating func heard(text: String, ms: Int) -> [AgentAction]
    /// The settings a new connection starts with after this one is lost: no greeting but `apology`, the conversation so
    /// far, updates folded in.
    func reconnectSettings(apology: String?) -> AgentSettings
}

/// How a WebSocket message is sent: its opcode.
package enum AgentFrame: Sendable { case text, binary }

/// What a message of the agent's was.
package enum AgentReceipt: Equatable, Sendable {
    /// Speech as it lies there, to be played.
    case speech
    case actions([AgentAction])
}

package enum AgentAction: Equatable, Sendable {
    /// One text frame.
    case send(String)
    /// So much silence in the caller's place.
    case sendSilence(bytes: Int)
    case event(SpeechAgentEvent)
    case close(code: Int)
}

/// The handshake of a WebSocket to an agent.
package struct AgentRequest: Equatable, Sendable {
    package var url: String
    /// Names and values.
    package var headers: [String: String]

    package init(url: String, headers: [String: String] = [:]) {
        self.url = url
        self.headers = headers
    }
}
