import CallModel
import Encoding
import TwilioProtocol
import WebSocketTransport

extension TwilioWebhooks {
    /// `/twilio/dial-done`: the person a call was handed to has hung up, or was not reached.
    func dialDone(_ form: [FormField], _ request: HTTPRequest) async -> HTTPResponse {
        guard let sid = form["CallSid"].flatMap({ CallSid($0) }) else {
            return gate.refuse(request, 400, "no valid CallSid")
        }
        let bridged = form["DialBridged"].map { $0 == "true" } ?? (form["DialCallStatus"] == "completed")
        if !bridged, board.orphans.has(sid) { return answer(await board.takeUp(sid)) }
        guard !bridged, let card = await board.card(sid) else { return answer(.over) }
        board.transferFailed(card, form["DialCallStatus"] ?? "not answered")
        return answer(.on(card))
    }
}
