import API
import CallModel
import Foundation
import HTTPClient
import SimulatedCarrier
import WebSocketTransport

/// Places simulated calls into a gateway and shows them as they happen: what the caller says and does comes from the
/// simulated carrier, what was understood and answered from the gateway's live feed, the record from its API.
struct CallRunner: Sendable {
    let gatewayURL: String
    /// Opens the API; nil: the call runs, and neither transcript nor record can be shown.
    let token: String?
    let carrier: SimulatedCarrier
    let loops: LoopGroup
    let screen: CallScreen
    /// How the screen names the caller when several calls run at once.
    var name: String?

    struct Outcome: Sendable {
        var report: SimulatedCallReport
        var record: View.CallDetail?
        /// Hang-up to the record being there, in ms.
        var recordAfterMs: Int?
    }

    private let http = HTTPClient(answerBytesMax: 4 << 20)

    func run(_ script: CallerScript, from: String? = nil, to: String? = nil) async throws -> Outcome {
        let (screen, name) = (screen, name)
        let watch = LiveWatch(screen, name)
        let report = try await carrier.placeCall(from: from, to: to, script: script) { event in
            screen.show(event, caller: name)
            // The call is known once it was placed: from then on its own events are watched.
            if event.kind == .placed { try? watchLive(watch, callSid: event.detail) }
        }
        let ended = ContinuousClock.now
        var record: View.CallDetail?
        var after: Int?
        if token != nil {
            while ContinuousClock.now < ended.advanced(by: .seconds(15)) {
                if let view = try? await fetchRecord(report.callSid), view.finalizedAt != nil {
                    record = view
                    let waited = ContinuousClock.now - ended
                    after = Int(
                        waited.components.seconds * 1_000 + waited.components.attoseconds / 1_000_000_000_000_000)
                    break
                }
                try? await Task.sleep(for: .milliseconds(50))
            }
        }
        watch.stop()
        return Outcome(report: report, record: record, recordAfterMs: after)
    }

    private func watchLive(_ watch: LiveWatch, callSid: String) throws {
        guard let token else { return }
        let socketURL = "ws" + gatewayURL.dropFirst(4) + "/api/v1/live?call=\(callSid)"
        let request = try WebSocketRequest(url: socketURL, headers: [("Authorization", "Bearer \(token)")])
        watch.start(request, loops.leastLoaded())
    }

    func fetchRecord(_ callSid: String) async throws -> View.CallDetail? {
        guard let token else { return nil }
        let request = OutgoingRequest(
            "GET", "\(gatewayURL)/api/v1/calls/\(callSid)",
            headers: [(name: "Authorization", value: "Bearer \(token)")])
        let answer = try await http.send(request, within: .seconds(5))
        guard answer.status == 200 else { return nil }
        return try View.CallDetail.read(Array(answer.body))
    }
}

/// Reads the gateway's live feed into a screen.
private final class LiveWatch: WebSocketHandler, Sendable {
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

    func start(_ request: WebSocketRequest, _ loop: MediaLoop) {
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
