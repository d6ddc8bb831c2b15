import CallModel
package import Database
import FoundationEssentials
import Runtime
package import Telemetry

/// Dials for all campaigns of all tenants, on each node that has a carrier: looks whose time has come, and has contacts taken.
///
/// It keeps nothing: what it knew a moment ago is asked again in the transaction that takes a contact, and once more before the
/// carrier is asked. So a campaign that is paused, or a tenant that is stopped, is so everywhere as soon as that is written.
package actor CampaignDialer {
    package struct Settings: Sendable {
        package var callsMax: Int
        /// How often it looks when nobody tells of anything.
        package var pollMs = 1_000

        package init(callsMax: Int) { self.callsMax = callsMax }
    }

    static let channel: StaticString = "parley_campaigns"
    /// While another process takes contacts of the same tenant.
    private static let blockedPause = Duration.milliseconds(100)
    /// A dozen contacts and more are asked about in it.
    private static let claimMs = 15_000
    private static let failedPause = Duration.seconds(5)
    private static let pauseMin = Duration.milliseconds(5)

    private struct Campaign: Sendable {
        var tenant: TenantID
        var id: UUID
        var isToBegin: Bool
        var isOver: Bool
        /// Nil: nobody waits.
        var secondsUntil: Double?
    }

    private let database: Database
    private let settings: Settings
    private let metrics: Metrics
    private let placesFree: @Sendable () -> Int
    private let observe: @Sendable (DialerStep) -> Void
    private var loop: Task<Void, Never>?
    private var listener: NotificationListener?
    private var isStopping = false
    private var isWoken = false
    private var sleeper: CheckedContinuation<Void, Never>?

    /// Does nothing before ``start()``.
    ///
    /// - Parameters:
    ///   - placesFree: how many more calls this node has a place for.
    ///   - observe: told of every step.
    package init(
        database: Database, settings: Settings, metrics: Metrics = .shared,
        placesFree: @escaping @Sendable () -> Int = { .max },
        observe: @escaping @Sendable (DialerStep) -> Void = { _ in }
    ) {
        self.database = database
        self.settings = settings
        self.metrics = metrics
        self.placesFree = placesFree
        self.observe = observe
    }

    package func start() {
        guard loop == nil, !isStopping else { return }
        listener = database.listen(to: Self.channel) { [weak self] in Task { await self?.wake() } }
        loop = Task(executorPreference: BackgroundThreads.afterwards) { await self.run() }
    }

    /// Takes nobody any more. What was reserved is other processes' as much as this one's.
    package func stop() async {
        isStopping = true
        listener?.close()
        wake()
        await loop?.value
    }

    private func run() async {
        while !isStopping {
            isWoken = false
            let pause: Duration
            do { pause = try await round() } catch {
                Log.warning("campaigns could not be looked at; they are again in a moment", ["error": error])
                pause = Self.failedPause
            }
            await sleep(for: pause)
        }
    }

    /// One look at all that there is to do.
    ///
    /// - Returns: until when nothing is to be done, as far as is known.
    package func round() async throws -> Duration {
        observe(.looking)
        let campaigns = try await database.unscoped { tx in
            try tx.query("select * from app.campaigns_at_work()").map { row in
                Campaign(
                    tenant: TenantID(try row.uuid("tenant_id")), id: try row.uuid("id"),
                    isToBegin: try row.bool("is_to_begin"), isOver: try row.bool("is_over"),
                    secondsUntil: try row.doubleOrNil("seconds_until"))
            }
        }
        observe(.looked)
        var pause = Duration.milliseconds(settings.pollMs)
        for campaign in campaigns where !isStopping {
            do { pause = min(pause, try await serve(campaign)) } catch {
                Log.warning("a campaign could not dial; it is tried again", ["campaign": campaign.id, "error": error])
            }
        }
        return max(pause, Self.pauseMin)
    }

    private func serve(_ campaign: Campaign) async throws -> Duration {
        if campaign.isToBegin || campaign.isOver {
            let change = campaign.isToBegin ? CampaignChange.begin : .complete
            try await database.transaction(tenant: campaign.tenant, urgency: .afterwards) {
                try change.write(campaign.id, in: $0)
            }
            return .zero
        }
        guard let until = campaign.secondsUntil else { return .milliseconds(settings.pollMs) }
        guard until <= 0 else { return .seconds(until) }
        let here = placesFree()
        guard here > 0 else { return Self.blockedPause }
        observe(.claiming)
        let claim = CampaignClaim(campaign.id, callsMax: settings.callsMax, placesHere: here)
        let result = try await database.transaction(
            tenant: campaign.tenant, timeoutMs: Self.claimMs, urgency: .afterwards
        ) { try claim.take(in: $0) }
        observe(.claimed)
        metrics.add(CampaignMetrics.asked["reserved"], Double(result.reserved))
        metrics.add(CampaignMetrics.asked["refused"], Double(result.refused))
        metrics.add(CampaignMetrics.asked["postponed"], Double(result.postponed))
        if result.isBlocked { return Self.blockedPause }
        return result.isMore || result.reserved > 0 ? .zero : .milliseconds(settings.pollMs)
    }

    // MARK: Waiting

    private func sleep(for pause: Duration) async {
        guard !isWoken, !isStopping else { return }
        let alarm = Task {
            try? await Task.sleep(for: pause)
            if !Task.isCancelled { self.wake() }
        }
        await withCheckedContinuation { sleeper = $0 }
        alarm.cancel()
    }

    private func wake() {
        isWoken = true
        sleeper?.resume()
        sleeper = nil
    }
}

/// Where a dialer is: told before each wait and after it, to whoever watches it (a benchmark, a test that kills it there).
package enum DialerStep: String, CaseIterable, Sendable {
    case looking, looked
    case claiming, claimed
}
