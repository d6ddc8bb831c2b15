import CallModel
import CallSession
import Encoding
import TwilioProtocol
import WebSocketTransport

extension TwilioWebhooks {
    /// `/twilio/resume`: what comes after a media stream.
    func resume(_ form: [FormField], _ request: HTTPRequest) async -> HTTPResponse {
        guard let sid = form["CallSid"].flatMap({ CallSid($0) }) else {
            return gate.refuse(request, 400, "no valid CallSid")
        }
        if let card = board.registry.card(sid) {
            switch await board.afterStream(card) {
            case .reconnect?: return answer(.on(card))
            case .fallback?: return answer(.fallback(card.profile))
            case .hangUp?, .transferring?, nil: return answer(.over)
            }
        }
        if board.orphans.has(sid) { return answer(await board.takeUp(sid)) }
        // Another request for the same call is taking it up.
        return answer(await board.card(sid).map { .on($0) } ?? .over)
    }
}
