import CTransport

/// The frames of one WebSocket, both ways, by wslay (RFC 6455, 5): headers, lengths, masks, the bounds of control frames.
///
/// It reads straight from the wire and lends each piece of a payload, unmasked, until the next one is asked for.
@safe final class FrameStream {
    /// A part of one frame's payload, with what the frame's header says. An empty frame is one empty piece.
    @safe struct Piece {
        var opcode: UInt8
        var isFinal: Bool
        var isMasked: Bool
        /// The three reserved bits.
        var reserved: UInt8
        /// Of the whole frame: as many as the other side claims, up to 2^63 - 1.
        var payloadBytes: UInt64
        /// Of the frame's payload before this piece.
        var offset: UInt64
        var bytes: UnsafeBufferPointer<UInt8>

        var isFirst: Bool { offset == 0 }
        var isLast: Bool { payloadBytes - offset == UInt64(clamping: unsafe bytes.count) }

        /// Of the frame's header, whose length takes no more bytes than it needs.
        var headerBytes: Int {
            let extra = payloadBytes < 126 ? 0 : payloadBytes <= 0xFFFF ? 2 : 8
            return 2 + extra + (isMasked ? 4 : 0)
        }
    }

    enum Received {
        case piece(Piece)
        case nothing
        case end
        case broken
        /// What no frame is: RFC 6455 ends the connection with 1002.
        case malformed
    }

    enum Opcode {
        static let continuation: UInt8 = 0
        static let text: UInt8 = 1
        static let binary: UInt8 = 2
        static let close: UInt8 = 8
        static let ping: UInt8 = 9
        static let pong: UInt8 = 10
    }

    static let headerBytesMax = 14

    private let wire: Wire
    private let loop: MediaLoop
    private var context: OpaquePointer?
    /// What came behind the answer to a client's handshake.
    private var early: ArraySlice<UInt8>
    /// Of the frame that is being received.
    private var offset: UInt64 = 0
    private var reading = Wire.Reading.nothing
    /// The kernel may have more than was read.
    private var mayRead = false
    /// Fetched, and not yet lent as a part of a frame or known as its header.
    private var undecoded = 0
    /// Where a frame that is being made goes.
    private var target = unsafe UnsafeMutableBufferPointer<UInt8>(start: nil, count: 0)
    private var targetCount = 0

    /// nil when there is no memory.
    init?(wire: Wire, loop: MediaLoop, early: ArraySlice<UInt8> = []) {
        self.wire = wire
        self.loop = loop
        self.early = early
        var callbacks = unsafe wslay_frame_callbacks(
            send_callback: { bytes, count, _, me in unsafe FrameStream.of(me, { unsafe $0.keep(bytes, count) }) },
            recv_callback: { bytes, count, _, me in unsafe FrameStream.of(me, { unsafe $0.fetch(bytes, count) }) },
            genmask_callback: { bytes, count, me in
                let mask = unsafe UnsafeMutableBufferPointer(start: bytes, count: count)
                return unsafe Int32(clamping: FrameStream.of(me) { unsafe $0.loop.randomness.fill(mask) ? 0 : -1 })
            })
        let me = unsafe Unmanaged.passUnretained(self).toOpaque()
        guard unsafe wslay_frame_context_init(&context, &callbacks, me) == 0 else { return nil }
    }

    deinit { if let context = unsafe context { unsafe wslay_frame_context_free(context) } }

    private static func of(_ me: UnsafeMutableRawPointer?, _ body: (FrameStream) -> Int) -> Int {
        guard let me = unsafe me else { return -1 }
        return unsafe Unmanaged<FrameStream>.fromOpaque(me)._withUnsafeGuaranteedRef(body)
    }

    // MARK: Receiving

    /// A frame has begun to arrive, and its end has not come.
    var isMidFrame: Bool { offset > 0 || undecoded > 0 }

    /// The wire has something to read.
    func wake() { mayRead = true }

    func next() -> Received {
        var frame = unsafe wslay_frame_iocb()
        let count = unsafe wslay_frame_recv(context, &frame)
        guard count >= 0 else {
            guard count == Int(WSLAY_ERR_WANT_READ.rawValue) else { return .malformed }
            return switch reading {
            case .end: .end
            case .broken: .broken
            default: .nothing
            }
        }
        let piece = unsafe Piece(
            opcode: frame.opcode, isFinal: frame.fin != 0, isMasked: frame.mask != 0, reserved: frame.rsv,
            payloadBytes: frame.payload_length, offset: offset,
            bytes: UnsafeBufferPointer(start: frame.data, count: frame.data_length))
        undecoded -= unsafe piece.bytes.count + (piece.isFirst ? piece.headerBytes : 0)
        // Never above the length, which is below 2^63: wslay lends no byte of another frame.
        offset = piece.isLast ? 0 : offset &+ UInt64(clamping: unsafe piece.bytes.count)
        return .piece(piece)
    }

    /// wslay wants up to `count` bytes. 0: none at the moment, or none ever again.
    private func fetch(_ bytes: UnsafeMutablePointer<UInt8>?, _ count: Int) -> Int {
        guard let bytes = unsafe bytes, count > 0 else { return 0 }
        if !early.isEmpty {
            let taken = min(count, early.count)
            for (index, byte) in early.prefix(taken).enumerated() { unsafe bytes[index] = byte }
            early = early.dropFirst(taken)
            undecoded += taken
            return taken
        }
        guard mayRead else { return 0 }
        reading = unsafe wire.read(into: bytes, capacity: count)
        guard case .bytes(let got) = reading else {
            mayRead = false
            return 0
        }
        // A socket that gave less than it could is empty: the next event says when it is not.
        if got < count, !wire.isTLS { mayRead = false }
        undecoded += got
        return got
    }

    // MARK: Sending

    /// Writes one whole frame to `room`, which has ``headerBytesMax`` bytes more than `payload`; nil when there is no
    /// randomness for its mask.
    /// - Returns: the frame's size.
    func write(
        _ payload: Span<UInt8>, opcode: UInt8, masked: Bool, to room: UnsafeMutableBufferPointer<UInt8>
    ) -> Int? {
        unsafe target = room
        targetCount = 0
        defer { unsafe target = UnsafeMutableBufferPointer(start: nil, count: 0) }
        let sent = unsafe payload.withUnsafeBufferPointer { bytes in
            var frame = unsafe wslay_frame_iocb()
            unsafe frame.fin = 1
            unsafe frame.opcode = opcode
            unsafe frame.mask = masked ? 1 : 0
            unsafe frame.payload_length = UInt64(clamping: bytes.count)
            unsafe frame.data = bytes.baseAddress
            unsafe frame.data_length = bytes.count
            return unsafe wslay_frame_send(context, &frame)
        }
        return sent == payload.count ? targetCount : nil
    }

    /// One whole frame with storage of its own.
    func frame(_ payload: Span<UInt8>, opcode: UInt8, masked: Bool) -> [UInt8]? {
        let room = payload.count + Self.headerBytesMax
        let frame = unsafe [UInt8](unsafeUninitializedCapacity: room) { bytes, count in
            count = unsafe write(payload, opcode: opcode, masked: masked, to: bytes) ?? 0
        }
        return frame.isEmpty ? nil : frame
    }

    private func keep(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int {
        let room = unsafe target.count - targetCount
        guard let bytes = unsafe bytes, let base = unsafe target.baseAddress, count <= room else { return -1 }
        unsafe (base + targetCount).update(from: bytes, count: count)
        targetCount += count
        return count
    }
}
