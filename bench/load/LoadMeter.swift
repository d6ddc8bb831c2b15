/// What one stretch of load came to. Lives on the generator's loop; delays are recorded while ``isMeasuring``, what must
/// never happen is counted always.
struct LoadMeter: Sendable {
    /// A frame this much behind its due time is late: one ptime.
    static let lateNanoseconds: Int64 = 20_000_000
    /// A gateway may put so many frames more into a message to the agent; what they make the first one wait is stated
    /// as frames a message. Every further frame's wait counts as delay.
    static let coalescedFramesMax = 2

    var isMeasuring = false
    /// From a caller frame's due time to its arrival at the agent.
    var callerToAgent = DelayHistogram()
    /// From the moment an ideal pacer would send an agent frame to its arrival at the carrier.
    var agentToCaller = DelayHistogram()
    /// How late the generator itself put frames on the wire.
    var ownLateness = DelayHistogram()
    var pickupToAudio = DelayHistogram()
    var bargeInToClear = DelayHistogram()
    var webhook = DelayHistogram()
    /// From ring to an answer that takes no call.
    var refusal = DelayHistogram()
    /// Of calls that come beside those that are measured.
    var webhookBeside = DelayHistogram()
    var pickupToAudioBeside = DelayHistogram()
    var counts = LoadCounts()

    mutating func accepted(_ crowd: Crowd, took: Int64) {
        if crowd == .underWay { webhook.record(nanoseconds: took) } else { webhookBeside.record(nanoseconds: took) }
    }

    mutating func heardFirst(_ crowd: Crowd, took: Int64) {
        if crowd == .underWay {
            pickupToAudio.record(nanoseconds: took)
        } else {
            pickupToAudioBeside.record(nanoseconds: took)
        }
    }

    /// What was measured since this meter was `earlier`.
    func second(since earlier: LoadMeter) -> LevelResult.Second {
        LevelResult.Second(
            callerToAgent: callerToAgent.since(earlier.callerToAgent).percentileMs(0.99),
            agentToCaller: agentToCaller.since(earlier.agentToCaller).percentileMs(0.99),
            own: ownLateness.since(earlier.ownLateness).percentileMs(0.99))
    }

    /// A new level of load is set up.
    mutating func startLevel() {
        let kept = counts
        self = LoadMeter()
        counts = kept
    }

    /// The level stands: from here on delays count.
    mutating func beginMeasuring() {
        let (pickup, asked) = (pickupToAudio, webhook)
        startLevel()
        (pickupToAudio, webhook) = (pickup, asked)
        isMeasuring = true
    }
}

/// Events of a run, each a plain count.
package struct LoadCounts: Codable, Sendable, Equatable {
    package var callsSetUp = 0
    package var callsEnded = 0
    package var setUpsRefused = 0
    /// Answered with 503.
    package var setUpsUnavailable = 0
    package var consultsBegun = 0
    package var consultsOver = 0
    package var setUpsFailed = 0
    package var streamsLost = 0
    package var agentLegs = 0
    package var callerFramesSent = 0
    package var callerFramesHeard = 0
    package var callerMessagesHeard = 0
    package var callerFramesLost = 0
    package var callerFramesDoubled = 0
    package var callerFramesLate = 0
    /// Silence that the gateway put in toward the agent.
    package var fillerFrames = 0
    package var agentFramesSent = 0
    package var agentFramesHeard = 0
    package var agentFramesLost = 0
    package var agentFramesDoubled = 0
    package var agentFramesLate = 0
    /// Frames of a response that arrived after its `clear`.
    package var agentFramesLeaked = 0
    /// Audio that is no whole stamped frame.
    package var foreignFrames = 0
    package var underruns = 0
    package var underrunMs = 0
    package var bargeIns = 0
    package var clearsMissing = 0
    package var framesRefusedBySocket = 0

    static func - (a: LoadCounts, b: LoadCounts) -> LoadCounts {
        var rest = a
        for path in everything { rest[keyPath: path] -= b[keyPath: path] }
        return rest
    }

    private static var everything: [WritableKeyPath<LoadCounts, Int>] {
        [
            \.callsSetUp, \.callsEnded, \.setUpsRefused, \.setUpsUnavailable, \.consultsBegun, \.consultsOver,
            \.setUpsFailed, \.streamsLost, \.agentLegs, \.callerFramesSent, \.callerFramesHeard,
            \.callerMessagesHeard, \.callerFramesLost, \.callerFramesDoubled, \.callerFramesLate,
            \.fillerFrames, \.agentFramesSent, \.agentFramesHeard, \.agentFramesLost, \.agentFramesDoubled,
            \.agentFramesLate, \.agentFramesLeaked, \.foreignFrames, \.underruns, \.underrunMs, \.bargeIns,
            \.clearsMissing, \.framesRefusedBySocket,
        ]
    }
}
