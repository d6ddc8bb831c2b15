/// Voice activity by energy over an adaptive noise floor. A value without a clock: time is counted in bytes of audio.
package struct EnergyVAD: Sendable {
    package enum Event: Equatable, Sendable {
        /// Speech was found; it began at ``EnergyVAD/utteranceStartByte``, some frames ago.
        case speechStarted
        /// Speech is over; the last voiced frame ended at ``EnergyVAD/utteranceEndByte``, one hangover ago.
        case speechEnded
    }

    package struct Settings: Equatable, Sendable {
        /// How far over the floor a frame counts as voiced.
        package var thresholdDB = 9.0
        /// So many voiced frames …
        package var onsetFrames = 4
        /// … among the last so many make an utterance; at most 32.
        package var onsetWindowFrames = 6
        /// Silence that ends an utterance; 500–700 ms suit a conversation.
        package var hangoverMs = 550
        /// An utterance that does not end is cut here.
        package var utteranceMsMax = 12_000

        package init() {}
    }

    package let settings: Settings
    /// The noise floor, in dBFS.
    package private(set) var floorDBFS = -50.0
    package private(set) var isSpeaking = false
    package private(set) var frames = 0
    /// Bytes seen so far; 8 are a millisecond.
    package private(set) var bytes = 0
    /// Where the utterance under way, or the last one, began: the first voiced frame of its onset.
    package private(set) var utteranceStartByte = 0
    /// The end of the last voiced frame so far.
    package private(set) var utteranceEndByte = 0

    /// How long ago the utterance began, in ms of audio.
    package var utteranceStartedAgoMs: Int { (bytes - utteranceStartByte) / MuLaw.bytesPerMillisecond }
    /// How long ago its last voiced frame so far ended, in ms of audio.
    package var utteranceVoicedAgoMs: Int { (bytes - utteranceEndByte) / MuLaw.bytesPerMillisecond }

    private var voicedHistory: UInt32 = 0
    private var frameStarts: InlineArray<32, Int> = .init(repeating: 0)
    private var quietestInUtterance = 0.0

    /// - Precondition: `hangoverMs` is positive and the onset fits its window of at most 32 frames.
    package init(settings: Settings = Settings()) {
        precondition(
            settings.hangoverMs > 0 && (1...32).contains(settings.onsetWindowFrames)
                && (1...settings.onsetWindowFrames).contains(settings.onsetFrames), "\(settings)")
        self.settings = settings
    }

    /// Takes one frame of n μ-law codes (n = 160 at the usual ptime) and says whether speech began or ended with it.
    package mutating func process(_ frame: Span<UInt8>) -> Event? { process(FrameEnergy(frame)) }

    /// The same for a frame whose energy is known.
    package mutating func process(_ energy: FrameEnergy) -> Event? {
        guard energy.bytes > 0 else { return nil }
        let level = energy.rmsDBFS
        let start = bytes
        frameStarts[frames % 32] = start
        frames += 1
        bytes += energy.bytes
        let voiced = level > floorDBFS + settings.thresholdDB
        adaptFloor(to: level)
        voicedHistory = voicedHistory << 1 | (voiced ? 1 : 0)
        return isSpeaking ? continueUtterance(voiced: voiced, level: level) : lookForOnset(voiced: voiced, level: level)
    }

    /// Forgets the utterance under way; the floor stays.
    package mutating func reset() {
        isSpeaking = false
        voicedHistory = 0
    }

    private mutating func lookForOnset(voiced: Bool, level: Double) -> Event? {
        let window = settings.onsetWindowFrames
        let recent = voicedHistory & (window == 32 ? .max : (1 << UInt32(window)) - 1)
        guard voiced, recent.nonzeroBitCount >= settings.onsetFrames else { return nil }
        let framesBack = 31 - recent.leadingZeroBitCount
        utteranceStartByte = frameStarts[(frames - 1 - framesBack) % 32]
        utteranceEndByte = bytes
        quietestInUtterance = level
        isSpeaking = true
        return .speechStarted
    }

    private mutating func continueUtterance(voiced: Bool, level: Double) -> Event? {
        quietestInUtterance = min(quietestInUtterance, level)
        if voiced { utteranceEndByte = bytes }
        let silentMs = (bytes - utteranceEndByte) / MuLaw.bytesPerMillisecond
        if silentMs >= settings.hangoverMs {
            reset()
            return .speechEnded
        }
        guard (bytes - utteranceStartByte) / MuLaw.bytesPerMillisecond >= settings.utteranceMsMax else { return nil }
        // Twelve seconds without a pause are noise, or music: what was quietest in them is the new floor.
        floorDBFS = min(max(floorDBFS, quietestInUtterance), EnergyVAD.floorRange.upperBound)
        reset()
        return .speechEnded
    }

    /// Down quickly, up slowly, and slower still while someone speaks.
    private mutating func adaptFloor(to level: Double) {
        if level < floorDBFS {
            floorDBFS += (level - floorDBFS) * 0.3
        } else {
            floorDBFS += min((level - floorDBFS) * 0.05, isSpeaking ? 0.01 : 0.06)
        }
        floorDBFS = min(max(floorDBFS, EnergyVAD.floorRange.lowerBound), EnergyVAD.floorRange.upperBound)
    }

    /// Below the lower end a telephone line has no noise of its own; above the upper one nobody could be understood.
    private static let floorRange = -60.0 ... -25.0
}
