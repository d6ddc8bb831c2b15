import Encoding
import TwilioProtocol
import WebSocketTransport

extension TwilioWebhooks {
    /// The end of a call is acknowledged only when its journal is on disk: a call is never lost between the carrier and us.
    var status: Webhook {
        Webhook(name: "status", summary: "How far a call is.") { form, request throws(Problem) in
            let callback: CallStatusCallback
            do {
                callback = try CallStatusCallback(form: form)
            } catch {
                throw gate.refusal(request, 400, "\(error)")
            }
            let sid = callback.callSid
            // The call itself waits for no database.
            if callback.isTerminal, !(await board.ended(sid, status: callback.status.rawValue)) {
                throw gate.refusal(request, 503, "the journal of \(sid) is not on disk yet")
            }
            guard let attempt = DialledCall(request) else { return .empty(204) }
            do {
                try await board.services.office.progressed(attempt, callback)
            } catch {
                throw gate.refusal(request, 503, "what became of \(sid) is not on record yet: \(error)")
            }
            return .empty(204)
        }
    }
}
