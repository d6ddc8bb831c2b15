import Foundation
import WebSocketTransport

/// Reads the gateway's live feed into a screen.
final class LiveWatch: WebSocketHandler, Sendable {
    private struct Event: Decodable {
        var kind: String
        var at_ms: Int
        var speaker: String?
        var text: String?
    }

    private let screen: CallScreen
    private let caller: String?
    private let closing: AsyncStream<Void>.Continuation
    private let closed: AsyncStream<Void>

    init(_ screen: CallScreen, _ caller: String?) {
        self.screen = screen
        self.caller = caller
        (closed, closing) = AsyncStream.makeStream()
    }

    /// Of one call, which need not be there yet.
    func start(_ callSid: String, gatewayURL: String, token: String, _ loop: MediaLoop) throws {
        let socketURL = "ws" + gatewayURL.dropFirst(4) + "/api/v1/live?call=\(callSid)"
        let request = try WebSocketRequest(url: socketURL, headers: [("Authorization", "Bearer \(token)")])
        loop.post { loop.connect(request, handler: self) }
    }

    func stop() { closing.finish() }

    func webSocketDidOpen(_ socket: WebSocket) {
        let (closed, loop) = (closed, socket.loop)
        nonisolated(unsafe) let socket = socket  // closed on its own loop only
        Task {
            for await _ in closed {}
            loop.post { socket.close(code: 1000, reason: "") }
        }
    }

    func webSocket(_ socket: WebSocket, receivedText message: Span<UInt8>) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(message.count)
        for index in message.indices { bytes.append(message[index]) }
        guard let event = try? JSONDecoder().decode(Event.self, from: Data(bytes)) else { return }
        screen.live(kind: event.kind, speaker: event.speaker, text: event.text ?? "", caller: caller)
    }

    func webSocket(_ socket: WebSocket, receivedBinary message: Span<UInt8>) {}
    func webSocketDidClose(_ socket: WebSocket?, _ closing: WebSocketClosing) {}
}
