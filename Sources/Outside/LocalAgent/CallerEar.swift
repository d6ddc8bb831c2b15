import AudioCore

/// The caller's audio, cut into utterances: whatever size the pieces come in, voice activity is looked for in frames.
///
/// How long a pause ends a turn depends on what was said, so a pause is told early, with all that was said before it; whoever
/// knows better ends the turn (``forceEnd()``), and a long pause ends it in any case.
struct CallerEar {
    enum Event: Equatable {
        case started
        /// The caller pauses: one whole utterance so far with a little of the quiet on both sides, as mu-law codes.
        case paused([UInt8])
        /// They go on after the pause told last.
        case resumed
        /// The utterance of the pause told last is over; or it was cut, at its greatest length, with these codes.
        case ended([UInt8])
        /// Too short a sound to cut in with: a cough, a knock.
        case dropped
    }

    /// Kept from before the first voiced frame: soft consonants.
    private static let leadBytes = 300 * MuLaw.bytesPerMillisecond
    private static let tailBytes = 200 * MuLaw.bytesPerMillisecond
    private static let onsetBytes = 8 * MuLaw.frameBytes
    /// A pause is told after this long.
    static let pauseMs = 160
    /// A pause that ends a turn whatever was said.
    static let pauseMsMax = 900
    /// Who talks while the agent does has to go on for so long to be heard: longer than a cough takes.
    static let cutInMs = 240

    private var vad: EnergyVAD
    /// The audio from ``origin`` on that may still be needed.
    private var kept: [UInt8] = []
    private var origin = 0
    private var pending: [UInt8] = []
    /// Where the speech before the pause told last ended.
    private var pausedAtByte: Int?
    /// Whether the utterance under way was told to have started.
    private var isTold = false

    /// Whether somebody talks, or pauses in a turn.
    var isSpeaking: Bool { vad.isSpeaking && isTold }
    /// How long the caller has been quiet within the utterance.
    var quietMs: Int { vad.utteranceVoicedAgoMs }

    init() {
        var settings = EnergyVAD.Settings()
        settings.hangoverMs = Self.pauseMsMax
        vad = EnergyVAD(settings: settings)
    }

    /// - Parameter isTalkedTo: the agent is speaking: a short sound does not cut in.
    mutating func hear(_ codes: Span<UInt8>, isTalkedTo: Bool = false) -> [Event] {
        for index in codes.indices { pending.append(codes[index]) }
        var events: [Event] = []
        var used = 0
        while pending.count - used >= MuLaw.frameBytes {
            let frame = Array(pending[used..<used + MuLaw.frameBytes])
            kept += frame
            let event = vad.process(frame.span)
            used += MuLaw.frameBytes
            if event == .speechEnded {
                events.append(isTold ? .ended(utterance()) : .dropped)
                forget(before: vad.bytes - Self.leadBytes)
                (isTold, pausedAtByte) = (false, nil)
            } else if vad.isSpeaking {
                events += heard(isTalkedTo: isTalkedTo)
            } else {
                forget(before: vad.bytes - Self.leadBytes - Self.onsetBytes)
            }
        }
        pending.removeFirst(used)
        return events
    }

    /// What one more frame of an utterance tells.
    private mutating func heard(isTalkedTo: Bool) -> [Event] {
        guard isTold else {
            let voicedMs = (vad.utteranceEndByte - vad.utteranceStartByte) / MuLaw.bytesPerMillisecond
            if !isTalkedTo || voicedMs >= Self.cutInMs {
                isTold = true
                return [.started]
            }
            guard quietMs >= Self.pauseMs else { return [] }
            vad.reset()
            return [.dropped]
        }
        if let paused = pausedAtByte, vad.utteranceEndByte > paused {
            pausedAtByte = nil
            return [.resumed]
        }
        guard pausedAtByte == nil, quietMs >= Self.pauseMs else { return [] }
        pausedAtByte = vad.utteranceEndByte
        return [.paused(utterance())]
    }

    /// Ends the utterance under way now; nil when there is none.
    mutating func forceEnd() -> [UInt8]? {
        guard isSpeaking else { return nil }
        defer {
            vad.reset()
            (isTold, pausedAtByte) = (false, nil)
            forget(before: vad.bytes - Self.leadBytes)
        }
        return utterance()
    }

    private func utterance() -> [UInt8] {
        let start = max(0, vad.utteranceStartByte - Self.leadBytes - origin)
        let end = min(kept.count, vad.utteranceEndByte + Self.tailBytes - origin)
        return start < end ? Array(kept[start..<end]) : []
    }

    private mutating func forget(before byte: Int) {
        let surplus = min(kept.count, byte - origin)
        // Moving the rest costs more than keeping a little too much.
        guard surplus > 4_000 || (surplus > 0 && kept.count > 40_000) else { return }
        kept.removeFirst(surplus)
        origin += surplus
    }
}
