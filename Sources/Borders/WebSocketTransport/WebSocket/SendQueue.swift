/// Frames that wait until their socket can be written to, in order.
struct SendQueue {
    private var frames: [[UInt8]] = []
    private var head = 0
    /// Of the first frame, what is out already.
    private var sent = 0
    /// Not in the kernel yet.
    private(set) var bytes = 0

    var isEmpty: Bool { head == frames.count }

    mutating func add(_ frame: [UInt8]) {
        frames.append(frame)
        bytes += frame.count
    }

    /// Writes what the kernel takes; false when the connection is broken.
    mutating func flush(to wire: Wire) -> Bool {
        while head < frames.count {
            let start = sent
            let count = frames[head].count - start
            let written = unsafe frames[head].withUnsafeBufferPointer { frame -> Int? in
                guard let base = frame.baseAddress else { return 0 }
                return unsafe wire.write(base + start, count: count)
            }
            guard let written else { return false }
            bytes -= written
            sent += written
            guard written == count else { return true }
            frames[head] = []
            head += 1
            sent = 0
        }
        frames.removeAll(keepingCapacity: frames.capacity <= 64)
        head = 0
        return true
    }
}
