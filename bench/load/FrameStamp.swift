/// What marks one frame of generated audio: which leg sent it, its place in the leg's stream, and whether it begins a
/// response. Written as quiet codes, so that a stamped frame of silence stays silence to a voice detector (−60 dBFS).
struct FrameStamp: Equatable {
    /// Codes at the start of a frame that carry the stamp.
    static let bytes = 13
    static let frameBytes = 160
    static let legsMax = 1 << 16
    /// 5.8 hours of frames.
    static let indexesMax = 1 << 20

    var leg: Int
    var index: Int
    var beginsResponse = false

    /// Writes the stamp over the first codes of the frame that begins at `start`.
    func write(into audio: inout [UInt8], at start: Int) {
        audio[start] = 0xF5
        audio[start + 1] = 0xFA
        var check = beginsResponse ? 1 : 0
        audio[start + 2] = 0xF0 | UInt8(check)
        for place in 0..<4 {
            let nibble = leg >> (12 - 4 * place) & 15
            audio[start + 3 + place] = 0xF0 | UInt8(nibble)
            check ^= nibble
        }
        for place in 0..<5 {
            let nibble = index >> (16 - 4 * place) & 15
            audio[start + 7 + place] = 0xF0 | UInt8(nibble)
            check ^= nibble
        }
        audio[start + 12] = 0xF0 | UInt8(check)
    }

    /// The stamp of the frame that begins at `start`; nil when there is none, as in audio of others.
    static func read(_ audio: Span<UInt8>, at start: Int) -> FrameStamp? {
        guard start + bytes <= audio.count, audio[start] == 0xF5, audio[start + 1] == 0xFA else { return nil }
        var check = 0
        var nibbles: InlineArray<11, Int> = .init(repeating: 0)
        for place in 0..<11 {
            let code = audio[start + 2 + place]
            guard code & 0xF0 == 0xF0 else { return nil }
            nibbles[place] = Int(code & 15)
            check ^= nibbles[place]
        }
        guard check == 0, nibbles[0] <= 1 else { return nil }
        var leg = 0
        for place in 1...4 { leg = leg << 4 | nibbles[place] }
        var index = 0
        for place in 5...9 { index = index << 4 | nibbles[place] }
        return FrameStamp(leg: leg, index: index, beginsResponse: nibbles[0] == 1)
    }
}
