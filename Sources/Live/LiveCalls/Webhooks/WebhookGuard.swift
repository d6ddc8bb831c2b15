package import Encoding
import Telemetry
package import TwilioProtocol
package import WebSocketTransport

/// Tells the carrier's requests from everybody else's: path and signature header before the body, the signature over the
/// address as it came and the body. It needs nothing that a gateway still has to start.
package struct WebhookGuard: Sendable {
    let authTokens: [String]
    /// Keys that sign instead of a token where a request names one of them.
    let sharedKeys: [RequestSignature.SharedKey]
    let acceptUnsigned: Bool
    let urls: PublicURLs

    package init(
        authTokens: [String], sharedKeys: [RequestSignature.SharedKey], acceptUnsigned: Bool, urls: PublicURLs
    ) {
        self.authTokens = authTokens
        self.sharedKeys = sharedKeys
        self.acceptUnsigned = acceptUnsigned
        self.urls = urls
    }

    package enum Verdict {
        /// Of a POST, its form; of a GET, its query.
        case genuine([FormField])
        case refused(HTTPResponse)
    }

    private static let nothingHere = Problem.nothingHere.response
    private static let methodNotAllowed = Problem.methodNotAllowed(allowed: "POST, GET").response

    private static let signatureSettings = "x-twilio-webhooks-signature-settings"
    private static let prefix = "/twilio/"
    private static let paths: Set<String> = [
        "/twilio/voice", "/twilio/status", "/twilio/resume", "/twilio/dial-done", "/twilio/stream-status",
    ]
    /// A webhook's form is a few kilobytes.
    private static let bodyBytesMax = 64 << 10

    /// Whether the path is one of the carrier's.
    package static func concerns(_ request: HTTPRequest) -> Bool { request.path.hasPrefix(prefix) }

    /// A media stream's address, with the number of its loop or without.
    package static func isMedia(_ request: HTTPRequest) -> Bool {
        request.path == "/twilio/media" || request.path.hasPrefix("/twilio/media/")
    }

    /// What can be said before the body is there; nil when the path is none of the carrier's.
    package func admit(_ request: HTTPRequest) -> Admission? {
        guard Self.concerns(request) else { return nil }
        if Self.isMedia(request) {
            return isGenuineUpgrade(request)
                ? .admit() : .refuse(.problem(403, detail: "The signature is missing or wrong."))
        }
        guard Self.paths.contains(request.path) else { return .refuse(Self.nothingHere) }
        guard request.method == "POST" || request.method == "GET" else {
            return .refuse(Self.methodNotAllowed)
        }
        guard acceptUnsigned || request.header("x-twilio-signature") != nil else {
            return .refuse(refuse(request, 403, "\(RequestSignature.Refusal.missing)"))
        }
        return .admit(bodyBytesMax: Self.bodyBytesMax)
    }

    /// What a whole request is worth.
    package func judge(_ request: HTTPRequest) -> Verdict {
        guard Self.paths.contains(request.path) else { return .refused(Self.nothingHere) }
        let form: [FormField]
        do throws(FormURLEncoded.DecodeError) {
            form = request.method == "POST" ? try FormURLEncoded.decode(request.body) : []
        } catch {
            if case .tooLarge = error { return .refused(refuse(request, 413, "\(error)")) }
            return .refused(refuse(request, 400, "a malformed form: \(error)"))
        }
        if !acceptUnsigned, let refusal = signatureRefusal(request, form) {
            return .refused(refuse(request, 403, "\(refusal)"))
        }
        guard request.method != "POST" else { return .genuine(form) }
        return .genuine((try? FormURLEncoded.decode(query: request.query)) ?? [])
    }

    /// Why a request is not the carrier's; nil when it is.
    private func signatureRefusal(_ request: HTTPRequest, _ form: [FormField]) -> RequestSignature.Refusal? {
        var refusal: RequestSignature.Refusal?
        for url in urls.signed(target: request.target) {
            do throws(RequestSignature.Refusal) {
                try RequestSignature.validate(
                    header: request.header("x-twilio-signature"), url: url, parameters: form, tokens: authTokens,
                    settings: request.header(Self.signatureSettings), sharedKeys: sharedKeys)
                return nil
            } catch {
                refusal = refusal ?? error
            }
        }
        return refusal
    }

    /// Whether a media-stream handshake comes from the carrier.
    private func isGenuineUpgrade(_ request: HTTPRequest) -> Bool {
        if acceptUnsigned { return true }
        do {
            try RequestSignature.validateWebSocket(
                header: request.header("x-twilio-signature"), url: urls.signedSocket(target: request.target),
                tokens: authTokens, settings: request.header(Self.signatureSettings), sharedKeys: sharedKeys)
            return true
        } catch {
            _ = refuse(request, 403, "\(error)")
            return false
        }
    }

    /// Refuses a request, in the log and in the figures as well.
    func refuse(_ request: HTTPRequest, _ status: Int, _ why: String) -> HTTPResponse {
        Log.warning(
            "webhook refused", ["path": request.path, "peer": request.peerAddress, "reason": why], from: .strangers)
        Metrics.shared.add(
            "parley_webhooks_refused_total", 1, ["status": "\(status)"], help: "webhook requests refused")
        return .problem(status, detail: "The request was refused; the gateway's log says why.")
    }
}
