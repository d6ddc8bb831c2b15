import AudioCore

/// What a person at the telephone would call silence: below −45 dBFS.
enum Audibility {
    static let frameBytes = 160
    /// −45 dBFS of full scale, as a mean square.
    private static let meanSquareMin = 32_768.0 * 32_768.0 * 3.16e-5

    /// Whether a stretch of μ-law (one frame, as a rule) can be heard; an empty one cannot.
    static func isAudible(_ audio: some Collection<UInt8>) -> Bool {
        guard !audio.isEmpty else { return false }
        var sum: Int64 = 0
        for code in audio {
            let sample = Int64(MuLaw.decode(code))
            sum += sample * sample
        }
        return Double(sum) / Double(audio.count) > meanSquareMin
    }

    /// One flag a 20 ms frame; the last frame may be shorter.
    static func frames(_ audio: [UInt8]) -> [Bool] {
        stride(from: 0, to: audio.count, by: frameBytes).map { start in
            isAudible(audio[start..<min(start + frameBytes, audio.count)])
        }
    }
}
