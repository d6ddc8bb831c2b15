import Testing

@testable import LoadBenchmark

@Suite struct ClientFrameTests {
    /// Reads one frame as a server does (RFC 6455, 5.2).
    private func read(_ frame: [UInt8]) -> (first: UInt8, text: [UInt8])? {
        guard frame.count >= 6, frame[1] & 0x80 != 0 else { return nil }
        var at = 2
        var count = Int(frame[1] & 0x7F)
        let more = count == 126 ? 2 : count == 127 ? 8 : 0
        if more > 0 { count = frame[2..<2 + more].reduce(0) { $0 << 8 | Int($1) } }
        at += more
        let mask = Array(frame[at..<at + 4])
        let rest = frame[(at + 4)...]
        guard rest.count == count else { return nil }
        return (frame[0], rest.enumerated().map { $0.element ^ mask[$0.offset % 4] })
    }

    @Test func `text of any length is framed and masked, with another mask each time`() throws {
        var frame = ClientFrame(dice: Dice(seed: 7))
        var masks: Set<[UInt8]> = []
        for count in Array(0...700) + [65_535, 65_536, 70_001] {
            let text = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ count) }

            let length = frame.write(text.span)

            let written = frame.written(length)
            let message = try #require(read(written), "\(count) bytes")
            #expect(message.first == 0x81)
            #expect(message.text == text, "\(count) bytes")
            masks.insert(Array(written[(length - count - 4)..<(length - count)]))
        }
        #expect(masks.count > 690)
    }
}
