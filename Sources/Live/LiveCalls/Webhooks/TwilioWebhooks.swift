import Encoding
import TwilioProtocol
package import WebSocketTransport

/// The carrier's webhooks: what rings, what comes after a media stream, what has ended.
package struct TwilioWebhooks: Sendable {
    package let gate: WebhookGuard
    let board: Switchboard

    package init(gate: WebhookGuard, board: Switchboard) {
        self.gate = gate
        self.board = board
    }

    /// Nil when the path is none of the carrier's.
    package func respond(to request: HTTPRequest) async -> HTTPResponse? {
        guard WebhookGuard.concerns(request) else { return nil }
        let parameters: [FormField]
        switch gate.judge(request) {
        case .refused(let response): return response
        case .genuine(let fields): parameters = fields
        }
        switch request.path {
        case "/twilio/voice": return await voice(parameters, request)
        case "/twilio/status": return await status(parameters, request)
        case "/twilio/resume": return await resume(parameters, request)
        case "/twilio/dial-done": return await dialDone(parameters, request)
        default: return streamStatus(parameters)
        }
    }

    /// What takes the media stream that a handshake asks for; nil when the path is none of theirs, or the loop has no calls.
    package func stream(for request: HTTPRequest, on loop: MediaLoop) -> (any WebSocketHandler)? {
        WebhookGuard.isMedia(request) ? board.stream(on: loop) : nil
    }

    func answer(_ opening: Opening) -> HTTPResponse {
        switch opening {
        case .on(let card): document(board.connect(card))
        case .over: document(.hangUp)
        case .notInService: document(.refusal)
        case .fallback(let profile): document(.fallback(profile))
        case .notYet: document(TwiML([.pause(seconds: 1), .redirect(url: board.services.urls.resume)]))
        }
    }

    func document(_ twiml: TwiML) -> HTTPResponse {
        var response = HTTPResponse.xml(twiml.xml)
        response.headers.append((name: "cache-control", value: "no-store"))
        return response
    }
}
