package import CallModel

/// Decides how much speech the carrier may hold, against a monotonic clock: the agent sends faster than real time, the
/// caller hears in real time, and only `leadMs` lie between, so that a barge-in discards almost nothing.
///
/// The estimate: the carrier plays 8 bytes a millisecond without a break from the moment it has something to play. It is
/// driven by the clock and by bytes only: late or early ticks move nothing, so neither drift nor a stall can add up, and
/// after a stall no more than one lead is handed over at once.
package struct Pacer: Sendable {
    package let leadMs: Int
    package let ptimeMs: Int
    /// When everything handed over so far will have been played.
    private var playedOutAt: MonotonicTime?

    /// - Precondition: `ptimeMs` is positive and `leadMs` is at least one ptime.
    package init(leadMs: Int = 100, ptimeMs: Int = 20) {
        precondition(ptimeMs > 0 && leadMs >= ptimeMs, "lead \(leadMs) ms, ptime \(ptimeMs) ms")
        self.leadMs = leadMs
        self.ptimeMs = ptimeMs
    }

    /// Bytes that may be handed to the carrier now: whole frames, at most one lead.
    package func bytesAllowed(at now: MonotonicTime) -> Int {
        let room = Int64(leadMs) * 1_000_000 - unheardNanoseconds(at: now)
        let frameNanoseconds = Int64(ptimeMs) * 1_000_000
        guard room >= frameNanoseconds else { return 0 }
        return Int(room / frameNanoseconds) * ptimeMs * MuLaw.bytesPerMillisecond
    }

    /// Tells the pacer what was handed to the carrier.
    package mutating func sent(bytes: Int, at now: MonotonicTime) {
        guard bytes > 0 else { return }
        let start = max(playedOutAt?.nanoseconds ?? now.nanoseconds, now.nanoseconds)
        playedOutAt = MonotonicTime(nanoseconds: start + Int64(bytes) * Pacer.nanosecondsPerByte)
    }

    /// The next moment at which ``bytesAllowed(at:)`` is at least one frame: `now` when it already is.
    package func nextDue(at now: MonotonicTime) -> MonotonicTime {
        guard let playedOutAt else { return now }
        let due = playedOutAt.nanoseconds - Int64(leadMs - ptimeMs) * 1_000_000
        return MonotonicTime(nanoseconds: max(now.nanoseconds, due))
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
