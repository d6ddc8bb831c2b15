import Encoding
import Telemetry
import TwilioProtocol
import WebSocketTransport

extension TwilioWebhooks {
    /// `/twilio/stream-status`: what the carrier makes of a media stream.
    func streamStatus(_ form: [FormField]) -> HTTPResponse {
        if let callback = try? StreamStatusCallback(form: form), callback.event == .error {
            Log.warning(
                "carrier reports a stream error", ["call.sid": callback.callSid, "error": callback.error ?? ""])
        }
        return .empty(204)
    }
}
