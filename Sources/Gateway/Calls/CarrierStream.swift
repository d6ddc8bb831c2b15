import CallModel
import Foundation
import Telemetry
import TwilioProtocol
import WebSocketTransport

/// One media-stream WebSocket from the carrier. Nothing of it reaches a call before its `start` carries a valid token.
final class CarrierStream: WebSocketHandler {
    private static let startWithinMs: Int64 = 5_000

    private unowned let calls: LoopCalls
    private var call: MediaCall?
    private var streamSid: StreamSid?
    private var socket: WebSocket?
    private var startTimer: LoopTimer?
    private var faults = 0

    init(calls: LoopCalls) { self.calls = calls }

    func webSocketDidOpen(_ socket: WebSocket) {
        self.socket = socket
        startTimer = calls.loop.makeTimer { [weak self] in self?.refuse("no start message in time") }
        startTimer?.arm(at: MonotonicTime.now().adding(milliseconds: Self.startWithinMs))
    }

    /// Hot path: one message of the stream.
    func webSocket(_ socket: WebSocket, receivedText message: Span<UInt8>) {
        // Borrowed from the loop for this message: swapping moves a reference and allocates nothing.
        var buffer: [UInt8] = []
        swap(&buffer, &calls.scratch)
        defer { swap(&buffer, &calls.scratch) }
        do throws(TwilioDecodeError) {
            var audio = buffer.mutableSpan
            switch try TwilioMessage.decodeInbound(message, audio: &audio) {
            case .media(let media):
                guard let call, media.isInbound else { return }
                call.callerSpoke(buffer.span.extracting(first: media.payloadBytes), media)
            case .mark(let name): call?.markReturned(name.text)
            case .dtmf(let digit): call?.keyPressed(String(digit))
            case .start(let start): started(start, socket)
            case .stop: stopped(socket)
            case .connected, .unknown: break
            }
        } catch {
            faulty(error)
        }
    }

    func webSocket(_ socket: WebSocket, receivedBinary message: Span<UInt8>) { refuse("a binary message") }

    func webSocketDidClose(_ socket: WebSocket?, _ closing: WebSocketClosing) {
        startTimer?.cancel()
        if let socket { stopped(socket) }
        self.socket = nil
    }

    private func started(_ start: StreamStart, _ socket: WebSocket) {
        if let streamSid {
            if streamSid != start.streamSid { refuse("a second start for another stream") }
            return
        }
        switch calls.admit(callSid: start.callSid, token: start.customParameters["token"] ?? "") {
        case .success(let call):
            startTimer?.cancel()
            streamSid = start.streamSid
            self.call = call
            call.attach(socket, streamSid: start.streamSid)
        case .failure(let refusal): refuse(refusal.reason)
        }
    }

    private func stopped(_ socket: WebSocket) {
        call?.streamClosed(socket)
        call = nil
    }

    /// One bad message is dropped and told of; a stream of them is closed.
    private func faulty(_ error: TwilioDecodeError) {
        faults += 1
        if faults == 1 {
            Log.warning("media stream message refused", ["stream.sid": streamSid?.text ?? "none", "error": "\(error)"])
            Metrics.shared.add("parley_media_messages_refused_total", help: "media stream messages that do not parse")
        }
        if streamSid == nil || faults > 20 { refuse("malformed messages") }
    }

    private func refuse(_ why: String) {
        guard let socket else { return }
        Log.warning("media stream refused", ["peer": socket.peerAddress, "reason": why])
        Metrics.shared.add("parley_media_streams_refused_total", help: "media streams closed for cause")
        socket.close(code: 1008, reason: "refused")
    }
}
