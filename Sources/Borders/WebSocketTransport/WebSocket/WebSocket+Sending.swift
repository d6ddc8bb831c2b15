/// What goes out: straight to the kernel while nothing waits, otherwise in order through a bounded queue.
extension WebSocket {
    func send(_ message: Span<UInt8>, _ opcode: UInt8) -> SendOutcome {
        loop.assertCurrent()
        guard state == .open, let frames else { return .refused }
        guard queue.isEmpty, message.count <= MediaLoop.sendBytesMax - FrameStream.headerBytesMax else {
            if !queue.isEmpty, message.count > loop.limits.sendQueueBytesMax - queue.bytes { return .refused }
            guard let frame = frames.frame(message, opcode: opcode, masked: !isServer) else { return failed() }
            guard queue.isEmpty else { return enqueue(frame) }
            return unsafe frame.withUnsafeBufferPointer { bytes in unsafe writeNow(bytes) }
        }
        let room = unsafe UnsafeMutableBufferPointer(start: loop.sendBuffer, count: MediaLoop.sendBytesMax)
        guard let count = unsafe frames.write(message, opcode: opcode, masked: !isServer, to: room) else {
            return failed()
        }
        return unsafe writeNow(UnsafeBufferPointer(start: loop.sendBuffer, count: count))
    }

    func failed() -> SendOutcome {
        fail("write failed")
        return .refused
    }

    func enqueue(_ frame: [UInt8]) -> SendOutcome {
        guard frame.count <= loop.limits.sendQueueBytesMax - queue.bytes else { return .refused }
        queue.add(frame)
        return .queued
    }

    /// Writes a frame while nothing else waits; what the kernel does not take is kept.
    func writeNow(_ frame: UnsafeBufferPointer<UInt8>) -> SendOutcome {
        guard let wire, let base = frame.baseAddress else { return .sent }
        guard let written = unsafe wire.write(base, count: frame.count) else { return failed() }
        guard written < frame.count else { return .sent }
        unsafe queue.add(Array(frame[written...]))
        wire.watchWriting(true)
        return .queued
    }

    /// Sends a control frame, behind what waits.
    func sendControl(_ payload: Span<UInt8>, _ opcode: UInt8) {
        guard let frame = frames?.frame(payload, opcode: opcode, masked: !isServer) else { return fail("write failed") }
        if queue.isEmpty {
            _ = unsafe frame.withUnsafeBufferPointer { bytes in unsafe writeNow(bytes) }
        } else {
            queue.add(frame)
        }
    }

    func sendClose(_ code: UInt16, _ reason: String) {
        guard !hasSentClose else { return }
        hasSentClose = true
        let payload = CloseFrame(code: code, reason: reason).payload
        sendControl(payload.span, FrameStream.Opcode.close)
        finishWhenSaid()
    }

    /// The kernel takes bytes again.
    func flush() {
        guard let wire, state == .open || state == .closing else { return }
        guard queue.flush(to: wire) else { return fail("write failed") }
        guard queue.isEmpty else { return wire.watchWriting(true) }
        if let payload = pendingPong, !hasSentClose {
            pendingPong = nil
            sendControl(payload.span, FrameStream.Opcode.pong)
        }
        finishWhenSaid()
    }

    /// Both sides have said that they close, or the other one is not worth hearing, and our word is out.
    func finishWhenSaid() {
        guard hasSentClose, queue.isEmpty, let wire else { return }
        if isDeaf {
            // Closing with something unread would reset the connection and take our close frame with it.
            wire.finishWriting()
        } else if hasHeardClose, isServer {
            // The server closes first (RFC 6455, 7.1.1); the client waits for that.
            wire.finishWriting()
            doom()
        }
    }
}
