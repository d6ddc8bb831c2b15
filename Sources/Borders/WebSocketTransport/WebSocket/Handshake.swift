/// A WebSocket handshake that was admitted, on its way to a loop with the connection it came on.
///
/// `@unchecked Sendable`: the wire is detached, and has one owner at a time.
final class Handshake: @unchecked Sendable {
    let request: HTTPRequest
    let upgrade: WebSocketUpgrade
    let wire: Wire

    init(request: HTTPRequest, upgrade: WebSocketUpgrade, wire: Wire) {
        self.request = request
        self.upgrade = upgrade
        self.wire = wire
    }
}
