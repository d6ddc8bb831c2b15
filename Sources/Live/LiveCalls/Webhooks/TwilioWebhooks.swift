package import Endpoints
import TwilioProtocol
import WebSocketTransport

/// The carrier's addresses: what rings, what comes after a media stream, what has ended, and the media streams themselves.
package struct TwilioWebhooks: Sendable {
    let gate: WebhookGuard
    let board: Switchboard

    package init(gate: WebhookGuard, board: Switchboard) {
        self.gate = gate
        self.board = board
    }

    package var routes: [Endpoint] {
        [voice, status, amd, resume, dialDone, streamStatus].flatMap(\.endpoints) + media
    }

    /// `/twilio/media/<loop>`, and without the number where something on the way has lost it.
    private var media: [Endpoint] {
        [
            stream("/twilio/media", id: "twilio_media"),
            stream("/twilio/media/{loop…}", id: "twilio_media_loop", [Schema.Field("loop", .text())]),
        ]
    }

    /// A media stream, by its signature; whose it is says the token in its first message.
    private func stream(_ template: String, id: String, _ path: [Schema.Field] = []) -> Endpoint {
        Endpoint(
            .get, template, id: id, .handshake, "A media stream.", shape: InputShape(path: path, query: nil),
            answers: [Endpoint.Answer(101, "Audio of the call follows, both ways.")],
            .upgrade(
                Endpoint.Upgrade(
                    refusal: { [gate] in gate.refusal(ofStream: $0) },
                    accept: { [board] _, loop throws(Problem) in
                        guard let stream = board.stream(on: loop) else { throw .nothingHere }
                        return stream
                    })))
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
