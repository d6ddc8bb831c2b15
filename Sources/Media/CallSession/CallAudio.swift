package import AudioCore
package import Runtime
package import TwilioProtocol

/// The audio of one call between its two legs: agent speech waiting for the caller, when it may go, what was heard,
/// and how the caller's side sounds. Owned by one call on its media loop; no I/O, no allocation per frame.
///
/// Positions are bytes of agent speech counted from the call's start: `queuedBytes` were accepted from the agent,
/// `sentBytes` were handed to the carrier or discarded, `heardBytes(at:)` is what the caller's ear has got.
package struct CallAudio: ~Copyable {
    /// The first word of a response in the caller's ear, as a mark confirms.
    package struct Onset: Equatable {
        /// Something to bridge a wait, no answer.
        package var isFiller: Bool
        /// How long before the mark came back.
        package var agoMs: Int
    }

    private struct Response {
        var startByte: Int
        var isFiller: Bool
    }

    /// Speech that waits for one caller, 2.4 MB: a minute's answer said at once is kept, an agent gone mad is bounded.
    package static let waitingSecondsMax = 300
    /// A mark behind the first frame of a response and its first audible one, then one each half second, then one
    /// behind its last.
    private static let markEveryBytes = 4_000
    /// Less than a frame waits for the rest of it until the carrier has no more than this left to play.
    private static let tailLeadMs = 10
    /// Responses begun and not heard yet; one of more is timed with another.
    private static let responsesMax = 32

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
    private var isFirstFrameMarked = false
    private var wantsMark = false
    /// Everything up to here belongs to responses that are complete: a frame that is not full stays so.
    private var completeBytes = 0
    /// Since when less than a frame waits for the rest of it.
    private var tailHeldSince: MonotonicTime?
    /// Responses no byte of which has been sent, oldest first.
    private var coming: [Response] = []
    /// The response under way, until its first audible frame has been sent.
    private var silentSoFar: Response?
    /// First audible frames sent and not confirmed, by their first byte.
    private var onsets: [Response] = []
    private var startsInMs: Int?
    private var soundEndedAt: MonotonicTime?
    private var longestSilence: Int64 = 0
    package private(set) var framesIn = 0
    package private(set) var framesOut = 0

    /// - Parameter blocks: where waiting speech is kept, shared with the other calls of the loop.
    package init(
        waitingSeconds: Int = CallAudio.waitingSecondsMax, leadMs: Int = 100, blocks: AudioBlockPool = AudioBlockPool()
    ) {
        ring = AudioRing(capacityBytes: waitingSeconds * 1_000 * MuLaw.bytesPerMillisecond, pool: blocks)
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
        if energy.isAudible {
            sounded(from: now.adding(milliseconds: -Int64(audio.count / MuLaw.bytesPerMillisecond)), to: now)
        }
        return detector.process(energy)
    }

    /// A message of the stream that is no media took a sequence number.
    package mutating func otherMessage() { sequence.otherMessage() }

    /// How long ago the caller began the utterance under way, or the last one, in ms.
    package var callerStartedAgoMs: Int { detector.utteranceStartedAgoMs }
    /// How long ago the last voiced frame of it ended, in ms.
    package var callerVoicedAgoMs: Int { detector.utteranceVoicedAgoMs }
    /// Whether the caller is taken to be speaking, the pause included that would end it.
    package var callerSpeaks: Bool { detector.isSpeaking }

    // MARK: Silence

    /// The longest stretch in which neither side was heard, after the first sound and up to `now`, in ms.
    package func longestSilenceMs(at now: MonotonicTime) -> Int {
        let last = soundEndedAt.map { now.nanoseconds - $0.nanoseconds } ?? 0
        return Int(max(longestSilence, last) / 1_000_000)
    }

    private mutating func sounded(from start: MonotonicTime, to end: MonotonicTime) {
        if let soundEndedAt { longestSilence = max(longestSilence, start.nanoseconds - soundEndedAt.nanoseconds) }
        soundEndedAt = max(soundEndedAt ?? end, end)
    }

    // MARK: From the agent

    /// What ``agentSpoke(_:)`` takes next begins a response: the moment it is heard is worth a mark.
    package mutating func responseBegins(isFiller: Bool = false) {
        guard coming.count < CallAudio.responsesMax else { return }
        coming.append(Response(startByte: queuedBytes, isFiller: isFiller))
    }

    /// Queues agent speech. What does not fit is dropped and counted in ``overrunBytes``.
    package mutating func agentSpoke(_ speech: Span<UInt8>) {
        let taken = ring.write(speech)
        queuedBytes += taken
    }

    /// Nothing follows what was queued so far: its last frame may go though it is not full.
    package mutating func responseEnded() { completeBytes = queuedBytes }

    package var waitingBytes: Int { ring.count }
    /// Whether speech that comes now may be due at once: nothing waits, or less than a frame.
    package var isShort: Bool { ring.count < MuLaw.frameBytes }
    package var overrunBytes: Int { ring.overrunBytes }
    package var underrunBytes: Int { ring.underrunBytes }
    package var isDrained: Bool { ring.count == 0 && confirmedBytes >= sentBytes }

    // MARK: Toward the caller

    /// Fills the start of `message` with speech if some is due, and returns how many bytes: `frames` ptimes, or as many
    /// as are left, or one at the beginning of a response. The tail of a response is padded with silence.
    package mutating func nextMessage(
        of frames: Int, into message: inout MutableSpan<UInt8>, at now: MonotonicTime
    ) -> Int {
        if ring.count > 0, isShort, completeBytes != queuedBytes { tailHeldSince = tailHeldSince ?? now }
        let begins = coming.first.map { $0.startByte <= sentBytes } ?? false
        let frames = begins || !isFirstFrameMarked ? 1 : frames
        guard ring.count > 0, pacer.bytesDue(at: now, framesAMessage: frames) > 0,
            let bytes = messageBytes(of: frames, at: now)
        else { return 0 }
        let start = sentBytes
        let taken = ring.read(bytes, into: &message)
        sentBytes += taken
        sinceMarkBytes += taken
        framesOut += bytes / MuLaw.frameBytes
        tailHeldSince = nil
        listen(to: message.span.extracting(first: bytes), from: start, at: now)
        pacer.sent(bytes: bytes, at: now)
        return bytes
    }

    /// Nil while less than a frame waits for the rest of it.
    private mutating func messageBytes(of frames: Int, at now: MonotonicTime) -> Int? {
        let whole = ring.count / MuLaw.frameBytes
        let isComplete = completeBytes == queuedBytes
        if whole == 0, !isComplete {
            return tailDue(since: tailHeldSince ?? now, at: now) <= now ? MuLaw.frameBytes : nil
        }
        let left = isComplete ? (ring.count + MuLaw.frameBytes - 1) / MuLaw.frameBytes : whole
        return min(frames, left) * MuLaw.frameBytes
    }

    /// When less than a frame goes padded: just before the ear runs dry, and not before its rest had a ptime to come.
    private func tailDue(since held: MonotonicTime, at now: MonotonicTime) -> MonotonicTime {
        let ptime = Int64(pacer.ptimeMs)
        return max(pacer.moment(unheardMs: CallAudio.tailLeadMs, notBefore: now), held.adding(milliseconds: ptime))
    }

    /// The first byte of the oldest response that waits goes out with this message.
    private mutating func begin(at now: MonotonicTime, inBytes offset: Int) {
        silentSoFar = coming.removeFirst()
        isFirstFrameMarked = false
        let waitMs = Int(pacer.playsNext(at: now).milliseconds(since: now))
        startsInMs = startsInMs ?? waitMs + max(0, offset) / MuLaw.bytesPerMillisecond
    }

    /// Listens, frame by frame, to what the caller is about to hear.
    private mutating func listen(to message: Span<UInt8>, from start: Int, at now: MonotonicTime) {
        let playedAt = pacer.playsNext(at: now)
        var at = 0
        while at < message.count {
            let end = min(at + MuLaw.frameBytes, message.count)
            while let next = coming.first, next.startByte < start + end {
                begin(at: now, inBytes: next.startByte - start)
            }
            if FrameEnergy.isAudible(message.extracting(at..<end)) {
                sounded(
                    from: playedAt.adding(milliseconds: Int64(at / MuLaw.bytesPerMillisecond)),
                    to: playedAt.adding(milliseconds: Int64(end / MuLaw.bytesPerMillisecond)))
                // Of a frame that two responses share nobody knows whose sound it is.
                if let response = silentSoFar, response.startByte <= start + at {
                    silentSoFar = nil
                    wantsMark = true
                    let onset = Response(startByte: start + at, isFiller: response.isFiller)
                    if onsets.count < CallAudio.responsesMax { onsets.append(onset) }
                }
            }
            at = end
        }
    }

    /// Says once of each response that its first frame has been handed to the carrier, and in how many ms it is heard.
    package mutating func takeResponseStart() -> Int? {
        defer { startsInMs = nil }
        return startsInMs
    }

    /// Less than a frame waits for the rest of it, until the ear is about to run dry.
    package var holdsTail: Bool { tailHeldSince != nil && isShort && completeBytes != queuedBytes }

    /// By when speech that waits must be looked after again, at the latest; nil while nothing waits.
    package func latestDue(at now: MonotonicTime) -> MonotonicTime? {
        guard ring.count > 0 else { return nil }
        guard holdsTail, let tailHeldSince else { return pacer.latestDue(at: now) }
        return tailDue(since: tailHeldSince, at: now)
    }

    /// The name of a mark to send behind the message just taken, when one is due there.
    package mutating func markDue() -> String? {
        let due = wantsMark || !isFirstFrameMarked || sinceMarkBytes >= CallAudio.markEveryBytes || ring.count == 0
        guard due, sinceMarkBytes > 0 else { return nil }
        isFirstFrameMarked = true
        wantsMark = false
        sinceMarkBytes = 0
        return marks.issue(throughByte: sentBytes)
    }

    /// The carrier returned a mark. True when it confirms that speech was played.
    package mutating func markEchoed(_ name: String) -> Bool {
        guard case .played(let throughByte) = marks.echoed(name) else { return false }
        confirmedBytes = max(confirmedBytes, throughByte)
        return true
    }

    /// Says once of each response that its first word was heard, as the mark confirms that came back last.
    package mutating func takeOnset() -> Onset? {
        guard let onset = onsets.first, onset.startByte < confirmedBytes else { return nil }
        onsets.removeFirst()
        return Onset(
            isFiller: onset.isFiller, agoMs: (confirmedBytes - onset.startByte) / MuLaw.bytesPerMillisecond)
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
        isFirstFrameMarked = false
        wantsMark = false
        tailHeldSince = nil
        coming.removeAll(keepingCapacity: true)
        onsets.removeAll(keepingCapacity: true)
        silentSoFar = nil
        startsInMs = nil
        soundEndedAt = soundEndedAt.map { min($0, now) }
        return max(0, discarded) / MuLaw.bytesPerMillisecond
    }

    /// The carrier's stream is gone: nothing sent can be confirmed any more.
    package mutating func streamEnded(at now: MonotonicTime) { _ = discardUnheard(at: now) }

    /// Whether anything may be audible at the caller's end right now, here or in the carrier's buffer.
    package func isAudible(at now: MonotonicTime) -> Bool { ring.count > 0 || pacer.unheardBytes(at: now) > 0 }

    /// When everything queued so far will have been heard, by the clock; nil before the first speech.
    package func playedOut(at now: MonotonicTime) -> MonotonicTime? {
        guard let playedOutAt = pacer.playedOutAt else { return nil }
        guard ring.count > 0 else { return playedOutAt }
        return max(playedOutAt, now).adding(milliseconds: Int64(ring.count / MuLaw.bytesPerMillisecond))
    }

    /// Bytes of agent speech the caller has heard: what marks confirm, or more by the clock, never more than sent.
    package func heardBytes(at now: MonotonicTime) -> Int {
        max(confirmedBytes, sentBytes - pacer.unheardBytes(at: now))
    }
}
