import CallModel
import Encoding
import Foundation
import FoundationNetworking
import Synchronization
import Testing
import TwilioProtocol
import WebSocketTransport

/// A carrier by hand: each request and each message of a call is the test's own, right or wrong.
final class HandCarrier: Sendable {
    enum Signature: Sendable { case correct, wrong, missing }

    let gatewayURL: String
    private let loops: LoopGroup
    private let tls: ClientTLS

    /// - Parameter authority: PEM file to check an https gateway with.
    init(_ gatewayURL: String, authority: String? = nil) throws {
        self.gatewayURL = gatewayURL
        tls = authority.map { .caFile($0) } ?? .systemTrust
        loops = try LoopGroup(threads: 1)
    }

    func shutdown() async { await loops.shutdown() }

    static func callSid() -> String {
        "CA" + UUID().uuidString.replacingOccurrences(of: "-", with: "").lowercased()
    }
    static func streamSid() -> String { "MZ" + callSid().dropFirst(2) }

    /// The fields of a voice or status webhook.
    static func fields(_ sid: String, to: String = "+15550100100", status: String = "ringing") -> [FormField] {
        [
            FormField("CallSid", sid), FormField("AccountSid", Stage.accountSid), FormField("From", "+14155550199"),
            FormField("To", to), FormField("CallStatus", status), FormField("Direction", "inbound"),
            FormField("ApiVersion", "2010-04-01"),
        ]
    }

    // MARK: Webhooks

    func post(
        _ path: String, _ fields: [FormField], signature: Signature = .correct
    ) async throws -> (status: Int, body: String) {
        let header: String? =
            switch signature {
            case .correct: RequestSignature.sign(url: gatewayURL + path, parameters: fields, token: Stage.authToken)
            case .wrong: RequestSignature.sign(url: gatewayURL + path, parameters: fields, token: "another token")
            case .missing: nil
            }
        return try await send("POST", path, body: Array(FormURLEncoded.encode(fields).utf8), signature: header)
    }

    func send(
        _ method: String, _ path: String, body: [UInt8], signature: String? = nil
    ) async throws -> (status: Int, body: String) {
        if case .caFile(let authority) = tls {
            return try await sendSecurely(method, path, body: body, signature: signature, authority: authority)
        }
        var request = URLRequest(url: try #require(URL(string: gatewayURL + path)), timeoutInterval: 60)
        request.httpMethod = method
        request.httpBody = body.isEmpty ? nil : Data(body)
        request.setValue("application/x-www-form-urlencoded", forHTTPHeaderField: "Content-Type")
        if let signature { request.setValue(signature, forHTTPHeaderField: "X-Twilio-Signature") }
        let (data, response) = try await URLSession.shared.data(for: request)
        let http = try #require(response as? HTTPURLResponse)
        return (http.statusCode, String(decoding: data, as: UTF8.self))
    }

    /// URLSession takes no authority of ours; `openssl s_client` does.
    private func sendSecurely(
        _ method: String, _ path: String, body: [UInt8], signature: String?, authority: String
    ) async throws -> (status: Int, body: String) {
        let address = gatewayURL.dropFirst("https://".count)
        var request =
            "\(method) \(path) HTTP/1.1\r\nHost: \(address)\r\nConnection: close\r\n"
            + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: \(body.count)\r\n"
        if let signature { request += "X-Twilio-Signature: \(signature)\r\n" }
        let file = NSTemporaryDirectory() + "parley-request-\(UUID().uuidString)"
        try Data(Array((request + "\r\n").utf8) + body).write(to: URL(fileURLWithPath: file))
        defer { for path in [file, file + ".answer"] { try? FileManager.default.removeItem(atPath: path) } }
        let command =
            "openssl s_client -connect \(address) -CAfile '\(authority)' -verify_return_error -quiet "
            + "<'\(file)' >'\(file).answer' 2>/dev/null"
        await withCheckedContinuation { done in
            Thread.detachNewThread {
                _ = system(command)
                done.resume()
            }
        }
        let answer = String(decoding: try Data(contentsOf: URL(fileURLWithPath: file + ".answer")), as: UTF8.self)
        let status = Int(answer.dropFirst("HTTP/1.1 ".count).prefix(3)) ?? 0
        let text = answer.range(of: "\r\n\r\n").map { String(answer[$0.upperBound...]) } ?? ""
        return (status, text)
    }

    /// The document a webhook answers with.
    func document(_ path: String, _ fields: [FormField]) async throws -> TwiML {
        let answer = try await post(path, fields)
        #expect(answer.status == 200, "\(answer.body)")
        let start = try #require(answer.body.range(of: "<"))
        let end = try #require(answer.body.range(of: "</Response>", options: .backwards))
        return try TwiML(xml: String(answer.body[start.lowerBound..<end.upperBound]))
    }

    /// Rings, and returns the stream the gateway asks for.
    func ring(_ sid: String, to: String = "+15550100100") async throws -> TwiML.Stream {
        try #require(Self.stream(in: try await document("/twilio/voice", Self.fields(sid, to: to))))
    }

    static func stream(in document: TwiML) -> TwiML.Stream? {
        document.verbs.lazy.compactMap { if case .connectStream(let stream) = $0 { stream } else { nil } }.first
    }

    // MARK: Media streams

    /// Opens a media stream; returns when it is open or refused.
    func open(
        _ url: String, signature: Signature = .correct, echoesMarks: Bool = false
    ) async throws -> HandStream {
        let header: String? =
            switch signature {
            case .correct: RequestSignature.sign(url: url, token: Stage.authToken)
            case .wrong: RequestSignature.sign(url: url, token: "another token")
            case .missing: nil
            }
        let stream = HandStream(echoesMarks: echoesMarks)
        let request = try WebSocketRequest(
            url: url, headers: header.map { [("x-twilio-signature", $0)] } ?? [], tls: tls)
        let loop = loops.leastLoaded()
        loop.post { loop.connect(request, handler: stream) }
        for _ in 0..<6_000 where !stream.isOpen && stream.closing == nil {
            try await Task.sleep(for: .milliseconds(10))
        }
        return stream
    }

    /// A stream that is accepted, with the caller's silence running.
    func talk(_ stream: TwiML.Stream, callSid: String) async throws -> HandStream {
        let socket = try await open(stream.url)
        socket.start(callSid: callSid, token: stream.parameters["token"] ?? "")
        return socket
    }
}

/// One media stream of the ``HandCarrier``. Touched on its loop, but for what is behind the lock.
final class HandStream: WebSocketHandler, Sendable {
    private struct State {
        var socket: SendableSocket?
        var closing: WebSocketClosing?
        var texts: [String] = []
        var isOpen = false
        var opened: ContinuousClock.Instant?
        var closed: ContinuousClock.Instant?
    }
    private struct SendableSocket: @unchecked Sendable {  // used by posts to its own loop only
        let socket: WebSocket
    }
    private let state = Mutex(State())
    let streamSid = HandCarrier.streamSid()
    /// Whether marks are returned, as by a carrier that plays what it is sent.
    private let echoesMarks: Bool

