import Consult
import Testing

@testable import LoadBenchmark

@Suite struct CallScriptTests {
    /// Small talk is what consults are compared with: an offer in it would make a consult of it.
    @Test func `nothing in the small talk is a matter for specialists, however often it is said`() throws {
        var detector = try ConsultDetector(language: "en")
        var scores: [Double] = []
        for round in 0..<6 {
            let words = CallScript.smallTalk[round % CallScript.smallTalk.count]
            scores.append(detector.hear(words, atMs: round * 48_000).score)
            scores.append(detector.hear("yes please", atMs: round * 48_000 + 10_000).score)
        }

        #expect(scores.max() ?? 1 < ConsultLimits().detectionThreshold)
    }
}

@Suite struct StampedPayloadTests {
    private static func base64(_ bytes: [UInt8]) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.enumerated().reduce(0) { $0 | Int($1.element) << (16 - 8 * $1.offset) }
            for place in 0..<4 {
                text.append(place <= group.count ? digits[bits >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    @Test func `every stamp of a message of several frames is read without decoding the rest`() {
        for frames in 1...5 {
            var audio = (0..<(frames * 160)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            for frame in 0..<frames { FrameStamp(leg: 7, index: 40 + frame).write(into: &audio, at: frame * 160) }
            let before = #"{"event":"media","media":{"payload":""#
            let message = Array((before + Self.base64(audio) + #""},"streamSid":"MZ"}"#).utf8)

            let payload = StampedPayload(message.span, from: before.utf8.count)

            #expect(payload.bytes == frames * 160)
            for frame in 0..<frames {
                #expect(payload.stamp(at: frame * 160) == FrameStamp(leg: 7, index: 40 + frame))
            }
        }
    }

    @Test func `a payload that does not end, or is no base64, has no length`() {
        for text in ["AAAA", "AAA\"", "\""] {
            let bytes = Array(text.utf8)
            #expect(StampedPayload(bytes.span, from: 0).bytes == -1, "\(text)")
        }
    }
}

@Suite struct SoakSlopesTests {
    private func samples(_ growth: (Int) -> (kb: Int, descriptors: Int, threads: Int)) -> [LoadResult.SoakSample] {
        (1...20).map { number in
            let value = growth(number)
            return .init(
                calls: number * 500, residentKB: value.kb, descriptors: value.descriptors, threads: value.threads)
        }
    }

    @Test func `a process that fills its pools and then stays is flat`() {
        let slopes = SoakSlopes(samples { (kb: min($0, 8) * 5_000, descriptors: 430 + $0 % 2, threads: 20) })
        #expect(slopes?.isFlat == true)
    }

    @Test func `a leak of a kilobyte, a descriptor or a thread a few calls is seen`() throws {
        let memory = try #require(SoakSlopes(samples { (kb: 90_000 + $0 * 500, descriptors: 400, threads: 20) }))
        #expect(!memory.isFlat)
        #expect(abs(memory.bytesPerCall - 1_024) < 1)
        #expect(SoakSlopes(samples { (kb: 90_000, descriptors: 400 + $0 * 2, threads: 20) })?.isFlat == false)
        #expect(SoakSlopes(samples { (kb: 90_000, descriptors: 400, threads: 20 + $0) })?.isFlat == false)
    }

    @Test func `three samples make no line`() {
        #expect(SoakSlopes(Array(samples { (kb: $0, descriptors: 1, threads: 1) }.prefix(3))) == nil)
    }
}

@Suite struct OverloadTests {
    private func step(
        offered: Int, accepted: Int, refused: Int = 0, ready: Int = 200, later: Bool = false, failed: Int = 0
    ) -> OverloadResult.Step {
        .init(
            offered: offered, accepted: accepted, refusedWithTwiML: refused, failed: failed, refusal: DelaySummary(),
            readyStatus: ready, readyHasRetryAfter: later, level: LevelResult(target: "gateway", calls: accepted))
    }

    @Test func `a curve that refuses what is past the limit and says so has no fault`() {
        let result = OverloadResult(
            limit: 100,
            steps: [
                step(offered: 50, accepted: 50), step(offered: 100, accepted: 100, ready: 503, later: true),
                step(offered: 200, accepted: 100, refused: 900, ready: 503, later: true),
            ])
        #expect(result.faults.isEmpty, "\(result.faults)")
    }

    @Test(arguments: [
        (200, 101, 900, 503, true, 0), (200, 100, 0, 503, true, 0), (200, 100, 900, 200, false, 0),
        (200, 100, 900, 503, false, 0), (50, 49, 1, 200, false, 0), (200, 100, 900, 503, true, 3),
    ])
    func `a call too many, nobody refused, no 503, no answer: each is a fault`(
        _ case: (offered: Int, accepted: Int, refused: Int, ready: Int, later: Bool, failed: Int)
    ) {
        let one = step(
            offered: `case`.offered, accepted: `case`.accepted, refused: `case`.refused, ready: `case`.ready,
            later: `case`.later, failed: `case`.failed)
        #expect(OverloadResult(limit: 100, steps: [one]).faults.count == 1)
    }

    @Test func `calls under way that are harmed are a fault`() {
        var harmed = step(offered: 200, accepted: 100, refused: 10, ready: 503, later: true)
        harmed.level.counts.underruns = 1
        #expect(OverloadResult(limit: 100, steps: [harmed]).faults.count == 1)
    }

    @Test func `refusals that delay calls under way are a fault by what the delay was before, on this machine`() {
        func faults(half: Double, full: Double, halfWasLate: Bool = false) -> Int {
            var steps = [step(offered: 50, accepted: 50)]
            steps.append(step(offered: 200, accepted: 100, refused: 10, ready: 503, later: true))
            steps[0].level.callerToAgent.p99 = half
            steps[0].level.ownLateness.p99 = halfWasLate ? 3 : 0
            steps[1].level.agentToCaller.p99 = full
            return OverloadResult(limit: 100, steps: steps).faults.count
        }

        #expect(faults(half: 2, full: 5.9) == 0)
        #expect(faults(half: 2, full: 6.1) == 1)
        #expect(faults(half: 8, full: 17.9) == 0)
        #expect(faults(half: 2, full: 6.1, halfWasLate: true) == 0)
    }
}

@Suite struct ThreadsResultTests {
    @Test func `threads are compared by the middle of their rounds`() {
        var result = ThreadsResult()
        result.cpuMsPerCallSecond = [1: [1.0, 9.0, 1.2], 2: [1.5, 1.8]]

        #expect(result.median(1) == 1.2)
        #expect(result.median(2) == 1.65)
        #expect(result.ratio(1) == 1)
        #expect(result.ratio(2).map { abs($0 - 1.375) < 1e-9 } == true)
        #expect(result.ratio(3) == nil)
    }
}

@Suite struct TurnsTests {
    private func level(_ p99: [Double], late: Set<Int> = []) -> LevelResult {
        var level = LevelResult(target: "gateway", calls: 100)
        level.seconds = p99.enumerated().map {
            .init(callerToAgent: $1, agentToCaller: $1 / 2, own: late.contains($0) ? 3 : 1)
        }
        return level
    }

    @Test func `sides are compared by the middle of their seconds, but those with a late generator`() {
        var turns = Turns()
        #expect(turns.median(\.with, \.callerToAgent) == 0)
        turns.rounds = [
            .init(without: level([9, 4, 7, 80], late: [3]), with: level([10, 200, 5, 8], late: [1])),
            .init(without: level([6, 3, 90, 5], late: [2]), with: level([11, 4, 6, 300], late: [3])),
        ]

        #expect(turns.onTime(\.without).count == 6)
        #expect(turns.seconds(\.with).count == 8)
        #expect(turns.median(\.without, \.callerToAgent) == 5)
        #expect(turns.median(\.with, \.callerToAgent) == 6)
        #expect(turns.median(\.with, \.agentToCaller) == 3)
    }

    @Test func `fewer than eight seconds on time on either side say nothing`() {
        let eight = [Double](repeating: 3, count: 8)
        #expect(Turns(rounds: [.init(without: level(eight), with: level(eight + [9], late: [8]))]).isBelievable)
        #expect(!Turns(rounds: [.init(without: level(eight), with: level(eight, late: [3]))]).isBelievable)
        #expect(!Turns(rounds: [.init(without: level(eight, late: [3]), with: level(eight))]).isBelievable)
    }

    @Test func `a second holds what was recorded in it`() {
        var meter = LoadMeter()
        for delay in [Int64](arrayLiteral: 1, 2, 90) { meter.callerToAgent.record(nanoseconds: delay * 1_000_000) }
        let before = meter
        meter.callerToAgent.record(nanoseconds: 4_000_000)
        meter.ownLateness.record(nanoseconds: 500_000)

        let second = meter.second(since: before)

        #expect(abs(second.callerToAgent - 4) < 0.1)
        #expect(abs(second.own - 0.5) < 0.01)
        #expect(second.agentToCaller == 0)
    }
}

@Suite struct DoubtTests {
    private func level(p99: Double = 3, own: Double = 1) -> LevelResult {
        var level = LevelResult(target: "gateway", calls: 100)
        level.callerToAgent.p99 = p99
        level.ownLateness.p99 = own
        return level
    }

    @Test func `a level is measured again when the generator was late, and when frames were if that is asked`() {
        #expect(level().doubt(orLate: true) == nil)
        #expect(level(own: 2.5).doubt(orLate: false) == "the generator was late, p99 2.50 ms")
        #expect(level(p99: 7).doubt(orLate: false) == nil)
        #expect(level(p99: 7).doubt(orLate: true) == "p99 added 7.0 ms")
        var dry = level()
        dry.counts.underruns = 2
        #expect(dry.doubt(orLate: true) == "2 underruns")
    }

    @Test func `a level that lost a frame or a stream stands as it is`() {
        for lost in [\LoadCounts.callerFramesLost, \.agentFramesLost, \.streamsLost] {
            var level = level(p99: 7)
            level.counts[keyPath: lost] = 1
            #expect(level.doubt(orLate: true) == nil)
        }
    }
}
