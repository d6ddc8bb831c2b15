package import Runtime

/// Watches the caller's media for what the network or the carrier lost: numbers, stream time and arrival.
package struct SequenceMeter: Sendable {
    package struct Observation: Equatable, Sendable {
        /// Audio missing before this frame, by stream time: fill with as much silence to keep times right.
        package var missingBytes = 0
        package var isDuplicate = false
        package var isLate = false
    }

    /// A frame that arrives so much later than the quickest of its stream is late.
    package static let lateMs: Int64 = 60
    /// A jump in stream time past this is taken for a new time base, not for lost audio.
    package static let gapMsMax = 60_000

    package private(set) var frames = 0
    package private(set) var duplicateFrames = 0
    package private(set) var lateFrames = 0
    /// Media messages that never came, by `chunk`.
    package private(set) var lostFrames = 0
    /// Messages of any kind that never came, by `sequenceNumber`.
    package private(set) var lostMessages = 0
    /// Audio that never came, by `timestamp`; 8 bytes are a millisecond.
    package private(set) var lostBytes = 0

    private var lastSequence: Int?
    private var lastChunk: Int?
    private var nextTimestampMs: Int?
    private var othersSinceMedia = 0
    private var quickestTransit: Int64?

    package init() {}

    /// A message other than `media` took a sequence number: `start`, `dtmf`, `mark`, `stop`.
    package mutating func otherMessage() { othersSinceMedia &+= 1 }

    /// Takes the numbers of one `media` message; they come from outside and may be anything. A `sequenceNumber` or
    /// `chunk` of 0 stands for none.
    package mutating func media(
        sequenceNumber: Int, chunk: Int, timestampMs: Int, bytes: Int, at now: MonotonicTime
    ) -> Observation {
        var observation = Observation()
        if SequenceMeter.isRepeat(chunk, of: lastChunk) {
            duplicateFrames += 1
            observation.isDuplicate = true
            return observation
        }
        frames += 1
        if let lastChunk { lostFrames += SequenceMeter.gap(from: lastChunk, to: chunk) }
        if let lastSequence {
            lostMessages += max(0, SequenceMeter.gap(from: lastSequence, to: sequenceNumber) - othersSinceMedia)
        }
        lastChunk = chunk
        lastSequence = sequenceNumber
        othersSinceMedia = 0
        if let nextTimestampMs {
            let gapMs = timestampMs.subtractingReportingOverflow(nextTimestampMs)
            if !gapMs.overflow, (1...SequenceMeter.gapMsMax).contains(gapMs.partialValue) {
                observation.missingBytes = gapMs.partialValue * MuLaw.bytesPerMillisecond
                lostBytes += observation.missingBytes
            }
        }
        nextTimestampMs = timestampMs &+ bytes / MuLaw.bytesPerMillisecond
        observation.isLate = isLate(timestampMs: timestampMs, at: now)
        if observation.isLate { lateFrames += 1 }
        return observation
    }

    /// The quickest transit ages by 50 µs a frame, so that a sender whose clock runs slow is not late for ever.
    private mutating func isLate(timestampMs: Int, at now: MonotonicTime) -> Bool {
        let transit = now.nanoseconds &- Int64(timestampMs) &* 1_000_000
        let quickest = min(transit, (quickestTransit ?? transit) &+ 50_000)
        quickestTransit = quickest
        return transit &- quickest > SequenceMeter.lateMs * 1_000_000
    }

    /// A number at or shortly before the last one. One from far before starts a new count: nothing is lost for it.
    private static func isRepeat(_ number: Int, of last: Int?) -> Bool {
        guard number > 0, let last else { return false }
        let back = last.subtractingReportingOverflow(number)
        return !back.overflow && (0...3_000).contains(back.partialValue)
    }

    /// Numbers skipped between two that follow each other; a jump past a minute's worth is not believed.
    private static func gap(from last: Int, to next: Int) -> Int {
        let step = next.subtractingReportingOverflow(last)
        guard !step.overflow, (2...3_000).contains(step.partialValue) else { return 0 }
        return step.partialValue - 1
    }
}
