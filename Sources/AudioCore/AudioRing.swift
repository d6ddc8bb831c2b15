/// Speech waiting for one listener: a fixed-capacity FIFO of μ-law codes.
///
/// Owned by one call on its media loop; `~Copyable`, so there is never a second one and no lock is needed. Nothing is
/// allocated after `init`. What does not fit and what was missing is counted, never hidden.
package struct AudioRing: ~Copyable {
    private var storage: [UInt8]
    private var head = 0

    /// Codes waiting; one code is 0.125 ms.
    package private(set) var count = 0
    /// Codes refused by ``write(_:)`` or given up by ``dropOldest(_:)``.
    package private(set) var overrunBytes = 0
    /// Codes of silence that ``read(into:)`` had to put in.
    package private(set) var underrunBytes = 0

    /// - Precondition: `capacityBytes` is at least 1.
    package init(capacityBytes: Int) {
        precondition(capacityBytes > 0, "a ring of \(capacityBytes) bytes")
        // Left as the allocator gives it: a page that was never written to costs no memory, and no code is read before
        // it was written.
        storage = [UInt8](unsafeUninitializedCapacity: capacityBytes) { _, count in count = capacityBytes }
    }

    package var capacityBytes: Int { storage.count }
    package var isEmpty: Bool { count == 0 }
    package var freeBytes: Int { storage.count - count }

    /// Takes what fits and says how many bytes that was; the caller keeps the rest (back-pressure).
    package mutating func write(_ speech: Span<UInt8>) -> Int {
        let taken = min(speech.count, freeBytes)
        overrunBytes += speech.count - taken
        guard taken > 0 else { return 0 }
        let tail = wrapped(head + count)
        let first = min(taken, storage.count - tail)
        speech.withUnsafeBufferPointer { source in
            storage.withUnsafeMutableBufferPointer { ring in
                copy(source, 0, to: ring, tail, count: first)
                copy(source, first, to: ring, 0, count: taken - first)
            }
        }
        count += taken
        return taken
    }

    /// Fills `frame`, padding with silence once speech runs out, and returns how many bytes were speech.
    /// The padding is counted in ``underrunBytes``.
    package mutating func read(into frame: inout MutableSpan<UInt8>) -> Int {
        let taken = min(frame.count, count)
        let first = min(taken, storage.count - head)
        let start = head
        frame.withUnsafeMutableBufferPointer { destination in
            storage.withUnsafeBufferPointer { ring in
                copy(ring, start, to: destination, 0, count: first)
                copy(ring, 0, to: destination, first, count: taken - first)
            }
            if taken < destination.count { destination[taken...].update(repeating: MuLaw.silence) }
        }
        count -= taken
        // From the start again: the same few pages serve every response.
        head = count == 0 ? 0 : wrapped(head + taken)
        underrunBytes += frame.count - taken
        return taken
    }

    /// Barge-in: forgets all queued speech and returns how many bytes the caller will never hear.
    package mutating func flush() -> Int {
        let forgotten = count
        head = 0
        count = 0
        return forgotten
    }

    /// Gives up the oldest bytes, so that a stream that drifts never turns into a growing delay.
    /// Returns how many there were to give up, counted in ``overrunBytes``.
    package mutating func dropOldest(_ bytes: Int) -> Int {
        let dropped = min(max(bytes, 0), count)
        head = wrapped(head + dropped)
        count -= dropped
        overrunBytes += dropped
        return dropped
    }

    private func wrapped(_ index: Int) -> Int { index >= storage.count ? index - storage.count : index }
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
