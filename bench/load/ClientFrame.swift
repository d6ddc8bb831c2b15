import WebSocketTransport

/// One text message of a WebSocket client as it is on the wire (RFC 6455, 5.2), framed and masked here: the library asks the
/// kernel for each mask and masks byte by byte, which was a sixth of the generator's time. Loop thread only.
struct ClientFrame {
    private static let headerBytesMax = 14

    private var bytes: [UInt8] = []
    /// Peers of the generator are not browsers: a mask need not be unpredictable, only different each time.
    private var dice: Dice

    init(dice: Dice) { self.dice = dice }

    /// Hot path: sends `text`, valid UTF-8, over `socket`.
    mutating func send(_ text: Span<UInt8>, over socket: WebSocket) -> SendOutcome {
        let length = write(text)
        return socket.sendFramed(bytes.span.extracting(0..<length))
    }

    /// Writes the frame of `text`; returns its length.
    mutating func write(_ text: Span<UInt8>) -> Int {
        // Room for whole words behind the text.
        let room = Self.headerBytesMax + text.count + 8
        if bytes.count < room { bytes = [UInt8](repeating: 0, count: room) }
        let mask = UInt32(truncatingIfNeeded: dice.next())
        var at = header(textBytes: text.count)
        for place in 0..<4 { bytes[at + place] = UInt8(truncatingIfNeeded: mask >> (8 * UInt32(place))) }
        at += 4
        let pattern = UInt64(mask) << 32 | UInt64(mask)
        unsafe text.withUnsafeBytes { source in
            unsafe bytes.withUnsafeMutableBytes { target in
                var place = 0
                while place + 8 <= source.count {
                    let word = unsafe source.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                    unsafe target.storeBytes(of: word ^ pattern, toByteOffset: at + place, as: UInt64.self)
                    place += 8
                }
                while place < source.count {
                    unsafe target[at + place] =
                        source[place] ^ UInt8(truncatingIfNeeded: pattern >> (8 * UInt64(place & 7)))
                    place += 1
                }
            }
        }
        return at + text.count
    }

    /// Final text frame, masked; returns where the mask goes.
    private mutating func header(textBytes count: Int) -> Int {
        bytes[0] = 0x81
        switch count {
        case ..<126:
            bytes[1] = 0x80 | UInt8(count)
            return 2
        case ..<65_536:
            bytes[1] = 0x80 | 126
            bytes[2] = UInt8(count >> 8)
            bytes[3] = UInt8(count & 0xFF)
            return 4
        default:
            bytes[1] = 0x80 | 127
            for place in 0..<8 { bytes[2 + place] = UInt8(truncatingIfNeeded: count >> (56 - 8 * place)) }
            return 10
        }
    }

    /// What ``write(_:)`` wrote.
    func written(_ length: Int) -> [UInt8] { Array(bytes.prefix(length)) }
}
