import AudioCore
import Runtime
import Testing

@Suite struct PacerTests {
    let start = MonotonicTime(milliseconds: 5_000)

    @Test func `speech starts with one lead and a frame at once and goes on frame by frame`() {
        var pacer = Pacer()

        #expect(pacer.bytesDue(at: start) == 960)
        pacer.sent(bytes: 960, at: start)

        #expect(pacer.bytesDue(at: start.adding(milliseconds: 19)) == 0)
        #expect(pacer.nextDue(at: start) == start.adding(milliseconds: 20))
        #expect(pacer.bytesDue(at: start.adding(milliseconds: 20)) == 160)
        #expect(pacer.bytesDue(at: start.adding(milliseconds: 45)) == 320)
    }

    @Test func `larger messages go out less often and whole`() {
        var pacer = Pacer()
        pacer.sent(bytes: 960, at: start)

        #expect(pacer.bytesDue(at: start.adding(milliseconds: 19), framesAMessage: 2) == 0)
        #expect(pacer.bytesDue(at: start.adding(milliseconds: 20), framesAMessage: 2) == 320)
        #expect(pacer.bytesDue(at: start.adding(milliseconds: 59), framesAMessage: 2) == 320)
        #expect(pacer.bytesDue(at: start.adding(milliseconds: 60), framesAMessage: 2) == 640)
    }

    @Test func `a stall is not made up for with a burst beyond the lead and a message`() {
        var pacer = Pacer()
        pacer.sent(bytes: 960, at: start)

        let afterStall = start.adding(milliseconds: 10_000)

        #expect(pacer.bytesDue(at: afterStall) == 960)
        pacer.sent(bytes: 960, at: afterStall)
        #expect(pacer.unheardBytes(at: afterStall) == 960)
        #expect(pacer.bytesDue(at: afterStall) == 0)
    }

    @Test(arguments: [19_960_079, 20_000_000, 20_040_080] as [Int64], [1, 2, 3])
    func `an hour of ticks that run fast or slow neither adds delay nor leaves a gap`(
        tickNanoseconds: Int64, frames: Int
    ) {
        var pacer = Pacer()
        var now = start
        var sent = 0
        for tick in 0..<180_000 {
            // Never less than a lead without the ptime between two ticks.
            if tick > 0 { #expect(pacer.unheardBytes(at: now) > 640 - 1) }
            let due = pacer.bytesDue(at: now, framesAMessage: frames)
            pacer.sent(bytes: due, at: now)
            sent += due
            #expect(pacer.unheardBytes(at: now) <= 800 + frames * 160)
            now = MonotonicTime(nanoseconds: now.nanoseconds + tickNanoseconds)
        }
        let playedBytes = (now.nanoseconds - start.nanoseconds) / 125_000
        #expect(abs(Int64(sent) - playedBytes) <= Int64(800 + frames * 160 + 160))
    }

    @Test func `a clear tells what the caller had not heard and starts anew`() {
        var pacer = Pacer()
        pacer.sent(bytes: 800, at: start)
        let interrupted = start.adding(milliseconds: 30)

        #expect(pacer.cleared(at: interrupted) == 560)

        #expect(pacer.unheardBytes(at: interrupted) == 0)
        #expect(pacer.bytesDue(at: interrupted) == 960)
        #expect(pacer.nextDue(at: interrupted) == interrupted)
    }

    @Test func `what is due is whole frames, whatever was sent`() {
        var pacer = Pacer(leadMs: 100, ptimeMs: 20)
        pacer.sent(bytes: 37, at: start)

        #expect(pacer.bytesDue(at: start) == 800)
        #expect(pacer.unheardBytes(at: start) == 37)
    }

    @Test func `nothing is due before its moment, and half a lead is left at the latest one`() {
        var pacer = Pacer()
        pacer.sent(bytes: 933, at: start)
        let due = pacer.nextDue(at: start)

        #expect(pacer.bytesDue(at: due) == 160)
        #expect(pacer.bytesDue(at: MonotonicTime(nanoseconds: due.nanoseconds - 1)) == 0)
        #expect(pacer.latestDue(at: start) == due.adding(milliseconds: 50))
        #expect(pacer.latestDue(at: start.adding(milliseconds: 500)) == start.adding(milliseconds: 500))
    }
}
