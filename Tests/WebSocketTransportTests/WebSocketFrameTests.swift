import Testing

@testable import WebSocketTransport

@Suite struct WebSocketFrameTests {
    /// Reads one frame as its receiver does (RFC 6455, 5.2).
    private func read(_ frame: [UInt8]) -> (first: UInt8, mask: [UInt8], message: [UInt8])? {
        guard frame.count >= 2 else { return nil }
        var at = 2
        var count = Int(frame[1] & 0x7F)
        let more = count == 126 ? 2 : count == 127 ? 8 : 0
        if more > 0 { count = frame[2..<2 + more].reduce(0) { $0 << 8 | Int($1) } }
        at += more
        let mask = frame[1] & 0x80 == 0 ? [] : Array(frame[at..<at + 4])
        let rest = frame[(at + mask.count)...]
        guard rest.count == count else { return nil }
        let message = mask.isEmpty ? Array(rest) : rest.enumerated().map { $0.element ^ mask[$0.offset % 4] }
        return (frame[0], mask, message)
    }

    private func write(_ message: [UInt8], isText: Bool, mask: UInt32?) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: WebSocketFrame.roomBytes + message.count)
        let header = bytes.withUnsafeMutableBufferPointer { bytes in
            bytes.baseAddress.map {
                WebSocketFrame.write(message.span, isText: isText, mask: mask, at: $0 + WebSocketFrame.roomBytes)
            } ?? 0
        }
        return Array(bytes[(WebSocketFrame.roomBytes - header)...])
    }

    @Test(arguments: [true, false], [nil, 0xA1B2_C3D4 as UInt32])
    func `a message of any length is framed, and masked where it is a client's`(isText: Bool, mask: UInt32?) throws {
        for count in Array(0...300) + [65_535, 65_536, 70_001] {
            let message = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ count) }

            let frame = try #require(read(write(message, isText: isText, mask: mask)), "\(count) bytes")

            #expect(frame.first == (isText ? 0x81 : 0x82))
            #expect(frame.message == message, "\(count) bytes")
            #expect(frame.mask == (mask == nil ? [] : [0xD4, 0xC3, 0xB2, 0xA1]))
        }
    }

    @Test func `masks differ from each other, past those fetched at once too`() {
        let masks = FrameMasks()

        let drawn = Set((0..<5_000).map { _ in masks.next() })

        #expect(drawn.count > 4_990)
    }
}
