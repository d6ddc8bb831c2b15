/// Frames of a microphone on their way into the call: they come as the network and the browser's clock have it, and leave one
/// every 20 ms.
struct MicrophoneBuffer {
    /// Half a second; who sends faster loses the oldest.
    static let framesMax = 25
    /// So many are waited for before the first is said, and after it ran dry.
    private static let framesFirst = 2
    /// Beyond so many silence is left out: the caller's clock runs faster, or a burst came late.
    private static let framesEasy = 6

    private var frames: [[UInt8]] = []
    private var isRunning = false
    /// Frames that nobody will hear.
    private(set) var dropped = 0

    mutating func append(_ frame: [UInt8]) {
        frames.append(frame)
        guard frames.count > Self.framesMax else { return }
        frames.removeFirst()
        dropped += 1
    }

    /// The frame that is due; nil when there is none.
    mutating func next() -> [UInt8]? {
        if !isRunning, frames.count < Self.framesFirst { return nil }
        while frames.count > Self.framesEasy, let first = frames.first, !Audibility.isAudible(first) {
            frames.removeFirst()
            dropped += 1
        }
        isRunning = !frames.isEmpty
        return isRunning ? frames.removeFirst() : nil
    }

    mutating func clear() {
        frames.removeAll()
        isRunning = false
    }
}
