import Encoding
import TwilioProtocol
import WebSocketTransport

extension TwilioWebhooks {
    /// The carrier's verdict, in its own time: of a call that is over it says nothing any more.
    var amd: Webhook {
        Webhook(name: "amd", summary: "Who answered, by the carrier's detection.") { form, request throws(Problem) in
            let callback: MachineDetectionCallback
            do {
                callback = try MachineDetectionCallback(form: form)
            } catch {
                throw gate.refusal(request, 400, "\(error)")
            }
            if let card = board.registry.card(callback.callSid) { board.carrierDetected(card, callback.answeredBy) }
            return .empty(204)
        }
    }
}
