import CallModel
import Encoding
import Foundation
import Runtime
import Synchronization
import TwilioProtocol
import WebSocketTransport
import WebhookClient

/// Sends the carrier's webhooks, signed: a call rings, a call is over. On threads of its own, each with a connection that
/// is kept: a carrier does not wait for one call before it rings with the next.
final class WebhookPoster: Sendable {
    enum Answer: Sendable {
        case connect(CarrierPlan)
        /// TwiML without a stream: the gateway takes no more calls.
        case refused
        /// 503, with `Retry-After` or without.
        case unavailable(retryAfter: Bool)
        case failed
    }

    /// What came back for one request.
    struct Reply: Sendable {
        var status: Int
        var retryAfter: Bool
        var body: String
    }

    private static let threads = 48
    private let rings = Queue()
    /// The end of a call is acknowledged when its journal is on disk: no ring waits for one.
    private let ends = Queue()

    init() {
        for queue in [rings, ends] {
            for _ in 0..<Self.threads {
                NamedThread.start("webhooks") {
                    var clients: [String: WebhookConnection] = [:]
                    while let job = queue.next() { job(&clients) }
                }
            }
        }
    }

    func shutdown() {
        rings.close()
        ends.close()
    }

    /// The phone rings. `done` runs on another thread.
    func ring(
        _ target: LoadGenerator.Target, callSid: String, streamSid: String, from: String,
        done: @escaping @Sendable (Answer) -> Void
    ) {
        let form =
            Self.fields(target, callSid, status: "ringing") + [
                FormField("From", from), FormField("To", "+15550100100"), FormField("Direction", "inbound"),
            ]
        post(target, "/twilio/voice", form, on: rings) { reply in
            done(Self.understand(reply, target, callSid: callSid, streamSid: streamSid))
        }
    }

    func hungUp(_ target: LoadGenerator.Target, callSid: String) {
        post(target, "/twilio/status", Self.fields(target, callSid, status: "completed"), on: ends) { _ in }
    }

    /// What a health check of `url` sees, on a connection of its own.
    static func look(_ url: String, path: String) async -> Reply? {
        await withCheckedContinuation { continuation in
            NamedThread.start("health-check") {
                let host = url.drop { $0 != "/" }.dropFirst(2)
                let (answer, body) =
                    WebhookConnection(url)?.exchange("GET \(path) HTTP/1.1\r\nhost: \(host)\r\n\r\n") ?? ([], 0)
                continuation.resume(returning: reply(answer, bodyAt: body))
            }
        }
    }

    private static func understand(
        _ reply: Reply?, _ target: LoadGenerator.Target, callSid: String, streamSid: String
    ) -> Answer {
        guard let reply else { return .failed }
        if reply.status == 503 { return .unavailable(retryAfter: reply.retryAfter) }
        guard reply.status == 200, let document = try? TwiML(xml: reply.body) else { return .failed }
        guard case .connectStream(let stream)? = document.verbs.first else { return .refused }
        let signature = RequestSignature.sign(url: stream.url, token: target.authToken)
        guard let call = CallSid(callSid), let id = StreamSid(streamSid),
            let request = try? WebSocketRequest(
                url: stream.url, headers: [("X-Twilio-Signature", signature)], tls: .insecureNoVerification)
        else { return .failed }
        return .connect(
            CarrierPlan(
                callSid: call, streamSid: id, accountSid: target.accountSid, request: request,
                parameters: stream.parameters, pickedUpAt: .now()))
    }

    private static func fields(_ target: LoadGenerator.Target, _ callSid: String, status: String) -> [FormField] {
        [
            FormField("CallSid", callSid), FormField("AccountSid", target.accountSid),
            FormField("ApiVersion", "2010-04-01"), FormField("CallStatus", status),
        ]
    }

    private func post(
        _ target: LoadGenerator.Target, _ path: String, _ form: [FormField], on queue: Queue,
        done: @escaping @Sendable (Reply?) -> Void
    ) {
        let body = FormURLEncoded.encode(form)
        let signature = RequestSignature.sign(url: target.gatewayURL + path, parameters: form, token: target.authToken)
        send(
            target, on: queue,
            "POST \(path) HTTP/1.1\r\nhost: \(target.authority)\r\ncontent-type: application/x-www-form-urlencoded\r\n"
                + "x-twilio-signature: \(signature)\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)", done)
    }

    private func send(
        _ target: LoadGenerator.Target, on queue: Queue, _ request: String, _ done: @escaping @Sendable (Reply?) -> Void
    ) {
        queue.add { clients in
            guard let client = clients[target.gatewayURL] ?? WebhookConnection(target.gatewayURL) else {
                return done(nil)
            }
            clients[target.gatewayURL] = client
            let (answer, body) = client.exchange(request)
            done(Self.reply(answer, bodyAt: body))
        }
    }

    private static func reply(_ answer: [UInt8], bodyAt start: Int) -> Reply? {
        guard answer.count >= 12, start <= answer.count,
            let status = Int(String(decoding: answer[9..<12], as: UTF8.self))
        else { return nil }
        let head = String(decoding: answer[..<start], as: UTF8.self).lowercased()
        return Reply(
            status: status, retryAfter: head.contains("\r\nretry-after:"),
            body: String(decoding: answer[start...], as: UTF8.self))
    }
}

/// One connection to a server, of one thread.
@safe final class WebhookConnection {
    private static let answerBytesMax = 16 << 10
    private let client: OpaquePointer

    init?(_ url: String) {
        guard let url = URL(string: url), let host = url.host,
            let client = unsafe webhook_client_new(
                host, Int32(url.port ?? (url.scheme == "https" ? 443 : 80)), url.scheme == "https")
        else { return nil }
        unsafe self.client = client
    }

    deinit { unsafe webhook_client_free(client) }

    /// The whole answer, empty when there is none, and where its body begins.
    func exchange(_ request: String) -> (answer: [UInt8], body: Int) {
        var body = 0
        let answer = unsafe [UInt8](unsafeUninitializedCapacity: Self.answerBytesMax) { bytes, count in
            let got = unsafe request.utf8CString.withUnsafeBufferPointer { request in
                unsafe webhook_exchange(
                    client, request.baseAddress, request.count - 1, bytes.baseAddress, bytes.count, &body)
            }
            count = max(0, got)
        }
        return (answer, body)
    }
}

/// Work for the poster's threads, in order of arrival. A job is lent the clients of the thread it runs on, by URL.
private final class Queue: @unchecked Sendable {  // everything under the condition
    typealias Job = @Sendable (inout [String: WebhookConnection]) -> Void

    private let condition = NSCondition()
    private var jobs: [Job] = []
    private var head = 0
    private var isClosed = false

    func add(_ job: @escaping Job) {
        condition.lock()
        jobs.append(job)
        condition.signal()
        condition.unlock()
    }

    /// Waits for work; nil after ``close()``.
    func next() -> Job? {
        condition.lock()
        defer { condition.unlock() }
        while head == jobs.count, !isClosed { condition.wait() }
        guard !isClosed else { return nil }
        let job = jobs[head]
        head += 1
        if head > 1_024 {
            jobs.removeFirst(head)
            head = 0
        }
        return job
    }

    func close() {
        condition.lock()
        isClosed = true
        condition.broadcast()
        condition.unlock()
    }
}
