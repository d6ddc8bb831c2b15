import CallModel
import Foundation
import FoundationNetworking
import TwilioProtocol
import WebSocketTransport

/// Sends the carrier's webhooks, signed: a call rings, a call is over.
final class WebhookPoster: Sendable {
    enum Answer: Sendable {
        case connect(CarrierPlan)
        /// TwiML without a stream, or 503: the gateway takes no more calls.
        case refused
        case failed
    }

    private let session: URLSession

    init() {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = 15
        configuration.httpMaximumConnectionsPerHost = 32
        session = URLSession(configuration: configuration)
    }

    func shutdown() { session.invalidateAndCancel() }

    func ring(_ target: LoadGenerator.Target, callSid: String, streamSid: String, from: String) async -> Answer {
        let form =
            fields(target, callSid, status: "ringing") + [
                FormField("From", from), FormField("To", "+15550100100"), FormField("Direction", "inbound"),
            ]
        guard let (status, body) = await post(target, "/twilio/voice", form) else { return .failed }
        if status == 503 { return .refused }
        guard status == 200, let document = try? TwiML(xml: String(decoding: body, as: UTF8.self)) else {
            return .failed
        }
        guard case .connectStream(let stream)? = document.verbs.first else { return .refused }
        let signature = RequestSignature.sign(url: stream.url, token: target.authToken)
        guard let call = CallSid(callSid), let id = StreamSid(streamSid),
            let request = try? WebSocketRequest(
                url: stream.url, headers: [("X-Twilio-Signature", signature)], tls: target.tls)
        else { return .failed }
        return .connect(
            CarrierPlan(
                callSid: call, streamSid: id, accountSid: target.accountSid, request: request,
                parameters: stream.parameters, pickedUpAt: .now()))
    }

    func hungUp(_ target: LoadGenerator.Target, callSid: String) async {
        _ = await post(target, "/twilio/status", fields(target, callSid, status: "completed"))
    }

    private func fields(_ target: LoadGenerator.Target, _ callSid: String, status: String) -> [FormField] {
        [
            FormField("CallSid", callSid), FormField("AccountSid", target.accountSid),
            FormField("ApiVersion", "2010-04-01"), FormField("CallStatus", status),
        ]
    }

    private func post(
        _ target: LoadGenerator.Target, _ path: String, _ form: [FormField]
    ) async -> (status: Int, body: Data)? {
        let url = target.gatewayURL + path
        guard let address = URL(string: url) else { return nil }
        var request = URLRequest(url: address)
        request.httpMethod = "POST"
        request.httpBody = Data(FormURLEncoded.encode(form).utf8)
        request.setValue("application/x-www-form-urlencoded", forHTTPHeaderField: "Content-Type")
        request.setValue(
            RequestSignature.sign(url: url, parameters: form, token: target.authToken),
            forHTTPHeaderField: "X-Twilio-Signature")
        guard let (data, response) = try? await session.data(for: request),
            let http = response as? HTTPURLResponse
        else { return nil }
        return (http.statusCode, data)
    }
}
