import Runtime

/// Keeps the late frames of a response the caller has cut off from being played. The protocol tags no audio, so the
/// gate goes by events, and by quiet where an event is missing.
struct AudioGate: Sendable {
    static let quietMs: Int64 = 1_000

    private(set) var isOpen = true
    private var lastFrameAt = MonotonicTime(nanoseconds: 0)

    mutating func open() { isOpen = true }

    mutating func close(at now: MonotonicTime) {
        isOpen = false
        lastFrameAt = now
    }

    mutating func accepts(at now: MonotonicTime) -> Bool {
        if !isOpen, isQuiet(at: now) { isOpen = true }
        lastFrameAt = now
        return isOpen
    }

    /// Whether text that arrives now belongs to a response that may be heard.
    func acceptsText(at now: MonotonicTime) -> Bool { isOpen || isQuiet(at: now) }

    private func isQuiet(at now: MonotonicTime) -> Bool { now.milliseconds(since: lastFrameAt) >= Self.quietMs }
}

/// Sees to it that audio toward the agent never stops: turn ends are found in it, and a silent client is cut off.
struct UplinkClock: Sendable {
    /// A gap this long is filled; shorter ones are network jitter.
    static let gapMs: Int64 = 100
    static let frameMs: Int64 = 20
    /// Silence goes in messages of three frames: nobody waits for it.
    static let stepMs: Int64 = 60
    static let fillMsMax: Int64 = 200
    static let keepAliveMs: Int64 = 5_000
    static let bytesPerMs: Int64 = 8

    var isPaused = false
    private var coveredUntil: MonotonicTime?
    private var isFilling = false

    mutating func sent(at now: MonotonicTime) {
        coveredUntil = now
        isFilling = false
    }

    var deadline: MonotonicTime {
        guard let coveredUntil else { return .distantFuture }
        return coveredUntil.adding(milliseconds: isPaused ? Self.keepAliveMs : isFilling ? Self.stepMs : Self.gapMs)
    }

    enum Filler: Equatable { case silence(bytes: Int), keepAlive }

    /// What is to be sent now, if anything: whole 20 ms frames, as many as are missing, at most ten.
    mutating func filler(at now: MonotonicTime) -> Filler? {
        guard now >= deadline, let from = coveredUntil else { return nil }
        if isPaused {
            coveredUntil = now
            return .keepAlive
        }
        let frames = min(now.milliseconds(since: from), Self.fillMsMax) / Self.frameMs
        let behind = now.milliseconds(since: from) > Self.fillMsMax
        coveredUntil = behind ? now : from.adding(milliseconds: frames * Self.frameMs)
        isFilling = true
        return .silence(bytes: Int(clamping: frames * Self.frameMs * Self.bytesPerMs))
    }
}

/// Notices a recogniser that has stalled: speech began, sound is there, and no text comes.
struct RecognitionWatchdog: Sendable {
    static let patienceMs: Int64 = 10_000

    private(set) var deadline = MonotonicTime.distantFuture
    private var speechStartedAt = MonotonicTime(nanoseconds: 0)
    private var heardAt = MonotonicTime(nanoseconds: 0)

    mutating func arm(at now: MonotonicTime) {
        speechStartedAt = now
        deadline = now.adding(milliseconds: Self.patienceMs)
    }
    mutating func disarm() { deadline = .distantFuture }
    mutating func heard(at now: MonotonicTime) { heardAt = now }

    /// True once, when the time is up and something was heard since speech began.
    mutating func hasStalled(at now: MonotonicTime) -> Bool {
        guard now >= deadline else { return false }
        disarm()
        return heardAt > speechStartedAt
    }
}
