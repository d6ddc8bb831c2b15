import Foundation
import Glibc
import Runtime
import Telemetry

/// The PostgreSQL server of one private cluster: how it is made, started and ended. Every function blocks.
struct ClusterServer: Sendable {
    static let superuser = "parley_super"
    static let database = "parley"
    /// Crash recovery after a power cut may take a while.
    private static let startMsMax = 60_000
    /// What ends a server, gently first, and how long each may take.
    private static let endings: [(signal: Int32, patienceMs: Int64)] = [
        (SIGINT, 10_000), (SIGQUIT, 5_000), (SIGKILL, 2_000),
    ]

    let host: ClusterHost
    let location: ClusterLocation
    /// False only where losing everything is fine: no fsync.
    let durable: Bool

    func url(_ role: String, _ database: String = ClusterServer.database) -> String {
        let safe = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
        let path = location.socket.addingPercentEncoding(withAllowedCharacters: safe) ?? ""
        return "postgresql://\(role)@/\(database)?host=\(path)&port=5432"
    }

    /// Makes the cluster when there is none and starts its server; what a killed one left behind is ended first. The
    /// server may not answer yet.
    ///
    /// - Parameters:
    ///   - again: it ran before: should its files be gone, an empty cluster in their place would hide it.
    ///   - ended: called when the server has ended, for whatever reason.
    func launch(again: Bool, ended: @escaping @Sendable () -> Void) throws -> ChildProcess {
        try endLeftover()
        try host.makePrivate(location.socket)
        if unsafe access(location.data, F_OK) != 0 {
            guard !again else { throw DatabaseError.clusterFailed(step: location.data, reason: "its files are gone") }
            try initialise()
        }
        try host.makePrivate(location.data)
        try writeAccessRules()
        trimLog()
        return try ChildProcess.start(host.command(command, endsWithUs: true), log: location.log, ended: ended)
    }

    /// Waits until `server` answers and holds our database.
    func settle(_ server: ChildProcess) throws {
        try waitUntilReady(msMax: ClusterServer.startMsMax, child: server)
        try makeDatabase()
    }

    static func end(_ server: ChildProcess) {
        for (number, patienceMs) in endings {
            server.signal(number)
            if server.waitForEnd(ms: Int(patienceMs)) { return }
            Log.warning("private database is slow to stop", ["pid": Int(server.pid), "signal": Int(number)])
        }
    }

    /// Ends a server of this data directory whose process was killed from above, and those a killed server left behind:
    /// as long as one of them lives, a new server would write into the same files.
    func endLeftover() throws {
        let pidFile = location.data + "/postmaster.pid"
        guard let text = try? String(contentsOfFile: pidFile, encoding: .utf8) else { return }
        if let pid = text.split(separator: "\n").first.flatMap({ pid_t($0) }), pid > 1, isOurs(pid) {
            Log.info("ending a private database server left behind", ["pid": Int(pid)])
            for (number, patienceMs) in ClusterServer.endings {
                kill(pid, number)
                if waitUntil(msMax: patienceMs, { !isOurs(pid) }) { break }
            }
        }
        for pid in leftovers() { kill(pid, SIGQUIT) }
        guard waitUntil(msMax: 5_000, { leftovers().isEmpty }) else {
            let pids = leftovers().map { "\($0)" }.joined(separator: ", ")
            throw DatabaseError.clusterFailed(step: "ending a leftover server", reason: "process \(pids) does not end")
        }
        // Its number may be another program's by now, which would keep the next server from starting.
        unsafe unlink(pidFile)
    }

