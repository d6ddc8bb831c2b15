import CallModel
import Database
import Foundation
import HTTPClient
import Synchronization
import TwilioProtocol

/// Dialers that are killed: whoever was to be called is called once, nobody is forgotten, no place is lost.
struct Chaos: Sendable {
    struct Options: Sendable {
        var runs = 1_000
        var seed: UInt64 = 1

        init(_ given: [String]) throws {
            var arguments = given
            while arguments.count >= 2, let value = Int(arguments[1]) {
                switch arguments[0] {
                case "--runs": runs = max(1, value)
                case "--seed": seed = UInt64(clamping: value)
                default: throw Failure(description: "unknown option \(arguments[0])")
                }
                arguments.removeFirst(2)
            }
            guard arguments.isEmpty else {
                throw Failure(description: "usage: dialer-proof chaos [--runs n] [--seed n]")
            }
        }
    }

    static let people = 3
    private static let secondsMax = 90.0

    /// What the carrier's thread has to know of the run.
    struct Scene: Sendable {
        var step = ""
        var victim: pid_t = 0
        var hasStruck = false
        /// Where nodes take callbacks.
        var ports: [Int] = []
        var losesLastWord = false
        var saysAnswered = false
    }

    final class Stage: Sendable {
        let scene = Mutex(Scene())
        /// Calls that are over, where nobody may have been told.
        let over = Mutex<Set<CallSid>>([])
    }

    private let owner: Database
    private let appURL: String
    private let carrier: LocalCarrier
    private let stage: Stage

    static func run(_ options: Options) async throws {
        let faults = try await PrivateCluster.temporary(for: "chaos", durable: false) { cluster, _ in
            try await Migrator(ownerURL: cluster.ownerURL).up()
            let stage = Stage()
            let carrier = try LocalCarrier(now: { .now }, decide: { Self.decide($0, stage) })
            let chaos = Chaos(
                owner: Database(url: cluster.ownerURL, connectionsMax: 2), appURL: cluster.appURL, carrier: carrier,
                stage: stage)
            return try await chaos.runs(options)
        }
        if faults > 0 { exit(1) }
    }

    private init(owner: Database, appURL: String, carrier: LocalCarrier, stage: Stage) {
        (self.owner, self.appURL, self.carrier, self.stage) = (owner, appURL, carrier, stage)
    }

    // MARK: The carrier

    private static func decide(_ call: LocalCarrier.Call, _ stage: Stage) -> LocalCarrier.Fate {
        let (fate, scene) = stage.scene.withLock { scene -> (LocalCarrier.Fate, Scene) in
            // The other node may be faster than the one that is to die, which is then not there yet.
            guard !scene.hasStruck, scene.victim > 0, scene.step.hasPrefix("carrier.") else { return (.placed, scene) }
            scene.hasStruck = true
            kill(scene.victim, SIGKILL)
            return (scene.step == "carrier.placed" ? .placedUnanswered : .unanswered, scene)
        }
        if case .unanswered = fate { return fate }
        Task { await tell(of: call, scene, stage) }
        return fate
    }

    /// It rings, is answered, is over: each is told to one of the nodes, and to another where that one is gone.
    private static func tell(of call: LocalCarrier.Call, _ scene: Scene, _ stage: Stage) async {
        let http = HTTPClient(answerBytesMax: 4_096)
        var words: [CarrierCallStatus] = [.ringing, .completed]
        if scene.saysAnswered { words.insert(.inProgress, at: 1) }
        if scene.losesLastWord { words.removeLast() }
        for word in words {
            try? await Task.sleep(for: .milliseconds(Int.random(in: 1...40)))
            let ports = stage.scene.withLock { $0.ports }.shuffled()
            for port in ports {
                let request = OutgoingRequest(
                    "POST", "http://127.0.0.1:\(port)/twilio/status?tenant=\(call.tenant)&attempt=\(call.attempt)",
                    headers: [(name: "Content-Type", value: "application/x-www-form-urlencoded")],
                    body: Array(LocalCarrier.form(call.sid, word).utf8))
                let answer = try? await http.send(request, within: .seconds(5))
                if answer?.status == 204 { break }
            }
        }
        // Whoever asks is told so.
        stage.over.withLock { _ = $0.insert(call.sid) }
    }

