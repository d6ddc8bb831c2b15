import Encoding
import Endpoints
import TwilioProtocol
import WebSocketTransport

/// One address that the carrier calls. An account may have it call with POST, a form in the body, or with GET, the form in the
/// query: both are the same.
struct Webhook: Sendable {
    /// After `/twilio/`.
    let name: String
    let summary: String
    let answer: @Sendable ([FormField], HTTPRequest) async throws(Problem) -> HTTPResponse

    var endpoints: [Endpoint] { [endpoint(.post), endpoint(.get)] }

    private func endpoint(_ method: Endpoint.Method) -> Endpoint {
        let id = "twilio_\(name.replacing("-", with: "_"))" + (method == .get ? "_get" : "")
        return Endpoint(
            method, "/twilio/\(name)", id: id, .carrier, summary,
            shape: InputShape(
                query: nil, body: method == .get ? .none : .bytes(types: ["application/x-www-form-urlencoded"])),
            answers: [Endpoint.Answer(200, "TwiML", type: "text/xml"), Endpoint.Answer(204, "Noted.")],
            terms: RequestTerms(bodyBytesMax: WebhookGuard.bodyBytesMax),
            .answer { context, _ in
                guard case .carrier(let form) = context.caller else { throw Problem.nothingHere }
                return try await answer(form, context.request)
            })
    }
}
