import AudioCore
import Foundation

/// The carrier's own voice: a soft tone where `<Say>`, `<Play>` or a dialled human would be heard.
enum CarrierTone {
    static let msMax = 120_000

    /// 400 Hz at about −20 dBFS.
    static func tone(ms: Int) -> [UInt8] {
        let period = (0..<20).map { MuLaw.encode(Int16(4_600 * sin(2 * Double.pi * Double($0) / 20))) }
        return (0..<min(max(0, ms), msMax) * 8).map { period[$0 % 20] }
    }

    /// How long a text takes to say: about 15 characters a second.
    static func sayMs(_ text: String) -> Int { min(msMax, max(300, text.count * 65)) }
}
