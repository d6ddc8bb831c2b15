import AudioCore
import Foundation

/// Samples at 8 kHz, as they are before the line.
struct Sound {
    static let samplesPerMs = 8
    var samples: [Float] = []

    var ms: Int { samples.count / Sound.samplesPerMs }

    init(silenceMs: Int = 0) { samples = Array(repeating: 0, count: silenceMs * Sound.samplesPerMs) }

    /// A WAV file of 16-bit samples at 8 kHz, or such samples without a header.
    init?(file path: String) {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        let bytes = Array(data)
        var body = 0..<bytes.count
        if bytes.starts(with: Array("RIFF".utf8)) {
            guard let found = Sound.dataChunk(bytes) else { return nil }
            body = found
        }
        samples = stride(from: body.lowerBound, to: body.upperBound - 1, by: 2).map { index in
            Float(Int16(truncatingIfNeeded: Int(bytes[index]) | Int(bytes[index + 1]) << 8))
        }
    }

    /// Mu-law without a header.
    init?(muLaw path: String) {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        samples = data.map { Float(MuLaw.decode($0)) }
    }

    private static func dataChunk(_ bytes: [UInt8]) -> Range<Int>? {
        var at = 12
        while at + 8 <= bytes.count {
            let size = (0..<4).reduce(0) { $0 | Int(bytes[at + 4 + $1]) << (8 * $1) }
            if bytes[at..<at + 4].elementsEqual("data".utf8) { return at + 8..<min(bytes.count, at + 8 + size) }
            at += 8 + size + size % 2
        }
        return nil
    }

    static func + (first: Sound, second: Sound) -> Sound {
        var both = first
        both.samples += second.samples
        return both
    }

    /// What arrives of it: louder or quieter, with the line's noise, coded.
    func onLine(_ line: Line, seed: UInt64) -> [UInt8] {
        var random = Random(state: seed)
        let gain = Float(pow(10, line.gainDB / 20))
        let noise = line.noiseDBFS.map { Float(32_768 * pow(10, $0 / 20)) } ?? 0
        var pink: Float = 0
        return samples.map { sample in
            var value = sample * gain
            if noise > 0 {
                let white = random.normal()
                pink = 0.9 * pink + 0.436 * white
                value += noise * (line.isPink ? pink : white)
            }
            return MuLaw.encode(Int16(max(-32_635, min(32_635, value))))
        }
    }
}

struct Line: Equatable {
    var name: String
    var gainDB: Double
    /// RMS; nil: none.
    var noiseDBFS: Double?
    var isPink = false

    static let all = [
        Line(name: "clean", gainDB: 0, noiseDBFS: nil),
        Line(name: "quiet, white noise", gainDB: -10, noiseDBFS: -55),
        Line(name: "loud, pink noise", gainDB: 4, noiseDBFS: -42, isPink: true),
    ]
}

/// Splitmix, and from it a normal distribution: a run can be repeated.
struct Random {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }

    mutating func unit() -> Float { Float(next() >> 40) / Float(1 << 24) }
    mutating func normal() -> Float { (0..<4).reduce(Float(0)) { sum, _ in sum + unit() } * 1.732 - 3.464 }
    mutating func ms(_ range: ClosedRange<Int>) -> Int { range.lowerBound + Int(next() % UInt64(range.count)) }
}
