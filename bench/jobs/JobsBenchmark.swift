import CallModel
import Database
import Foundation
import Jobs
import Runtime
import Synchronization

struct Failure: Error, CustomStringConvertible { var description: String }

/// How many jobs a second one node does, each with a row of its own as its effect, into a private PostgreSQL that syncs to
/// disk; and how long from the commit that enqueues one to its start. Fails when jobs are done too slowly for this machine at
/// this moment: the same rows are written by plain transactions in the same run, and jobs must reach a share of their speed.
@main struct JobsBenchmark {
    private struct Options {
        var jobs = 6_000
        var perSecond = 100.0
        /// Of the speed of plain transactions that write the same row.
        var shareAtLeast = 0.2
    }

    /// Odd: the middle one counts.
    private static let rounds = 3
    private static let places = 16

    /// One row each.
    private struct Row: JobKind {
        static let kind = "bench.row"
        static let policy = {
            var policy = JobPolicy()
            policy.placesMax = places
            policy.urgency = .live
            return policy
        }()
        var number: Int
    }

    /// Tells when it starts.
    private struct Knock: JobKind {
        static let kind = "bench.knock"
        static let policy = {
            var policy = JobPolicy()
            policy.placesMax = places
            return policy
        }()
        var number: Int
    }

    static func main() async throws {
        do {
            var arguments = Array(CommandLine.arguments.dropFirst())
            if arguments.first == "node" { return try await LinkNode.run(Array(arguments.dropFirst())) }
            var options = Options()
            while arguments.count >= 2, let value = Double(arguments[1]) {
                switch arguments[0] {
                case "--jobs": options.jobs = max(300, Int(value))
                case "--rate": options.perSecond = max(1, value)
                case "--share-at-least": options.shareAtLeast = value
                default: throw Failure(description: "unknown option \(arguments[0])")
                }
                arguments.removeFirst(2)
            }
            guard arguments.isEmpty else {
                throw Failure(description: "usage: jobs-benchmark [--jobs n] [--rate n] [--share-at-least x]")
            }
            if try await !measure(options) { exit(1) }
        } catch let failure as Failure {
            FileHandle.standardError.write(Data("jobs-benchmark: \(failure)\n".utf8))
            exit(2)
        }
    }

    private static func measure(_ options: Options) async throws -> Bool {
        try await PrivateCluster.temporary(for: "jobs") { cluster, _ in try await run(cluster, options) }
    }

    private static func run(_ cluster: PrivateCluster, _ options: Options) async throws -> Bool {
        try await Migrator(ownerURL: cluster.ownerURL).up()
        try await Migrator.runAlone("create table app.effects (number int)", url: cluster.ownerURL)
        try await Migrator.runAlone("grant select, insert on app.effects to parley_app", url: cluster.ownerURL)
        let database = Database(url: cluster.appURL)
        let started = Mutex<[Int: MonotonicTime]>([:])
        let worker = JobWorker(
            database: database,
            handlers: [
                JobHandler(writing: Row.self) { row, _, tx in
                    try tx.send("insert into app.effects (number) values ($1)", [.int(row.number)])
                },
                JobHandler(Knock.self) { knock, _ in
                    started.withLock { $0[knock.number] = .now() }
                    return { _ in }
                },
            ])

        var shares: [Double] = []
        for round in 0..<rounds {
            let count = options.jobs / rounds
            let enqueueing = MonotonicTime.now()
            try await database.transaction(tenant: .initial, timeoutMs: 60_000) { tx in
                try tx.enqueue((0..<count).map { Row(number: round * count + $0) })
            }
            let enqueuedPerSecond = Double(count) / seconds(since: enqueueing)
            let before = MonotonicTime.now()
            await worker.start()
            while try await effects(database) < (round + 1) * count { try await Task.sleep(for: .milliseconds(5)) }
            let perSecond = Double(count) / seconds(since: before)
            let plainPerSecond = try await plain(count, cluster.appURL)
            shares.append(perSecond / plainPerSecond)
            print(
                String(
                    format: "%d jobs: %.0f a second, plain transactions with the same row %.0f: share %.2f"
                        + " (enqueued in one transaction, %.0f a second)",
                    count, perSecond, plainPerSecond, shares[round], enqueuedPerSecond))
            _ = try await database.transaction(tenant: .initial) { try $0.query("select 1") }
        }
        let share = shares.sorted()[rounds / 2]
        print(String(format: "median share of plain transactions: %.2f (at least %.2f)", share, options.shareAtLeast))

        try await knocks(database, started, perSecond: options.perSecond)
        let drained = await worker.stop(timeoutMs: 10_000)
        let dead = try await database.transaction(tenant: .initial) { try $0.deadJobs().count }
        let done = try await effects(database)
        await database.close()
        let expected = options.jobs / rounds * rounds
        if done != expected || dead > 0 { print("FAULT: \(done) of \(expected) effects, \(dead) dead jobs") }
        return drained && done == expected && dead == 0 && share >= options.shareAtLeast
    }

    /// Jobs enqueued one by one, each in a transaction of its own.
    private static func knocks(
        _ database: Database, _ started: borrowing Mutex<[Int: MonotonicTime]>, perSecond: Double
    ) async throws {
        var committed: [Int: MonotonicTime] = [:]
        let startedAt = MonotonicTime.now()
        let count = Int(perSecond * 5)
        for number in 0..<count {
            let due = Int64(Double(number) / perSecond * 1_000)
            let ahead = startedAt.adding(milliseconds: due).milliseconds(since: .now())
            if ahead > 0 { try await Task.sleep(for: .milliseconds(ahead)) }
            try await database.transaction(tenant: .initial) { tx in try tx.enqueue(Knock(number: number)) }
            committed[number] = .now()
        }
        for _ in 0..<1_000 where started.withLock({ $0.count }) < count { try await Task.sleep(for: .milliseconds(10)) }
        let starts = started.withLock { $0 }
        guard starts.count == count else {
            throw Failure(description: "\(starts.count) of \(count) jobs started")
        }
        let delays = committed.compactMap { number, at in
            starts[number].map { max(0, Double($0.nanoseconds - at.nanoseconds) / 1e6) }
        }.sorted()
        func percentile(_ share: Double) -> Double { delays[min(delays.count - 1, Int(Double(delays.count) * share))] }
        print(
            String(
                format: "%d jobs, %.0f/s: commit to start p50 %.1f ms, p99 %.1f ms, max %.1f ms", count, perSecond,
                percentile(0.5), percentile(0.99), delays.last ?? 0))
    }

    private static func plain(_ count: Int, _ url: String) async throws -> Double {
        let database = Database(url: url)
        let before = MonotonicTime.now()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<places {
                group.addTask {
                    for number in 0..<(count / places) {
                        try await database.transaction(tenant: .initial) { tx in
                            try tx.send(
                                "insert into app.effects (number) values ($1)", [.int(-1 - number * places - lane)])
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        await database.close()
        return Double(count / places * places) / seconds(since: before)
    }

    private static func effects(_ database: Database) async throws -> Int {
        try await database.unscoped { tx in
            try tx.query("select count(*) as n from app.effects where number >= 0").first?.int("n") ?? 0
        }
    }

    private static func seconds(since start: MonotonicTime) -> Double {
        Double(MonotonicTime.now().nanoseconds - start.nanoseconds) / 1e9
    }
}
