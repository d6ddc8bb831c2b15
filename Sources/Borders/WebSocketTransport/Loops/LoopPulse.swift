import Glibc
import Runtime

/// How busy one loop is, measured each second, and the pause it makes between wake-ups when messages come thick.
///
/// A wake-up costs more than a message. Under load the loop therefore rests after it woke for as long as it takes some eight
/// messages to come, at most a millisecond, and then takes them all at once: one wake-up in place of many. A loop with little
/// to do answers at once.
package struct LoopPulse {
    /// Messages a second from which on the loop rests between wake-ups, and below which it stops to.
    static let restsFrom = 2_000
    static let restsUntil = 1_000
    /// A rest lasts until so many messages have come, …
    static let messagesARest = 8
    /// … within these bounds: half a millisecond of 400 calls is enough for one wake-up.
    static let restsForNanoseconds: ClosedRange<Int64> = 500_000...1_000_000

    /// The share of the last second in which the loop's thread had the processor, 0 to 1.
    package private(set) var busy = 0.0
    /// WebSocket messages received in the last second.
    package private(set) var messages = 0
    /// From one wake-up to the next; nil where the loop does not rest.
    private(set) var restNanoseconds: Int64?

    private var measuredAt = MonotonicTime.now()
    private var processorNanoseconds: Int64 = 0
    private var wokeAt: Int64 = 0

    /// Takes stock of the messages since the last time. On the loop's own thread, about once a second.
    mutating func secondPassed(messages: Int) {
        let now = MonotonicTime.now()
        let used = LoopPulse.threadNanoseconds()
        let elapsed = max(1, now.nanoseconds - measuredAt.nanoseconds)
        observe(messages: messages, processor: used - processorNanoseconds, in: elapsed)
        measuredAt = now
        processorNanoseconds = used
    }

    /// One second's figures.
    mutating func observe(messages: Int, processor: Int64, in elapsed: Int64) {
        self.messages = messages
        busy = min(1, Double(processor) / Double(elapsed))
        guard messages >= (restNanoseconds == nil ? LoopPulse.restsFrom : LoopPulse.restsUntil) else {
            restNanoseconds = nil
            return
        }
        let bounds = LoopPulse.restsForNanoseconds
        let wanted = Int64(LoopPulse.messagesARest) * 1_000_000_000 / Int64(messages)
        restNanoseconds = min(max(wanted, bounds.lowerBound), bounds.upperBound)
    }

    /// Between two wake-ups: sleeps until the rest since the last one is over, when the loop rests at all.
    mutating func breathe() {
        guard let restNanoseconds else { return }
        let due = wokeAt + restNanoseconds
        if MonotonicTime.now().nanoseconds < due {
            var until = timespec(tv_sec: Int(due / 1_000_000_000), tv_nsec: Int(due % 1_000_000_000))
            _ = unsafe clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nil)
        }
        wokeAt = MonotonicTime.now().nanoseconds
    }

    private static func threadNanoseconds() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
