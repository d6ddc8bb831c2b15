import Foundation
import Glibc
import WebSocketTransport

/// Brings a number of calls up on one target, and measures them there.
struct LevelRunner: Sendable {
    /// What stood before and after the calls were brought up.
    struct Standing: Sendable {
        var calls: Int
        var openBefore = 0
        var idle: ProcessProbe.Reading?
        var countsBefore = LoadCounts()
        var rampSeconds = 0.0
        var settleSeconds = LevelRunner.settleSeconds
    }

    static let settleSeconds = 1.5

    let target: LoadTarget
    let generator: LoadGenerator
    let setUpsPerSecond: Double
    let say: @Sendable (String) -> Void

    /// Brings the calls up and measures them; once more, as they stand, when the generator itself was late, or with `orLate`
    /// when frames were.
    func level(_ calls: Int, holdSeconds: Int, orLate: Bool = false) async -> LevelResult {
        await measureTwice(await bring(to: calls), holdSeconds: holdSeconds, orLate: orLate)
    }

    /// Measures, and once more when the generator itself was late, or with `orLate` when frames were.
    func measureTwice(_ standing: Standing, holdSeconds: Int, orLate: Bool = false) async -> LevelResult {
        let first = await measure(standing, holdSeconds: holdSeconds)
        guard let doubt = first.doubt(orLate: orLate) else { return first }
        say("  \(doubt): measured again")
        var second = await measure(await self.standing(), holdSeconds: holdSeconds)
        second.calls = standing.calls
        second.takeSetUp(from: first)
        return second
    }

    /// Brings the calls up and waits until they stand.
    func bring(to calls: Int) async -> Standing {
        var standing = Standing(calls: calls)
        await generator.point(at: target.address)
        standing.countsBefore = await generator.ask { generator in
            generator.meter.startLevel()
            return generator.meter.counts
        }
        if await generator.standing().open == 0 {
            // A call alone first: what a process makes once, such as connections to its database, is no cost of a call.
            await generator.bring(to: 1, perSecond: 1)
            try? await Task.sleep(for: .seconds(1))
        }
        standing.openBefore = await generator.standing().open
        standing.idle = target.probe?.read()
        let began = ContinuousClock.now
        say("\(target.kind.rawValue): bringing \(standing.openBefore) calls to \(calls)")
        await generator.bring(to: calls, perSecond: setUpsPerSecond)
        for _ in 0..<100 {
            let now = await generator.standing()
            if now.settingUp == 0, now.open <= calls { break }
            try? await Task.sleep(for: .milliseconds(100))
        }
        standing.rampSeconds = began.secondsSince
        return standing
    }

    /// What stands now, to be measured as it is.
    func standing() async -> Standing {
        let (open, counts) = await generator.ask { generator in
            generator.meter.startLevel()
            return (generator.callCount(), generator.meter.counts)
        }
        return Standing(
            calls: open, openBefore: open, idle: target.probe?.read(), countsBefore: counts, settleSeconds: 0)
    }

    /// Measures what ``bring(to:)`` has brought up.
    func measure(_ standing: Standing, holdSeconds: Int) async -> LevelResult {
        var level = LevelResult(target: target.kind.rawValue, calls: standing.calls)
        try? await Task.sleep(for: .seconds(standing.settleSeconds))
        let (framesBefore, setUp) = await generator.ask { generator in
            generator.meter.beginMeasuring()
            return (generator.meter.counts.callerFramesSent, generator.meter.counts.callsSetUp)
        }
        if standing.rampSeconds > 0 {
            level.setUpsPerSecond = Double(setUp - standing.countsBefore.callsSetUp) / standing.rampSeconds
        }
        let before = target.probe?.read()
        let ownBefore = Self.ownCPUSeconds()
        let began = ContinuousClock.now
        level.seconds = await hold(seconds: holdSeconds, from: began)
        let (meter, open) = await generator.ask { generator in
            defer { generator.meter.isMeasuring = false }
            return (generator.meter, generator.callCount())
        }
        let elapsed = began.secondsSince
        let after = target.probe?.read()
        level.callsOpen = open
        level.measuredSeconds = elapsed
        level.callSeconds = Double(meter.counts.callerFramesSent - framesBefore) / 50
        level.read(meter, since: standing.countsBefore)
        let own = Self.ownCPUSeconds() - ownBefore
        level.generatorCPUShare = own / elapsed
        if level.callSeconds > 0 { level.generatorCPUMsPerCallSecond = own * 1_000 / level.callSeconds }
        if let idle = standing.idle, let before, let after {
            let used = after.cpuSeconds - before.cpuSeconds
            if level.callSeconds > 0 { level.cpuMsPerCallSecond = used * 1_000 / level.callSeconds }
            level.cpuShare = used / elapsed
            level.mediaCPUShare = (after.mediaSeconds - before.mediaSeconds) / elapsed
            level.residentKB = after.residentKB
            level.descriptors = after.descriptors
            level.threads = after.threads
            if open > standing.openBefore {
                level.memoryKBPerCall =
                    Double(before.residentKB - idle.residentKB) / Double(open - standing.openBefore)
            }
        }
        return level
    }

    /// Waits, and says every three seconds how it goes. Returns each second by itself.
    private func hold(seconds: Int, from began: ContinuousClock.Instant) async -> [LevelResult.Second] {
        var measured: [LevelResult.Second] = []
        var before = LoadMeter()
        for second in 1...max(1, seconds) {
            try? await Task.sleep(until: began.advanced(by: .seconds(second)), clock: .continuous)
            let (meter, open) = await generator.ask { ($0.meter, $0.callCount()) }
            measured.append(meter.second(since: before))
            before = meter
            guard second % 3 == 0 else { continue }
            say(
                "  \(second) s  \(open) calls  p99 in \(LoadTable.decimal(meter.callerToAgent.percentileMs(0.99), 2)) out "
                    + "\(LoadTable.decimal(meter.agentToCaller.percentileMs(0.99), 2)) ms")
        }
        return measured
    }

    func hangUpAll() async {
        await generator.bring(to: 0, perSecond: max(200, setUpsPerSecond), .beside)
        await generator.bring(to: 0, perSecond: max(200, setUpsPerSecond))
        try? await Task.sleep(for: .seconds(1))
    }

    /// User and system time of this process.
    static func ownCPUSeconds() -> Double {
        var usage = rusage()
        unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
    }
}

extension ContinuousClock.Instant {
    var secondsSince: Double { self.duration(to: .now).inSeconds }
}

extension Duration {
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
