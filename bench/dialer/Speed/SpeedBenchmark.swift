import CallModel
import Campaigns
import Database
import Foundation
import Runtime

/// How many calls a second several processes decide upon and keep a place for, gate and receipt included, among many who are enrolled;
/// the same beside a session whose snapshot is old; how soon an emergency stop holds; and how long a preview of targeting takes.
struct SpeedBenchmark: Sendable {
    struct Options: Sendable {
        var contacts = 1_000_000
        var nodes = 4
        var seconds = 20.0
        /// Calls a second beside an old snapshot, as a share of those without one.
        var shareAtLeast = 0.5
        var json = ""

        init(_ given: [String]) throws {
            var arguments = given
            while arguments.count >= 2 {
                let number = Double(arguments[1])
                switch (arguments[0], number) {
                case ("--contacts", .some(let number)): contacts = max(10_000, Int(number))
                case ("--nodes", .some(let number)): nodes = max(1, Int(number))
                case ("--seconds", .some(let number)): seconds = max(1, number)
                case ("--share-at-least", .some(let number)): shareAtLeast = number
                case ("--json", _): json = arguments[1]
                default: throw Failure(description: "unknown option \(arguments[0])")
                }
                arguments.removeFirst(2)
            }
            guard arguments.isEmpty else {
                throw Failure(
                    description:
                        "usage: dialer-proof speed [--contacts n] [--nodes n] [--seconds n] [--share-at-least x] [--json file]"
                )
            }
        }
    }

    struct Result: Codable, Sendable {
        var contacts = 0
        var nodes = 0
        var dialsPerSecond = 0.0
        var dialsPerSecondBesideSnapshot = 0.0
        /// What an hour of dialling leaves behind under that snapshot.
        var deadRows = 0
        var stoppedAfterMs = 0.0
        var previewP50Ms = 0.0
        var previewP95Ms = 0.0
    }

    private static let campaigns = 20
    /// Each may place three calls a minute, by the rules that ship.
    private static let callerIDs = 150
    private static let deadRows = 360_000
    private static let previews = 20

    private let owner: Database
    private let app: Database
    private let options: Options

