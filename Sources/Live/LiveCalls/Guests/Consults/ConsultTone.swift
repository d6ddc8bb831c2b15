import AudioCore
import Foundation

/// The tone that tells a waiting caller that the line is alive.
enum ConsultTone {
    /// 440 Hz, 300 ms, about −26 dBFS, with soft edges, in mu-law.
    static let audio: [UInt8] = (0..<2_400).map { index in
        let edge = min(1, Double(min(index, 2_399 - index)) / 240)
        return MuLaw.encode(Int16(1_600 * edge * sin(2 * .pi * 440 * Double(index) / 8_000)))
    }
}
