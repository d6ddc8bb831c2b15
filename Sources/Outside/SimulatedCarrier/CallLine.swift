import CallModel
import Runtime
import TwilioProtocol
import WebSocketTransport

/// The caller's telephone from answer to hang-up: ear, mouth and keys, on one absolute 20 ms schedule, with a media
/// stream attached or not.
///
/// `@unchecked Sendable`: created anywhere, then touched on `loop` only; ``SimulatedCall`` posts there.
final class CallLine: @unchecked Sendable {
    /// What the line knows when the call is over.
    struct Recording: Sendable {
        var heard: [UInt8] = []
        var said: [UInt8] = []
        var utterances: [EarTimings.Utterance] = []
        var firstByteAtSample: Int?
        var firstStreamAtSample: Int?
        var clears: [SimulatedCallReport.Clear] = []
        var discards: [PlayoutBuffer.Discard] = []
        var unplayedBytes = 0
        var overflowBytes = 0
        var framesSent = 0
        var framesRefused = 0
        var marksReceived: [String] = []
        var marksEchoed: [String] = []
        var violations: [String] = []
    }

    private static let tickNanoseconds: Int64 = 20_000_000
    private static let marksKeptMax = 10_000
    private static let agentSilentFramesMin = 25

    private let loop: MediaLoop
    private let options: CallOptions
    private let signal: @Sendable (CallSignal) -> Void
    private let announce: @Sendable (SimulatedCallEvent.Kind, String, String?) -> Void

    private var caller: (any CallerEnd)?
    private var started = MonotonicTime(nanoseconds: 0)
    private var ticks: Int64 = 0
    private var timer: LoopTimer?
    private var playout = PlayoutBuffer(startedAt: MonotonicTime(nanoseconds: 0))
    private var stream: MediaStreamLeg?
    private var recording = Recording()
    private var agentSilentFrames = 0
    private var agentIsSpeaking = false
    /// The handset is down: nothing more is said while the carrier ends the call.
    private var hasHungUp = false
    private var breakdownAtTick: Int64?

    init(
        loop: MediaLoop, caller: (any CallerEnd)?, options: CallOptions,
        signal: @escaping @Sendable (CallSignal) -> Void,
        announce: @escaping @Sendable (SimulatedCallEvent.Kind, String, String?) -> Void
    ) {
        self.loop = loop
        self.options = options
        self.signal = signal
        self.announce = announce
        self.caller = caller
    }

    // MARK: Called by the call, on the loop

    /// The phone is picked up: the clock of ear and mouth starts.
    func answer() {
        started = .now()
        playout = PlayoutBuffer(startedAt: started)
        // The timer lives in this object and fires on the loop; it is cancelled in `end()`.
        let timer = loop.makeTimer { [weak self] in self?.timerFired() }
        self.timer = timer
        timer.arm(at: deadline(of: 0))
    }

    func openStream(_ plan: StreamPlan) {
        let leg = MediaStreamLeg(plan: plan, options: options, line: self)
        stream = leg
        loop.connect(plan.request, handler: leg)
    }

    /// Ends the stream as the carrier does; its unplayed audio is gone with it.
    func leaveStream() {
        guard let leg = stream else { return }
        detach(leg)
        leg.leave()
    }

    /// The carrier's own sound.
    func play(_ audio: [UInt8]) { _ = playout.append(audio, at: .now()) }

    /// Whatever still plays is cut off.
    func silence() { _ = dropQueued() }

    func end() -> Recording {
        leaveStream()
        timer?.cancel()
        timer = nil
        _ = dropQueued()
        recording.heard = playout.heard
        let length = max(recording.heard.count, recording.said.count)
        recording.heard += [UInt8](repeating: PlayoutBuffer.silence, count: length - recording.heard.count)
        recording.said += [UInt8](repeating: PlayoutBuffer.silence, count: length - recording.said.count)
        recording.firstByteAtSample = playout.firstByteAtSample
        recording.overflowBytes = playout.overflowBytes
        return recording
    }

    /// Ends everything without a word to anybody.
    func vanish() {
        timer?.cancel()
        stream?.cut()
    }

    // MARK: Called by the stream

    func streamOpened(_ leg: MediaStreamLeg) {
        guard leg === stream else { return leg.leave() }
        _ = playout.advance(to: .now())
        if recording.firstStreamAtSample == nil { recording.firstStreamAtSample = playout.positionSamples }
        switch options.breakdown {
        case .streamCut(let afterMs), .streamStalled(let afterMs): breakdownAtTick = ticks + Int64(afterMs) / 20
        default: break
        }
        announce(.streamStarted, leg.streamSid.text, nil)
        signal(.streamStarted(streamSid: leg.streamSid.text))
    }

