import CRM
import CallModel
import Telemetry

/// What follows a call's last event: its journal goes to disk for good, then its record is written.
enum CallEnd {
    static func settle(_ card: CallCard, _ services: CallServices) async {
        let sid = card.opening.callSid
        do {
            try await card.journal.finish()
        } catch {
            Log.error(
                "journal not on disk; the call stays in memory until it is", ["call.sid": sid, "error": "\(error)"])
        }
        services.registry.ended(sid)
        await services.writer.submit(card.opening.callID)
        Log.info("call ended", ["call.sid": sid, "call.id": card.opening.callID])
        Metrics.shared.add("parley_calls_ended_total", help: "calls that ended, with their journal on disk")
        Metrics.shared.adjust("parley_calls_active", by: -1, help: "calls between ring and end")
    }
}
