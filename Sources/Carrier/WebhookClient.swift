internal import Foundation
internal import FoundationNetworking
internal import TwilioProtocol

/// Why a webhook gave no usable answer.
struct WebhookFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// The carrier's error code: 11200 bad answer, 11205 no connection, 11215 redirect, 12100 bad TwiML.
    var code: Int
    var reason: String
    var description: String { "error \(code): \(reason)" }
}

/// Sends signed form requests as the carrier does: POST, 15 s in all, redirects refused.
final class WebhookClient: Sendable {
    static let timeLimitSeconds = 15.0
    static let answerBytesMax = 1 << 20

    struct Answer: Sendable {
        var status: Int
        var contentType: String
        var body: [UInt8]
    }

    private let session: URLSession

    init() {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = Self.timeLimitSeconds
        configuration.timeoutIntervalForResource = Self.timeLimitSeconds
        configuration.httpMaximumConnectionsPerHost = 64
        session = URLSession(configuration: configuration, delegate: RedirectRefuser(), delegateQueue: nil)
    }

    func shutdown() { session.invalidateAndCancel() }

    /// - Parameter signature: nil sends no signature at all.
    func post(_ url: String, fields: [FormField], signature: String?) async -> Result<Answer, WebhookFailure> {
        guard let target = URL(string: url), let scheme = target.scheme, scheme == "http" || scheme == "https" else {
            return .failure(WebhookFailure(code: 11_100, reason: "`\(url)` is no http or https address"))
        }
        var request = URLRequest(url: target, timeoutInterval: Self.timeLimitSeconds)
        request.httpMethod = "POST"
        request.httpBody = Data(FormURLEncoded.encode(fields).utf8)
        request.setValue("application/x-www-form-urlencoded; charset=UTF-8", forHTTPHeaderField: "Content-Type")
        request.setValue("TwilioProxy/1.1", forHTTPHeaderField: "User-Agent")
        request.setValue(SidGenerator.token(), forHTTPHeaderField: "I-Twilio-Idempotency-Token")
        if let signature { request.setValue(signature, forHTTPHeaderField: "X-Twilio-Signature") }
        do {
            let (data, response) = try await session.data(for: request)
            guard let http = response as? HTTPURLResponse, data.count <= Self.answerBytesMax else {
                return .failure(
                    WebhookFailure(code: 11_200, reason: "\(url) answered \(data.count) bytes that are no answer"))
            }
            let type = http.value(forHTTPHeaderField: "Content-Type") ?? ""
            return .success(Answer(status: http.statusCode, contentType: type, body: Array(data)))
        } catch {
            return .failure(WebhookFailure(code: 11_205, reason: "\(url) was not reached: \(Self.explain(error))"))
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
            let type = answer.contentType.split(separator: ";").first.map { $0.lowercased() } ?? ""
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

    private static func explain(_ error: any Error) -> String {
        guard let error = error as? URLError else { return "connection failed" }
        return switch error.code {
        case .timedOut: "no answer within 15 s"
        case .cancelled: "it asked for credentials (401), or the carrier is shutting down"
        default: "connection failed (\(error.code.rawValue))"
        }
    }

    private final class RedirectRefuser: NSObject, URLSessionTaskDelegate {
        /// Without this answer a 401 with a challenge leaves the request of Foundation on Linux waiting for ever.
        func urlSession(
            _ session: URLSession, task: URLSessionTask, didReceive challenge: URLAuthenticationChallenge,
            completionHandler: @escaping (URLSession.AuthChallengeDisposition, URLCredential?) -> Void
        ) {
            completionHandler(.rejectProtectionSpace, nil)
        }

        func urlSession(
            _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
            newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
        ) {
            completionHandler(nil)
        }
    }
}

/// Ids as the carrier makes them: two letters and 32 hex digits.
enum SidGenerator {
    static func token() -> String {
        let bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max) }
        return bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    static func sid(_ prefix: String) -> String { prefix + token() }
}
