/// Every bound of the transport. What exceeds one is refused, counted or closed; nothing grows without end.
package struct TransportLimits: Sendable {
    /// Request bodies above this are answered 413.
    package var httpBodyBytesMax = 1 << 20
    /// Where bodies that go to disk do so; under no name, and gone with their request.
    package var bodyDirectory = "/var/tmp"
    /// Request line and headers together; above: 431 or a dropped connection.
    package var httpHeaderBytesMax = 16 << 10
    /// A received message above this closes its WebSocket with 1009.
    package var webSocketMessageBytesMax = 1 << 20
    /// Bytes waiting in one WebSocket's send queue; above: refused.
    package var sendQueueBytesMax = 256 << 10
    /// From accept to a complete request head, TLS included, and once more for the whole body (against slowloris).
    package var handshakeTimeoutSeconds = 10
    /// An idle keep-alive HTTP connection is closed after this.
    package var httpIdleTimeoutSeconds = 30
    /// A responder that takes longer is answered for with 503.
    package var httpResponseTimeoutSeconds = 30
    /// A ping goes to a WebSocket peer that has been silent this long.
    package var pingAfterIdleSeconds = 20
    /// A WebSocket peer that has sent nothing, not even a pong, for this long is dropped.
    package var silenceTimeoutSeconds = 60
    /// From our close frame to the peer's answer.
    package var closeTimeoutSeconds = 5
    /// Open connections per loop; more are refused.
    package var connectionsMax = 8_192
    /// Connections whose request is not complete, idle ones included, from one peer (an IPv4 address or an IPv6 /64) and from
    /// all: who comes past that is served, and the one that has waited longest goes.
    package var unfinishedPerPeerMax = 512
    package var unfinishedMax = 4_096
    /// Bytes of unfinished bodies together; past that the longest waiting ones go.
    package var unfinishedBodyBytesMax = 8 << 20
    /// Numeric addresses of proxies whose connections are many peers': they have no share of their own.
    package var trustedProxies: Set<String> = []
    /// Work items posted to one loop and not yet run; more is logged (posted work is never dropped).
    package var mailboxMax = 65_536

    package init() {}

    /// A numeric address as connections from it are named; nil for anything else.
    package static func peerName(_ address: String) -> String? {
        SocketAddress(numeric: address, port: 0)?.peerName
    }
}
