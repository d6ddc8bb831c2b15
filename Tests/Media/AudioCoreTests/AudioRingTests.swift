import AudioCore
import Testing

@Suite struct AudioRingTests {
    /// Reads n bytes and returns them with the count of real ones.
    func read(_ bytes: Int, from ring: inout AudioRing) -> ([UInt8], Int) {
        var frame = [UInt8](repeating: 0, count: bytes)
        var span = frame.mutableSpan
        let real = ring.read(into: &span)
        return (frame, real)
    }

    @Test func `bytes come out in the order they went in, across the wrap`() {
        var ring = AudioRing(capacityBytes: 7)
        var next: UInt8 = 0
        var expected: UInt8 = 0
        for round in 0..<100 {
            let chunk = (0..<(round % 5)).map { _ in
                defer { next &+= 1 }
                return next
            }
            let taken = ring.write(chunk.span)
            next = next &- UInt8(chunk.count - taken)
            let (bytes, real) = read(3, from: &ring)
            for byte in bytes[..<real] {
                #expect(byte == expected)
                expected &+= 1
            }
        }
        #expect(expected > 100)
    }

    @Test func `what does not fit is refused and counted`() {
        var ring = AudioRing(capacityBytes: 4)

        let taken = ring.write([1, 2, 3, 4, 5, 6].span)

        #expect(taken == 4)
        #expect(ring.overrunBytes == 2)
        #expect(read(4, from: &ring).0 == [1, 2, 3, 4])
    }

    @Test func `a short read is padded with silence and counted`() {
        var ring = AudioRing(capacityBytes: 10)
        _ = ring.write([1, 2].span)

        let (frame, real) = read(5, from: &ring)

        #expect(frame == [1, 2, 0xFF, 0xFF, 0xFF])
        #expect(real == 2)
        #expect(ring.underrunBytes == 3)
    }

    @Test func `a flush forgets everything and says how much`() {
        var ring = AudioRing(capacityBytes: 10)
        _ = ring.write([1, 2, 3].span)

        #expect(ring.flush() == 3)

        #expect(ring.count == 0)
        _ = ring.write([9].span)
        #expect(read(1, from: &ring) == ([9], 1))
    }

    @Test func `dropping the oldest keeps the newest and never more than there is`() {
        var ring = AudioRing(capacityBytes: 5)
        _ = ring.write([1, 2, 3, 4, 5].span)

        #expect(ring.dropOldest(2) == 2)
        #expect(ring.write([6, 7].span) == 2)

        #expect(read(5, from: &ring).0 == [3, 4, 5, 6, 7])
        #expect(ring.dropOldest(9) == 0)
        #expect(ring.dropOldest(-1) == 0)
        #expect(ring.overrunBytes == 2)
    }

    @Test func `empty writes and reads do nothing`() {
        var ring = AudioRing(capacityBytes: 1)

        #expect(ring.write([UInt8]().span) == 0)
        #expect(read(0, from: &ring).1 == 0)
        #expect(ring.underrunBytes == 0)
    }

    @Test func `speech longer than a block comes out whole, and what it lay in serves the next call`() {
        let pool = AudioBlockPool()
        let speech = (0..<3 * AudioBlockPool.blockBytes).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        do {
            var ring = AudioRing(capacityBytes: 4 * AudioBlockPool.blockBytes, pool: pool)
            var heard: [UInt8] = []
            for start in stride(from: 0, to: speech.count, by: 1_000) {
                #expect(ring.write(Array(speech[start..<start + 1_000]).span) == 1_000)
                while ring.count > 600 { heard += read(160, from: &ring).0 }
            }
            let (rest, real) = read(700, from: &ring)
            heard += rest[..<real]

            #expect(heard == speech)
            // Never was there more than two blocks' worth of speech.
            #expect(pool.spareCount == 2)
            _ = ring.write(speech.span)
            #expect(pool.spareCount == 0)
            #expect(ring.flush() == speech.count)
            #expect(pool.spareCount == 3)
            _ = ring.write([1].span)
        }
        #expect(pool.spareCount == 3)
    }
}
