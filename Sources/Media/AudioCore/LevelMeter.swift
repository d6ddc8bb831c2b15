import Glibc

/// The loudness of one leg, frame by frame. Full scale is a square wave of ±32 768, so a full-scale sine reads −3 dBFS.
package struct LevelMeter: Sendable {
    /// What digital silence reads.
    package static let floorDBFS = -96.0
    /// Frames at or below this RMS level count as silent.
    package static let silenceDBFS = -50.0
    /// Frames above this RMS level are heard as sound: recognition and synthesis leave a little noise under it.
    package static let audibleDBFS = -45.0

    package struct Reading: Equatable, Sendable {
        package var rmsDBFS: Double
        /// The largest magnitude in the frame, 0 … 32 124.
        package var peak: Int32
        package var peakDBFS: Double { FrameEnergy.dBFS(Double(peak) / 32_768) }
    }

    package private(set) var last = Reading(rmsDBFS: floorDBFS, peak: 0)
    package private(set) var frames = 0
    /// Samples at either end of the scale.
    package private(set) var clippedSamples = 0
    /// Silent bytes in a row, up to now; 8 are a millisecond.
    package private(set) var silenceRunBytes = 0
    package private(set) var longestSilenceBytes = 0

    package init() {}

    /// Measures one frame of μ-law. An empty frame changes nothing.
    @discardableResult
    package mutating func measure(_ frame: Span<UInt8>) -> Reading { measure(FrameEnergy(frame)) }

    /// The same for a frame whose energy is known.
    @discardableResult
    package mutating func measure(_ energy: FrameEnergy) -> Reading {
        guard energy.bytes > 0 else { return last }
        last = Reading(rmsDBFS: energy.rmsDBFS, peak: energy.peak)
        frames += 1
        clippedSamples += energy.clipped
        if last.rmsDBFS <= LevelMeter.silenceDBFS {
            silenceRunBytes += energy.bytes
            longestSilenceBytes = max(longestSilenceBytes, silenceRunBytes)
        } else {
            silenceRunBytes = 0
        }
        return last
    }
}

/// Loudness, peak and clipping of one frame of μ-law: what meter and voice activity detector both start from.
package struct FrameEnergy: Sendable {
    /// Codes in the frame.
    package let bytes: Int
    package let rmsDBFS: Double
    let peak: Int32
    let clipped: Int

    package init(_ frame: Span<UInt8>) {
        bytes = frame.count
        var loudest: UInt8 = 0x7F
        var sum: Int64 = 0
        frame.withUnsafeBufferPointer { codes in
            // Without its sign a code is the smaller the louder it is. Apart from the sum, so that many are looked at at once.
            for code in codes { loudest = min(loudest, code & 0x7F) }
            FrameEnergy.squares.withUnsafeBufferPointer { squares in
                for code in codes { sum &+= squares[Int(code & 0x7F)] }
            }
        }
        peak = abs(Int32(MuLaw.decode(loudest)))
        clipped = loudest == 0 ? FrameEnergy.clipped(frame) : 0
        rmsDBFS = FrameEnergy.dBFS((Double(sum) / Double(max(1, frame.count))).squareRoot() / 32_768)
    }

    /// What a person at the telephone would not call silence, by ``LevelMeter/audibleDBFS``.
    package var isAudible: Bool { rmsDBFS > LevelMeter.audibleDBFS }

    /// The same of a frame whose level nobody wants to know: the loudest code of most frames decides it.
    package static func isAudible(_ frame: Span<UInt8>) -> Bool {
        guard !frame.isEmpty else { return false }
        var loudest: UInt8 = 0x7F
        frame.withUnsafeBufferPointer { codes in for code in codes { loudest = min(loudest, code & 0x7F) } }
        let peak = squares[Int(loudest)]
        if Double(peak) <= audibleSquare { return false }
        if Double(peak) > audibleSquare * Double(frame.count) { return true }
        return FrameEnergy(frame).isAudible
    }

    /// The mean square at ``LevelMeter/audibleDBFS``: −45 dB of full scale.
    private static let audibleSquare = 32_768.0 * 32_768 * pow(10, LevelMeter.audibleDBFS / 10)

    private static func clipped(_ frame: Span<UInt8>) -> Int {
        frame.indices.count { frame[$0] & 0x7F == 0 }
    }

    /// The squared sample of each code without its sign.
    private static let squares: [Int64] = (0...127).map { code in
        let sample = Int64(MuLaw.decode(UInt8(code)))
        return sample * sample
    }

    static func dBFS(_ ratio: Double) -> Double {
        ratio > 0 ? max(LevelMeter.floorDBFS, 20 * log10(ratio)) : LevelMeter.floorDBFS
    }
}
