import Encoding
import Foundation
import FoundationNetworking
import Runtime
import Synchronization
import Testing
import TwilioProtocol
import WebSocketTransport

@testable import SimulatedCarrier

/// A gateway of a few lines on a real socket: it answers webhooks as told, plays on streams as told, and notes everything.
final class FakeGateway: Sendable {
    struct Webhook: Sendable {
        var path: String
        var fields: [FormField]
        var signature: String?
        var isSigned: Bool
        subscript(name: String) -> String? { fields[name] }
    }

    struct Received: Sendable {
        var event: String
        var at: MonotonicTime
        var streamSid: String?
        var sequenceNumber: String?
        var chunk: String?
        var timestamp: String?
        var payload: [UInt8] = []
        var mark: String?
        var digit: String?
        var parameters: [String: String] = [:]
    }

    struct Notes: Sendable {
        var webhooks: [Webhook] = []
        var upgrades: [HTTPRequest] = []
        var received: [Received] = []
        var closings: [WebSocketClosing] = []
        func webhooks(_ path: String) -> [Webhook] { webhooks.filter { $0.path == path } }
        func events(_ name: String) -> [Received] { received.filter { $0.event == name } }
    }

    /// What the gateway can do on a stream, from inside a message.
    struct Talk {
        var socket: WebSocket
        var streamSid: String
        func raw(_ text: String) { _ = socket.sendText(Array(text.utf8).span) }
        func media(_ audio: [UInt8]) {
            raw(#"{"event":"media","streamSid":"\#(streamSid)","media":{"payload":"\#(Base64.encode(audio))"}}"#)
        }
        func mark(_ name: String) { raw(#"{"event":"mark","streamSid":"\#(streamSid)","mark":{"name":"\#(name)"}}"#) }
        func clear() { raw(#"{"event":"clear","streamSid":"\#(streamSid)"}"#) }
    }

    typealias Answer = @Sendable (_ gateway: FakeGateway, _ webhook: Webhook) async -> HTTPResponse
    typealias Stream = @Sendable (_ talk: Talk, _ message: Received, _ mediaSeen: Int) -> Void

    static let token = "5f1c0de5f1c0de5f1c0de5f1c0de5f1c"
    static let account = "AC00000000000000000000000000000001"

    private let notesLock = Mutex(Notes())
    private let portLock = Mutex(0)
    let answer: Answer
    let stream: Stream
    let refusesStreams: Bool

    init(refusesStreams: Bool = false, answer: @escaping Answer, stream: @escaping Stream = { _, _, _ in }) {
        self.answer = answer
        self.stream = stream
        self.refusesStreams = refusesStreams
    }

    var notes: Notes { notesLock.withLock { $0 } }
    var port: Int { portLock.withLock { $0 } }
    func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }
    var streamURL: String { "ws://127.0.0.1:\(port)/twilio/media" }

    /// `<Connect><Stream>` to this gateway, then the other verbs.
    func connect(_ rest: TwiML.Verb..., statusCallback: String? = nil) -> HTTPResponse {
        let stream = TwiML.Verb.connectStream(
            url: streamURL, name: "agent", parameters: [FormField("token", "q2J9<v>")], statusCallback: statusCallback)
        return .xml(TwiML([stream] + rest).xml)
    }

    func start(_ loops: LoopGroup) throws -> TransportServer {
        let routes = ServerRoutes(
            respond: { [self] request in
                let fields = (try? FormURLEncoded.decode(request.body)) ?? []
                let query = request.query.isEmpty ? "" : "?" + request.query
                let expected = RequestSignature.sign(
                    url: url(request.path + query), parameters: fields, token: Self.token)
                let signature = request.header("x-twilio-signature")
                let webhook = Webhook(
                    path: request.path, fields: fields, signature: signature, isSigned: signature == expected)
                notesLock.withLock { $0.webhooks.append(webhook) }
                return await answer(self, webhook)
            },
            upgrade: { [self] request, _ in
                notesLock.withLock { $0.upgrades.append(request) }
                let signature = request.header("x-twilio-signature")
                guard !refusesStreams, signature == RequestSignature.sign(url: streamURL, token: Self.token) else {
                    return .refuse(.empty(403))
                }
                return .accept(Handler(gateway: self))
            })
        let server = try TransportServer(
            loops: loops, listen: ListenAddress(host: "127.0.0.1", port: 0), tls: nil, routes: routes)
        portLock.withLock { $0 = server.boundPort }
        return server
    }

    private final class Handler: WebSocketHandler {
        let gateway: FakeGateway
        var mediaSeen = 0
        var streamSid = ""
        init(gateway: FakeGateway) { self.gateway = gateway }

        func webSocketDidOpen(_ socket: WebSocket) {}
        func webSocket(_ socket: WebSocket, receivedBinary message: Span<UInt8>) {}

        func webSocket(_ socket: WebSocket, receivedText message: Span<UInt8>) {
            let bytes = (0..<message.count).map { message[$0] }
            guard let json = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] else { return }
            let media = json["media"] as? [String: Any]
            let start = json["start"] as? [String: Any]
            var received = Received(event: json["event"] as? String ?? "", at: .now())
            received.streamSid = json["streamSid"] as? String
            received.sequenceNumber = json["sequenceNumber"] as? String
            received.chunk = media?["chunk"] as? String
            received.timestamp = media?["timestamp"] as? String
            received.payload = Base64.decode(media?["payload"] as? String ?? "") ?? []
            received.mark = (json["mark"] as? [String: Any])?["name"] as? String
            received.digit = (json["dtmf"] as? [String: Any])?["digit"] as? String
            received.parameters = start?["customParameters"] as? [String: String] ?? [:]
            if received.event == "start" { streamSid = received.streamSid ?? "" }
            if received.event == "media" { mediaSeen += 1 }
            gateway.notesLock.withLock { [received] in $0.received.append(received) }
            gateway.stream(Talk(socket: socket, streamSid: streamSid), received, mediaSeen)
        }

        func webSocketDidClose(_ socket: WebSocket?, _ closing: WebSocketClosing) {
            gateway.notesLock.withLock { $0.closings.append(closing) }
        }
    }
}

/// A gateway, a carrier and the loops both run on.
struct CarrierRig {
    var gateway: FakeGateway
    var carrier: SimulatedCarrier

    /// Runs `body` against a started pair and takes everything down after it.
    static func run(
        _ gateway: FakeGateway, config change: (inout CarrierConfig) -> Void = { _ in },
        _ body: (CarrierRig) async throws -> Void
    ) async throws {
        let loops = try LoopGroup(threads: 1)
        let server = try gateway.start(loops)
        var config = CarrierConfig(
            accountSid: FakeGateway.account, authToken: FakeGateway.token, voiceURL: gateway.url("/voice"),
            statusURL: gateway.url("/status"), listen: ListenAddress(host: "127.0.0.1", port: 0))
        config.callsPerSecond = 50
        change(&config)
        let carrier = try await SimulatedCarrier.start(config, loops: loops)
        var failure: (any Error)?
        do { try await body(CarrierRig(gateway: gateway, carrier: carrier)) } catch { failure = error }
        await carrier.shutdown()
        await server.shutdown(graceSeconds: 1)
        await loops.shutdown()
        if let failure { throw failure }
    }

    struct RESTAnswer {
        var status: Int
        var json: [String: Any]
        var code: Int? { json["code"] as? Int }
        subscript(name: String) -> String? { json[name] as? String }
    }

    /// One REST request with the account's credentials.
    func rest(_ method: String, _ path: String, _ fields: [FormField] = []) async throws -> RESTAnswer {
        let port = await carrier.restPort ?? 0
        let url = try #require(
            URL(string: "http://127.0.0.1:\(port)/2010-04-01/Accounts/\(FakeGateway.account)/\(path)"))
        var request = URLRequest(url: url, timeoutInterval: 60)
        request.httpMethod = method
        if method == "POST" { request.httpBody = Data(FormURLEncoded.encode(fields).utf8) }
        request.setValue("application/x-www-form-urlencoded", forHTTPHeaderField: "Content-Type")
        let credentials = Base64.encode(Array("\(FakeGateway.account):\(FakeGateway.token)".utf8))
        request.setValue("Basic \(credentials)", forHTTPHeaderField: "Authorization")
        let (data, response) = try await URLSession.shared.data(for: request)
        return RESTAnswer(
            status: (response as? HTTPURLResponse)?.statusCode ?? 0,
            json: data.isEmpty ? [:] : try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:])
    }

    /// Polls until `condition` holds; false after a minute.
    func eventually(_ condition: () async -> Bool) async -> Bool {
        for _ in 0..<3_000 {
            if await condition() { return true }
            try? await Task.sleep(for: .milliseconds(20))
        }
        return false
    }
}

/// Audible μ-law: a square wave at about −20 dBFS.
func loudAudio(ms: Int) -> [UInt8] { (0..<ms * 8).map { $0 % 16 < 8 ? 0x1F : 0x9F } }

func callerScript(_ steps: CallerScript.Step...) -> CallerScript {
    CallerScript(name: "test", steps: steps, recordings: ["words": loudAudio(ms: 300)], texts: ["words": "some words"])
}
