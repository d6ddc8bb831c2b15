/// A body that is not whole yet, in pieces: one array would be copied as it grows and hold up to twice what it needs.
struct BodyPieces {
    private static let pieceBytes = 16 << 10

    private var full: [[UInt8]] = []
    private var last: [UInt8] = []
    private(set) var count = 0

    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        if last.count >= Self.pieceBytes {
            full.append(last)
            last = []
        }
        unsafe last.append(contentsOf: bytes)
        count += bytes.count
    }

    /// The bytes in one piece; nothing is left here.
    mutating func take() -> [UInt8] {
        var whole: [UInt8] = []
        whole.reserveCapacity(count)
        for piece in full { whole += piece }
        whole += last
        self = BodyPieces()
        return whole
    }
}
