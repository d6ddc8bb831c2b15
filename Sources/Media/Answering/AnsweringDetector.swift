import AudioCore

/// Tells who or what has answered, from what the called side sends, frame by frame, and from what becomes known beside it: the words
/// that were understood, the carrier's own verdict, how long it rang. A value without a clock: time is counted in audio.
package struct AnsweringDetector: Sendable {
    package let thresholds: AnsweringThresholds
    /// What is taken to have answered by now. May change as more is heard; towards a person only until it is settled.
    package private(set) var verdict = AnsweringVerdict(kind: .unknown, reason: .nothing, atMs: 0, isSettled: false)
    /// The end of the last beep; nil while there was none.
    package private(set) var beepEndMs: Int?
    /// When it was found.
    package private(set) var beepFoundMs: Int?
    /// The end of the last speech, tones not counted; nil while there was none.
    package private(set) var speechEndMs: Int?
    package var nowMs: Int { bytes / MuLaw.bytesPerMillisecond }

    private var bytes = 0
    private var frame: InlineArray<160, UInt8> = .init(repeating: MuLaw.silence)
    private var frameBytes = 0
    private var samples: InlineArray<160, Int16> = .init(repeating: 0)
    private var vad: EnergyVAD
    private var tones: ToneEar
    private var talk: Talk?
    private let talkMsMax: Int

    // What speaks for what.
    private var hasNetworkTones = false
    private var talkedMs: Int?
    private var cue: AnsweringCue?
    private var ownWords = 0
    private var carrier = CarrierAnswer.unknown

    /// Speech with pauses that are too short for somebody to wait in.
    private struct Talk {
        var startMs: Int
        var voicedMs = 0
        var endMs: Int
        /// The pause after it is over, or was long enough.
        var isOver = false
        var ms: Int { endMs - startMs }
    }

    /// - Parameter rangMs: from the first ring to the answer; nil where that is not known.
    package init(rangMs: Int? = nil, thresholds: AnsweringThresholds = .standard) {
        self.thresholds = thresholds
        var settings = EnergyVAD.Settings()
        settings.thresholdDB = thresholds.speechDB
        settings.hangoverMs = thresholds.pauseMs
        settings.utteranceMsMax = 60_000
        vad = EnergyVAD(settings: settings)
        tones = ToneEar(thresholds)
        let isLikelyMailbox = rangMs.map { $0 >= thresholds.mailboxRingMs } ?? false
        talkMsMax = isLikelyMailbox ? thresholds.talkAfterMailboxRingMs : thresholds.talkMs
    }

    /// Hot path: takes mu-law of any length, in order.
    ///
    /// - Complexity: O(n), no allocation.
    package mutating func callerFrame(_ codes: Span<UInt8>) {
        if frameBytes == 0, codes.count == FrameTone.bytes { return analyse(codes) }
        for index in codes.indices {
            frame[frameBytes] = codes[index]
            frameBytes += 1
            guard frameBytes == FrameTone.bytes else { continue }
            frameBytes = 0
            let whole = frame
            analyse(whole.span)
        }
    }

    /// What the called side was understood to say.
    ///
    /// - Parameter cues: of the language that is spoken; nil where there are none: then words say nothing.
    package mutating func callerSaid(_ text: String, cues: AnsweringCues?) {
        guard let cues else { return }
        let heard = cues.read(text)
        if let found = heard.cue, cue.map({ found.weight >= $0.weight }) ?? true { cue = found }
        ownWords += heard.words
        decide()
    }

    /// The carrier has made up its mind, which may be long ago.
    package mutating func carrierSaid(_ answer: CarrierAnswer) {
        carrier = answer
        if case .greetingEnded(byBeep: true) = answer, beepEndMs == nil {
            (beepEndMs, beepFoundMs) = (nowMs, nowMs)
        }
        decide()
    }

    // MARK: Frames

    private mutating func analyse(_ codes: Span<UInt8>) {
        bytes += FrameTone.bytes
        let energy = FrameEnergy(codes)
        var decoded = samples.mutableSpan
        MuLaw.decode(codes, into: &decoded)
        let tone = FrameTone(
            samples.span, dBFS: energy.rmsDBFS, purityMin: thresholds.tonePurityMin, dBFSMin: thresholds.toneDBFSMin)
        switch tones.take(tone, endMs: nowMs, ms: 20, afterSpeech: speechEndMs != nil) {
        case .network?: hasNetworkTones = true
        case .beep(let endMs)?: (beepEndMs, beepFoundMs) = (endMs, nowMs)
        case nil: break
        }
        let voicedBefore = vad.utteranceEndByte
        let event = vad.process(energy)
        let isVoiced = vad.isSpeaking && vad.utteranceEndByte != voicedBefore && !tones.isTone && tone.hz == 0
        if isVoiced {
            let sinceMs = event == .speechStarted ? vad.utteranceStartByte / MuLaw.bytesPerMillisecond : nowMs - 20
            speak(sinceMs)
        }
        listen()
        decide()
    }

    private mutating func speak(_ sinceMs: Int) {
        speechEndMs = nowMs
        var going = talk.flatMap { $0.isOver ? nil : $0 } ?? Talk(startMs: sinceMs, endMs: nowMs)
        going.voicedMs += nowMs - sinceMs
        going.endMs = nowMs
        talk = going
    }

    /// Whether what is being said is too long for somebody who waits for an answer; only what is said first tells that.
    private mutating func listen() {
        guard var going = talk, !going.isOver else { return }
        let isDense = Double(going.voicedMs) >= Double(going.ms) * thresholds.voicedShareMin
        if talkedMs == nil, greetedMs == nil, going.ms >= talkMsMax, isDense { talkedMs = nowMs }
        let pause = nowMs - going.endMs
        let isGreeting = going.ms <= thresholds.greetingMsMax
        if pause >= (isGreeting ? thresholds.pauseMs : thresholds.longGreetingPauseMs) {
            going.isOver = true
            talk = going
            if talkedMs == nil, greetedMs == nil, going.voicedMs >= 80 { greetedMs = nowMs }
        }
    }

    /// When a greeting was over that somebody waits after.
    private var greetedMs: Int?

    // MARK: What it all comes to

    private mutating func decide() {
        let (kind, reason) = finding
        guard kind != verdict.kind || reason != verdict.reason || !verdict.isSettled else { return }
        let settled = isSettled(kind, reason)
        // A machine that was known to be one by its tones or words is nobody else any more.
        if verdict.isSettled, verdict.kind.isMachine, !kind.isMachine { return }
        guard kind != verdict.kind || reason != verdict.reason || settled != verdict.isSettled else { return }
        // What was known to be a machine is so since then, whichever it turns out to be.
        let atMs = verdict.kind.isMachine && kind.isMachine ? verdict.atMs : nowMs
        verdict = AnsweringVerdict(
            kind: kind, reason: reason, atMs: kind == verdict.kind ? verdict.atMs : atMs, isSettled: settled)
    }

    private var finding: (Answerer, AnsweringVerdict.Reason) {
        if hasNetworkTones { return (.network, .tones) }
        let cue = self.cue.flatMap { $0.isEnough || isLikelyMachine ? $0 : nil }
        if let cue, cue.kind != .voicemail { return (cue.kind, .words) }
        if carrier == .fax { return (.network, .carrier) }
        if beepEndMs != nil { return (.voicemail, .beep) }
        if cue != nil { return (.voicemail, .words) }
        let saysOwnWords = ownWords >= thresholds.ownWordsMin
        switch carrier {
        case .machine, .greetingEnded: if !saysOwnWords { return (.voicemail, .carrier) }
        case .person: return (.person, .carrier)
        case .fax, .unknown: break
        }
        if saysOwnWords { return (.person, .words) }
        if talkedMs != nil { return (.voicemail, .talk) }
        return greetedMs == nil ? (.unknown, .nothing) : (.person, .greeting)
    }

    /// Whether turns of phrase count that people have as well.
    private var isLikelyMachine: Bool {
        switch carrier {
        case .machine, .greetingEnded: true
        case .person: false
        case .fax, .unknown: talkedMs != nil
        }
    }

    private func isSettled(_ kind: Answerer, _ reason: AnsweringVerdict.Reason) -> Bool {
        switch reason {
        case .tones, .beep, .words: return true
        case .carrier where kind != .voicemail: return true
        case .carrier, .talk:
            guard let talk else { return false }
            let wordsDue = nowMs - talk.endMs >= thresholds.wordsWaitMs
            let isEnough = reason == .carrier || talk.ms >= thresholds.wordlessTalkMs
            return wordsDue && isEnough || talk.ms >= thresholds.settledTalkMs
        case .greeting, .nothing: return false
        }
    }
}
