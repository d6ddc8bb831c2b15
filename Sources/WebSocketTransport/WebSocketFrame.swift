internal import CLibWebSockets

/// One whole message as it is on the wire (RFC 6455, 5.2), framed and masked here: the library asks the kernel for each
/// mask, masks byte by byte, and takes a longer way through its service code for it.
///
/// A frame is written into memory that has ``roomBytes`` before the message; its header goes there, as far back as it is long.
enum WebSocketFrame {
    private static let headerBytesMax = 14
    static let roomBytes = Int(PARLEY_LWS_PRE) + headerBytesMax

    /// Writes header and message around `place`, before which ``roomBytes`` are writable; returns the header's length.
    ///
    /// - Parameters:
    ///   - mask: a client's, new for each message; nil on the server side.
    static func write(
        _ message: Span<UInt8>, isText: Bool, mask: UInt32?, at place: UnsafeMutablePointer<UInt8>
    ) -> Int {
        let count = message.count
        let masking: UInt8 = mask == nil ? 0 : 0x80
        let lengthBytes = count < 126 ? 0 : count < 65_536 ? 2 : 8
        let headerBytes = 2 + lengthBytes + (mask == nil ? 0 : 4)
        let header = unsafe place - headerBytes
        unsafe header[0] = isText ? 0x81 : 0x82
        unsafe header[1] = masking | (lengthBytes == 0 ? UInt8(count) : lengthBytes == 2 ? 126 : 127)
        for index in 0..<lengthBytes {
            unsafe header[2 + index] = UInt8(truncatingIfNeeded: count >> (8 * (lengthBytes - 1 - index)))
        }
        unsafe message.withUnsafeBytes { source in
            guard let mask, let start = source.baseAddress else {
                if let start = source.baseAddress {
                    unsafe UnsafeMutableRawPointer(place).copyMemory(from: start, byteCount: count)
                }
                return
            }
            unsafe UnsafeMutableRawPointer(place - 4).storeBytes(of: mask.littleEndian, as: UInt32.self)
            unsafe masked(start, count, with: mask, to: UnsafeMutableRawPointer(place))
        }
        return headerBytes
    }

    /// Eight bytes at a time; what is left of the last eight, byte by byte.
    private static func masked(
        _ source: UnsafeRawPointer, _ count: Int, with mask: UInt32, to target: UnsafeMutableRawPointer
    ) {
        let pattern = (UInt64(mask) << 32 | UInt64(mask)).littleEndian
        var place = 0
        while place + 8 <= count {
            let word = unsafe source.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            unsafe target.storeBytes(of: word ^ pattern, toByteOffset: place, as: UInt64.self)
            place += 8
        }
        while place < count {
            let code = unsafe source.load(fromByteOffset: place, as: UInt8.self)
            let key = UInt8(truncatingIfNeeded: mask >> (8 * UInt32(place & 3)))
            unsafe target.storeBytes(of: code ^ key, toByteOffset: place, as: UInt8.self)
            place += 1
        }
    }
}

/// Masks of a loop's client frames: unpredictable (RFC 6455, 10.3), so they come from the kernel, a thousand at a time.
/// Owned by the loop's thread.
@safe final class FrameMasks {
    private static let fetched = 1_024

    private let masks: UnsafeMutablePointer<UInt32>
    private var left = 0

    init() { unsafe masks = .allocate(capacity: Self.fetched) }
    deinit { unsafe masks.deallocate() }

    func next() -> UInt32 {
        if left == 0 { fetch() }
        left -= 1
        return unsafe masks[left]
    }

    private func fetch() {
        let ok = unsafe parley_random(masks, Self.fetched * MemoryLayout<UInt32>.size)
        precondition(ok, "the kernel gives no random numbers")
        left = Self.fetched
    }
}
