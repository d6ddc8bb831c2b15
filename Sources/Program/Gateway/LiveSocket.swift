import API
import Events
import WebSocketTransport

/// `/api/v1/live`: live call events of one tenant, one JSON text message each, until the client goes away or its token,
/// key or session is over.
final class LiveSocket: WebSocketHandler {
    private let events: AsyncStream<LiveEvent>
    private var relay: Task<Void, Never>?

    init(events: AsyncStream<LiveEvent>) { self.events = events }

    func webSocketDidOpen(_ socket: WebSocket) {
        let (events, loop, box) = (events, socket.loop, SendableBox(socket))
        relay = Task {
            for await event in events {
                let message = Array(event.json.utf8)
                loop.post { _ = box.value.sendText(message.span) }
            }
            // Cancelled: the client has gone by itself.
            if !Task.isCancelled {
                loop.post { box.value.close(code: 1008, reason: "the token, key or session is over") }
            }
        }
    }

    func webSocket(_ socket: WebSocket, receivedText message: Span<UInt8>) {}
    func webSocket(_ socket: WebSocket, receivedBinary message: Span<UInt8>) {}
    func webSocketDidClose(_ socket: WebSocket?, _ closing: WebSocketClosing) { relay?.cancel() }
}
