import AudioCore

/// The caller's audio, cut into utterances: whatever size the pieces come in, voice activity is looked for in frames.
struct CallerEar {
    enum Event: Equatable {
        case started
        /// One whole utterance with a little of the quiet on both sides, as mu-law codes.
        case ended([UInt8])
    }

    /// Kept from before the first voiced frame: soft consonants.
    private static let leadBytes = 300 * MuLaw.bytesPerMillisecond
    private static let tailBytes = 200 * MuLaw.bytesPerMillisecond

    private var vad: EnergyVAD
    /// The audio from ``origin`` on that may still be needed.
    private var kept: [UInt8] = []
    private var origin = 0
    private var pending: [UInt8] = []

    var isSpeaking: Bool { vad.isSpeaking }

    init(settings: EnergyVAD.Settings = .init()) { vad = EnergyVAD(settings: settings) }

    mutating func hear(_ codes: Span<UInt8>) -> [Event] {
        for index in codes.indices { pending.append(codes[index]) }
        var events: [Event] = []
        var used = 0
        while pending.count - used >= MuLaw.frameBytes {
            let frame = Array(pending[used..<used + MuLaw.frameBytes])
            kept += frame
            let event = vad.process(frame.span)
            used += MuLaw.frameBytes
            switch event {
            case .speechStarted?: events.append(.started)
            case .speechEnded?: events.append(.ended(utterance()))
            case nil: if !vad.isSpeaking { forget(before: vad.bytes - Self.leadBytes - Self.onsetBytes) }
            }
        }
        pending.removeFirst(used)
        return events
    }

    /// Ends the utterance under way now; nil when there is none.
    mutating func forceEnd() -> [UInt8]? {
        guard vad.isSpeaking else { return nil }
        defer { vad.reset() }
        return utterance()
    }

    private static let onsetBytes = 8 * MuLaw.frameBytes

    private mutating func utterance() -> [UInt8] {
        let start = max(0, vad.utteranceStartByte - Self.leadBytes - origin)
        let end = min(kept.count, vad.utteranceEndByte + Self.tailBytes - origin)
        let codes = start < end ? Array(kept[start..<end]) : []
        forget(before: vad.bytes - Self.leadBytes)
        return codes
    }

    private mutating func forget(before byte: Int) {
        let surplus = min(kept.count, byte - origin)
        // Moving the rest costs more than keeping a little too much.
        guard surplus > 4_000 || (surplus > 0 && kept.count > 40_000) else { return }
        kept.removeFirst(surplus)
        origin += surplus
    }
}
