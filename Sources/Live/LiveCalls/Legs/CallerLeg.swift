import AudioCore
import CallModel
import CallSession
import Runtime
import TwilioProtocol
import WebSocketTransport

/// The caller's side of a call: the carrier's stream, the speech that waits for the caller's ear, and its playout. Lives
/// on the call's loop; a call has one for its whole life, streams come and go.
final class CallerLeg {
    /// What carries the audio and what is known of it.
    private(set) var audio: CallAudio
    private(set) var stream: WebSocket?
    private var writer: TwilioFrameWriter?
    private let shared: SharedByCalls
    private let guests: GuestList
    /// Wakes a playout that no frame of the caller has woken.
    private var timer: LoopTimer?
    private var silenceMs = 0
    /// Called on the loop when the first frame of a response has gone to the carrier, to be heard in so many ms.
    var becameAudible: (Int) -> Void = { _ in }

    /// - Parameter guests: those who hear what the caller hears.
    init(loop: MediaLoop, leadMs: Int, shared: SharedByCalls, guests: GuestList) {
        audio = CallAudio(leadMs: leadMs, blocks: shared.blocks)
        self.shared = shared
        self.guests = guests
        timer = loop.makeTimer { [unowned self] in woken() }
    }

    // MARK: The stream

    func attach(_ socket: WebSocket, streamSid: StreamSid) {
        stream = socket
        writer = TwilioFrameWriter(streamSid: streamSid, room: shared.room)
    }

    /// The stream is gone: nothing sent can be confirmed any more.
    func detach(at now: MonotonicTime) {
        silenceMs = audio.longestSilenceMs(at: now)
        stream = nil
        writer = nil
        audio.streamEnded(at: now)
        timer?.cancel()
    }

    /// Lets go of everything; an open stream is closed.
    func close() {
        timer?.cancel()
        timer = nil
        stream?.close(code: 1000, reason: "")
        stream = nil
    }

    // MARK: From the caller

    /// Hot path: one frame of the caller's audio. Speech that is due goes out on the same wake-up.
    func callerFrame(_ speech: Span<UInt8>, _ media: CallerAudio, at now: MonotonicTime) -> EnergyVAD.Event? {
        let event = audio.callerFrame(speech, media, at: now)
        if audio.waitingBytes > 0 { playout(at: now) }
        return event
    }

    /// A message of the stream that is no media came.
    func otherMessage() { audio.otherMessage() }

    /// A mark came back. True when it confirms that speech was heard.
    func markReturned(_ name: String) -> Bool {
        audio.otherMessage()
        return audio.markEchoed(name)
    }

    /// The first word of a response that this mark confirms as heard, each once.
    func takeOnset() -> CallAudio.Onset? { audio.takeOnset() }

    /// The longest stretch of a stream in which neither side was heard.
    var longestSilenceMs: Int { stream == nil ? silenceMs : audio.longestSilenceMs(at: .now()) }

    // MARK: To the caller

    /// The speech that comes now begins a response.
    func responseBegins(isFiller: Bool) { audio.responseBegins(isFiller: isFiller) }

    /// Nothing more comes of the response: its last frame need not wait to be full.
    func responseEnded() {
        audio.responseEnded()
        if audio.isShort { playout(at: .now()) }
    }

    /// Queues speech for the caller, and plays at once what of it is due where none was.
    func speak(_ speech: Span<UInt8>) {
        let wasShort = audio.isShort
        audio.agentSpoke(speech)
        if wasShort { playout(at: .now(), isSooner: true) }
    }

    /// Hot path: hands the carrier every message that is due.
    ///
    /// - Parameter isSooner: an armed timer may be set to a moment that has become too late.
    func playout(at now: MonotonicTime, isSooner: Bool = false) {
        guard let stream, writer != nil else { return }
        while sendDue(to: stream, at: now) {
            if let ms = audio.takeResponseStart() { becameAudible(ms) }
        }
        guard isSooner || timer?.isArmed == false, let due = audio.latestDue(at: now) else { return }
        arm(at: due)
    }

    private func arm(at due: MonotonicTime) { timer?.arm(at: due, toleranceMs: audio.holdsTail ? 0 : 10) }

    /// Sends one message, and a mark where one is due behind it; false while no message is due.
    private func sendDue(to stream: WebSocket, at now: MonotonicTime) -> Bool {
        var frames: [UInt8] = []
        swap(&frames, &shared.frames)
        defer { swap(&frames, &shared.frames) }
        var span = frames.mutableSpan
        let bytes = audio.nextMessage(of: shared.grain.toCarrier, into: &span, at: now)
        guard bytes > 0 else { return false }
        let message = frames.span.extracting(first: bytes)
        writer?.withMedia(message) { _ = stream.sendText($0) }
        guests.agentFrame(message, at: now)
        if let mark = audio.markDue() { writer?.withMark(mark) { _ = stream.sendText($0) } }
        return true
    }

    /// The caller's frames have most likely done the work meanwhile.
    private func woken() {
        let now = MonotonicTime.now()
        guard let due = audio.latestDue(at: now) else { return }
        if due <= now {
            playout(at: now)
        } else {
            arm(at: due)
        }
    }

    /// Barge-in: drops all speech the caller has not heard, here and at the carrier. Returns how much it was, in ms.
    func discardUnheard(at now: MonotonicTime) -> Int {
        let discarded = audio.discardUnheard(at: now)
        if let clear = writer?.clear { _ = stream?.sendText(clear.span) }
        return discarded
    }
}
