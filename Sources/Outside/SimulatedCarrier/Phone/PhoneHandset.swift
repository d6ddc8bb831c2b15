import AudioCore
import Encoding
import LocalSpeech
import Runtime
import WebSocketTransport

/// A telephone in a browser: its WebSocket on one side, the line of one call on the other. Binary messages are 20 ms frames of
/// μ-law, text messages are JSON: ``PhoneOrder`` from the page, the call's events to it, `over` as the last of them.
///
/// `@unchecked Sendable`: touched on `loop` only, where its socket and its call's line live; others post there.
final class PhoneHandset: WebSocketHandler, CallerEnd, @unchecked Sendable {
    /// Places the call of a phone; its script is what it says first.
    typealias Place = @Sendable (_ phone: PhoneHandset, _ from: String, _ to: String?) async throws -> SimulatedCall

    private static let framesAtOnceMax = 10
    private static let patienceMs: Int64 = 10_000
    /// Two seconds of sound: a browser that reads more slowly misses what comes.
    private static let waitingBytesMax = 16_000
    private static let textsWaitingMax = 8
    private static let textName = "text "

    static var options: CallOptions {
        var options = CallOptions()
        options.callSecondsMax = 1_800
        return options
    }

    let loop: MediaLoop
    private let desk: PhoneDesk
    private let holder: String
    private let place: Place
    private let texts: AsyncStream<String>.Continuation
    private var socket: WebSocket?
    private var patience: LoopTimer?
    private var mouth = PhoneMouth()
    /// The carrier has it, until it forgets it; the call has this phone.
    private weak var call: SimulatedCall?
    private var hasCalled = false
    /// The page has hung up, or has gone.
    private var isDown = false
    private var framesSkipped = 0
    /// Of texts that wait to be said, by the names they are said under.
    private var words: [String: String] = [:]
    private var textsSaid = 0
    /// Asked for and not said to their end.
    private var textsOpen = 0

    init(desk: PhoneDesk, holder: String, loop: MediaLoop, place: @escaping Place) {
        self.desk = desk
        self.holder = holder
        self.loop = loop
        self.place = place
        let (stream, texts) = AsyncStream.makeStream(
            of: String.self, bufferingPolicy: .bufferingOldest(Self.textsWaitingMax))
        self.texts = texts
        // Speaking takes milliseconds, which a loop with calls has not.
        Task { [weak self] in
            for await text in stream {
                let audio = (try? Synthesizer.shared.speech(text, voice: .rms)) ?? []
                loop.post { [weak self] in self?.spoken(text, audio) }
            }
        }
    }

    // MARK: The line's side

    func tick(hearing heard: ArraySlice<UInt8>) -> ScriptedCaller.Tick {
        let (tick, isOther) = mouth.tick(hearing: heard)
        textsOpen -= tick.actions.count { if case .endedSaying(let name) = $0 { isText(name) } else { false } }
        var ear = Array(heard.prefix(ScriptedCaller.frameBytes))
        ear += [UInt8](repeating: MuLaw.silence, count: ScriptedCaller.frameBytes - ear.count)
        if isOther { ear = PhoneMouth.mixed(ear, tick.frame) }
        if let socket, socket.queuedBytes < Self.waitingBytesMax {
            _ = socket.sendBinary(ear.span)
        } else {
            framesSkipped += 1
        }
        return tick
    }

    /// Asked for once, when it begins.
    func words(of name: String) -> String? { words.removeValue(forKey: name) }

    // MARK: The call's side, from anywhere

    func tell(_ event: SimulatedCallEvent) {
        loop.post { [self] in
            var message: WireObject = [
                "event": .string(SnakeCase.of(event.kind.rawValue)), "at_ms": .integer(event.atMs),
            ]
            if event.kind == .placed {
                message["call_sid"] = .string(event.detail)
            } else if !event.detail.isEmpty {
                message["detail"] = .string(event.detail)
            }
            message["text"] = event.text.map { .string($0) }
            send(message)
        }
    }

    func over(_ report: SimulatedCallReport) {
        loop.post { [self] in
            var message: WireObject = [
                "event": "over", "call_sid": .string(report.callSid), "status": .string(report.status),
                "ended_by": .string(report.endedBy.rawValue), "duration_ms": .integer(report.durationMs),
                "marks_echoed": .integer(report.marksEchoed.count),
                "frames_dropped": .integer(mouth.framesDropped), "frames_skipped": .integer(framesSkipped),
            ]
            message["failure"] = report.failure.map { .string($0) }
            send(message)
            socket?.close(code: 1_000, reason: "the call is over")
        }
    }

