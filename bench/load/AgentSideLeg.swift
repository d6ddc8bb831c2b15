import Runtime
import TwilioProtocol
import WebSocketTransport

/// The speech agent's end of one call: answers Deepgram's protocol, counts the caller's frames, speaks faster than real
/// time. Which call it serves it learns from the first stamped frame. Lives on the generator's loop.
final class AgentSideLeg: WebSocketHandler {
    /// Frames that an agent which paces itself sends ahead of the caller's ear.
    private static let leadFrames = 4
    /// Ideal send times of the frames on their way; longer than any response.
    private static let window = 2_048

    let id: Int
    private let generator: LoadGenerator
    private var socket: WebSocket?
    private(set) var caller: CarrierLeg?
    /// Frames have due times: the carrier has heard this leg.
    private(set) var isTimed = false
    private var message: [UInt8] = []
    private var due = [Int64](repeating: 0, count: window)
    private(set) var nextIndex = 0
    /// Frames before this one were cut off by a barge-in.
    private(set) var cutIndex = 0
    /// When an ideal carrier will have played all that was sent.
    private var playedOutAt: Int64 = 0
    private var expectedIndex = 0
    private var framesOwed = 0
    private var beginsResponse = false
    private var script: CallScript?
    /// There is nobody between the carrier's half and this one: both speak the carrier's language.
    private let hearsCarrier: Bool
    private var carrier: TwilioFrameWriter?

    init(id: Int, hearsCarrier: Bool, generator: LoadGenerator) {
        self.id = id
        self.hearsCarrier = hearsCarrier
        self.generator = generator
    }

    var isSpeaking: Bool { framesOwed > 0 }

    /// The carrier has heard this leg first, `now`: from here on frames have due times.
    func bind(_ caller: CarrierLeg, heardAt now: Int64) {
        guard !isTimed else { return }
        isTimed = true
        serve(caller)
        generator.meter.counts.agentLegs += 1
        for index in max(0, nextIndex - Self.window)..<nextIndex {
            due[index % Self.window] = now + Int64(max(0, index - 4)) * FrameClock.ptimeNanoseconds
        }
        playedOutAt = now + Int64(nextIndex) * FrameClock.ptimeNanoseconds
    }

    /// This leg's call is known.
    private func serve(_ caller: CarrierLeg) {
        self.caller = caller
        guard let topic = caller.topic, script == nil else { return }
        let script = CallScript(topic, leg: self, generator: generator)
        self.script = script
        script.begin()
    }

    /// When an ideal pacer would have sent the frame; nil for one from too long ago.
    func dueTime(of index: Int) -> Int64? {
        index < nextIndex && index >= nextIndex - Self.window ? due[index % Self.window] : nil
    }

    // MARK: What the conversation orders

