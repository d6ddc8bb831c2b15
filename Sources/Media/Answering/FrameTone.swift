import AudioCore
import Glibc

/// Loudness of one frame, and the tone that it is where it is one.
struct FrameTone: Equatable {
    var dBFS: Double
    /// 0: no tone.
    var hz = 0.0
    /// The share of the energy that is at ``hz``.
    var purity = 0.0

    static let bytes = 160
    private static let samplesPerSecond = 8_000.0

    /// - Complexity: O(n), no allocation.
    init(_ codes: Span<UInt8>, purityMin: Double, dBFSMin: Double) {
        dBFS = FrameEnergy(codes).rmsDBFS
        guard dBFS >= dBFSMin, codes.count > 2 else { return }
        var (sum0, sum1, sum2) = (0.0, 0.0, 0.0)
        var (last, lastButOne) = (0.0, 0.0)
        for index in codes.indices {
            let sample = Double(MuLaw.decode(codes[index]))
            sum0 += sample * sample
            if index > 1 {
                sum1 += sample * last
                sum2 += sample * lastButOne
            }
            (last, lastButOne) = (sample, last)
        }
        // Of a tone in white noise, the correlations at one and two samples alone know the frequency (Pisarenko): noise is in
        // neither.
        // At 2000 Hz a sample says nothing of the next one.
        let isHalfway = abs(sum1) <= sum0 * 1e-6
        let cosine = isHalfway ? 0 : (sum2 + (sum2 * sum2 + 8 * sum1 * sum1).squareRoot()) / (4 * sum1)
        guard abs(cosine) < 1 else { return }
        let share = Self.energy(at: cosine, in: codes) * 2 / (Double(codes.count) * sum0)
        guard share >= purityMin else { return }
        (hz, purity) = (acos(cosine) * Self.samplesPerSecond / (2 * .pi), share)
    }

    /// Goertzel's filter at the frequency of which `cosine` is the cosine.
    private static func energy(at cosine: Double, in codes: Span<UInt8>) -> Double {
        var (last, lastButOne) = (0.0, 0.0)
        for index in codes.indices {
            let next = Double(MuLaw.decode(codes[index])) + 2 * cosine * last - lastButOne
            (last, lastButOne) = (next, last)
        }
        return last * last + lastButOne * lastButOne - 2 * cosine * last * lastButOne
    }
}
