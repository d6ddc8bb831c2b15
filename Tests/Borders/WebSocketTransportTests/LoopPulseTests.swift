import Runtime
import Testing

@testable import WebSocketTransport

@Suite struct LoopPulseTests {
    @Test func `a loop rests between wake-ups only where messages come thick, and does not waver`() {
        var pulse = LoopPulse()
        let rests = [0, 1_999, 2_000, 1_500, 1_000, 999, 1_500].map { messages in
            pulse.observe(messages: messages, processor: 0, in: 1_000_000_000)
            return pulse.restNanoseconds != nil
        }

        #expect(rests == [false, false, true, true, true, false, false])
    }

    @Test func `a rest is as long as eight messages take to come, within half a millisecond and a whole one`() {
        var pulse = LoopPulse()
        let rests = [2_000, 8_000, 10_000, 16_000, 100_000].map { messages in
            pulse.observe(messages: messages, processor: 0, in: 1_000_000_000)
            return pulse.restNanoseconds
        }

        #expect(rests == [1_000_000, 1_000_000, 800_000, 500_000, 500_000])
    }

    @Test func `the share of a second the thread had the processor is at most all of it`() {
        var pulse = LoopPulse()

        pulse.observe(messages: 0, processor: 250_000_000, in: 1_000_000_000)
        #expect(pulse.busy == 0.25)
        pulse.observe(messages: 0, processor: 1_010_000_000, in: 1_000_000_000)
        #expect(pulse.busy == 1)
    }

    @Test func `a rest begins with the last wake-up and a loop at ease takes none`() {
        var pulse = LoopPulse()
        pulse.breathe()
        pulse.observe(messages: 5_000, processor: 0, in: 1_000_000_000)
        let before = MonotonicTime.now()
        pulse.breathe()

        pulse.breathe()

        #expect(MonotonicTime.now().nanoseconds - before.nanoseconds >= 1_000_000)
    }

    @Test func `timers of one tolerance wake together, and never early`() {
        let moment = MonotonicTime(nanoseconds: 1_000_000_001)

        #expect(moment.roundedUp(toMilliseconds: 10) == MonotonicTime(milliseconds: 1_010))
        #expect(MonotonicTime(milliseconds: 1_010).roundedUp(toMilliseconds: 10) == MonotonicTime(milliseconds: 1_010))
        #expect(MonotonicTime.distantFuture.roundedUp(toMilliseconds: 10) == .distantFuture)
    }
}