    // MARK: The page's side

    func webSocketDidOpen(_ socket: WebSocket) {
        self.socket = socket
        let timer = loop.makeTimer { [weak self] in self?.refuse("nobody was called") }
        patience = timer
        timer.arm(at: .now().adding(milliseconds: Self.patienceMs))
    }

    func webSocket(_ socket: WebSocket, receivedBinary message: Span<UInt8>) {
        let bytes = ScriptedCaller.frameBytes
        guard message.count > 0, message.count % bytes == 0, message.count <= bytes * Self.framesAtOnceMax else {
            return refuse("sound comes in frames of \(bytes) bytes, at most \(Self.framesAtOnceMax) at once")
        }
        for start in stride(from: 0, to: message.count, by: bytes) {
            var frame: [UInt8] = []
            frame.reserveCapacity(bytes)
            for index in start..<start + bytes { frame.append(message[index]) }
            mouth.take(frame)
        }
    }

    func webSocket(_ socket: WebSocket, receivedText message: Span<UInt8>) {
        guard message.count <= PhoneOrder.bytesMax else {
            return refuse("a message has at most \(PhoneOrder.bytesMax) bytes", code: 1_009)
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(message.count)
        for index in message.indices { bytes.append(message[index]) }
        do throws(PhoneOrder.Fault) { try obey(try PhoneOrder(bytes)) } catch { refuse(error.reason) }
    }

    func webSocketDidClose(_ socket: WebSocket?, _ closing: WebSocketClosing) {
        self.socket = nil
        patience?.cancel()
        patience = nil
        texts.finish()
        desk.tickets.giveBack(holder)
        hangUp()
    }

    // MARK: -

    private func obey(_ order: PhoneOrder) throws(PhoneOrder.Fault) {
        if case .call(let to, let from, let caller) = order {
            guard !hasCalled else { throw PhoneOrder.Fault(reason: "a phone calls once") }
            hasCalled = true
            patience?.cancel()
            return begin(to: to, from: from, caller: caller)
        }
        guard hasCalled else { throw PhoneOrder.Fault(reason: "call first") }
        switch order {
        case .call: break
        case .say(let text):
            guard textsOpen < Self.textsWaitingMax else { return complain("too much is still to be said") }
            textsOpen += 1
            texts.yield(text)
        case .play(let name):
            do throws(CallerScriptError) { mouth.play(try desk.script(name)) } catch { complain(error.description) }
        case .press(let keys): if !mouth.press(keys) { complain("too many keys are still to be pressed") }
        case .hangUp: hangUp()
        }
    }

    private func begin(to: String?, from: String?, caller: String?) {
        var from = from
        if let caller {
            do throws(CallerScriptError) {
                let script = try desk.script(caller)
                mouth.play(script)
                from = from ?? script.from
            } catch { return refuse(error.description) }
        }
        Task { [self, from] in
            do {
                let call = try await place(self, from ?? PhoneDesk.callerStandard, to)
                loop.post { self.began(call) }
            } catch {
                loop.post { self.refuse("\(error)") }
            }
        }
    }

    private func began(_ call: SimulatedCall) {
        self.call = call
        if isDown { call.interrupt(.callerHungUp) }
    }

    private func hangUp() {
        guard !isDown else { return }
        isDown = true
        call?.interrupt(.callerHungUp)
    }

    private func isText(_ name: String) -> Bool { name.hasPrefix(Self.textName) }

    private func spoken(_ text: String, _ audio: [UInt8]) {
        guard !audio.isEmpty else {
            textsOpen -= 1
            return complain("nothing in that text can be spoken")
        }
        textsSaid += 1
        let name = Self.textName + String(textsSaid)
        words[name] = text
        mouth.say(name, audio)
    }

    /// What could not be done, for the page; the call goes on.
    private func complain(_ what: String) { send(["event": "refused", "detail": .string(what)]) }

    /// Ends the phone, and its call as by hanging up.
    private func refuse(_ why: String, code: UInt16 = 1_008) {
        socket?.close(code: code, reason: why)
        hangUp()
    }

    private func send(_ message: WireObject) {
        let text = Array(WireJSON.object(message).text.utf8)
        _ = socket?.sendText(text.span)
    }
}
