import AudioCore
import Foundation
import LocalSpeech
import SpeechAgent
import Synchronization
import WebSocketTransport

@testable import LocalAgent

/// A client of the local agent as the gateway is one: a caller's audio in real time one way, everything else recorded.
final class AgentClient: WebSocketHandler, @unchecked Sendable {
    enum Item: Equatable, Sendable {
        case message(DeepgramServerMessage)
        case audio(bytes: Int, at: ContinuousClock.Instant)

        var isAudio: Bool {
            switch self {
            case .audio: true
            case .message: false
            }
        }
    }

    private struct State {
        var items: [Item] = []
        var closing: WebSocketClosing?
        var socket: WebSocketBox?
    }

    /// Unchecked: used on the loop only.
    private struct WebSocketBox: @unchecked Sendable { let socket: WebSocket }

    private let state = Mutex(State())
    private let loop: MediaLoop

    init(_ url: String, loop: MediaLoop, headers: [(String, String)] = []) throws {
        self.loop = loop
        let request = try WebSocketRequest(url: url, headers: headers)
        loop.post { [self] in loop.connect(request, handler: self) }
    }

    func webSocketDidOpen(_ socket: WebSocket) {
        let box = WebSocketBox(socket: socket)
        state.withLock { $0.socket = box }
    }
    func webSocket(_ socket: WebSocket, receivedText message: Span<UInt8>) {
        guard let decoded = try? DeepgramServerMessage(decoding: message) else { return }
        state.withLock { $0.items.append(.message(decoded)) }
    }
    func webSocket(_ socket: WebSocket, receivedBinary message: Span<UInt8>) {
        let item = Item.audio(bytes: message.count, at: .now)
        state.withLock { $0.items.append(item) }
    }
    func webSocketDidClose(_ socket: WebSocket?, _ closing: WebSocketClosing) {
        state.withLock {
            $0.closing = closing
            $0.socket = nil
        }
    }

    var items: [Item] { state.withLock { $0.items } }
    var messages: [DeepgramServerMessage] {
        items.compactMap { if case .message(let message) = $0 { message } else { nil } }
    }
    var audioBytes: Int { items.reduce(0) { if case .audio(let bytes, _) = $1 { $0 + bytes } else { $0 } } }
    var closing: WebSocketClosing? { state.withLock { $0.closing } }

    /// What the agent said, sentence by sentence.
    var agentWords: [String] {
        messages.compactMap { if case .conversationText(.assistant, let text, _) = $0 { text } else { nil } }
    }
    var callerWords: [String] {
        messages.compactMap { if case .conversationText(.user, let text, _) = $0 { text } else { nil } }
    }
    var errorCodes: [String] {
        messages.compactMap { if case .error(let code, _) = $0 { code } else { nil } }
    }
    var functionCalls: [DeepgramServerMessage.FunctionCall] {
        messages.flatMap { message -> [DeepgramServerMessage.FunctionCall] in
            if case .functionCallRequest(let calls) = message { calls } else { [] }
        }
    }

    func send(_ message: DeepgramClientMessage) { sendText(message.encoded()) }

    func sendText(_ text: String) {
        loop.post { [self] in
            guard let box = state.withLock({ $0.socket }) else { return }
            _ = box.socket.sendText(Array(text.utf8).span)
        }
    }

    func sendAudio(_ codes: [UInt8]) {
        loop.post { [self] in
            let box = state.withLock { $0.socket }
            _ = box?.socket.sendBinary(codes.span)
        }
    }

    func close() {
        loop.post { [self] in
            let box = state.withLock { $0.socket }
            box?.socket.close(code: 1000, reason: "")
        }
    }

    /// As a telephone does: one frame every 20 ms.
    func playInTime(_ codes: [UInt8]) async throws {
        let clock = ContinuousClock()
        var due = clock.now
        for start in stride(from: 0, to: codes.count, by: 160) {
            sendAudio(Array(codes[start..<min(start + 160, codes.count)]))
            due += .milliseconds(20)
            try await clock.sleep(until: due)
        }
    }

    /// Speaks `text` with a caller's voice, then keeps the line quiet for `quietMs`: some twenty times faster than real time.
    func speak(_ text: String, voice: Synthesizer.Voice = .rms, quietMs: Int = 900) async throws {
        try await play(Synthesizer.shared.speech(text, voice: voice), quietMs: quietMs)
    }

    func play(_ recording: [UInt8], quietMs: Int = 900) async throws {
        let codes =
            [UInt8](repeating: 0xFF, count: 1_600) + recording + [UInt8](repeating: 0xFF, count: quietMs * 8)
        for start in stride(from: 0, to: codes.count, by: 1_600) {
            sendAudio(Array(codes[start..<min(start + 1_600, codes.count)]))
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Waits until `condition` holds of this client; false when it never does.
    func wait(seconds: Double = 120, until condition: (AgentClient) -> Bool) async -> Bool {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < deadline {
            if condition(self) { return true }
            try? await Task.sleep(for: .milliseconds(10))
        }
        return condition(self)
    }
}
