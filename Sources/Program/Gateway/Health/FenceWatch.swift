import Database
import Synchronization
import Telemetry

/// Looks again and again whether row-level security still keeps tenants apart: somebody may have switched it off by hand.
final class FenceWatch: Sendable {
    private let database: Database
    private let gaps = Mutex<String?>(nil)

    /// - Parameter database: as it was at the start, when it was found to be well.
    init(_ database: Database) { self.database = database }

    /// What is wrong; nil when all is well, or was when the database last answered.
    var fault: String? { gaps.withLock { $0 } }

    func look() async {
        let found: String?
        var count = 0
        do {
            try await database.verifyFence()
            found = nil
        } catch DatabaseError.fenceOpen(let gaps) {
            count = gaps.count
            found = "\(DatabaseError.fenceOpen(gaps: gaps))"
        } catch DatabaseError.unsafeRole(let role, let reason) {
            count = 1
            found = "\(DatabaseError.unsafeRole(role: role, reason: reason))"
        } catch {
            // Away is not open: what was known stays.
            return Log.warning("tenant fence could not be looked at", ["error": error])
        }
        let before = gaps.withLock { gaps in
            defer { gaps = found }
            return gaps
        }
        Metrics.shared.set(GatewayMetrics.fenceGaps, to: Double(count))
        if let found {
            Log.error("tenants are not kept apart; the API is closed", ["error": found])
        } else if before != nil {
            Log.info("tenants are kept apart again; the API is open")
        }
    }
}
