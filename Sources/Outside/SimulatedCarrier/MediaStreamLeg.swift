import CallModel
import Encoding
import TwilioProtocol
import WebSocketTransport

/// What is needed to open one media stream.
struct StreamPlan: Sendable {
    var request: WebSocketRequest
    var streamSid: StreamSid
    var callSid: CallSid
    var accountSid: String
    var parameters: [FormField]
}

/// The carrier's end of one media stream: writes the stream's messages, checks what comes back. Lives on one loop.
final class MediaStreamLeg: WebSocketHandler {
    let streamSid: StreamSid
    private let plan: StreamPlan
    private let options: CallOptions
    private weak var line: CallLine?
    private var socket: WebSocket?
    private var writer: TwilioCarrierWriter
    private var gathered: [UInt8] = []
    private var frames = 0
    private var held: [[UInt8]] = []
    private var random: SplitMix64
    private var stalled = false
    /// We sent `stop` or cut the connection: what follows is no news.
    private var left = false
    private var faultReported = false
    private(set) var framesSent = 0
    private(set) var framesRefused = 0

    init(plan: StreamPlan, options: CallOptions, line: CallLine) {
        self.plan = plan
        self.options = options
        self.line = line
        streamSid = plan.streamSid
        writer = TwilioCarrierWriter(streamSid: plan.streamSid, callSid: plan.callSid, accountSid: plan.accountSid)
        random = SplitMix64(seed: options.seed)
    }

    // MARK: What the line does

    /// Takes one 20 ms frame of the caller.
    func send(_ frame: [UInt8]) {
        guard socket != nil, !stalled else { return }
        frames += 1
        if options.oddities, frames % 50 == 0 { sendOddities() }
        if let every = options.loseEvery, every > 0, frames % every == 0 {
            writer.chunk += 1
            writer.timestampMs += 20
            return
        }
        gathered += frame
        guard gathered.count >= options.frameMs * 8 else { return }
        held.append(gathered)
        gathered = []
        let heldMax = max(0, options.jitterMs) / max(20, options.frameMs)
        guard heldMax == 0 || held.count > heldMax || random.next() % 3 == 0 else { return }
        for audio in held { sendMedia(audio) }
        held = []
    }

    func press(_ key: Character) { transmit(writer.dtmf(key)) }

    func echo(_ marks: [String]) {
        guard !stalled else { return }
        for name in marks { transmit(writer.mark(MarkName(name))) }
    }

    /// `stop`, then the close.
    func leave() {
        guard !left else { return }
        left = true
        guard let socket else { return }
        transmit(writer.stop())
        socket.close(code: 1_000, reason: "")
    }

    func cut() {
        left = true
        socket?.abort()
    }

    func stall() { stalled = true }

    // MARK: WebSocketHandler

    func webSocketDidOpen(_ socket: WebSocket) {
        guard !left else { return socket.abort() }
        self.socket = socket
        transmit(writer.connected())
        transmit(writer.start(customParameters: plan.parameters))
        line?.streamOpened(self)
    }

    func webSocket(_ socket: WebSocket, receivedText message: Span<UInt8>) {
        guard !stalled, !left else { return }
        do throws(TwilioProtocolFault) {
            line?.received(try TwilioMessage.decodeOutbound(message, streamSid: streamSid), from: self)
        } catch {
            report(error)
        }
    }

    func webSocket(_ socket: WebSocket, receivedBinary message: Span<UInt8>) {
        if !stalled, !left { report(.binaryFrame) }
    }

    func webSocketDidClose(_ socket: WebSocket?, _ closing: WebSocketClosing) {
        self.socket = nil
        let ending: StreamEnding =
            if socket == nil {
                .handshakeFailed(closing.httpStatus.map { "HTTP \($0)" } ?? closing.error ?? "no connection")
            } else if let code = closing.code {
                .closedByGateway(code: code)
            } else if let error = closing.error {
                .connectionLost(error)
            } else {
                .closedByGateway(code: nil)
            }
        line?.streamClosed(self, ending, expected: left)
    }

    // MARK: Sending

    private func sendMedia(_ audio: [UInt8]) {
        writer.withMedia(audio.span) { message in
            switch socket?.sendText(message) {
            case .sent, .queued: framesSent += 1
            case .refused, nil: framesRefused += 1
            }
        }
    }

    private func transmit(_ message: [UInt8]) {
        if socket?.sendText(message.span) == .refused { framesRefused += 1 }
    }

    private func sendOddities() {
        transmit(Array(#"{"event":"weather","streamSid":"\#(streamSid)","weather":{"sky":"grey"}}"#.utf8))
        sendMedia([])
        writer.withMedia(Array(repeating: PlayoutBuffer.silence, count: 160).span) { message in
            var odd = [UInt8]()
            odd.append(contentsOf: (0..<message.count - 1).map { message[$0] })
            odd += Array(#","weight":1.5e3,"notes":[null,true,{"a":"}\""}]}"#.utf8)
            transmit(odd)
        }
    }

    private func report(_ fault: TwilioProtocolFault) {
        guard !faultReported else { return }
        faultReported = true
        line?.violated("\(fault.code): \(fault.reason)")
    }
}

/// A seeded generator, so that a run can be repeated.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
