import Encoding
import TwilioProtocol

/// What reaches a running call from its line, its requests, its timers and the REST interface, in one ordered mailbox.
enum CallSignal: Sendable {
    case callerHungUp
    /// The gateway ended the call through REST.
    case hangUpRequested(canceled: Bool)
    /// The gateway gave the call new TwiML through REST.
    case redirectRequested(TwiMLSource)
    case limitReached
    case vanished
    case streamStarted(streamSid: String)
    case streamEnded(streamSid: String, StreamEnding)
    case fetched(id: Int, Result<String, WebhookFailure>)
    case timer(id: Int)
}

/// Where the next document comes from.
enum TwiMLSource: Equatable, Sendable {
    case url(String, extra: [FormField])
    case inline(String)
}

/// How a media stream ended, if it was not by `stop`.
enum StreamEnding: Equatable, Sendable {
    case closedByGateway(code: UInt16?)
    case connectionLost(String)
    /// The upgrade was answered with something else than 101, or not at all.
    case handshakeFailed(String)
}
