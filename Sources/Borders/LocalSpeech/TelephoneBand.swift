#if canImport(Glibc)
    import Glibc
#endif

/// What a telephone line does to a voice: nothing below about 200 Hz, one level for everyone, no clicks at the edges.
enum TelephoneBand {
    /// The level that active speech is brought to, in dB below full scale (rms).
    static let levelDBFS: Float = -20
    private static let peakMax: Float = 30_000

    /// `samples` at 8 kHz, high-passed, at ``levelDBFS``, faded over 5 ms at both ends; never clipped.
    static func shaped(_ samples: [Int16]) -> [Int16] {
        var signal = highPassed(samples.map(Float.init))
        let gain = levelGain(signal)
        let fade = min(40, signal.count / 2)
        for index in signal.indices {
            let edge = min(index, signal.count - 1 - index)
            signal[index] *= gain * (edge < fade ? Float(edge) / Float(fade) : 1)
        }
        return signal.map { Int16(max(-32_124, min(32_124, $0))) }
    }

    /// Second-order Butterworth high-pass, 200 Hz at 8 kHz.
    private static func highPassed(_ samples: [Float]) -> [Float] {
        let omega = 2 * Float.pi * 200 / 8_000
        let alpha = sinf(omega) / Float(2).squareRoot()
        let a0 = 1 + alpha
        let b0 = (1 + cosf(omega)) / 2 / a0
        let b1 = -(1 + cosf(omega)) / a0
        let a1 = -2 * cosf(omega) / a0
        let a2 = (1 - alpha) / a0
        var out: [Float] = []
        out.reserveCapacity(samples.count)
        var (x1, x2, y1, y2): (Float, Float, Float, Float) = (0, 0, 0, 0)
        for x in samples {
            let y = b0 * x + b1 * x1 + b0 * x2 - a1 * y1 - a2 * y2
            (x2, x1, y2, y1) = (x1, x, y1, y)
            out.append(y)
        }
        return out
    }

    /// Brings the mean of the frames that carry speech to the level, or less where a peak would clip.
    private static func levelGain(_ signal: [Float]) -> Float {
        var energy: Float = 0
        var frames: Float = 0
        var peak: Float = 1
        for start in stride(from: 0, to: signal.count, by: 160) {
            let frame = signal[start..<min(start + 160, signal.count)]
            let mean = frame.reduce(0) { $0 + $1 * $1 } / Float(frame.count)
            peak = max(peak, frame.reduce(0) { max($0, abs($1)) })
            guard mean > 100 * 100 else { continue }
            energy += mean
            frames += 1
        }
        guard frames > 0 else { return 1 }
        let target = 32_768 * powf(10, levelDBFS / 20)
        return min(target / (energy / frames).squareRoot(), peakMax / peak)
    }
}
