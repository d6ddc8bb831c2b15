import Encoding
import Telemetry
import TwilioProtocol
import WebSocketTransport

extension TwilioWebhooks {
    var streamStatus: Webhook {
        Webhook(name: "stream-status", summary: "What the carrier makes of a media stream.") { form, _ in
            if let callback = try? StreamStatusCallback(form: form), callback.event == .error {
                Log.warning(
                    "carrier reports a stream error", ["call.sid": callback.callSid, "error": callback.error ?? ""])
            }
            return .empty(204)
        }
    }
}