    /// Begins a response of `frames` frames; they go out in ``speak()``.
    func respond(frames: Int, saying words: String = "That is good to know, thank you. Tell me more.") {
        say(#"{"type":"ConversationText","role":"assistant","content":"\#(words)"}"#)
        say(#"{"type":"AgentStartedSpeaking","total_latency":0.4,"tts_latency":0.1,"ttt_latency":0.3}"#)
        framesOwed = frames
        beginsResponse = true
        guard hearsCarrier else { return }
        for _ in 0..<Self.leadFrames { speak(frames: 1) }
    }

    /// Sends the next `frames` frames of the response as one message.
    func speak(frames: Int) {
        let count = min(frames, framesOwed)
        guard count > 0, let socket else { return }
        let now = MonotonicTime.now().nanoseconds
        message.removeAll(keepingCapacity: true)
        for _ in 0..<count {
            let start = message.count
            generator.appendSpeech(to: &message, frame: nextIndex)
            FrameStamp(leg: id, index: nextIndex, beginsResponse: beginsResponse).write(into: &message, at: start)
            beginsResponse = false
            let sendAt = max(now, playedOutAt - generator.leadNanoseconds)
            due[nextIndex % Self.window] = sendAt
            playedOutAt = max(playedOutAt, sendAt) + FrameClock.ptimeNanoseconds
            nextIndex += 1
        }
        framesOwed -= count
        generator.meter.counts.agentFramesSent += count
        var outcome = SendOutcome.refused
        if hearsCarrier {
            carrier?.withMedia(message.span) { outcome = socket.sendText($0) }
        } else {
            outcome = socket.sendBinary(message.span)
        }
        if outcome == .refused { generator.meter.counts.framesRefusedBySocket += count }
        if framesOwed == 0 { say(#"{"type":"AgentAudioDone"}"#) }
    }

    /// The agent hears the caller begin to speak; what it was saying is void.
    func callerStarts() {
        framesOwed = 0
        cutIndex = nextIndex
        playedOutAt = 0
        if let clear = carrier?.clear { _ = socket?.sendText(clear.span) }
        say(#"{"type":"UserStartedSpeaking"}"#)
    }

    func callerStops() {
        say(#"{"type":"EndOfTurn","trigger":"silence"}"#)
        say(#"{"type":"ConversationText","role":"user","content":"We are looking for a better telephone system."}"#)
    }

    /// The caller has heard all that was said.
    func callerHeardAll() { script?.heardAll() }

    func cut() { socket?.abort() }

    func say(_ text: String) {
        guard let socket, !hearsCarrier else { return }
        if socket.sendText(Array(text.utf8).span) == .refused { generator.meter.counts.framesRefusedBySocket += 1 }
    }

    // MARK: WebSocketHandler

    func webSocketDidOpen(_ socket: WebSocket) {
        self.socket = socket
        say(#"{"type":"Welcome","request_id":"load-\#(id)"}"#)
    }

    func webSocket(_ socket: WebSocket, receivedText text: Span<UInt8>) {
        if hearsCarrier { return hearCarrier(text) }
        guard ByteSearch.find(#""Settings""#, in: text) != nil else {
            script?.told(text)
            return
        }
        say(#"{"type":"SettingsApplied"}"#)
        respond(frames: generator.scenario.greetingMs / 20)
        // Nobody ticks this leg before it is bound to its call.
        while isSpeaking { speak(frames: generator.scenario.agentMessageMs / 20) }
    }

    /// A message of the carrier's, as it left its half.
    private func hearCarrier(_ text: Span<UInt8>) {
        guard let start = ByteSearch.find(#""payload":""#, in: text) else { return }
        let now = MonotonicTime.now().nanoseconds
        generator.meter.counts.callerMessagesHeard += 1
        hear(StampedPayload(text, from: start).stamp(at: 0), heldBack: 0, at: now)
    }

    func webSocket(_ socket: WebSocket, receivedBinary audio: Span<UInt8>) {
        let now = MonotonicTime.now().nanoseconds
        guard audio.count % FrameStamp.frameBytes == 0 else {
            generator.meter.counts.foreignFrames += 1
            return
        }
        generator.meter.counts.callerMessagesHeard += 1
        let frames = audio.count / FrameStamp.frameBytes
        for place in 0..<frames {
            let heldBack = min(frames - 1 - place, LoadMeter.coalescedFramesMax)
            hear(FrameStamp.read(audio, at: place * FrameStamp.frameBytes), heldBack: heldBack, at: now)
        }
    }

    /// - Parameter heldBack: frames that came after this one in its message: it could not go before the last of them.
    private func hear(_ stamp: FrameStamp?, heldBack: Int, at now: Int64) {
        guard let stamp else {
            generator.meter.counts.fillerFrames += 1
            return
        }
        if caller == nil, let caller = generator.caller(stamp.leg) {
            serve(caller)
            caller.adopt(self, heardAt: nil)
            // An agent leg that comes later in a call starts in the middle.
            if !caller.isOrdinary { expectedIndex = stamp.index }
            if hearsCarrier { greet(caller) }
        }
        guard let caller, caller.id == stamp.leg else {
            generator.meter.counts.foreignFrames += 1
            return
        }
        if stamp.index < expectedIndex {
            generator.meter.counts.callerFramesDoubled += 1
            return
        }
        if caller.isOrdinary { generator.meter.counts.callerFramesLost += stamp.index - expectedIndex }
        expectedIndex = stamp.index + 1
        generator.meter.counts.callerFramesHeard += 1
        guard generator.meter.isMeasuring, caller.crowd == .underWay else { return }
        let delay = now - caller.dueTime(of: stamp.index + heldBack)
        generator.meter.callerToAgent.record(nanoseconds: delay)
        if delay > LoadMeter.lateNanoseconds { generator.meter.counts.callerFramesLate += 1 }
    }

    /// Without settings to wait for.
    private func greet(_ caller: CarrierLeg) {
        carrier = TwilioFrameWriter(streamSid: caller.plan.streamSid)
        respond(frames: generator.scenario.greetingMs / 20)
    }

    func webSocketDidClose(_ socket: WebSocket?, _ closing: WebSocketClosing) {
        self.socket = nil
        script?.end()
        script = nil
        // The caller's last frames were sent before it hung up: they must have come.
        if let caller, caller.hasLeft, caller.isOrdinary {
            generator.meter.counts.callerFramesLost += max(0, caller.nextIndex - expectedIndex)
        }
        caller?.lost(self)
        caller = nil
        generator.gone(self)
    }
}

/// Looks for a few bytes in a message.
enum ByteSearch {
    /// The place behind the first occurrence.
    static func find(_ needle: StaticString, in text: Span<UInt8>, from start: Int = 0) -> Int? {
        let length = needle.utf8CodeUnitCount
        guard length > 0, text.count >= length else { return nil }
        return needle.withUTF8Buffer { needle in
            var at = start
            while at + length <= text.count {
                if unsafe text[at] == needle[0] {
                    var same = 1
                    while same < length, unsafe text[at + same] == needle[same] { same += 1 }
                    if same == length { return at + length }
                }
                at += 1
            }
            return nil
        }
    }
}
