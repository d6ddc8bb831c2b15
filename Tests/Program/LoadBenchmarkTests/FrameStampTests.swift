import Testing

@testable import LoadBenchmark

@Suite struct FrameStampTests {
    @Test func `a stamp comes back as it was written, and stays quiet`() {
        var audio = [UInt8](repeating: 0xFF, count: 320)
        let stamp = FrameStamp(leg: 54_321, index: 1_000_007, beginsResponse: true)

        stamp.write(into: &audio, at: 160)

        #expect(FrameStamp.read(audio.span, at: 160) == stamp)
        #expect(FrameStamp.read(audio.span, at: 0) == nil)
        #expect(audio.allSatisfy { $0 >= 0xF0 })
    }

    @Test func `speech, cut frames and damaged stamps are no stamps`() {
        var audio = (0..<160).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
        #expect(FrameStamp.read(audio.span, at: 0) == nil)
        FrameStamp(leg: 1, index: 2).write(into: &audio, at: 0)
        #expect(FrameStamp.read(audio.span, at: 150) == nil)
        for place in 0..<FrameStamp.bytes {
            var damaged = audio
            damaged[place] ^= 1
            #expect(FrameStamp.read(damaged.span, at: 0) == nil, "byte \(place)")
        }
    }
}

@Suite struct DelayHistogramTests {
    @Test func `percentiles are exact below 64 µs and within two percent above`() {
        var histogram = DelayHistogram()
        for value in 1...1_000 { histogram.record(nanoseconds: Int64(value) * 100_000) }

        #expect(abs(histogram.percentileMs(0.5) - 50) < 1)
        #expect(abs(histogram.percentileMs(0.99) - 99) < 2)
        #expect(histogram.percentileMs(1) == 100)
        #expect(histogram.summary.count == 1_000)
    }

    @Test func `nothing recorded is zero, and a frame ahead of its time has no delay`() {
        var histogram = DelayHistogram()
        #expect(histogram.percentileMs(0.99) == 0)
        histogram.record(nanoseconds: -5_000_000)
        #expect(histogram.summary.max == 0)
    }
}

@Suite struct LoadThresholdsTests {
    private let thresholds = LoadThresholds(
        cpuOverRelayMax: 1.5, delayOverRelayMax: 2, delayFloorMs: 2, faultShareMax: 0, allocationsPerFrameMax: 0.5)

    private func result(cpu: Double, lost: Int = 0, lateness: Double = 0.1, allocations: Int = 0) -> LoadResult {
        var mine = LevelResult(target: "gateway", calls: 100)
        mine.cpuMsPerCallSecond = cpu
        mine.counts.callerFramesLost = lost
        mine.ownLateness.p99 = lateness
        var relay = LevelResult(target: "relay", calls: 100)
        relay.cpuMsPerCallSecond = 1
        var result = LoadResult(
            date: "", command: "", machine: .current(), scenario: Self.scenario, tls: false, mediaThreads: 1)
        result.levels = [mine, relay]
        result.allocations = AllocationResult(frames: 1_000, mediaAllocations: allocations)
        return result
    }

    private static let scenario = LoadScenario(
        name: "test", callerTalksMs: .init(min: 1, max: 1), agentTalksMs: .init(min: 1, max: 1),
        pauseMs: .init(min: 1, max: 1), greetingMs: 0, bargeInRate: 0, agentSpeed: 1, agentMessageMs: 20,
        callSeconds: .init(min: 1, max: 1), cutRate: 0, agentLossRate: 0)

    @Test func `a ratio within its limit passes and one past it fails`() {
        #expect(thresholds.verdict(on: result(cpu: 1.4)).passed)
        #expect(!thresholds.verdict(on: result(cpu: 1.6)).passed)
        #expect(!thresholds.verdict(on: result(cpu: 1.4, lost: 1)).passed)
        #expect(thresholds.verdict(on: result(cpu: 1.4, allocations: 500)).passed)
        #expect(!thresholds.verdict(on: result(cpu: 1.4, allocations: 501)).passed)
        var uncounted = result(cpu: 1.4)
        uncounted.allocations = nil
        #expect(!thresholds.verdict(on: uncounted).passed)
    }

    @Test func `a run whose generator was late passes nothing`() {
        #expect(!thresholds.verdict(on: result(cpu: 1, lateness: 2.5)).passed)
    }

    @Test func `a run without the relay passes nothing`() {
        var alone = result(cpu: 1)
        alone.levels.removeLast()
        #expect(!thresholds.verdict(on: alone).passed)
    }
}