    static func run(_ options: Options) async throws {
        let result = try await PrivateCluster.temporary(for: "speed") { cluster, _ in
            try await Migrator(ownerURL: cluster.ownerURL).up()
            let benchmark = SpeedBenchmark(
                owner: Database(url: cluster.ownerURL, connectionsMax: 2), app: Database(url: cluster.appURL),
                options: options)
            return try await benchmark.measure(cluster.appURL, cluster.ownerURL)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        if !options.json.isEmpty { try encoder.encode(result).write(to: URL(filePath: options.json)) }
        let share = result.dialsPerSecondBesideSnapshot / max(result.dialsPerSecond, 1)
        print(
            String(
                format:
                    "%d contacts, %d processes: %.0f calls a second; beside an old snapshot %.0f (share %.2f, at least %.2f)",
                result.contacts, result.nodes, result.dialsPerSecond, result.dialsPerSecondBesideSnapshot, share,
                options.shareAtLeast))
        print(
            String(
                format:
                    "emergency stop: the last call was reserved %.0f ms after it began; preview p50 %.0f ms, p95 %.0f ms",
                result.stoppedAfterMs, result.previewP50Ms, result.previewP95Ms))
        if share < options.shareAtLeast { exit(1) }
    }

    private init(owner: Database, app: Database, options: Options) {
        (self.owner, self.app, self.options) = (owner, app, options)
    }

    private func measure(_ appURL: String, _ ownerURL: String) async throws -> Result {
        var result = Result()
        (result.contacts, result.nodes) = (options.contacts, options.nodes)
        try await fill()
        (result.previewP50Ms, result.previewP95Ms) = try await previews()
        let nodes = try (0..<options.nodes).map { _ in try start(appURL) }
        defer { for node in nodes { kill(node.processIdentifier, SIGKILL) } }
        result.dialsPerSecond = try await rate()
        let holder = Database(url: ownerURL, connectionsMax: 1)
        let seconds = options.seconds
        let held = Task {
            try await holder.unscoped(timeoutMs: 3_600_000) { tx in
                try tx.send("set transaction isolation level repeatable read")
                _ = try tx.query("select count(*) from tenants")
                while !Task.isCancelled {
                    _ = try tx.query("select pg_sleep(0.1)")
                }
            }
        }
        try await Task.sleep(for: .milliseconds(500))
        result.deadRows = try await age()
        result.dialsPerSecondBesideSnapshot = try await rate()
        held.cancel()
        _ = try? await held.value
        result.stoppedAfterMs = try await stop(within: seconds)
        for node in nodes {
            kill(node.processIdentifier, SIGKILL)
            node.waitUntilExit()
        }
        await holder.close()
        await app.close()
        await owner.close()
        return result
    }

    // MARK: Data

    private func fill() async throws {
        let (contacts, tenant) = (options.contacts, SQLValue.uuid(TenantID.initial.uuid))
        try await owner.unscoped(timeoutMs: 3_600_000) { tx in
            // Rows as they would be; what triggers would tell of them is of no interest here.
            try tx.send("set local session_replication_role = replica")
            try tx.send("update tenants set calling_rule_sets = '{us}'")
            try tx.send(
                """
                insert into phone_numbers (tenant_id, number, profile_id)
                select $1, '+1555' || (2000000 + n)::text, (select p.id from profiles p where p.tenant_id = $1 limit 1)
                from generate_series(0, $2::integer) n
                """, [tenant, .int(Self.campaigns * Self.callerIDs - 1)])
            try tx.send(
                """
                insert into contacts (tenant_id, contact_name, phone, lifecycle_stage, tags)
                select $1, 'Person ' || n, '+1' || (array[312, 773, 212, 646, 303, 720, 404, 678, 206, 617])[1 + n % 10] ||
                    (2000000 + n)::text, (array['lead', 'customer', 'prospect'])[1 + n % 3],
                    case when n % 4 = 0 then '{spring}'::text[] else '{}' end
                from generate_series(1, $2::integer) n
                """, [tenant, .int(contacts)])
            try tx.send(
                """
                insert into consents (tenant_id, contact_id, phone, kind, granted, level, source)
                select $1, id, phone, 'marketing_voice', true, 'express', 'test' from contacts
                """, [tenant])
            try tx.send(
                """
                insert into campaigns (tenant_id, name, status, purpose, caller_ids, pace, started_at)
                select $1, 'Campaign ' || n, 'active', 'informational', array(
                        select '+1555' || (2000000 + n * $2::integer + i)::text from generate_series(0, $2::integer - 1) i),
                    '{"calls_max": 100000}', now() from generate_series(0, $3::integer) n
                """, [tenant, .int(Self.callerIDs), .int(Self.campaigns - 1)])
            try tx.send(
                """
                insert into campaign_contacts (tenant_id, campaign_id, contact_id)
                select $1, c.id, k.id from (select id, row_number() over () as n from contacts) k
                join (select id, row_number() over () as n from campaigns) c on c.n = 1 + k.n % $2::integer
                """, [tenant, .int(Self.campaigns)])
        }
        for table in ["contacts", "consents", "campaign_contacts", "campaigns", "phone_numbers"] {
            try await owner.unscoped(timeoutMs: 600_000) { try $0.send("analyze \(table)") }
        }
    }

    /// What an hour does under a snapshot that nobody lets go of: rows that were first are somewhere else, and their entries stay.
    private func age() async throws -> Int {
        let rows = min(Self.deadRows, options.contacts / 2)
        return try await owner.unscoped(timeoutMs: 3_600_000) { tx in
            try tx.send("set local session_replication_role = replica")
            return try tx.execute(
                """
                update campaign_contacts set next_at = now() + interval '1 year', status = 'scheduled'
                where id in (
                    select id from campaign_contacts where status = 'pending' order by next_at limit $1::integer
                    for update skip locked)
                """, [.int(rows)])
        }
    }

    // MARK: Measures

    private func dialled() async throws -> Int {
        try await owner.unscoped(timeoutMs: 60_000) {
            try $0.query("select count(*)::integer as n from dial_receipts where is_allowed").first?.int("n") ?? 0
        }
    }

    private func rate() async throws -> Double {
        try await Task.sleep(for: .seconds(2))
        let (before, began) = (try await dialled(), MonotonicTime.now())
        try await Task.sleep(for: .seconds(options.seconds))
        return Double(try await dialled() - before) / Self.seconds(since: began)
    }

    private func stop(within seconds: Double) async throws -> Double {
        let began = MonotonicTime.now()
        let at = try await owner.unscoped {
            try $0.query("select clock_timestamp() as at").first?.timestamp("at") ?? .now
        }
        _ = try await app.transaction(tenant: .initial, timeoutMs: 60_000) {
            try CampaignStop.everything(reason: "benchmark", endsTalks: false, in: $0)
        }
        print(String(format: "emergency stop committed after %.0f ms", Self.seconds(since: began) * 1_000))
        try await Task.sleep(for: .seconds(min(seconds, 3)))
        return try await owner.unscoped { tx in
            try tx.query(
                """
                select coalesce(max(extract(epoch from created_at - $1::timestamptz)), 0)::double precision * 1000 as ms
                from dial_attempts where created_at > $1::timestamptz
                """, [.timestamp(at)]
            ).first?.double("ms") ?? 0
        }
    }

    private func previews() async throws -> (Double, Double) {
        var criteria = TargetCriteria()
        criteria.lifecycleStage = ["lead", "customer"]
        criteria.tagsAny = ["spring"]
        var times: [Double] = []
        for _ in 0..<Self.previews {
            let began = MonotonicTime.now()
            let preview = Enrolment(nil, by: criteria)
            _ = try await app.transaction(tenant: .initial, timeoutMs: 60_000) { try preview.preview(in: $0).count }
            times.append(Self.seconds(since: began) * 1_000)
        }
        times.sort()
        return (times[times.count / 2], times[times.count * 95 / 100])
    }

    private static func seconds(since start: MonotonicTime) -> Double {
        Double(MonotonicTime.now().nanoseconds - start.nanoseconds) / 1e9
    }

    // MARK: Processes

    private func start(_ appURL: String) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["dials", appURL]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        return process
    }

    /// A process that reserves calls, and places none.
    static func dials(_ arguments: [String]) async throws {
        guard arguments.count == 1 else { throw Failure(description: "not for use by hand: \(arguments)") }
        let dialer = CampaignDialer(
            database: Database(url: arguments[0], connectionsMax: 3), settings: .init(callsMax: 1_000_000))
        await dialer.start()
        let parent = getppid()
        while getppid() == parent { try await Task.sleep(for: .milliseconds(100)) }
        exit(0)
    }
}