    init(echoesMarks: Bool = false) { self.echoesMarks = echoesMarks }

    var isOpen: Bool { state.withLock { $0.isOpen } }
    var closing: WebSocketClosing? { state.withLock { $0.closing } }
    /// What the gateway sent.
    var texts: [String] { state.withLock { $0.texts } }
    var openedAt: ContinuousClock.Instant? { state.withLock { $0.opened } }
    /// From its opening to its end.
    var lasted: Duration {
        state.withLock { state in
            guard let opened = state.opened, let closed = state.closed else { return .zero }
            return closed - opened
        }
    }
    var mediaCount: Int { texts.count { $0.contains(#""event":"media""#) } }

    func send(_ text: String) {
        post { _ = $0.sendText(Array(text.utf8).span) }
    }
    func sendBinary(_ bytes: [UInt8]) {
        post { _ = $0.sendBinary(bytes.span) }
    }
    func close() { post { $0.close(code: 1000, reason: "") } }

    func start(callSid: String, token: String, streamSid: String? = nil) {
        let sid = streamSid ?? self.streamSid
        send(#"{"event":"connected","protocol":"Call","version":"1.0.0"}"#)
        send(
            #"{"event":"start","sequenceNumber":"1","start":{"accountSid":"\#(Stage.accountSid)","streamSid":"\#(sid)","#
                + #""callSid":"\#(callSid)","tracks":["inbound"],"mediaFormat":{"encoding":"audio/x-mulaw","#
                + #""sampleRate":8000,"channels":1},"customParameters":{"token":"\#(token)"}},"streamSid":"\#(sid)"}"#)
    }

    /// One frame of silence.
    func media(_ number: Int = 1) {
        send(
            #"{"event":"media","sequenceNumber":"\#(number + 1)","media":{"track":"inbound","chunk":"\#(number)","#
                + #""timestamp":"\#((number - 1) * 20)","payload":"\#(String(repeating: "/", count: 213))w=="},"#
                + #""streamSid":"\#(streamSid)"}"#)
    }

    /// Waits until `condition` holds of this stream; false when it never does.
    func waits(until condition: (HandStream) -> Bool) async -> Bool {
        for _ in 0..<3_000 where !condition(self) { try? await Task.sleep(for: .milliseconds(20)) }
        return condition(self)
    }

    /// Whether the caller has heard a frame of `tone`, see ``Tone``.
    func heard(_ tone: UInt8) -> Bool {
        let payload = Base64.encode([UInt8](repeating: tone, count: 6))
        return texts.contains { $0.contains(payload) }
    }

    /// The end of the stream, or nil when it is still open after so long.
    func ended(within seconds: Double = 60) async throws -> WebSocketClosing? {
        for _ in 0..<Int(seconds * 50) where closing == nil { try await Task.sleep(for: .milliseconds(20)) }
        return closing
    }

    private func post(_ work: @escaping @Sendable (WebSocket) -> Void) {
        guard let box = state.withLock({ $0.socket }) else { return }
        box.socket.loop.post { work(box.socket) }
    }

    func webSocketDidOpen(_ socket: WebSocket) {
        state.withLock {
            $0.socket = SendableSocket(socket: socket)
            $0.isOpen = true
            $0.opened = .now
        }
    }
    func webSocket(_ socket: WebSocket, receivedText message: Span<UInt8>) {
        let text = String(decoding: message.indices.map { message[$0] }, as: UTF8.self)
        state.withLock { if $0.texts.count < 10_000 { $0.texts.append(text) } }
        // Played the moment it came: what is sent back is the message itself.
        if echoesMarks, text.contains(#""event":"mark""#) { _ = socket.sendText(message) }
    }
    func webSocket(_ socket: WebSocket, receivedBinary message: Span<UInt8>) {}
    func webSocketDidClose(_ socket: WebSocket?, _ closing: WebSocketClosing) {
        state.withLock {
            $0.closing = closing
            $0.closed = .now
            $0.socket = nil
        }
    }
}
