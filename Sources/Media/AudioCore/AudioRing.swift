/// Speech waiting for one listener: a FIFO of μ-law codes with a fixed capacity, in blocks of a pool.
///
/// Owned by one call on its media loop; `~Copyable`, so there is never a second one and no lock is needed. It holds memory
/// for the speech that waits and no more. What does not fit and what was missing is counted, never hidden.
package struct AudioRing: ~Copyable {
    private let pool: AudioBlockPool
    private var blocks: [AudioBlock] = []
    /// Place of the first waiting code in the first block.
    private var head = 0
    package let capacityBytes: Int

    /// Codes waiting; one code is 0.125 ms.
    package private(set) var count = 0
    /// Codes refused by ``write(_:)`` or given up by ``dropOldest(_:)``.
    package private(set) var overrunBytes = 0
    /// Codes of silence that ``read(into:)`` had to put in.
    package private(set) var underrunBytes = 0

    /// - Precondition: `capacityBytes` is at least 1.
    package init(capacityBytes: Int, pool: AudioBlockPool = AudioBlockPool()) {
        precondition(capacityBytes > 0, "a ring of \(capacityBytes) bytes")
        self.capacityBytes = capacityBytes
        self.pool = pool
    }

    deinit { for block in blocks { pool.give(block) } }

    package var isEmpty: Bool { count == 0 }
    package var freeBytes: Int { capacityBytes - count }

    /// Takes what fits and says how many bytes that was; the caller keeps the rest (back-pressure).
    package mutating func write(_ speech: Span<UInt8>) -> Int {
        let taken = min(speech.count, freeBytes)
        overrunBytes += speech.count - taken
        speech.withUnsafeBufferPointer { source in
            var done = 0
            while done < taken {
                let tail = head + count
                if tail == blocks.count * AudioBlockPool.blockBytes { blocks.append(pool.take()) }
                let at = tail % AudioBlockPool.blockBytes
                let part = min(taken - done, AudioBlockPool.blockBytes - at)
                copy(source, done, to: blocks[tail / AudioBlockPool.blockBytes].codes, at, count: part)
                done += part
                count += part
            }
        }
        return taken
    }

    /// Fills `frame`, padding with silence once speech runs out, and returns how many bytes were speech.
    /// The padding is counted in ``underrunBytes``.
    package mutating func read(into frame: inout MutableSpan<UInt8>) -> Int { read(frame.count, into: &frame) }

    /// Fills the first `bytes` bytes of `message` in the same way.
    ///
    /// - Precondition: `message` has room for them.
    package mutating func read(_ bytes: Int, into message: inout MutableSpan<UInt8>) -> Int {
        precondition((0...message.count).contains(bytes), "\(bytes) bytes into \(message.count)")
        let taken = min(bytes, count)
        message.withUnsafeMutableBufferPointer { destination in
            var done = 0
            while done < taken {
                let part = min(taken - done, AudioBlockPool.blockBytes - head)
                copy(UnsafeBufferPointer(blocks[0].codes), head, to: destination, done, count: part)
                done += part
                advance(part)
            }
            if taken < bytes { destination[taken..<bytes].update(repeating: MuLaw.silence) }
        }
        underrunBytes += bytes - taken
        return taken
    }

    /// Barge-in: forgets all queued speech and returns how many bytes the caller will never hear.
    package mutating func flush() -> Int {
        let forgotten = count
        drop(forgotten)
        return forgotten
    }

    /// Gives up the oldest bytes, so that a stream that drifts never turns into a growing delay.
    /// Returns how many there were to give up, counted in ``overrunBytes``.
    package mutating func dropOldest(_ bytes: Int) -> Int {
        let dropped = min(max(bytes, 0), count)
        drop(dropped)
        overrunBytes += dropped
        return dropped
    }

    private mutating func drop(_ bytes: Int) {
        var left = bytes
        while left > 0 {
            let part = min(left, AudioBlockPool.blockBytes - head)
            advance(part)
            left -= part
        }
    }

    /// Past codes that lie in the first block; one that has been emptied goes back.
    private mutating func advance(_ bytes: Int) {
        head += bytes
        count -= bytes
        guard head == AudioBlockPool.blockBytes || count == 0 else { return }
        pool.give(blocks.removeFirst())
        head = 0
    }
}

/// Copies `count` bytes; both ranges were computed from the lengths and are checked again here.
private func copy(
    _ source: UnsafeBufferPointer<UInt8>, _ from: Int, to destination: UnsafeMutableBufferPointer<UInt8>, _ at: Int,
    count: Int
) {
    guard count > 0 else { return }
    precondition(from + count <= source.count && at + count <= destination.count, "\(from) \(at) \(count)")
    UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(destination)[at..<(at + count)])
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(source)[from..<(from + count)]))
}
