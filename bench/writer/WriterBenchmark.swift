import CRM
import CallModel
import Database
import Foundation
import Journal
import Telemetry

/// How many ended calls a second the post-call writer commits, into a private PostgreSQL that syncs to disk: a backlog as
/// after a restart, hang-ups at a given rate, and a backlog whose writer is killed on the way. Counts every table
/// afterwards and fails when a call has not exactly one record, or when the backlog is written too slowly for this machine
/// at this moment: the same rows are inserted raw in the same run, and the writer must reach a share of that speed.
@main struct WriterBenchmark {
    private struct Options {
        var calls = 10_000
        var perSecond = 500.0
        /// Of the speed of raw inserts.
        var shareAtLeast = 0.25
        /// Where `perf` is to be attached: the writer waits this long before it begins.
        var waitSeconds = 0
    }

    /// Odd: the middle one counts.
    private static let rounds = 3

    private struct Failure: Error, CustomStringConvertible { var description: String }

    static func main() async throws {
        do {
            try await measure(Array(CommandLine.arguments.dropFirst()))
        } catch let failure as Failure {
            FileHandle.standardError.write(Data("writer-benchmark: \(failure)\n".utf8))
            exit(2)
        }
    }

    private static func measure(_ given: [String]) async throws {
        var arguments = given
        if arguments.first == "write" || arguments.first == "hang-up" { return try await child(arguments) }
        var options = Options()
        while arguments.count >= 2, let value = Double(arguments[1]) {
            switch arguments[0] {
            case "--calls": options.calls = max(100, Int(value))
            case "--rate": options.perSecond = max(1, value)
            case "--share-at-least": options.shareAtLeast = value
            case "--wait": options.waitSeconds = Int(value)
            default: throw Failure(description: "unknown option \(arguments[0])")
            }
            arguments.removeFirst(2)
        }
        guard arguments.isEmpty else {
            throw Failure(
                description: "usage: writer-benchmark [--calls n] [--rate n] [--share-at-least x] [--wait seconds]")
        }
        let isFastEnough = try await PrivateCluster.temporary(for: "writer") { [options] cluster, folder in
            try await run(cluster, folder, options)
        }
        if !isFastEnough { exit(1) }
    }

    private static func run(_ cluster: PrivateCluster, _ directory: String, _ options: Options) async throws -> Bool {
        try await Migrator(ownerURL: cluster.ownerURL).up()
        var tenants = [TenantID.initial]
        for slug in ["north", "south"] {
            let tenant = TenantID(UUID())
            try await Migrator.runAlone(
                "select app.create_tenant('\(slug)', '\(slug)', '\(tenant)')", url: cluster.ownerURL)
            tenants.append(tenant)
        }
        var ledger = Ledger(tenants: tenants)
        let server = ServerCPU(directory: cluster.directory)

        // A backlog, as a gateway finds it that was restarted, or whose database was away; in rounds, each followed by its
        // yardstick, so that both meet the same machine.
        let raw = try await RawInserts(url: cluster.ownerURL)
        var shares: [Double] = []
        for round in 0..<rounds {
            let count = options.calls / rounds
            let backlog = try await journals(count, round * count, directory + "/backlog-\(round)", cluster, &ledger)
            let before = server.seconds()
            let whole = try report(of: start(["write", cluster.appURL, backlog, "\(options.waitSeconds)"]))
            let serverCPU = server.seconds() - before
            guard whole.calls == count, whole.unwritten == 0 else {
                throw Failure(description: "\(whole.calls) of \(count) calls found, \(whole.unwritten) not written")
            }
            let perSecond = Double(whole.calls) / (whole.seconds - whole.surveySeconds)
            let rawPerSecond = try await raw.callsPerSecond()
            shares.append(perSecond / rawPerSecond)
            func perCall(_ seconds: Double) -> Double { seconds * 1_000 / Double(whole.calls) }
            print(
                String(
                    format: "backlog of %d calls: %.0f calls/s, raw inserts of the same rows %.0f: share %.2f;"
                        + " CPU a call: writer %.2f ms, PostgreSQL %.2f ms (survey of the journals before it: %.1f s)",
                    whole.calls, perSecond, rawPerSecond, shares[round], perCall(whole.cpuSeconds), perCall(serverCPU),
                    whole.surveySeconds))
        }
        await raw.close()
        let share = shares.sorted()[rounds / 2]
        print(String(format: "median share of raw inserts: %.2f (at least %.2f)", share, options.shareAtLeast))

        // Hang-ups at a rate, from the carrier's last word to the committed record.
        let count = options.calls / 2
        let live = try report(
            of: start(
                [
                    "hang-up", cluster.appURL, directory + "/live", "\(options.waitSeconds)", "\(options.perSecond)",
                    "\(options.calls)", "\(count)",
                ] + tenants.map(\.description)))
        for index in options.calls..<(options.calls + count) { ledger.expect(index) }
        guard live.unwritten == 0, !live.latenciesMs.isEmpty else {
            throw Failure(description: "\(live.unwritten) hang-ups not written")
        }
        func percentile(_ share: Double) -> Double {
            live.latenciesMs[min(live.latenciesMs.count - 1, Int(Double(live.latenciesMs.count) * share))]
        }
        print(
            String(
                format: "%d hang-ups, %.0f/s: hang-up to commit p50 %.1f ms, p99 %.1f ms, max %.1f ms",
                live.calls, options.perSecond, percentile(0.5), percentile(0.99), live.latenciesMs.last ?? 0))

        // A writer that is killed half way, and the one that comes after it.
        let more = try await journals(count, options.calls + count, directory + "/killed", cluster, &ledger)
        let database = Database(url: cluster.appURL, connectionsMax: 2)
        let victim = try start(["write", cluster.appURL, more, "0"])
        let committed = try await ledger.finalized(database)
        while try await ledger.finalized(database) < committed + count / 2 {
            guard victim.process.isRunning else { throw Failure(description: "the writer ended before it was killed") }
        }
        kill(victim.process.processIdentifier, SIGKILL)
        victim.process.waitUntilExit()
        let left = try FileManager.default.contentsOfDirectory(atPath: more).count { $0.hasSuffix(".journal") }
        let second = try report(of: start(["write", cluster.appURL, more, "0"]))
        print("killed half way: \(left) of \(count) journals left, \(second.calls) taken up by the next writer")

        let faults = try await ledger.faults(database)
        await database.close()
        for fault in faults { print("FAULT: \(fault)") }
        print(
            faults.isEmpty
                ? "every one of \(ledger.calls) calls has exactly one record" : "\(faults.count) faults in the records")
        return faults.isEmpty && second.unwritten == 0 && share >= options.shareAtLeast
    }

