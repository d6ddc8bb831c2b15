/// Follows tones from frame to frame, and knows what they mean.
struct ToneEar {
    enum Finding: Equatable {
        /// A beep is over: it ended so many ms after the answer.
        case beep(endMs: Int)
        /// Special information tones, or a fax.
        case network
    }

    private struct Run {
        var startMs: Int
        var endMs: Int
        var hz: Double
        var dBFS: Double
        var ms: Int { endMs - startMs }
    }

    private let thresholds: AnsweringThresholds
    private var run: Run?
    /// Special information tones heard so far, in their order, and the end of the last.
    private var sitTones = 0
    private var sitEndMs = 0
    private var isReported = false
    /// A beep that may yet be the first of three tones.
    private var uncertainBeepMs: Int?

    init(_ thresholds: AnsweringThresholds) { self.thresholds = thresholds }

    /// Whether what is heard now is a tone and no speech.
    var isTone: Bool { run.map { $0.ms >= 60 } ?? false }

    /// Takes the frame that ends at `nowMs`.
    ///
    /// - Parameter afterSpeech: somebody has spoken before: a tone of a fax that calls comes first.
    mutating func take(_ frame: FrameTone, endMs nowMs: Int, ms: Int, afterSpeech: Bool) -> Finding? {
        if let beepMs = uncertainBeepMs, run == nil, nowMs - beepMs > thresholds.sitGapMsMax {
            uncertainBeepMs = nil
            return .beep(endMs: beepMs)
        }
        if frame.hz > 0, var going = run, belongs(frame, to: going) {
            // The first frame is partly something else.
            let weight = going.ms <= ms ? 1.0 : 0.3
            going.hz += (frame.hz - going.hz) * weight
            going.dBFS += (frame.dBFS - going.dBFS) * weight
            going.endMs = nowMs
            run = going
            return finding(in: going)
        }
        if let going = run, nowMs - going.endMs < thresholds.toneGapMs, frame.hz == 0 { return nil }
        let over = run
        run = frame.hz > 0 ? Run(startMs: nowMs - ms, endMs: nowMs, hz: frame.hz, dBFS: frame.dBFS) : nil
        isReported = false
        return over.flatMap { ended($0, afterSpeech: afterSpeech) }
    }

    private func belongs(_ frame: FrameTone, to run: Run) -> Bool {
        let isEdge = run.ms <= 40
        return abs(frame.hz - run.hz) <= thresholds.toneDriftHz * (isEdge ? 3 : 1)
            && (isEdge || abs(frame.dBFS - run.dBFS) <= thresholds.toneDriftDB)
    }

    /// What is known before a tone ends.
    private mutating func finding(in run: Run) -> Finding? {
        guard !isReported else { return nil }
        let isFax = thresholds.faxAnswerHz.contains(run.hz) && run.ms >= thresholds.faxAnswerMsMin
        // The second of three is enough, as soon as it is long enough to be it.
        let isSecond =
            sitTones == 1 && run.ms >= thresholds.sitMs.lowerBound && thresholds.sitHz[1].contains(run.hz)
            && run.startMs - sitEndMs <= thresholds.sitGapMsMax
        guard isFax || isSecond else { return nil }
        isReported = true
        return .network
    }

    private mutating func ended(_ run: Run, afterSpeech: Bool) -> Finding? {
        if thresholds.sitMs.contains(run.ms), thresholds.sitHz[0].contains(run.hz) {
            (sitTones, sitEndMs, uncertainBeepMs) = (1, run.endMs, run.endMs)
            return nil
        }
        sitTones = 0
        if thresholds.faxCallingHz.contains(run.hz), thresholds.faxCallingMs.contains(run.ms), !afterSpeech {
            return .network
        }
        guard thresholds.beepMs.contains(run.ms), thresholds.beepHz.contains(run.hz) else { return nil }
        return .beep(endMs: run.endMs)
    }
}
