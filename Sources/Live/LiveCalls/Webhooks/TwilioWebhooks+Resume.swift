import CallModel
import CallSession
import Encoding
import TwilioProtocol
import WebSocketTransport

extension TwilioWebhooks {
    var resume: Webhook {
        Webhook(name: "resume", summary: "A media stream is over: what comes after it.") {
            form, request throws(Problem) in
            guard let sid = form["CallSid"].flatMap({ CallSid($0) }) else {
                throw gate.refusal(request, 400, "no valid CallSid")
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
}