    /// Somebody has asked it to stop, and it waits for its clients to leave.
    var isShuttingDown: Bool {
        let text = (try? String(contentsOfFile: location.data + "/postmaster.pid", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").last?.hasPrefix("stopping") == true
    }

    /// Every process that serves this data directory: PostgreSQL's work in it.
    private func leftovers() -> [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter(isOurs)
    }

    private func isOurs(_ pid: pid_t) -> Bool {
        guard let name = try? String(contentsOfFile: "/proc/\(pid)/comm", encoding: .utf8),
            ["postgres", "postmaster"].contains(name.trimmingCharacters(in: .whitespacesAndNewlines)),
            let directory = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/cwd")
        else { return false }
        return directory == URL(filePath: location.data).resolvingSymlinksInPath().path(percentEncoded: false)
    }

    private func waitUntil(msMax: Int64, _ isSo: () -> Bool) -> Bool {
        let deadline = MonotonicTime.now().adding(milliseconds: msMax)
        while !isSo() {
            guard MonotonicTime.now() < deadline else { return false }
            usleep(10_000)
        }
        return true
    }

    /// `initdb` into a directory beside, renamed when complete: a half-made cluster is never taken for one.
    private func initialise() throws {
        let fresh = location.data + ".new"
        try? FileManager.default.removeItem(atPath: fresh)
        try host.makePrivate(fresh)
        Log.info("making a private database", ["directory": location.data])
        let arguments = [
            "\(host.programs)/initdb", "--pgdata=\(fresh)", "--username=\(ClusterServer.superuser)", "--auth=reject",
            "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums", "--no-instructions",
            "--no-sync",
        ]
        guard try ChildProcess.run(host.command(arguments), log: location.log) else {
            throw DatabaseError.clusterFailed(step: "initdb", reason: lastWords)
        }
        // One sync of the file system takes a tenth of initdb's own, file by file.
        if durable, try !ChildProcess.run(["/usr/bin/env", "sync", "--file-system", fresh], log: location.log) {
            throw DatabaseError.clusterFailed(step: "sync \(fresh)", reason: lastWords)
        }
        guard unsafe rename(fresh, location.data) == 0 else {
            throw DatabaseError.clusterFailed(
                step: "rename \(fresh)", reason: unsafe String(cString: strerror(errno)))
        }
    }

    /// Only our operating-system user, only as these two roles. Written at every start: the user may have changed.
    private func writeAccessRules() throws {
        let users = ["parley_app", ClusterServer.superuser].map { "parley \"\(host.ourName)\" \($0)\n" }.joined()
        do {
            try "local all all peer map=parley\n".write(
                toFile: location.data + "/pg_hba.conf", atomically: false, encoding: .utf8)
            try users.write(toFile: location.data + "/pg_ident.conf", atomically: false, encoding: .utf8)
        } catch {
            throw DatabaseError.clusterFailed(step: "access rules", reason: error.localizedDescription)
        }
    }

    private var command: [String] {
        var settings = [
            "listen_addresses=", "port=5432", "unix_socket_directories=\(location.socket)",
            "unix_socket_permissions=0700", "shared_buffers=64MB", "max_connections=200", "max_wal_size=256MB",
            "jit=off", "timezone=UTC", "log_timezone=UTC",
            // A database that grows from nothing needs its statistics within seconds: until then the planner takes a
            // tenant's share of a table for a few rows and reads all of it.
            "autovacuum_naptime=5s", "random_page_cost=1.1",
            // What callers say stays out of the log: no statements, no parameters, no row details.
            "log_min_error_statement=panic", "log_parameter_max_length_on_error=0", "log_error_verbosity=terse",
        ]
        // After a crash, one sync of the file system in place of one for each of thousands of files.
        if version >= 14 { settings.append("recovery_init_sync_method=syncfs") }
        if !durable { settings += ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"] }
        return ["\(host.programs)/postgres", "-D", location.data] + settings.flatMap { ["-c", $0] }
    }

    /// Of the cluster's files; 0 when it cannot be told.
    private var version: Int {
        let text = (try? String(contentsOfFile: location.data + "/PG_VERSION", encoding: .utf8)) ?? ""
        return Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
    }

    /// - Parameter child: the server, when it is ours; its end ends the wait.
    func waitUntilReady(msMax: Int, child: ChildProcess?) throws {
        let deadline = MonotonicTime.now().adding(milliseconds: Int64(msMax))
        while true {
            do {
                _ = try PostgresConnection(
                    url: url(ClusterServer.superuser, "postgres"), applicationName: "parley",
                    patience: Patience(ms: 2_000))
                return
            } catch {
                if let child, !child.isRunning {
                    throw DatabaseError.clusterFailed(step: "start", reason: lastWords)
                }
                // Told to stop before we knew that it is there, it lets nobody in and stays as long as others are connected.
                if let child, isShuttingDown { child.signal(SIGINT) }
                guard MonotonicTime.now() < deadline else {
                    throw DatabaseError.clusterFailed(
                        step: child == nil ? "visiting the server another process runs" : "start",
                        reason: "no answer within \(msMax) ms: \(error)")
                }
                usleep(10_000)
            }
        }
    }

    private func makeDatabase() throws {
        let patience = Patience(ms: 30_000)
        let connection = try PostgresConnection(
            url: url(ClusterServer.superuser, "postgres"), applicationName: "parley", patience: patience)
        let known = try connection.run(
            "select 1 from pg_database where datname = $1", [.text(ClusterServer.database)], patience)
        if known.rows.isEmpty {
            _ = try connection.run("create database \(ClusterServer.database)", [], patience, remember: .never)
        }
    }

    /// Started over beyond ten megabytes.
    private func trimLog() {
        var facts = stat()
        if unsafe stat(location.log, &facts) == 0, facts.st_size > 10_000_000 { unsafe truncate(location.log, 0) }
    }

    /// The end of the server's log on one line.
    private var lastWords: String {
        let text = (try? String(contentsOfFile: location.log, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").suffix(4).joined(separator: " | ") + " (see \(location.log))"
    }
}