    // MARK: Runs

    private func runs(_ options: Options) async throws -> Int {
        var (random, faults, struck) = (YearRandom(seed: options.seed), 0, 0)
        _ = try await owner.unscoped { try $0.query("update tenants set calling_rule_sets = '{us}'") }
        var survivor = try start("-", 1)
        for number in 0..<options.runs {
            let step = number < FatalStep.all.count ? FatalStep.all[number] : random.one(of: FatalStep.all)
            let time = number < FatalStep.all.count ? 1 : Int.random(in: 1...4, using: &random)
            let isBeside = number >= FatalStep.all.count && random.chance(0.5)
            stage.scene.withLock {
                $0 = Scene(step: step)
                $0.losesLastWord = random.chance(0.2)
                $0.saysAnswered = random.chance(0.5)
            }
            if !isBeside { end(survivor) }
            let campaign = try await enrol(number)
            let victim = try start(step, time)
            stage.scene.withLock {
                $0.victim = victim.process.processIdentifier
                $0.ports = [victim.port] + (isBeside ? [survivor.port] : [])
            }
            if !isBeside {
                // Until it has died, or has done all that it can.
                for _ in 0..<60 where victim.process.isRunning { try await Task.sleep(for: .milliseconds(25)) }
                survivor = try start("-", 1)
                stage.scene.withLock { $0.ports.append(survivor.port) }
            }
            let found = try await finish(campaign)
            if !victim.process.isRunning { struck += 1 }
            end(victim)
            for fault in found { print("FAULT in run \(number), killed at \(step) the \(time). time: \(fault)") }
            faults += found.count
            if (number + 1) % 25 == 0 || number + 1 == options.runs {
                print("\(number + 1) runs, \(struck) killed where they were to be, \(faults) faults")
                fflush(nil)
            }
        }
        end(survivor)
        await owner.close()
        await carrier.stop()
        return faults
    }

    private func enrol(_ number: Int) async throws -> UUID {
        let campaign = UUID()
        let first = number * Self.people
        try await owner.unscoped { tx in
            try tx.send(
                """
                insert into phone_numbers (tenant_id, number, profile_id)
                select $1, $2, (select p.id from profiles p where p.tenant_id = $1 limit 1)
                """, [.uuid(TenantID.initial.uuid), .text(Self.callerID(number))])
            try tx.send(
                """
                insert into campaigns (tenant_id, id, name, status, purpose, caller_ids, pace, started_at)
                values ($1, $2, 'Chaos', 'active', 'informational', array[$3], '{"calls_max": 10}', now())
                """, [.uuid(TenantID.initial.uuid), .uuid(campaign), .text(Self.callerID(number))])
            try tx.send(
                """
                with people as (
                    insert into contacts (tenant_id, contact_name, phone)
                    select $1, 'Person', '+1312' || (2000000 + n)::text
                    from generate_series($3::integer, $3::integer + $4::integer - 1) n
                    returning id, phone),
                agreed as (
                    insert into consents (tenant_id, contact_id, phone, kind, granted, level, source)
                    select $1, id, phone, 'marketing_voice', true, 'express', 'test' from people)
                insert into campaign_contacts (tenant_id, campaign_id, contact_id) select $1, $2, id from people
                """, [.uuid(TenantID.initial.uuid), .uuid(campaign), .int(first), .int(Self.people)])
        }
        return campaign
    }

    private static func callerID(_ number: Int) -> String { "+1555\(String(7_000_000 + number))" }

    /// Lets time pass until nothing is under way.
    ///
    /// - Returns: what is wrong then.
    private func finish(_ campaign: UUID) async throws -> [String] {
        let began = Date.now
        while Date.now.timeIntervalSince(began) < Self.secondsMax {
            try await Task.sleep(for: .milliseconds(100))
            carrier.finish(
                stage.over.withLock { over in
                    defer { over = [] }
                    return over
                })
            if try await isDone(campaign) { return try await faults(campaign) }
            try await passTime(fully: Date.now.timeIntervalSince(began) > 1)
        }
        return ["it does not come to an end; somebody was forgotten: \(try await state(campaign))"]
    }

