import AudioCore
import CallModel
import Testing

@Suite struct PacerTests {
    let start = MonotonicTime(milliseconds: 5_000)

    @Test func `speech starts with one lead at once and goes on frame by frame`() {
        var pacer = Pacer()

        #expect(pacer.bytesAllowed(at: start) == 800)
        pacer.sent(bytes: 800, at: start)

        #expect(pacer.bytesAllowed(at: start.adding(milliseconds: 19)) == 0)
        #expect(pacer.nextDue(at: start) == start.adding(milliseconds: 20))
        #expect(pacer.bytesAllowed(at: start.adding(milliseconds: 20)) == 160)
        #expect(pacer.bytesAllowed(at: start.adding(milliseconds: 45)) == 320)
    }

    @Test func `a stall is not made up for with a burst beyond the lead`() {
        var pacer = Pacer()
        pacer.sent(bytes: 800, at: start)

        let afterStall = start.adding(milliseconds: 10_000)

        #expect(pacer.bytesAllowed(at: afterStall) == 800)
        pacer.sent(bytes: 800, at: afterStall)
        #expect(pacer.unheardBytes(at: afterStall) == 800)
        #expect(pacer.bytesAllowed(at: afterStall) == 0)
    }

    @Test(arguments: [19_960_079, 20_000_000, 20_040_080] as [Int64])
    func `an hour of ticks that run fast or slow neither adds delay nor leaves a gap`(tickNanoseconds: Int64) {
        var pacer = Pacer()
        var now = start
        var sent = 0
        for tick in 0..<180_000 {
            if tick > 0 { #expect(pacer.unheardBytes(at: now) > 0) }
            let allowed = pacer.bytesAllowed(at: now)
            pacer.sent(bytes: allowed, at: now)
            sent += allowed
            #expect(pacer.unheardBytes(at: now) <= 800)
            now = MonotonicTime(nanoseconds: now.nanoseconds + tickNanoseconds)
        }
        let playedBytes = (now.nanoseconds - start.nanoseconds) / 125_000
        #expect(abs(Int64(sent) - playedBytes) <= 800 + 320)
    }

    @Test func `a clear tells what the caller had not heard and starts anew`() {
        var pacer = Pacer()
        pacer.sent(bytes: 800, at: start)
        let interrupted = start.adding(milliseconds: 30)

        #expect(pacer.cleared(at: interrupted) == 560)

        #expect(pacer.unheardBytes(at: interrupted) == 0)
        #expect(pacer.bytesAllowed(at: interrupted) == 800)
        #expect(pacer.nextDue(at: interrupted) == interrupted)
    }

    @Test func `what is allowed is whole frames, whatever was sent`() {
        var pacer = Pacer(leadMs: 100, ptimeMs: 20)
        pacer.sent(bytes: 37, at: start)

        #expect(pacer.bytesAllowed(at: start) == 640)
        #expect(pacer.unheardBytes(at: start) == 37)
    }

    @Test func `nothing is due before its moment`() {
        var pacer = Pacer()
        pacer.sent(bytes: 933, at: start)
        let due = pacer.nextDue(at: start)

        #expect(pacer.bytesAllowed(at: due) == 160)
        #expect(pacer.bytesAllowed(at: MonotonicTime(nanoseconds: due.nanoseconds - 1)) == 0)
    }
}
