/// What happens on one WebSocket. Every call comes on the socket's loop thread, one at a time.
///
/// The socket keeps its handler alive until ``webSocketDidClose(_:_:)`` has returned. A handler may send, close or abort
/// from inside any of these.
package protocol WebSocketHandler: AnyObject {
    /// The upgrade is complete; sending is possible from here on.
    func webSocketDidOpen(_ socket: WebSocket)
    /// One whole text message, lent for this call only. It is valid UTF-8 (RFC 6455, 8.1), and nothing more is known of it.
    func webSocket(_ socket: WebSocket, receivedText message: Span<UInt8>)
    /// One whole binary message, lent for this call only.
    func webSocket(_ socket: WebSocket, receivedBinary message: Span<UInt8>)
    /// The end: called exactly once and last, also when a connect fails (then without a socket).
    func webSocketDidClose(_ socket: WebSocket?, _ closing: WebSocketClosing)
}

/// Why a WebSocket is no more.
package struct WebSocketClosing: Sendable, Equatable {
    /// The peer's close code, or ours when we closed; nil when the connection was lost without a close frame (1006).
    package var code: UInt16?
    /// The close frame's reason: untrusted text of at most 123 bytes.
    package var reason: String
    /// Client only: the server answered the upgrade with this status instead of 101.
    package var httpStatus: Int?
    /// What went wrong, when the end was not an orderly close.
    package var error: String?

    package init(code: UInt16? = nil, reason: String = "", httpStatus: Int? = nil, error: String? = nil) {
        self.code = code
        self.reason = reason
        self.httpStatus = httpStatus
        self.error = error
    }
}

/// What became of a message given to ``WebSocket/sendText(_:)``.
package enum SendOutcome: Equatable, Sendable {
    /// Handed to the kernel whole.
    case sent
    /// Kept, in order, until the socket can be written to.
    case queued
    /// Dropped: the queue is full, or the socket is closed or closing.
    case refused
}
