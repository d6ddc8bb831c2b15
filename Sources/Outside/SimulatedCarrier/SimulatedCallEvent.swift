/// One thing that happened in a simulated call, for the terminal and for the report.
package struct SimulatedCallEvent: Equatable, Sendable, Codable {
    package enum Kind: String, Sendable, Codable {
        /// `detail` is the CallSid.
        case placed
        /// `detail` is the number that is called.
        case initiated
        case ringing, answered
        /// The voice webhook (or a later one) answered; `detail` names the verbs.
        case twiml
        case webhookFailed
        case streamStarted, streamEnded, streamFailed
        case agentSpoke, agentFellSilent
        /// `detail` is the recording, `text` its words.
        case callerSpoke, callerFellSilent
        case keyPressed
        /// The gateway dropped what was queued: `detail` is how much the caller will not hear.
        case cleared
        case protocolViolation
        /// The carrier itself talks or plays.
        case said
        case dialing, dialEnded
        case recorded
        case redirected
        case callbackDelivered, callbackFailed
        case hungUp
        /// `detail` is the terminal status.
        case ended
    }

    /// Since the call was placed.
    package var atMs: Int
    package var kind: Kind
    package var detail: String
    /// Words, where they are known. Never logged.
    package var text: String?

    package init(atMs: Int, kind: Kind, detail: String = "", text: String? = nil) {
        self.atMs = atMs
        self.kind = kind
        self.detail = detail
        self.text = text
    }
}
