import CallModel
import Campaigns
import Compliance
import Database
import Dialing
import Foundation
import LiveCalls
import Synchronization
import Telephony

/// A year of campaigns, over a real database whose clock is moved by hand, through everything that dials in the product: the dialer,
/// the gate, the job that asks the carrier, the carrier's answers, the retries. What it dialled and why it might is written to a log;
/// whether it was allowed to is for somebody else to say (check-year.py).
actor SimulatedYear {
    /// Campaigns are looked at so often at most.
    private static let lookEvery = 10.0
    /// Of all enrolments.
    private static let batchesMax = 8_000
    private static let tellEverySeconds = 10.0
    /// Of the dialer at one moment.
    private static let roundsMax = 200

    let options: YearOptions
    let owner: Database
    let database: Database
    let log: YearLog
    let carrier: LocalCarrier
    let placement: CallPlacement
    let dialer: CampaignDialer
    let shared: Shared

    var random: YearRandom
    var people = YearPeople()
    var queue = YearQueue()
    var stage = YearStage()
    var now: Double
    /// Attempts whose job is in the queue.
    var known: Set<UUID> = []

    /// What the carrier has to know of the year: it answers on a thread of its own.
    final class Shared: Sendable {
        struct State {
            var now: Double
            var fate = LocalCarrier.Fate.placed
            var call: YearCall?
            var sid: CallSid?
        }
        let state: Mutex<State>

        init(now: Double) { state = Mutex(State(now: now)) }
    }

    static func run(_ options: YearOptions) async throws {
        let began = Date.now
        let fault = try await PrivateCluster.temporary(for: "year", durable: false) { cluster, _ in
            try await DatabaseClock.install(cluster.ownerURL, at: options.start)
            try await Migrator(ownerURL: cluster.ownerURL).up()
            let year = try SimulatedYear(options, cluster)
            try await year.live()
            return try await year.summary(seconds: Date.now.timeIntervalSince(began))
        }
        if let fault { throw Failure(description: fault) }
    }

    private init(_ options: YearOptions, _ cluster: PrivateCluster) throws {
        self.options = options
        now = options.start
        random = YearRandom(seed: options.seed)
        owner = Database(url: cluster.ownerURL, connectionsMax: 1)
        database = Database(url: cluster.appURL, connectionsMax: 2)
        let (log, shared) = (try YearLog(options.log), Shared(now: options.start))
        (self.log, self.shared) = (log, shared)
        carrier = try LocalCarrier(
            now: { Date(timeIntervalSince1970: shared.state.withLock { $0.now }) },
            decide: { call in
                let (now, fate, asked) = shared.state.withLock { state in
                    if case .placed = state.fate { state.sid = call.sid }
                    return (state.now, state.fate, state.call)
                }
                switch fate {
                case .noRoom, .unanswered: break
                case .placed, .placedUnanswered:
                    var line = YearLog.Line(.dial, at: now, call.tenant, number: call.to)
                    (line.from, line.campaign, line.person) = (call.from, asked?.campaign, asked?.contact)
                    do { try log.write(line) } catch { preconditionFailure("the log cannot be written: \(error)") }
                }
                return fate
            })
        placement = CallPlacement(
            database: database, carrier: carrier.account, urls: PublicURLs(base: "http://127.0.0.1"),
            asksCarrierWhoAnswers: false, open: { _ in })
        dialer = CampaignDialer(database: database, settings: .init(callsMax: 1_000))
    }

    // MARK: Time

    private func live() async throws {
        try await furnish()
        for batch in 0..<batches {
            queue.add(.enrol(batch), at: Double.random(in: options.start..<options.end, using: &random))
        }
        for _ in 0..<(options.days * 6) {
            queue.add(.trouble, at: Double.random(in: options.start..<options.end, using: &random))
        }
        var (looked, look, told) = (now, Double?.none, Date.distantPast)
        while true {
            // Where something happened since, it may be somebody's turn.
            let next = queue.next ?? options.end
            let due = look ?? looked + Self.lookEvery
            guard min(next, due) < options.end else { break }
            if next <= due {
                try await set(max(now, next))
                if let event = queue.take() { try await handle(event) }
                look = nil
                continue
            }
            try await set(max(now, due))
            let pause = try await dial()
            looked = now
            look = max(now + Self.lookEvery, now + pause)
            if Date.now.timeIntervalSince(told) > Self.tellEverySeconds {
                told = .now
                try await tell()
            }
        }
        try log.close()
    }

    private func set(_ moment: Double) async throws {
        guard moment > now else { return }
        now = moment
        shared.state.withLock { $0.now = moment }
        try await DatabaseClock.set(moment, in: owner)
    }

    /// - Returns: seconds until it is somebody's turn, as far as is known.
    private func dial() async throws -> Double {
        // A round tells when to look again; many at one moment are as good as one.
        for _ in 0..<Self.roundsMax {
            if try await dialer.round() > .milliseconds(5) { break }
        }
        let calls = try await owner.unscoped { tx in
            try tx.query(
                """
                select tenant_id, id, campaign_id, contact_id, number from dial_attempts
                where state = 'reserved' and campaign_id is not null
                """
            ).map { row in
                YearCall(
                    tenant: TenantID(try row.uuid("tenant_id")), attempt: try row.uuid("id"),
                    campaign: try row.uuid("campaign_id"), contact: try row.uuid("contact_id"),
                    number: try row.text("number"))
            }
        }
        for call in calls where known.insert(call.attempt).inserted { queue.add(.place(call), at: now + delay()) }
        try await collect()
        let until = try await owner.unscoped { tx in
            try tx.query("select min(seconds_until) as seconds from app.campaigns_at_work()").first?
                .doubleOrNil("seconds")
        }
        return min(max(until ?? 3_600, 0), 3_600)
    }

    /// How long a job waits for its turn: a moment, or as long as it may and more.
    private func delay() -> Double {
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<7: Double.random(in: 0.01..<2, using: &random)
        case 7..<9: Double.random(in: 2..<60, using: &random)
        default: Double.random(in: 60..<170, using: &random)
        }
    }

    /// Jobs that the database has asked for are run here, at their time.
    private func collect() async throws {
        let ended = try await owner.unscoped { tx in
            try tx.query(
                """
                with gone as (delete from jobs where kind in ('campaign.move_on', 'call.place', 'call.drop') returning *)
                select tenant_id, (payload ->> 'attempt')::uuid as attempt from gone where kind = 'campaign.move_on'
                """
            ).map { (TenantID(try $0.uuid("tenant_id")), try $0.uuid("attempt")) }
        }
        // Who answered is on record by then.
        for (tenant, attempt) in ended {
            known.remove(attempt)
            queue.add(.moveOn(tenant, attempt), at: now + 6)
        }
    }

    private func tell() async throws {
        let row = try await owner.unscoped(timeoutMs: 60_000) { tx in
            try tx.query(
                """
                select (select count(*) from campaign_contacts)::integer as people,
                    (select count(*) from dial_receipts)::integer as receipts,
                    (select count(*) from dial_attempts where requested_at is not null)::integer as calls
                """
            ).first.map { (try $0.int("people"), try $0.int("receipts"), try $0.int("calls")) }
        }
        let (people, receipts, calls) = row ?? (0, 0, 0)
        carrier.forget(before: Date(timeIntervalSince1970: now - 86_400))
        print("\(Self.day(now)): \(people) enrolled, \(receipts) asked about, \(calls) called")
        fflush(nil)
    }

    static func day(_ seconds: Double) -> String {
        Date(timeIntervalSince1970: seconds).formatted(.iso8601.year().month().day())
    }

    private var batches: Int { min(options.contacts, Self.batchesMax) }
    var contactsABatch: Int { (options.contacts + batches - 1) / batches }
}
