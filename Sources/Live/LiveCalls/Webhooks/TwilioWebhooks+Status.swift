import Encoding
import TwilioProtocol
import WebSocketTransport

extension TwilioWebhooks {
    /// `/twilio/status`: how far a call is. Its end is acknowledged only when its journal is on disk: a call is never lost
    /// between the carrier and us.
    func status(_ form: [FormField], _ request: HTTPRequest) async -> HTTPResponse {
        let callback: CallStatusCallback
        do {
            callback = try CallStatusCallback(form: form)
        } catch {
            return gate.refuse(request, 400, "\(error)")
        }
        let sid = callback.callSid
        guard callback.isTerminal else { return .empty(204) }
        guard await board.ended(sid, status: callback.status.rawValue) else {
            return gate.refuse(request, 503, "the journal of \(sid) is not on disk yet")
        }
        return .empty(204)
    }
}
