/// Who or what has answered a call that we placed.
package enum Answerer: String, CaseIterable, Equatable, Sendable {
    case person
    /// Takes a message, after a beep as a rule.
    case voicemail
    /// Wants a key pressed.
    case menu
    /// Asks for name and reason on somebody's behalf, and may put the call through.
    case screening
    /// Another machine that talks.
    case machine
    /// A fax, or the network that says why there is no call.
    case network
    case unknown

    package var isMachine: Bool { self != .person && self != .unknown }
}

/// What is taken to have answered, as far as is known by now.
package struct AnsweringVerdict: Equatable, Sendable {
    package enum Reason: String, Equatable, Sendable {
        case nothing
        /// A short greeting, and then they listen.
        case greeting
        /// Speech without an end: a recording does not wait for an answer.
        case talk
        case words, beep
        /// The tones of the network, or of a fax.
        case tones
        case carrier
    }

    package var kind: Answerer
    package var reason: Reason
    /// Since the answer, in ms of the called side's audio.
    package var atMs: Int
    /// Whether there is more for it than the length of what was said. Nobody is hung up on before.
    package var isSettled: Bool

    package init(kind: Answerer, reason: Reason, atMs: Int, isSettled: Bool) {
        self.kind = kind
        self.reason = reason
        self.atMs = atMs
        self.isSettled = isSettled
    }
}

/// What the carrier's own detection says, in its own time.
package enum CarrierAnswer: Equatable, Sendable {
    case person, machine, fax
    /// The greeting is over; with a beep, where one was heard.
    case greetingEnded(byBeep: Bool)
    case unknown
}
