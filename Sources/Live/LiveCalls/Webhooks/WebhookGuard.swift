package import Encoding
package import Endpoints
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

    private static let signatureSettings = "x-twilio-webhooks-signature-settings"
    /// A webhook's form is a few kilobytes.
    package static let bodyBytesMax = 64 << 10

    /// Whether the path is one of the carrier's, and asks for an answer.
    package static func concerns(_ request: HTTPRequest) -> Bool {
        request.path.hasPrefix("/twilio/") && !request.path.hasPrefix("/twilio/media/")
    }

    /// Before the carrier's addresses.
    package var gate: Gate {
        Gate(
            head: { request throws(Problem) in
                try checkHead(request)
                return .nobody
            }, whole: { request throws(Problem) in .carrier(try form(of: request)) })
    }

    /// What can be said before the body is there.
    package func checkHead(_ request: HTTPRequest) throws(Problem) {
        guard acceptUnsigned || request.header("x-twilio-signature") != nil else {
            throw refusal(request, 403, "\(RequestSignature.Refusal.missing)")
        }
    }

    /// The form of a request that is the carrier's: of a POST its body, of a GET its query.
    package func form(of request: HTTPRequest) throws(Problem) -> [FormField] {
        let form: [FormField]
        do throws(FormURLEncoded.DecodeError) {
            form = request.method == "POST" ? try FormURLEncoded.decode(request.body) : []
        } catch {
            if case .tooLarge = error { throw refusal(request, 413, "\(error)") }
            throw refusal(request, 400, "a malformed form: \(error)")
        }
        if !acceptUnsigned, let why = signatureRefusal(request, form) { throw refusal(request, 403, "\(why)") }
        guard request.method != "POST" else { return form }
        return (try? FormURLEncoded.decode(query: request.query)) ?? []
    }

    /// Why the handshake of a media stream is not the carrier's; nil when it is.
    func refusal(ofStream request: HTTPRequest) -> Problem? {
        if acceptUnsigned { return nil }
        do {
            try RequestSignature.validateWebSocket(
                header: request.header("x-twilio-signature"), url: urls.signedSocket(target: request.target),
                tokens: authTokens, settings: request.header(Self.signatureSettings), sharedKeys: sharedKeys)
            return nil
        } catch {
            _ = refusal(request, 403, "\(error)")
            return Problem(status: 403, detail: "The signature is missing or wrong.")
        }
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

    /// Refuses a request, in the log and in the figures as well.
    func refusal(_ request: HTTPRequest, _ status: Int, _ why: String) -> Problem {
        Log.warning(
            "webhook refused", ["path": request.path, "peer": request.peerAddress, "reason": why], from: .strangers)
        Metrics.shared.add(CallMetrics.webhooksRefused["\(status)"])
        return Problem(status: status, detail: "The request was refused; the gateway's log says why.")
    }
}
