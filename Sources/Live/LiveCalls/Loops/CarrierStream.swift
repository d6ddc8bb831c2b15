import CallModel
import Foundation
import Runtime
import Telemetry
import TwilioProtocol
import WebSocketTransport

/// One media-stream WebSocket from the carrier. Nothing of it reaches a call before its `start` carries a valid token.
final class CarrierStream: WebSocketHandler {
    private static let startWithinMs: Int64 = 5_000

    private let calls: LoopCalls
    private var call: MediaCall?
    private var streamSid: StreamSid?
    private var socket: WebSocket?
    /// Until `start`: by when it must come. From then on: watches for a peer that has gone silent.
    private var timer: LoopTimer?
    private var lastMessageAt = MonotonicTime.now()
    private var faults = 0
    private var isRefused = false
    /// The carrier has said so: what follows is its closing the socket.
    private var hasStopped = false

    init(calls: LoopCalls) { self.calls = calls }

    func webSocketDidOpen(_ socket: WebSocket) {
        self.socket = socket
        timer = calls.loop.makeTimer { [unowned self] in timePassed() }
        timer?.arm(at: MonotonicTime.now().adding(milliseconds: Self.startWithinMs))
    }

    /// Hot path: one message of the stream.
    func webSocket(_ socket: WebSocket, receivedText message: Span<UInt8>) {
        guard !isRefused else { return }
        let now = MonotonicTime.now()
        lastMessageAt = now
        // Borrowed from the loop for this message: swapping moves a reference and allocates nothing.
        var buffer: [UInt8] = []
        swap(&buffer, &calls.shared.payload)
        defer { swap(&buffer, &calls.shared.payload) }
        do throws(TwilioDecodeError) {
            var audio = buffer.mutableSpan
            switch try TwilioMessage.decodeInbound(message, audio: &audio) {
            case .media(let media):
                guard let call, media.isInbound else { return }
                call.callerSpoke(buffer.span.extracting(first: media.payloadBytes), media, at: now)
            case .mark(let name): call?.markReturned(name.text)
            case .dtmf(let digit): call?.keyPressed(String(digit))
            case .start(let start): started(start, socket)
            case .stop:
                hasStopped = streamSid != nil
                stopped(socket)
            case .connected, .unknown: break
            }
        } catch {
            faulty(error)
        }
    }

    func webSocket(_ socket: WebSocket, receivedBinary message: Span<UInt8>) { refuse("a binary message") }

    func webSocketDidClose(_ socket: WebSocket?, _ closing: WebSocketClosing) {
        timer?.cancel()
        if let socket { stopped(socket) }
        self.socket = nil
    }

    private func timePassed() {
        guard streamSid != nil else { return refuse("no start message in time") }
        let due = lastMessageAt.adding(milliseconds: Int64(calls.streamSilenceMs))
        guard due <= .now() else {
            timer?.arm(at: due)
            return
        }
        if hasStopped {
            socket?.close(code: 1000, reason: "stopped")
            return
        }
        Log.warning(
            "media stream silent", ["stream.sid": streamSid?.text ?? "none", "silent_ms": calls.streamSilenceMs])
        Metrics.shared.add(CallMetrics.streamsSilent)
        // No answer to a close frame is to be expected: the machine is told now, and asks the carrier what is left.
        if let socket {
            stopped(socket)
            socket.close(code: 1001, reason: "silent")
        }
    }

    private func started(_ start: StreamStart, _ socket: WebSocket) {
        if let streamSid {
            if streamSid != start.streamSid { refuse("a second start for another stream") }
            return
        }
        switch calls.admit(callSid: start.callSid, token: start.customParameters["token"] ?? "") {
        case .success(.here(let call)):
            accept(start.streamSid)
            join(call, socket, start.streamSid)
        case .success(.elsewhere(let card)):
            accept(start.streamSid)
            calls.bring(card) { [weak self] call in self?.arrived(call, start.streamSid) }
        case .failure(let refusal): refuse(refusal.reason)
        }
    }

    private func accept(_ streamSid: StreamSid) {
        self.streamSid = streamSid
        timer?.arm(at: MonotonicTime.now().adding(milliseconds: Int64(calls.streamSilenceMs)))
    }

    private func join(_ call: MediaCall, _ socket: WebSocket, _ streamSid: StreamSid) {
        self.call = call
        call.attach(socket, streamSid: streamSid)
    }

    /// The call has come over from another loop; the stream may have closed meanwhile.
    private func arrived(_ call: MediaCall?, _ streamSid: StreamSid) {
        guard let socket, !isRefused else { return }
        guard let call else { return refuse("the call is over") }
        join(call, socket, streamSid)
        if hasStopped { stopped(socket) }
    }

    private func stopped(_ socket: WebSocket) {
        call?.streamClosed(socket)
        call = nil
    }

    /// One bad message is dropped and told of; a stream of them is closed.
    private func faulty(_ error: TwilioDecodeError) {
        faults += 1
        if faults == 1 {
            Log.warning(
                "media stream message refused", ["stream.sid": streamSid?.text ?? "none", "error": error],
                from: .strangers)
            Metrics.shared.add(CallMetrics.messagesRefused)
        }
        if streamSid == nil || faults > 20 { refuse("malformed messages") }
    }

    private func refuse(_ why: String) {
        guard let socket, !isRefused else { return }
        isRefused = true
        stopped(socket)
        Log.warning("media stream refused", ["peer": socket.peerAddress, "reason": why], from: .strangers)
        Metrics.shared.add(CallMetrics.streamsRefused)
        socket.close(code: 1008, reason: "refused")
    }
}
