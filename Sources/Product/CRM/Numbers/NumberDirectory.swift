package import CallModel
package import Database
import FoundationEssentials
import Runtime
import Synchronization
import Telemetry

/// Called number to route, through `app.call_route`.
///
/// An answer is used for `ttlMs`; while the database is away the last one is used however old it is, so that calls
/// still come in. Numbers without a route are remembered for a moment only.
package final class NumberDirectory: Sendable {
    package static let ttlMsDefault: Int64 = 10_000
    private static let refusedTtlMsMax: Int64 = 2_000
    private static let cachedMax = 10_000

    private struct Cached {
        var route: NumberRoute?
        var readAt: MonotonicTime
    }

    private let database: Database
    private let ttlMs: Int64
    private let cache = Mutex<[DialledAddress: Cached]>([:])

    package init(database: Database, ttlMs: Int64 = ttlMsDefault) {
        self.database = database
        self.ttlMs = ttlMs
    }

    /// Nil when the number is not ours to answer: it is unknown and there are several tenants. Throws when the database
    /// does not answer in time and nothing is known of the number.
    package func route(_ called: DialledAddress, timeoutMs: Int = 1_000) async throws -> NumberRoute? {
        let now = MonotonicTime.now()
        let known = cache.withLock { $0[called] }
        if let known {
            let ttl = known.route == nil ? min(ttlMs, Self.refusedTtlMsMax) : ttlMs
            if now.milliseconds(since: known.readAt) < ttl { return known.route }
        }
        do {
            let route = try await read(called, timeoutMs: timeoutMs)
            remember(called, Cached(route: route, readAt: now))
            return route
        } catch {
            guard let route = known?.route else { throw error }
            Metrics.shared.add(NumberMetrics.staleRoutes)
            Log.warning(
                "number routed from memory", ["pii.number": called.number?.masked ?? called.text, "error": error])
            return route
        }
    }

    private func read(_ called: DialledAddress, timeoutMs: Int) async throws -> NumberRoute? {
        try await database.unscoped(timeoutMs: timeoutMs) { tx in
            guard let row = try tx.query("select * from app.call_route($1)", [.text(called.text)]).first else {
                return nil
            }
            return NumberRoute(
                tenant: TenantID(try row.uuid("tenant_id")),
                profile: AgentProfile(
                    id: try row.uuid("profile_id"), name: try row.text("name"), prompt: try row.text("prompt"),
                    greeting: try row.text("greeting"), greetingKnown: try row.text("greeting_known"),
                    greetingOutbound: try row.text("greeting_outbound"),
                    language: try row.text("language"), voice: try row.text("voice"),
                    listenModel: try row.text("listen_model"), thinkModel: try row.text("think_model"),
                    humanNumber: try row.textOrNil("human_number").flatMap { E164($0) },
                    apology: try row.text("apology"), fallbackMessage: try row.text("fallback_message"),
                    rolloutPercent: try row.int("rollout_percent"), currency: try row.text("currency"),
                    timeZone: try row.text("time_zone"), callSecondsMax: try row.int("call_seconds_max"),
                    silenceSecondsMax: try row.int("silence_seconds_max"), turnsMax: try row.int("turns_max"),
                    consult: try row.text("consult")))
        }
    }

    private func remember(_ called: DialledAddress, _ answer: Cached) {
        cache.withLock { cache in
            if cache.count >= Self.cachedMax, cache[called] == nil {
                // Unknown numbers are the ones an outsider can make up: they go first.
                if let victim = cache.first(where: { $0.value.route == nil })?.key ?? cache.keys.first {
                    cache.removeValue(forKey: victim)
                }
            }
            cache[called] = answer
        }
    }
}
