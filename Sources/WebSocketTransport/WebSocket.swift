internal import CLibWebSockets
import Glibc

/// One WebSocket, server or client side. Belongs to its loop's thread; not to be used elsewhere.
///
/// Sending while nothing is buffered goes straight to the kernel; otherwise the message waits in a bounded queue.
@safe package final class WebSocket: Peer {
    enum State { case opening, open, closing, closed }

    private struct Waiting {
        var kind: Wire.Kind
        /// `PARLEY_LWS_PRE` bytes of room, then the message.
        var bytes: [UInt8]
    }

    package private(set) var peerAddress: String
    private var handler: (any WebSocketHandler)?
    private(set) var state = State.opening
    var closing = WebSocketClosing()
    private var queue: [Waiting] = []
    private var queueHead = 0
    private var waitingBytes = 0
    /// Size of the last message when libwebsockets could not send all of it and keeps the rest.
    private var partialBytes = 0
    private var assembly: [UInt8] = []
    private var isAssembling = false
    private var isBinary = false
    private var closeAt: Int?
    private var pingedAt: Int?
    private var wantsClose = false
    private var wasOpen = false
    /// Client side, until the socket is open.
    var connector: Connector?

    init(loop: MediaLoop, binding: ServerBinding?, handler: any WebSocketHandler, peerAddress: String) {
        self.handler = handler
        self.peerAddress = peerAddress
        super.init(loop: loop, binding: binding)
    }

    package var isOpen: Bool { state == .open }

    /// Bytes that were sent but are not in the kernel yet.
    package var queuedBytes: Int { waitingBytes + (wire?.isPartial == true ? partialBytes : 0) }

    /// Sends one text message; it must be valid UTF-8. See ``SendOutcome``.
    package func sendText(_ message: Span<UInt8>) -> SendOutcome { send(message, as: .text) }

    /// Sends one binary message. See ``SendOutcome``.
    package func sendBinary(_ message: Span<UInt8>) -> SendOutcome { send(message, as: .binary) }

    /// Sends one whole frame that the caller has framed and, on the client side, masked (RFC 6455, 5.2): for a load generator,
    /// to which the library's own masking is a good part of its work. See ``SendOutcome``.
    package func sendFramed(_ frame: Span<UInt8>) -> SendOutcome { send(frame, as: .framed) }

    /// Closes in an orderly way: queued messages go out first, then the close frame; the peer has
    /// `closeTimeoutSeconds` for all of it. Nothing but `webSocketDidClose` is called afterwards.
    ///
    /// - Parameters:
    ///   - code: 1000 … 4999.
    ///   - reason: at most 123 bytes of UTF-8; what is longer is cut.
    package func close(code: UInt16, reason: String) {
        loop.assertCurrent()
        guard state == .open || state == .opening else { return }
        closing.code = code
        closing.reason = reason
        guard state == .open, let wire else {
            abandon()
            return
        }
        state = .closing
        wantsClose = true
        closeAt = loop.seconds + loop.limits.closeTimeoutSeconds + 1
        wire.askWritable()
    }

    /// Drops the TCP connection at once, without a close frame. `webSocketDidClose` follows, not from inside this call.
    package func abort() {
        loop.assertCurrent()
        guard state != .closed else { return }
        if state == .opening { closing.error = closing.error ?? "aborted" }
        abandon()
    }

    // MARK: Sending

    private func send(_ message: Span<UInt8>, as kind: Wire.Kind) -> SendOutcome {
        loop.assertCurrent()
        guard state == .open, let wire else { return .refused }
        guard waitingBytes == 0, !wire.isPartial else { return enqueue(message, as: kind) }
        let sent: Bool
        if message.count <= MediaLoop.sendBytesMax {
            let start = unsafe loop.sendBuffer + Int(PARLEY_LWS_PRE)
            unsafe message.withUnsafeBufferPointer { source in
                if let base = source.baseAddress { unsafe start.update(from: base, count: source.count) }
            }
            sent = unsafe wire.write(start, count: message.count, as: kind)
        } else {
            var copy = Self.withRoom(message)
            sent = write(&copy, as: kind, on: wire)
        }
        guard sent else {
            fail("write failed")
            return .refused
        }
        guard wire.isPartial else { return .sent }
        partialBytes = message.count
        return .queued
    }

    private func enqueue(_ message: Span<UInt8>, as kind: Wire.Kind) -> SendOutcome {
        guard queuedBytes + message.count <= loop.limits.sendQueueBytesMax else { return .refused }
        queue.append(Waiting(kind: kind, bytes: Self.withRoom(message)))
        waitingBytes += max(1, message.count)
        if queue.count - queueHead == 1 { wire?.askWritable() }
        return .queued
    }

    private static func withRoom(_ message: Span<UInt8>) -> [UInt8] {
        let room = Int(PARLEY_LWS_PRE)
        return unsafe [UInt8](unsafeUninitializedCapacity: room + message.count) { bytes, count in
            unsafe bytes.initialize(repeating: 0)
            unsafe message.withUnsafeBytes { source in
                unsafe UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(bytes)[room...])
                    .copyMemory(from: source)
            }
            count = room + message.count
        }
    }

    private func write(_ framed: inout [UInt8], as kind: Wire.Kind, on wire: Wire) -> Bool {
        let count = framed.count - Int(PARLEY_LWS_PRE)
        return unsafe framed.withUnsafeMutableBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return true }
            return unsafe wire.write(base + Int(PARLEY_LWS_PRE), count: count, as: kind)
        }
    }

    /// Called when the kernel takes bytes again and nothing is partial.
    func becameWritable() -> Int32 {
        guard let wire, state == .open || state == .closing else { return 0 }
        while queueHead < queue.count, !wire.isPartial {
            let count = queue[queueHead].bytes.count - Int(PARLEY_LWS_PRE)
            let kind = queue[queueHead].kind
            guard write(&queue[queueHead].bytes, as: kind, on: wire) else {
                note("write failed")
                return -1
            }
            partialBytes = count
            waitingBytes -= max(1, count)
            queue[queueHead].bytes = []
            queueHead += 1
        }
        if queueHead == queue.count {
            queue.removeAll(keepingCapacity: queue.capacity <= 64)
            queueHead = 0
        }
        guard queue.isEmpty, !wire.isPartial else {
            wire.askWritable()
            return 0
        }
        guard wantsClose else { return 0 }
        wantsClose = false
        wire.setCloseReason(closing.code ?? 1000, closing.reason)
        return -1
    }

    // MARK: Receiving

    func receive(_ wsi: OpaquePointer, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int32 {
        heardAt = loop.seconds
        pingedAt = nil
        loop.noteMessage()
        guard state == .open else { return 0 }
        let isFinal = unsafe lws_is_final_fragment(wsi) != 0
        if !isAssembling {
            isBinary = unsafe lws_frame_is_binary(wsi) != 0
            if isFinal, count <= loop.limits.webSocketMessageBytesMax {
                let start = unsafe bytes?.assumingMemoryBound(to: UInt8.self)
                deliver(unsafe UnsafeBufferPointer(start: start, count: count).span)
                return 0
            }
        }
        let announced = unsafe assembly.count + count + lws_remaining_packet_payload(wsi)
        guard announced <= loop.limits.webSocketMessageBytesMax else {
            state = .closing
            assembly = []
            closing.code = 1009
            closing.error = "message above \(loop.limits.webSocketMessageBytesMax) bytes"
            closeAt = loop.seconds + loop.limits.closeTimeoutSeconds + 1
            wire?.setCloseReason(1009, "message too big")
            return -1
        }
        isAssembling = true
        unsafe assembly.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
        guard isFinal else { return 0 }
        isAssembling = false
        // Taken out meanwhile: the handler may close the socket. Its storage serves the next message that comes in pieces.
        var message: [UInt8] = []
        swap(&message, &assembly)
        deliver(message.span)
        guard state == .open, message.capacity <= MediaLoop.sendBytesMax else { return 0 }
        message.removeAll(keepingCapacity: true)
        swap(&message, &assembly)
        return 0
    }

    private func deliver(_ message: Span<UInt8>) {
        if isBinary {
            handler?.webSocket(self, receivedBinary: message)
        } else {
            handler?.webSocket(self, receivedText: message)
        }
    }

    func heardPong() -> Int32 {
        heardAt = loop.seconds
        pingedAt = nil
        return 0
    }

    // MARK: Opening and ending

    func established() -> Int32 {
        guard state == .opening, wire != nil, handler != nil else { return -1 }
        if let connector {
            connector.finish()
            self.connector = nil
            // What came right behind the answer to our handshake is else left until the loop has nothing to do.
            wire?.askWritable()
        }
        state = .open
        wasOpen = true
        heardAt = loop.seconds
        if peerAddress.isEmpty { peerAddress = wire?.peerAddress ?? "" }
        handler?.webSocketDidOpen(self)
        return 0
    }

    /// The peer's close frame; libwebsockets answers it.
    func peerCloses(_ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int32 {
        guard state == .open else { return 0 }
        state = .closing
        closeAt = loop.seconds + loop.limits.closeTimeoutSeconds + 1
        if let bytes = unsafe bytes, count >= 2 {
            let frame = unsafe UnsafeRawBufferPointer(start: bytes, count: min(count, 125))
            closing.code = unsafe UInt16(frame[0]) << 8 | UInt16(frame[1])
            closing.reason = unsafe String(decoding: frame.dropFirst(2), as: UTF8.self)
        } else {
            closing.code = 1005
        }
        return 0
    }

    func note(_ error: String, replacing: Bool = false) {
        if replacing || closing.error == nil { closing.error = error }
    }

    private func fail(_ error: String) {
        note(error)
        abandon()
    }

    /// No more talk in either direction; the connection is dropped.
    private func abandon() {
        state = .closing
        if let wire {
            wire.cut()
            doom()
        } else {
            loop.afterCallbacks { self.wireGone() }
        }
    }

    override func wireGone() {
        if let connector, state == .opening {
            connector.attemptEnded()
            return
        }
        finish()
    }

    /// Tells the handler, once, and forgets everything.
    func finish() {
        guard state != .closed else { return }
        connector?.finish()
        connector = nil
        if state == .open { note("connection lost") }
        if state == .opening { note("connection lost before the upgrade was complete") }
        state = .closed
        queue = []
        waitingBytes = 0
        assembly = []
        let last = handler
        handler = nil
        loop.remove(self)
        binding?.noteGone()
        last?.webSocketDidClose(wasOpen ? self : nil, closing)
        loop.noteDeparture()
    }

    override func tick() {
        let limits = loop.limits
        if isDoomed || state == .closed { return }
        if let closeAt, loop.seconds >= closeAt {
            note("peer did not finish the close handshake within \(limits.closeTimeoutSeconds) s")
            abandon()
            return
        }
        guard state == .open, let wire else { return }
        let silence = loop.seconds - heardAt
        if silence >= limits.silenceTimeoutSeconds {
            fail("peer silent for \(silence) s")
        } else if silence >= limits.pingAfterIdleSeconds, loop.seconds >= (pingedAt ?? 0) + limits.pingAfterIdleSeconds,
            !wire.isPartial
        {
            pingedAt = loop.seconds
            // One byte, for libwebsockets keeps an empty pong to itself.
            unsafe loop.sendBuffer[Int(PARLEY_LWS_PRE)] = UInt8(ascii: "p")
            if unsafe !wire.write(loop.sendBuffer + Int(PARLEY_LWS_PRE), count: 1, as: .ping) { fail("write failed") }
        }
    }

    override func goAway() { close(code: 1001, reason: "going away") }
}
