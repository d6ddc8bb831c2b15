package import Runtime

/// Decides how much speech the carrier may hold, against a monotonic clock: the agent sends faster than real time, the
/// caller hears in real time, and only one lead lies between, so that a barge-in discards almost nothing.
///
/// Asked at least once a ptime, it keeps the carrier from ever holding less than `leadMs` less one ptime while there is
/// speech, and lets it hold no more than `leadMs` and one message.
///
/// The estimate: the carrier plays 8 bytes a millisecond without a break from the moment it has something to play. It is
/// driven by the clock and by bytes only: late or early ticks move nothing, so neither drift nor a stall can add up, and
/// after a stall no more than one lead and one message is handed over at once.
package struct Pacer: Sendable {
    package let leadMs: Int
    package let ptimeMs: Int
    /// When everything handed over so far will have been played.
    package private(set) var playedOutAt: MonotonicTime?

    /// - Precondition: `ptimeMs` is positive and `leadMs` is at least one ptime.
    package init(leadMs: Int = 100, ptimeMs: Int = 20) {
        precondition(ptimeMs > 0 && leadMs >= ptimeMs, "lead \(leadMs) ms, ptime \(ptimeMs) ms")
        self.leadMs = leadMs
        self.ptimeMs = ptimeMs
    }

    /// Bytes to hand to the carrier now, in messages of so many ptimes: 0 while it holds more than one lead.
    package func bytesDue(at now: MonotonicTime, framesAMessage frames: Int = 1) -> Int {
        let missing = Int64(leadMs) * 1_000_000 - unheardNanoseconds(at: now)
        guard missing >= 0, frames > 0 else { return 0 }
        let messages = Int(missing / (Int64(frames * ptimeMs) * 1_000_000)) + 1
        return messages * frames * ptimeMs * MuLaw.bytesPerMillisecond
    }

    /// Tells the pacer what was handed to the carrier.
    package mutating func sent(bytes: Int, at now: MonotonicTime) {
        guard bytes > 0 else { return }
        let start = max(playedOutAt?.nanoseconds ?? now.nanoseconds, now.nanoseconds)
        playedOutAt = MonotonicTime(nanoseconds: start + Int64(bytes) * Pacer.nanosecondsPerByte)
    }

    /// The next moment at which ``bytesDue(at:framesAMessage:)`` is not 0: `now` when it already is not.
    package func nextDue(at now: MonotonicTime) -> MonotonicTime { moment(unheardMs: leadMs, notBefore: now) }

    /// When half the lead is left: who waits for something else to wake them must be awake by then.
    package func latestDue(at now: MonotonicTime) -> MonotonicTime { moment(unheardMs: leadMs / 2, notBefore: now) }

    /// When what is handed over next will be played: `now` when the carrier has nothing left.
    package func playsNext(at now: MonotonicTime) -> MonotonicTime { moment(unheardMs: 0, notBefore: now) }

    /// When no more than `unheardMs` of what was handed over will be left; `now` when that is so already.
    package func moment(unheardMs: Int, notBefore now: MonotonicTime) -> MonotonicTime {
        guard let playedOutAt else { return now }
        return MonotonicTime(nanoseconds: max(now.nanoseconds, playedOutAt.nanoseconds - Int64(unheardMs) * 1_000_000))
    }

    /// Bytes the carrier holds and has not played yet, by estimate.
    package func unheardBytes(at now: MonotonicTime) -> Int {
        let unheard = unheardNanoseconds(at: now)
        return Int((unheard + Pacer.nanosecondsPerByte - 1) / Pacer.nanosecondsPerByte)
    }

    /// A `clear` went to the carrier: returns the bytes it had not played yet, by estimate, and starts anew.
    package mutating func cleared(at now: MonotonicTime) -> Int {
        let unheard = unheardBytes(at: now)
        playedOutAt = nil
        return unheard
    }

    private func unheardNanoseconds(at now: MonotonicTime) -> Int64 {
        guard let playedOutAt else { return 0 }
        return max(0, playedOutAt.nanoseconds - now.nanoseconds)
    }

    private static let nanosecondsPerByte: Int64 = 125_000
}
