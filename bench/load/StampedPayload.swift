import Glibc

/// The base64 payload of one media message, of which only the stamps are decoded.
struct StampedPayload: ~Escapable {
    private let text: Span<UInt8>
    private let start: Int
    /// Length of the audio; -1 when the payload does not end or is no base64 of whole bytes.
    let bytes: Int

    /// - Parameter start: where the base64 begins; it ends at the next quotation mark.
    @_lifetime(copy text)
    init(_ text: Span<UInt8>, from start: Int) {
        self.text = text
        self.start = start
        let quote = unsafe text.withUnsafeBufferPointer { message in
            guard let base = message.baseAddress, start <= message.count,
                let end = unsafe memchr(base + start, Int32(UInt8(ascii: "\"")), message.count - start)
            else { return -1 }
            return unsafe UnsafeRawPointer(end) - UnsafeRawPointer(base)
        }
        let digits = quote - start
        guard digits > 0, digits % 4 == 0 else {
            bytes = -1
            return
        }
        var padding = 0
        while padding < 2, text[quote - 1 - padding] == UInt8(ascii: "=") { padding += 1 }
        bytes = digits / 4 * 3 - padding
    }

    /// The stamp of the frame that begins at byte `place`; nil when there is none.
    func stamp(at place: Int) -> FrameStamp? {
        var decoded: InlineArray<18, UInt8> = .init(repeating: 0)
        var digit = start + place / 3 * 4
        for group in 0..<6 {
            guard digit + 4 <= text.count else { break }
            var bits: UInt32 = 0
            for _ in 0..<4 {
                bits = bits << 6 | UInt32(max(0, Self.values[Int(text[digit])]))
                digit += 1
            }
            decoded[group * 3] = UInt8(truncatingIfNeeded: bits >> 16)
            decoded[group * 3 + 1] = UInt8(truncatingIfNeeded: bits >> 8)
            decoded[group * 3 + 2] = UInt8(truncatingIfNeeded: bits)
        }
        return FrameStamp.read(decoded.span, at: place % 3)
    }

    private static let values: InlineArray<256, Int8> = {
        var table = InlineArray<256, Int8>(repeating: -1)
        for (value, code) in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8.enumerated() {
            table[Int(code)] = Int8(value)
        }
        return table
    }()
}
