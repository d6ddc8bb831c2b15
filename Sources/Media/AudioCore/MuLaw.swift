/// G.711 μ-law, 8 kHz mono: one code is one sample is 0.125 ms.
package enum MuLaw {
    /// Positive zero. `0x00` is not silence: it is the loudest negative sample.
    package static let silence: UInt8 = 0xFF

    /// Codes in one frame at the usual 20 ms ptime.
    package static let frameBytes = 160

    /// Codes a millisecond.
    package static let bytesPerMillisecond = 8

    /// The linear sample of one code, in −32 124 … 32 124. All 256 codes are valid.
    package static func decode(_ code: UInt8) -> Int16 { linear[Int(code)] }

    /// The code nearest to one linear sample; samples past ±32 635 clip.
    ///
    /// - SeeAlso: ITU-T G.711 (11/1988), tables 2a and 2b. Encoders differ by one code at decision boundaries; this one
    ///   takes sign and magnitude.
    package static func encode(_ sample: Int16) -> UInt8 {
        let value = Int32(sample)
        let sign: Int32 = value < 0 ? 0x80 : 0
        let magnitude = min(abs(value), 32_635) + 132
        let exponent = 24 - Int32(magnitude.leadingZeroBitCount)
        let mantissa = (magnitude >> (exponent + 3)) & 15
        return ~UInt8(truncatingIfNeeded: sign | exponent << 4 | mantissa)
    }

    /// Expands one frame of μ-law to linear PCM, sample for sample.
    ///
    /// - Parameters:
    ///   - frame: n codes; n = 160 at the usual 20 ms ptime. All 256 codes are valid.
    ///   - pcm: receives n linear samples in −32 124 … 32 124; ``silence`` becomes 0.
    /// - Precondition: `frame` and `pcm` are equally long. Cannot fail otherwise.
    /// - Complexity: O(n), no allocation: safe on the media thread.
    package static func decode(_ frame: Span<UInt8>, into pcm: inout MutableSpan<Int16>) {
        precondition(frame.count == pcm.count, "\(frame.count) codes into \(pcm.count) samples")
        frame.withUnsafeBufferPointer { codes in
            pcm.withUnsafeMutableBufferPointer { samples in
                linear.withUnsafeBufferPointer { table in
                    for index in codes.indices { samples[index] = table[Int(codes[index])] }
                }
            }
        }
    }

    /// Compresses one frame of linear PCM to μ-law, sample for sample.
    ///
    /// - Precondition: `pcm` and `frame` are equally long. Cannot fail otherwise.
    /// - Complexity: O(n), no allocation: safe on the media thread.
    package static func encode(_ pcm: Span<Int16>, into frame: inout MutableSpan<UInt8>) {
        precondition(frame.count == pcm.count, "\(pcm.count) samples into \(frame.count) codes")
        pcm.withUnsafeBufferPointer { samples in
            frame.withUnsafeMutableBufferPointer { codes in
                for index in samples.indices { codes[index] = encode(samples[index]) }
            }
        }
    }

    /// The linear sample of every code: built once from the recommendation's segments.
    private static let linear: [Int16] = (0...255).map { code in
        let bits = ~code & 0xFF
        let magnitude = ((bits & 15) << 3 + 132) << ((bits >> 4) & 7) - 132
        return Int16(bits & 0x80 == 0 ? magnitude : -magnitude)
    }
}
