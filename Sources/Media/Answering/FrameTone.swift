import Glibc

/// The tone that one frame is, where it is one.
struct FrameTone: Equatable {
    var dBFS: Double
    /// 0: no tone.
    var hz = 0.0
    /// The share of the energy that is at ``hz``.
    var purity = 0.0

    static let bytes = 160
    private static let samplesPerSecond = 8_000.0

    /// - Parameter dBFS: the level of the samples, which is known already.
    /// - Complexity: O(n), no allocation.
    init(_ samples: Span<Int16>, dBFS: Double, purityMin: Double, dBFSMin: Double) {
        self.dBFS = dBFS
        guard dBFS >= dBFSMin, samples.count > 2 else { return }
        var (sum0, sum1, sum2) = (Int64(0), Int64(0), Int64(0))
        samples.withUnsafeBufferPointer { samples in
            for index in 2..<samples.count {
                let sample = Int64(samples[index])
                sum0 &+= sample &* sample
                sum1 &+= sample &* Int64(samples[index - 1])
                sum2 &+= sample &* Int64(samples[index - 2])
            }
        }
        guard let cosine = Self.cosine(Double(sum0), Double(sum1), Double(sum2)) else { return }
        let share = Self.energy(at: cosine, in: samples) * 2 / (Double(samples.count) * Double(sum0))
        guard share >= purityMin else { return }
        (hz, purity) = (acos(cosine) * Self.samplesPerSecond / (2 * .pi), share)
    }

    /// Of a tone in white noise, the correlations at one and two samples alone know the frequency (Pisarenko): noise is in
    /// neither.
    private static func cosine(_ sum0: Double, _ sum1: Double, _ sum2: Double) -> Double? {
        // At 2000 Hz a sample says nothing of the next one.
        if abs(sum1) <= sum0 * 1e-6 { return 0 }
        let cosine = (sum2 + (sum2 * sum2 + 8 * sum1 * sum1).squareRoot()) / (4 * sum1)
        return abs(cosine) < 1 ? cosine : nil
    }

    /// Goertzel's filter at the frequency of which `cosine` is the cosine.
    private static func energy(at cosine: Double, in samples: Span<Int16>) -> Double {
        var (last, lastButOne) = (0.0, 0.0)
        samples.withUnsafeBufferPointer { samples in
            for sample in samples {
                let next = Double(sample) + 2 * cosine * last - lastButOne
                (last, lastButOne) = (next, last)
            }
        }
        return last * last + lastButOne * lastButOne - 2 * cosine * last * lastButOne
    }
}
