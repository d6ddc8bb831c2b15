/// Many short calls, some with abnormal ends. What grows from the middle of the run to its end is a leak.
struct SoakPhase {
    static let samples = 20

    let runner: LevelRunner
    let calls: Int
    let holdSeconds: Int

    /// Keeps the calls up until `total` were set up. Throws when the gateway dies.
    func run(total: Int) async throws -> (level: LevelResult, samples: [LoadResult.SoakSample]) {
        let (gateway, generator) = (runner.target, runner.generator)
        let level = await runner.level(calls, holdSeconds: holdSeconds)
        var samples: [LoadResult.SoakSample] = []
        while gateway.isRunning {
            let done = await generator.ask { $0.meter.counts.callsSetUp }
            if done >= total * (samples.count + 1) / Self.samples, let now = gateway.probe?.read() {
                samples.append(
                    .init(calls: done, residentKB: now.residentKB, descriptors: now.descriptors, threads: now.threads))
                runner.say(
                    "  \(done) calls: \(now.residentKB) KB, \(now.descriptors) descriptors, \(now.threads) threads")
            }
            if done >= total { break }
            try await Task.sleep(for: .milliseconds(500))
        }
        guard gateway.isRunning else { throw LoadTarget.Failure(description: "the gateway died during the soak") }
        return (level, samples)
    }
}

/// Straight lines through the second half of a soak.
package struct SoakSlopes: Sendable {
    /// What a call may leave behind. Less than a thousandth of what one needs while it is on: noise of the allocator.
    package static let bytesPerCallMax = 400.0
    package static let descriptorsPerThousandMax = 2.0
    package static let threadsPerThousandMax = 0.5

    package var bytesPerCall: Double
    package var descriptorsPerThousand: Double
    package var threadsPerThousand: Double

    /// Nil with too few samples for a line.
    package init?(_ samples: [LoadResult.SoakSample]) {
        let half = samples.suffix(samples.count / 2 + 1)
        guard half.count >= 4 else { return nil }
        func slope(_ value: (LoadResult.SoakSample) -> Double) -> Double {
            let count = Double(half.count)
            let (x, y) = (half.map { Double($0.calls) }, half.map(value))
            let (meanX, meanY) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
            let spread = x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
            guard spread > 0 else { return 0 }
            return zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) } / spread
        }
        bytesPerCall = slope { Double($0.residentKB) * 1_024 }
        descriptorsPerThousand = slope { Double($0.descriptors) } * 1_000
        threadsPerThousand = slope { Double($0.threads) } * 1_000
    }

    package var isFlat: Bool {
        bytesPerCall <= Self.bytesPerCallMax && descriptorsPerThousand <= Self.descriptorsPerThousandMax
            && threadsPerThousand <= Self.threadsPerThousandMax
    }
}