    /// Journals on disk of calls that ended; their rows were written when they began, as the gateway does.
    private static func journals(
        _ count: Int, _ first: Int, _ directory: String, _ cluster: PrivateCluster, _ ledger: inout Ledger
    ) async throws -> String {
        let store = try JournalStore(directory: directory)
        let database = Database(url: cluster.appURL)
        let calls = CallStore(database: database, timeoutMs: 30_000)
        let source = ledger.source
        var index = first
        while index < first + count {
            let batch = (index..<min(index + 64, first + count)).compactMap(source.call)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for call in batch {
                    group.addTask {
                        let journal = store.open(call.opening.callID)
                        for entry in call.entries { journal.append(entry) }
                        journal.append(.ended(call.ending))
                        try await journal.finish()
                        try await calls.begin(
                            opening: call.opening, answeredAt: call.opening.rangAt.addingTimeInterval(1),
                            sessionID: "bench")
                    }
                }
                try await group.waitForAll()
            }
            for each in index..<(index + batch.count) { ledger.expect(each) }
            index += batch.count
        }
        await database.close()
        return directory
    }

    // MARK: - The writer's process

    private struct Child {
        let process: Process
        let output: Pipe
    }

    private static func start(_ arguments: [String]) throws -> Child {
        let process = Process()
        process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        if arguments.count > 3, arguments[3] != "0" { print("writer is process \(process.processIdentifier)") }
        return Child(process: process, output: output)
    }

    private static func report(of child: Child) throws -> WriterProcess.Report {
        let bytes = try child.output.fileHandleForReading.readToEnd() ?? Data()
        child.process.waitUntilExit()
        guard child.process.terminationStatus == 0 else {
            throw Failure(description: "the writer's process ended with \(child.process.terminationStatus)")
        }
        return try JSONDecoder().decode(WriterProcess.Report.self, from: bytes)
    }

    private static func child(_ arguments: [String]) async throws {
        guard arguments.count >= 4, let waitSeconds = Int(arguments[3]) else {
            throw Failure(description: "not for use by hand: \(arguments)")
        }
        try await Task.sleep(for: .seconds(waitSeconds))
        let report: WriterProcess.Report
        if arguments[0] == "write" {
            report = try await WriterProcess.backlog(arguments[1], arguments[2])
        } else {
            guard arguments.count > 7, let perSecond = Double(arguments[4]), let first = Int(arguments[5]),
                let count = Int(arguments[6])
            else { throw Failure(description: "not for use by hand: \(arguments)") }
            let source = EndedCalls(tenants: arguments[7...].compactMap { TenantID($0) }, customers: Ledger.customers)
            report = try await WriterProcess.hangUps(
                arguments[1], arguments[2], (first..<(first + count)).compactMap(source.call), perSecond: perSecond)
        }
        FileHandle.standardOutput.write(try JSONEncoder().encode(report))
    }
}

/// User and system time of a PostgreSQL server: its first process, those it has waited for, and those that live.
struct ServerCPU {
    let directory: String

    func seconds() -> Double {
        let first = text(directory + "/postgres/postmaster.pid").split(separator: "\n").first.map(String.init) ?? ""
        let fields = fields(first)
        guard fields.count > 14 else { return 0 }
        var ticks = fields[11...14].reduce(0, +)
        for pid in text("/proc/\(first)/task/\(first)/children").split(separator: " ") {
            let fields = self.fields(String(pid))
            if fields.count > 12 { ticks += fields[11] + fields[12] }
        }
        return ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Behind the name in brackets, which may hold anything: utime is field 14, then stime, cutime, cstime.
    private func fields(_ pid: String) -> [Double] {
        let text = text("/proc/\(pid)/stat")
        guard let bracket = text.lastIndex(of: ")") else { return [] }
        return text[text.index(after: bracket)...].split(separator: " ").map { Double($0) ?? 0 }
    }

    private func text(_ path: String) -> String {
        (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    }
}
