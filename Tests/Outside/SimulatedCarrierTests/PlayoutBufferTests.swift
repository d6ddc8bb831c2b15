import Runtime
import Testing

@testable import SimulatedCarrier

@Suite struct PlayoutBufferTests {
    private func at(_ ms: Int64) -> MonotonicTime { MonotonicTime(milliseconds: 5_000 + ms) }
    private func tone(_ ms: Int, _ code: UInt8 = 0x10) -> [UInt8] { Array(repeating: code, count: ms * 8) }

    @Test func `audio is heard from the moment it arrives, with silence before and after`() {
        var buffer = PlayoutBuffer(startedAt: at(0))

        _ = buffer.append(tone(20), at: at(100))
        _ = buffer.advance(to: at(140))

        #expect(buffer.heard == tone(100, 0xFF) + tone(20) + tone(20, 0xFF))
        #expect(buffer.firstByteAtSample == 800)
        #expect(buffer.playedBytes == 160)
    }

    @Test func `audio sent faster than real time is played one after the other without a gap`() {
        var buffer = PlayoutBuffer(startedAt: at(0))

        _ = buffer.append(tone(20, 1), at: at(0))
        _ = buffer.append(tone(20, 2), at: at(0))
        _ = buffer.append(tone(20, 3), at: at(30))
        _ = buffer.advance(to: at(60))

        #expect(buffer.heard == tone(20, 1) + tone(20, 2) + tone(20, 3))
        #expect(buffer.isIdle)
    }

    @Test func `a mark is echoed when everything before it has been played and not sooner`() {
        var buffer = PlayoutBuffer(startedAt: at(0))
        _ = buffer.append(tone(40), at: at(0))

        #expect(buffer.mark("a", at: at(0)) == [])
        #expect(buffer.append(tone(40), at: at(0)) == [])
        #expect(buffer.mark("b", at: at(0)) == [])

        #expect(buffer.advance(to: at(39)) == [])
        #expect(buffer.advance(to: at(40)) == ["a"])
        #expect(buffer.advance(to: at(200)) == ["b"])
    }

    @Test func `a mark on an idle stream is echoed at once, duplicates as often as sent`() {
        var buffer = PlayoutBuffer(startedAt: at(0))

        #expect(buffer.mark("x", at: at(10)) == ["x"])
        #expect(buffer.mark("x", at: at(10)) == ["x"])
    }

    @Test func `clear echoes every pending mark and what it dropped is never heard`() {
        var buffer = PlayoutBuffer(startedAt: at(0))
        _ = buffer.append(tone(100, 7), at: at(0))
        _ = buffer.mark("a", at: at(0))
        _ = buffer.append(tone(100, 9), at: at(0))
        _ = buffer.mark("b", at: at(0))

        let echoes = buffer.clear(at: at(50))
        _ = buffer.append(tone(20, 8), at: at(60))
        _ = buffer.advance(to: at(300))

        #expect(echoes == ["a", "b"])
        #expect(buffer.discardedBytes == 150 * 8)
        #expect(buffer.discards.first?.atSample == 400)
        #expect(buffer.discards.first?.audio == tone(50, 7) + tone(100, 9))
        #expect(buffer.heard == tone(50, 7) + tone(10, 0xFF) + tone(20, 8) + tone(220, 0xFF))
    }

    @Test func `a clear on an empty queue is harmless`() {
        var buffer = PlayoutBuffer(startedAt: at(0))

        #expect(buffer.clear(at: at(10)) == [])
        _ = buffer.append(tone(10), at: at(10))
        _ = buffer.advance(to: at(20))

        #expect(buffer.heard == tone(10, 0xFF) + tone(10))
    }

    @Test func `audio beyond ten minutes of queue is dropped and counted`() {
        var buffer = PlayoutBuffer(startedAt: at(0))
        _ = buffer.append(Array(repeating: 1, count: PlayoutBuffer.queuedBytesMax - 100), at: at(0))

        _ = buffer.append(Array(repeating: 2, count: 160), at: at(0))
        _ = buffer.append(Array(repeating: 3, count: 160), at: at(0))

        #expect(buffer.queuedBytes == PlayoutBuffer.queuedBytesMax)
        #expect(buffer.overflowBytes == 220)
    }

    @Test func `a clock that steps back changes nothing`() {
        var buffer = PlayoutBuffer(startedAt: at(0))
        _ = buffer.append(tone(40), at: at(0))
        _ = buffer.advance(to: at(20))

        #expect(buffer.advance(to: at(10)) == [])
        #expect(buffer.positionSamples == 160)
    }

    @Test func `payloads of odd sizes keep their place to the sample`() {
        var buffer = PlayoutBuffer(startedAt: at(0))
        for size in [1, 7, 159, 161, 0, 333] { _ = buffer.append(Array(repeating: 5, count: size), at: at(0)) }

        _ = buffer.advance(to: at(100))

        #expect(buffer.playedBytes == 661)
        #expect(buffer.heard.prefix(661).allSatisfy { $0 == 5 })
        #expect(buffer.heard.count == 800)
        #expect(buffer.heard.dropFirst(661).allSatisfy { $0 == 0xFF })
    }
}
