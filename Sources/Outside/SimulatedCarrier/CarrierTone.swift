import AudioCore
import Foundation

/// Tones: the carrier's own voice, soft, where `<Say>`, `<Play>` or a dialled human would be heard, and those of machines that
/// answer.
enum CarrierTone {
    static let msMax = 120_000

    /// 400 Hz at about −20 dBFS.
    static func tone(ms: Int) -> [UInt8] {
        let period = (0..<20).map { MuLaw.encode(Int16(4_600 * sin(2 * Double.pi * Double($0) / 20))) }
        return (0..<min(max(0, ms), msMax) * 8).map { period[$0 % 20] }
    }

    /// How long a text takes to say: about 15 characters a second.
    static func sayMs(_ text: String) -> Int { min(msMax, max(300, text.count * 65)) }

    /// What a script's tone is called among its recordings; nil where there is no such tone.
    static func path(hz: Int, ms: Int) -> String? {
        (100...3_400).contains(hz) && (1...60_000).contains(ms) ? "tone \(hz) Hz \(ms) ms" : nil
    }

    /// The tone of that name, at −14 dBFS; nil where it names none.
    static func tone(at path: String) -> [UInt8]? {
        let words = path.split(separator: " ")
        guard words.count == 5, let hz = Int(words[1]), let ms = Int(words[3]), self.path(hz: hz, ms: ms) == path else {
            return nil
        }
        return (0..<ms * 8).map { index in
            MuLaw.encode(Int16(6_500 * sin(2 * Double.pi * Double(hz) * Double(index) / 8_000)))
        }
    }
}