    func received(_ message: TwilioMessage.Outbound, from leg: MediaStreamLeg) {
        guard leg === stream else { return }
        let now = MonotonicTime.now()
        switch message {
        case .media(let audio): echo(playout.append(audio, at: now))
        case .mark(let name):
            if recording.marksReceived.count < Self.marksKeptMax { recording.marksReceived.append(name.text) }
            echo(playout.mark(name.text, at: now))
        case .clear:
            let echoes = playout.clear(at: now)
            let bytes = playout.discards.last?.byteCount ?? 0
            recording.clears.append(.init(atMs: playout.positionSamples / 8, discardedBytes: bytes))
            if let discard = playout.discards.last { recording.discards.append(discard) }
            announce(.cleared, "\(bytes / 8) ms not heard", nil)
            echo(echoes)
        }
    }

    func violated(_ fault: String) {
        recording.violations.append(fault)
        announce(.protocolViolation, fault, nil)
    }

    func streamClosed(_ leg: MediaStreamLeg, _ ending: StreamEnding, expected: Bool) {
        guard leg === stream else { return }
        detach(leg)
        if !expected { signal(.streamEnded(streamSid: leg.streamSid.text, ending)) }
    }

    // MARK: The schedule

    /// Frame n covers 20n … 20n + 20 ms and is due at its end.
    private func deadline(of tick: Int64) -> MonotonicTime {
        MonotonicTime(nanoseconds: started.nanoseconds + (tick + 1) * Self.tickNanoseconds)
    }

    private func timerFired() {
        let now = MonotonicTime.now()
        while timer != nil, deadline(of: ticks) <= now { tick(now) }
        timer?.arm(at: deadline(of: ticks))
    }

    private func tick(_ now: MonotonicTime) {
        echo(playout.advance(to: now))
        let start = Int(ticks) * ScriptedCaller.frameBytes
        let heard = playout.heard(from: start).prefix(ScriptedCaller.frameBytes)
        noteAgent(audible: Audibility.isAudible(heard))
        let result = caller?.tick(hearing: heard)
        let frame = result?.frame ?? Array(repeating: PlayoutBuffer.silence, count: ScriptedCaller.frameBytes)
        if recording.said.count < PlayoutBuffer.heardBytesMax { recording.said += frame }
        ticks += 1
        if !hasHungUp { stream?.send(frame) }
        for action in result?.actions ?? [] { perform(action, at: start) }
        if let due = breakdownAtTick, ticks >= due { breakDown() }
    }

    private func perform(_ action: ScriptedCaller.Action, at sample: Int) {
        switch action {
        case .beganSaying(let path):
            recording.utterances.append(.init(path: path, start: sample, end: sample))
            announce(.callerSpoke, path, caller?.words(of: path))
        case .endedSaying(let path):
            if let last = recording.utterances.indices.last {
                recording.utterances[last].end = sample + ScriptedCaller.frameBytes
            }
            announce(.callerFellSilent, path, nil)
        case .press(let key):
            stream?.press(key)
            announce(.keyPressed, String(key), nil)
        case .hangUp:
            hasHungUp = true
            signal(.callerHungUp)
        }
    }

    private func breakDown() {
        breakdownAtTick = nil
        guard let leg = stream else { return }
        switch options.breakdown {
        case .streamCut:
            detach(leg)
            leg.cut()
            signal(.streamEnded(streamSid: leg.streamSid.text, .connectionLost("cut on purpose")))
        case .streamStalled: leg.stall()
        default: break
        }
    }

    private func noteAgent(audible: Bool) {
        agentSilentFrames = audible ? 0 : agentSilentFrames + 1
        if audible, !agentIsSpeaking {
            agentIsSpeaking = true
            announce(.agentSpoke, "", nil)
        } else if agentIsSpeaking, agentSilentFrames == Self.agentSilentFramesMin {
            agentIsSpeaking = false
            announce(.agentFellSilent, "", nil)
        }
    }

    private func echo(_ marks: [String]) {
        guard let stream, !marks.isEmpty else { return }
        stream.echo(marks)
        if recording.marksEchoed.count < Self.marksKeptMax { recording.marksEchoed += marks }
    }

    private func detach(_ leg: MediaStreamLeg) {
        stream = nil
        recording.framesSent += leg.framesSent
        recording.framesRefused += leg.framesRefused
        recording.unplayedBytes += dropQueued()
    }

    /// Returns how many bytes were still to be played.
    private func dropQueued() -> Int {
        let before = playout.queuedBytes
        guard timer != nil || before > 0 else { return 0 }
        _ = playout.clear(at: .now())
        return playout.discards.last?.byteCount ?? 0
    }
}
