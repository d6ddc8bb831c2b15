import CSpeexDSP

/// Whole-buffer sample rate conversion with libspeexdsp; low-passed below the lower of both Nyquist frequencies.
enum Resampler {
    enum Failure: Error, CustomStringConvertible {
        case refused(from: Int, to: Int, code: Int32)
        var description: String {
            switch self {
            case .refused(let from, let to, let code):
                "libspeexdsp refused to resample \(from) Hz to \(to) Hz (code \(code)); check the voice's sample rate."
            }
        }
    }

    /// `samples` at `to` Hz, aligned with the input: the filter's delay is cut off at the start and made up at the end.
    ///
    /// - Parameter quality: 0 … 10 as libspeexdsp counts; 3 is enough for recognition, 6 for listening.
    static func convert(_ samples: [Int16], from: Int, to: Int, quality: Int32) throws(Failure) -> [Int16] {
        guard from != to, !samples.isEmpty else { return samples }
        var code: Int32 = 0
        guard let state = unsafe speex_resampler_init(1, UInt32(from), UInt32(to), quality, &code), code == 0 else {
            throw .refused(from: from, to: to, code: code)
        }
        defer { unsafe speex_resampler_destroy(state) }
        _ = unsafe speex_resampler_skip_zeros(state)
        let wanted = (samples.count * to + from - 1) / from
        let padded = samples + Array(repeating: 0, count: Int(unsafe speex_resampler_get_input_latency(state)) + 8)
        var out = [Int16](repeating: 0, count: wanted)
        var consumed = 0
        var produced = 0
        while consumed < padded.count, produced < wanted {
            var inCount = UInt32(padded.count - consumed)
            var outCount = UInt32(wanted - produced)
            let offsetIn = consumed
            let offsetOut = produced
            code = unsafe padded.withUnsafeBufferPointer { source in
                unsafe out.withUnsafeMutableBufferPointer { target in
                    guard let input = source.baseAddress, let output = target.baseAddress else { return 1 }
                    return unsafe speex_resampler_process_int(
                        state, 0, input + offsetIn, &inCount, output + offsetOut, &outCount)
                }
            }
            guard code == 0, inCount + outCount > 0 else { throw .refused(from: from, to: to, code: code) }
            consumed += Int(inCount)
            produced += Int(outCount)
        }
        return out
    }
}
