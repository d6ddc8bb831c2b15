import CallModel
import Journal
import Telemetry

/// What follows a call's last event: its journal goes to disk for good, then its record is written.
enum CallEnd {
    private static let retryMs = 500

    static func settle(_ card: CallCard, _ services: CallServices) async {
        let sid = card.opening.callSid
        let isOnDisk = await isSafe(card)
        if !isOnDisk { services.registry.notOnDisk(sid) }
        // While the disk refuses, the record is made of what is in memory.
        await services.office.submit(card.opening.callID)
        if !isOnDisk {
            repeat { try? await Task.sleep(for: .milliseconds(retryMs)) } while await !isSafe(card)
        }
        services.registry.ended(sid)
        Log.info("call ended", ["call.sid": sid, "call.id": card.opening.callID])
        Metrics.shared.add(CallMetrics.ended)
        Metrics.shared.adjust(CallMetrics.active, by: -1)
    }

    /// Whether the call can no more be lost: its journal is on disk, or its record is committed.
    private static func isSafe(_ card: CallCard) async -> Bool {
        do {
            try await card.journal.finish()
            return true
        } catch JournalError.entriesLost(_, let count) {
            Log.error("call ended without some of its journal", ["call.sid": card.opening.callSid, "entries": count])
            return true
        } catch {
            Log.error(
                "journal not on disk; the call stays in memory until it is",
                ["call.sid": card.opening.callSid, "error": error])
            return false
        }
    }
}
