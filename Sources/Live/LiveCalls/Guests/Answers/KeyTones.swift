import Answering
import AudioCore
import Foundation

/// Keys as they sound: a media stream takes no others. ITU-T Q.23 and Q.24.
enum KeyTones {
    private static let rows = [697.0, 770, 852, 941]
    private static let columns = [1_209.0, 1_336, 1_477]
    /// Long enough for any exchange: 40 ms is what they have to know.
    private static let ms = 160

    /// Mu-law of one key, with silence behind it; nil where there is no such key.
    static func audio(of key: Character) -> [UInt8]? { audio[key] }

    private static let audio: [Character: [UInt8]] = {
        var all: [Character: [UInt8]] = [:]
        for (place, key) in MenuKey.all.enumerated() {
            all[key] = tone(rows[place / columns.count], columns[place % columns.count])
        }
        return all
    }()

    /// Each of the two at −9 dBFS.
    private static func tone(_ low: Double, _ high: Double) -> [UInt8] {
        let samples = (0..<ms * MuLaw.bytesPerMillisecond).map { index in
            let turn = 2 * Double.pi * Double(index) / 8_000
            return MuLaw.encode(Int16(11_600 * (sin(turn * low) + sin(turn * high))))
        }
        return samples + [UInt8](repeating: MuLaw.silence, count: 60 * MuLaw.bytesPerMillisecond)
    }
}