    private func isDone(_ campaign: UUID) async throws -> Bool {
        try await owner.unscoped { tx in
            try tx.query(
                """
                select 1 as one from campaign_contacts where campaign_id = $1
                    and not (status = 'completed' or status = 'retry_at' and reason = 'unknown') limit 1
                """, [.uuid(campaign)]
            ).isEmpty
        }
    }

    /// What minutes would do: a call that was asked for is in the carrier's list, one of which nothing is heard is asked about, jobs that
    /// wait for their time are due.
    private func passTime(fully: Bool) async throws {
        try await owner.unscoped { tx in
            try tx.send("set local session_replication_role = replica")
            try tx.send(
                "update dial_attempts set ended_at = ended_at - interval '10 seconds' where ended_at > now() - interval '6 seconds'"
            )
            try tx.send(
                "update jobs set due_at = now() where state = 'waiting' and due_at > now() and kind <> 'call.follow'")
            guard fully else { return }
            try tx.send(
                """
                update dial_attempts set requested_at = requested_at - interval '3 minutes',
                    updated_at = updated_at - interval '3 minutes', valid_until = valid_until - interval '3 minutes'
                where state <> 'ended' and updated_at > now() - interval '2 minutes'
                    -- Nobody waits for an answer as long as that.
                    and updated_at < now() - interval '1500 milliseconds'
                """)
            try tx.send(
                """
                insert into jobs (tenant_id, kind, payload) select $1, 'call.follow', '{}'
                where not exists (select from jobs where kind = 'call.follow' and state in ('waiting', 'running'))
                """, [.uuid(TenantID.initial.uuid)])
            try tx.send("select pg_notify('parley_jobs', '')")
        }
    }

    private func state(_ campaign: UUID) async throws -> String {
        try await owner.unscoped { tx in
            try tx.query(
                """
                select e.status || ' ' || coalesce(e.reason, '') || ' ' || coalesce(a.state, '') as text
                from campaign_contacts e left join dial_attempts a on a.id = e.attempt_id where e.campaign_id = $1
                """, [.uuid(campaign)]
            ).map { try $0.text("text") }.joined(separator: ", ")
        }
    }

    private func faults(_ campaign: UUID) async throws -> [String] {
        let rows = try await owner.unscoped { tx in
            try tx.query(
                """
                select k.phone, e.status, (select count(*)::integer from dial_attempts a
                        where a.number = k.phone and a.carrier_call_sid is not null) as known,
                    (select count(*)::integer from dial_attempts a where a.number = k.phone and a.state <> 'ended') as open
                from campaign_contacts e join contacts k on k.id = e.contact_id where e.campaign_id = $1
                """, [.uuid(campaign)]
            ).map { (try $0.text("phone"), try $0.text("status"), try $0.int("known"), try $0.int("open")) }
        }
        var found: [String] = []
        if rows.count != Self.people { found.append("\(rows.count) of \(Self.people) people are left") }
        for (phone, status, known, open) in rows {
            let calls = carrier.calls(to: phone)
            if calls > 1 { found.append("somebody was called \(calls) times") }
            if status == "completed", calls != 1 { found.append("somebody is done who was called \(calls) times") }
            if calls != known { found.append("\(calls) calls of the carrier, \(known) on record") }
            if open > 0 { found.append("a place is taken by a call that is over") }
        }
        return found
    }

    // MARK: Nodes

    private struct Node {
        var process: Process
        var port: Int
    }

    private func start(_ step: String, _ time: Int) throws -> Node {
        let process = Process()
        process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["node", appURL, carrier.url, step, "\(time)"]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        // It may die before it says where it listens.
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        return Node(process: process, port: Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0)
    }

    private func end(_ node: Node) {
        kill(node.process.processIdentifier, SIGKILL)
        node.process.waitUntilExit()
    }
}
