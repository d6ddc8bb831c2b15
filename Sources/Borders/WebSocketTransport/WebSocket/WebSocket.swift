import Glibc

/// One WebSocket, server or client side. Belongs to its loop's thread; not to be used elsewhere.
///
/// Sending while nothing is buffered goes straight to the kernel; otherwise the message waits in a bounded queue.
@safe package final class WebSocket: Peer {
    enum State { case opening, open, closing, closed }

    package private(set) var peerAddress: String
    private var handler: (any WebSocketHandler)?
    private(set) var state = State.opening
    var closing = WebSocketClosing()
    let isServer: Bool
    var frames: FrameStream?
    var queue = SendQueue()
    /// The latest ping that could not be answered at once.
    var pendingPong: [UInt8]?
    private var assembly: [UInt8] = []
    private var isAssembling = false
    private var isBinary = false
    /// A control frame that arrives in pieces.
    private var control: [UInt8] = []
    private var closeAt: Int?
    private var pingedAt: Int?
    var hasSentClose = false
    var hasHeardClose = false
    /// The peer broke the protocol: nothing it says counts any more.
    var isDeaf = false
    private var wasOpen = false
    /// Client side, until the socket is open.
    var connector: Connector?

    private static let framesAtOnce = 256

    init(
        loop: MediaLoop, binding: ServerBinding?, handler: any WebSocketHandler, peerAddress: String
    ) {
        self.handler = handler
        self.peerAddress = peerAddress
        isServer = binding != nil
        super.init(loop: loop, binding: binding)
    }

    package var isOpen: Bool { state == .open }

    /// Bytes that were sent but are not in the kernel yet.
    package var queuedBytes: Int { queue.bytes }

    /// Sends one text message; it must be valid UTF-8. See ``SendOutcome``.
    package func sendText(_ message: Span<UInt8>) -> SendOutcome { send(message, FrameStream.Opcode.text) }

    /// Sends one binary message. See ``SendOutcome``.
    package func sendBinary(_ message: Span<UInt8>) -> SendOutcome { send(message, FrameStream.Opcode.binary) }

    /// Sends one whole frame that the caller has framed and, on the client side, masked (RFC 6455, 5.2): for a load generator,
    /// to which masking is a good part of its work. See ``SendOutcome``.
    package func sendFramed(_ frame: Span<UInt8>) -> SendOutcome {
        loop.assertCurrent()
        guard state == .open else { return .refused }
        guard queue.isEmpty else { return enqueue(unsafe frame.withUnsafeBufferPointer { unsafe Array($0) }) }
        return unsafe frame.withUnsafeBufferPointer { bytes in unsafe writeNow(bytes) }
    }

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
        guard state == .open else {
            abandon()
            return
        }
        beginClosing()
        sendClose(code, reason)
    }

    /// Drops the TCP connection at once, without a close frame. `webSocketDidClose` follows, not from inside this call.
    package func abort() {
        loop.assertCurrent()
        guard state != .closed else { return }
        if state == .opening { closing.error = closing.error ?? "aborted" }
        abandon()
    }

    // MARK: Receiving

    override func wireIsReady(reading: Bool, writing: Bool) {
        if let connector, state == .opening { return connector.wireIsReady(reading: reading, writing: writing) }
        if writing { flush() }
        if reading { receive() }
    }

    private func receive() {
        guard !isDeaf else { return listenDeafly() }
        guard let frames else { return }
        frames.wake()
        for _ in 0..<Self.framesAtOnce {
            switch frames.next() {
            case .nothing: return
            case .end, .broken: return wireEnded()
            case .malformed: return breakOff(1_002, "malformed frame")
            case .piece(let piece): take(piece)
            }
            if isDoomed { return }
            if isDeaf { return listenDeafly() }
        }
        wire?.readAgain()
    }

    private func listenDeafly() {
        switch wire?.discard() {
        case .end, .broken, nil: doom()
        case .nothing, .bytes: break
        }
    }

    private func wireEnded() {
        if state == .open { note("connection lost") }
        doom()
    }

    private func take(_ piece: FrameStream.Piece) {
        heardAt = loop.seconds
        pingedAt = nil
        guard piece.reserved == 0 else { return breakOff(1_002, "reserved bits are set") }
        guard piece.isMasked == isServer else {
            return breakOff(1_002, isServer ? "a client's frame is not masked" : "a server's frame is masked")
        }
        switch piece.opcode {
        case FrameStream.Opcode.continuation, FrameStream.Opcode.text, FrameStream.Opcode.binary: takeData(piece)
        case FrameStream.Opcode.close, FrameStream.Opcode.ping, FrameStream.Opcode.pong: takeControl(piece)
        default: breakOff(1_002, "unknown opcode")
        }
    }

    private func takeData(_ piece: FrameStream.Piece) {
        guard state == .open else { return }
        if piece.isFirst {
            guard isAssembling == (piece.opcode == FrameStream.Opcode.continuation) else {
                return breakOff(1_002, "fragments out of order")
            }
            if !isAssembling { isBinary = piece.opcode == FrameStream.Opcode.binary }
            // Compared before anything is added up: a claim may be as large as 2^63 - 1. `assembly` is within the limit.
            guard piece.payloadBytes <= UInt64(clamping: loop.limits.webSocketMessageBytesMax - assembly.count) else {
                return breakOff(1_009, "message above \(loop.limits.webSocketMessageBytesMax) bytes")
            }
            if piece.isFinal, piece.isLast, !isAssembling { return deliver(unsafe piece.bytes.span) }
        }
        isAssembling = true
        unsafe assembly.append(contentsOf: piece.bytes)
        guard piece.isFinal, piece.isLast else { return }
        isAssembling = false
        // Taken out meanwhile: the handler may close the socket. Its storage serves the next message that comes in pieces.
        var message: [UInt8] = []
        swap(&message, &assembly)
        deliver(message.span)
        guard state == .open, message.capacity <= MediaLoop.sendBytesMax else { return }
        message.removeAll(keepingCapacity: true)
        swap(&message, &assembly)
    }

    private func deliver(_ message: Span<UInt8>) {
        loop.noteMessage()
        if isBinary {
            handler?.webSocket(self, receivedBinary: message)
        } else {
            guard Self.isUTF8(message) else { return breakOff(1_007, "text is not UTF-8") }
            handler?.webSocket(self, receivedText: message)
        }
    }

    private static func isUTF8(_ text: Span<UInt8>) -> Bool {
        do {
            _ = try UTF8Span(validating: text)
            return true
        } catch {
            return false
        }
    }

    private func takeControl(_ piece: FrameStream.Piece) {
        // 125 bytes at most, or wslay had refused the frame.
        if piece.isFirst { control.removeAll(keepingCapacity: true) }
        unsafe control.append(contentsOf: piece.bytes)
        guard piece.isLast else { return }
        switch piece.opcode {
        case FrameStream.Opcode.ping where !hasSentClose:
            let payload = control
            if queue.isEmpty { sendControl(payload.span, FrameStream.Opcode.pong) } else { pendingPong = payload }
        case FrameStream.Opcode.close: peerCloses()
        default: break
        }
    }

    private func peerCloses() {
        guard !hasHeardClose else { return }
        hasHeardClose = true
        let said: CloseFrame?
        do throws(CloseFrame.Refusal) { said = try CloseFrame(payload: control) } catch {
            return breakOff(error == .notUTF8 ? 1_007 : 1_002, "malformed close frame")
        }
        let isNews = state == .open
        if isNews {
            closing.code = said?.code ?? 1_005
            closing.reason = said?.reason ?? ""
            beginClosing()
        }
        defer { if isNews { tellEnd() } }
        if hasSentClose { return finishWhenSaid() }
        if let code = said?.code { return sendClose(code, "") }
        hasSentClose = true
        sendControl([UInt8]().span, FrameStream.Opcode.close)
        finishWhenSaid()
    }

    /// Fails the connection (RFC 6455, 7.1.7): the peer is told why, and is not heard any more.
    private func breakOff(_ code: UInt16, _ why: String) {
        guard state == .open || state == .closing, !isDeaf else { return }
        isDeaf = true
        assembly = []
        let isNews = state == .open
        if isNews {
            closing.code = code
            note(why)
            beginClosing()
        }
        defer { if isNews { tellEnd() } }
        if hasSentClose { finishWhenSaid() } else { sendClose(code, why) }
    }

    /// The handler hears of the end, once: as soon as the peer has said its last. Whatever TCP still takes, nobody has to wait
    /// for it.
    private func tellEnd() {
        let last = handler
        handler = nil
        last?.webSocketDidClose(wasOpen ? self : nil, closing)
    }

    private func beginClosing() {
        state = .closing
        closeAt = loop.seconds + loop.limits.closeTimeoutSeconds + 1
    }

    // MARK: Opening and ending

    /// Server: takes over a connection with a handshake that was admitted, and answers it.
    static func begin(
        _ handshake: Handshake, on loop: MediaLoop, binding: ServerBinding, handler: any WebSocketHandler
    ) {
        let socket = WebSocket(
            loop: loop, binding: binding, handler: handler, peerAddress: handshake.request.peerAddress)
        socket.wire = handshake.wire
        loop.add(socket)
        handshake.wire.attach(to: socket)
        let answer = Array(handshake.upgrade.answer.utf8)
        _ = unsafe answer.withUnsafeBufferPointer { bytes in unsafe socket.writeNow(bytes) }
        socket.established(early: [])
    }

    /// - Parameter early: what came right behind the answer to a client's handshake.
    func established(early: ArraySlice<UInt8>) {
        guard state == .opening, !isDoomed, let wire, let handler,
            let frames = FrameStream(wire: wire, loop: loop, early: early)
        else { return abandon() }
        connector?.finish()
        connector = nil
        self.frames = frames
        state = .open
        wasOpen = true
        heardAt = loop.seconds
        handler.webSocketDidOpen(self)
        // What is here already, in our hands or in those of TLS, is told by no event.
        if !early.isEmpty || wire.isTLS { wire.readAgain() }
    }

    func note(_ error: String, replacing: Bool = false) {
        if replacing || closing.error == nil { closing.error = error }
    }

    func fail(_ error: String) {
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

    /// Forgets everything, and tells the handler where it does not know.
    func finish() {
        guard state != .closed else { return }
        connector?.finish()
        connector = nil
        if state == .open { note("connection lost") }
        if state == .opening { note("connection lost before the upgrade was complete") }
        state = .closed
        queue = SendQueue()
        assembly = []
        frames = nil
        loop.remove(self)
        binding?.noteGone()
        tellEnd()
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
        guard state == .open else { return }
        let silence = loop.seconds - heardAt
        if silence >= limits.silenceTimeoutSeconds {
            fail("peer silent for \(silence) s")
        } else if silence > limits.handshakeTimeoutSeconds, frames?.isMidFrame == true {
            breakOff(1_002, "a frame was begun and not finished")
        } else if silence >= limits.pingAfterIdleSeconds, loop.seconds >= (pingedAt ?? 0) + limits.pingAfterIdleSeconds,
            queue.isEmpty
        {
            pingedAt = loop.seconds
            sendControl([UInt8]().span, FrameStream.Opcode.ping)
        }
    }

    override func goAway() { close(code: 1001, reason: "going away") }
}
