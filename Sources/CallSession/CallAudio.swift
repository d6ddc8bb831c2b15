package import AudioCore
package import CallModel
package import TwilioProtocol

/// The audio of one call between its two legs: agent speech waiting for the caller, when it may go, what was heard,
/// and how the caller's side sounds. Owned by one call on its media loop; no I/O, no allocation per frame.
///
/// Positions are bytes of agent speech counted from the call's start: `queuedBytes` were accepted from the agent,
/// `sentBytes` were handed to the carrier or discarded, `heardBytes(at:)` is what the caller's ear has got.
package struct CallAudio: ~Copyable {
    /// A mark behind the first frame of a response, then one each half second, then one behind its last.
    private static let markEveryBytes = 4_000

    private var ring: AudioRing
    private var pacer: Pacer
    package private(set) var marks = MarkLedger()
    private var detector = EnergyVAD()
    package private(set) var callerLevel = LevelMeter()
    package private(set) var sequence = SequenceMeter()

    package private(set) var queuedBytes = 0
    package private(set) var sentBytes = 0
    private var confirmedBytes = 0
    private var sinceMarkBytes = 0
    private var firstFrameMarked = false
    package private(set) var framesIn = 0
    package private(set) var framesOut = 0
    private var silenceMs = 0
    package private(set) var longestSilenceMs = 0

    /// - Parameter blocks: where waiting speech is kept, shared with the other calls of the loop.
    package init(ringSeconds: Int = 60, leadMs: Int = 100, blocks: AudioBlockPool = AudioBlockPool()) {
        ring = AudioRing(capacityBytes: ringSeconds * 1_000 * MuLaw.bytesPerMillisecond, pool: blocks)
        pacer = Pacer(leadMs: leadMs)
    }

    // MARK: From the caller

    /// Takes one frame of the caller's audio into account and says whether speech began or ended with it.
    package mutating func callerFrame(_ audio: Span<UInt8>, _ media: CallerAudio, at now: MonotonicTime)
        -> EnergyVAD.Event?
    {
        framesIn += 1
        _ = sequence.media(
            sequenceNumber: media.sequenceNumber, chunk: media.chunk, timestampMs: media.timestampMs,
            bytes: audio.count,
            at: now)
        let energy = FrameEnergy(audio)
        callerLevel.measure(energy)
        let event = detector.process(energy)
        if detector.isSpeaking || pacer.unheardBytes(at: now) > 0 {
            silenceMs = 0
        } else {
            silenceMs += audio.count / MuLaw.bytesPerMillisecond
            longestSilenceMs = max(longestSilenceMs, silenceMs)
        }
        return event
    }

    /// A message of the stream that is no media took a sequence number.
    package mutating func otherMessage() { sequence.otherMessage() }

    /// How long the detector waits in silence before it calls speech ended, in ms: the lag of `speechEnded`.
    package var endOfSpeechLagMs: Int { detector.settings.hangoverMs }

    // MARK: From the agent

    /// Queues agent speech. What does not fit is dropped and counted in ``overrunBytes``.
    package mutating func agentSpoke(_ speech: Span<UInt8>) {
        let taken = ring.write(speech)
        queuedBytes += taken
    }

    package var waitingBytes: Int { ring.count }
    package var overrunBytes: Int { ring.overrunBytes }
    package var underrunBytes: Int { ring.underrunBytes }
    package var isDrained: Bool { ring.count == 0 && confirmedBytes >= sentBytes }

    // MARK: Toward the caller

    /// Fills the start of `message` with speech if some is due, and returns how many bytes: `frames` ptimes, or as many
    /// as are left, or one at the beginning of a response. The tail of a response is padded with silence.
    package mutating func nextMessage(
        of frames: Int, into message: inout MutableSpan<UInt8>, at now: MonotonicTime
    ) -> Int {
        let frames = firstFrameMarked ? frames : 1
        guard ring.count > 0, pacer.bytesDue(at: now, framesAMessage: frames) > 0 else { return 0 }
        let framesLeft = (ring.count + MuLaw.frameBytes - 1) / MuLaw.frameBytes
        let bytes = min(frames, framesLeft) * MuLaw.frameBytes
        let taken = ring.read(bytes, into: &message)
        sentBytes += taken
        sinceMarkBytes += taken
        framesOut += bytes / MuLaw.frameBytes
        pacer.sent(bytes: bytes, at: now)
        return bytes
    }

    /// By when speech that waits must be looked after again, at the latest; nil while nothing waits.
    package func latestDue(at now: MonotonicTime) -> MonotonicTime? {
        ring.count > 0 ? pacer.latestDue(at: now) : nil
    }

    /// The name of a mark to send behind the message just taken, when one is due there.
    package mutating func markDue() -> String? {
        let due = !firstFrameMarked || sinceMarkBytes >= CallAudio.markEveryBytes || ring.count == 0
        guard due, sinceMarkBytes > 0 else { return nil }
        firstFrameMarked = true
        sinceMarkBytes = 0
        return marks.issue(throughByte: sentBytes)
    }

    /// The next frame sent begins a response: a mark follows it at once, so that its hearing is timed.
    package mutating func responseBegins() { firstFrameMarked = false }

    /// The carrier returned a mark. True when it confirms that speech was played.
    package mutating func markEchoed(_ name: String) -> Bool {
        guard case .played(let throughByte) = marks.echoed(name) else { return false }
        confirmedBytes = max(confirmedBytes, throughByte)
        return true
    }

    /// Barge-in: forgets all speech the caller has not heard, here and, once `clear` is sent, at the carrier.
    /// Returns how much was discarded, in ms.
    package mutating func discardUnheard(at now: MonotonicTime) -> Int {
        let heard = heardBytes(at: now)
        let queued = ring.flush()
        sentBytes += queued
        let discarded = sentBytes - heard
        _ = pacer.cleared(at: now)
        marks.advanceGeneration()
        confirmedBytes = sentBytes
        sinceMarkBytes = 0
        firstFrameMarked = false
        return max(0, discarded) / MuLaw.bytesPerMillisecond
    }

    /// The carrier's stream is gone: nothing sent can be confirmed any more.
    package mutating func streamEnded(at now: MonotonicTime) { _ = discardUnheard(at: now) }

    /// Whether anything may be audible at the caller's end right now, here or in the carrier's buffer.
    package func isAudible(at now: MonotonicTime) -> Bool { ring.count > 0 || pacer.unheardBytes(at: now) > 0 }

    /// Bytes of agent speech the caller has heard: what marks confirm, or more by the clock, never more than sent.
    package func heardBytes(at now: MonotonicTime) -> Int {
        max(confirmedBytes, sentBytes - pacer.unheardBytes(at: now))
    }
}
