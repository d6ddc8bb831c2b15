import CallModel
import Encoding
import TwilioProtocol
import WebSocketTransport

extension TwilioWebhooks {
    var dialDone: Webhook {
        Webhook(name: "dial-done", summary: "The person a call was handed to has hung up, or was not reached.") {
            form, request throws(Problem) in
            guard let sid = form["CallSid"].flatMap({ CallSid($0) }) else {
                throw gate.refusal(request, 400, "no valid CallSid")
            }
            let bridged = form["DialBridged"].map { $0 == "true" } ?? (form["DialCallStatus"] == "completed")
            if !bridged, board.orphans.has(sid) { return answer(await board.takeUp(sid)) }
            guard !bridged, let card = await board.card(sid) else { return answer(.over) }
            board.transferFailed(card, form["DialCallStatus"] ?? "not answered")
            return answer(.on(card))
        }
    }
}
