import Encoding
import HTTPClient
import TwilioProtocol

/// Why a webhook gave no usable answer.
struct WebhookFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// The carrier's error code: 11200 bad answer, 11205 no connection, 11215 redirect, 12100 bad TwiML.
    var code: Int
    var reason: String
    static let notConnected = 11_205
    var description: String { "error \(code): \(reason)" }
}

/// Sends signed form requests as the carrier does: POST, 15 s in all, redirects refused.
final class WebhookClient: Sendable {
    static let timeLimit = Duration.seconds(15)

    private let http = HTTPClient(answerBytesMax: 1 << 20, connectionsPerHostMax: 64)
    /// Names what signed, on every request that is signed.
    private let signatureSettings: (name: String, value: String)?

    init(signatureSettings: (name: String, value: String)? = nil) { self.signatureSettings = signatureSettings }

    func shutdown() { http.shutdown() }

    /// - Parameter signature: nil sends no signature at all.
    func post(_ url: String, fields: [FormField], signature: String?) async -> Result<RemoteAnswer, WebhookFailure> {
        var headers = [
            (name: "Content-Type", value: "application/x-www-form-urlencoded; charset=UTF-8"),
            (name: "User-Agent", value: "TwilioProxy/1.1"),
            (name: "I-Twilio-Idempotency-Token", value: SidGenerator.token()),
        ]
        if let signature {
            headers.append((name: "X-Twilio-Signature", value: signature))
            if let signatureSettings { headers.append(signatureSettings) }
        }
        let body = Array(FormURLEncoded.encode(fields).utf8)
        do {
            let request = OutgoingRequest("POST", url, headers: headers, body: body)
            return .success(try await http.send(request, within: Self.timeLimit))
        } catch {
            let code =
                switch error {
                case .notAnAddress: 11_100
                case .tooLong: 11_200
                case .unreachable, .timedOut, .cancelled: WebhookFailure.notConnected
                }
            return .failure(WebhookFailure(code: code, reason: "\(url): \(error)"))
        }
    }

    /// Asks for TwiML; anything but 200 with a document of a known type is a failure.
    func fetchTwiML(_ url: String, fields: [FormField], signature: String?) async -> Result<String, WebhookFailure> {
        switch await post(url, fields: fields, signature: signature) {
        case .failure(let failure): return .failure(failure)
        case .success(let answer):
            guard answer.status == 200 else {
                let code = (300..<400).contains(answer.status) ? 11_215 : 11_200
                return .failure(WebhookFailure(code: code, reason: "\(url) answered \(answer.status)"))
            }
            let type = (answer.header("content-type") ?? "").split(separator: ";").first.map { $0.lowercased() } ?? ""
            guard ["text/xml", "application/xml", "text/html"].contains(type) else {
                return .failure(
                    WebhookFailure(code: 12_300, reason: "\(url) answered content type `\(type)`, not text/xml"))
            }
            guard let text = String(validating: answer.body, as: UTF8.self) else {
                return .failure(WebhookFailure(code: 12_100, reason: "\(url) answered a document that is not UTF-8"))
            }
            return .success(text)
        }
    }
}

/// Ids as the carrier makes them: two letters and 32 hex digits.
enum SidGenerator {
    static func token() -> String { Hex.random(bytes: 16) }

    static func sid(_ prefix: String) -> String { prefix + token() }
}
