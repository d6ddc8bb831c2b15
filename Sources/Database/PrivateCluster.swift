import CallModel
import Foundation
import Glibc
import Synchronization
import Telemetry

/// A PostgreSQL server of our own, below the data directory, reachable through a unix socket only.
///
/// Who may connect is decided by the peer's operating-system user: ours, as `parley_super` (migrations) or `parley_app`
/// (everything else). There are no passwords. The server is told to shut down when this process dies, by whatever signal.
package final class PrivateCluster: Sendable {
    /// For ``Migrator``; a superuser.
    package let ownerURL: String
    /// For ``Database``; works once the migrations have made the role.
    package let appURL: String
    /// False when another process of ours runs the server and this one only visits.
    package var isOurs: Bool { server != nil }

    /// Where its files are: the data directory, or below `/var/lib/parley`.
    package var directory: String { location.base }

    private let server: ChildProcess?
    private let lockFD: Int32
    private let host: ClusterHost
    private let location: ClusterLocation

    private static let superuser = "parley_super"
    private static let database = "parley"
    /// Crash recovery after a power cut may take a while.
    private static let startMsMax = 60_000

    /// Whether PostgreSQL's server programs are on this machine.
    package static var isInstalled: Bool { (try? ClusterHost()) != nil }

    /// Makes the cluster when there is none, and starts its server; a server that a killed process left behind is ended
    /// first. When another living process runs it, this one visits: ``stop()`` then leaves it alone.
    ///
    /// - Parameters:
    ///   - dataDirectory: made when missing. Relative paths are relative to the working directory.
    ///   - durable: false only where losing everything is fine (tests): no fsync.
    package static func start(dataDirectory: String, durable: Bool = true) async throws -> PrivateCluster {
        try await withCheckedThrowingContinuation { continuation in
            NamedThread.start("cluster") {
                continuation.resume(with: Result { try PrivateCluster(dataDirectory: dataDirectory, durable: durable) })
            }
        }
    }

    /// Deletes the cluster of a data directory, wherever it lives. Refuses while a server runs it.
    package static func discard(dataDirectory: String) throws {
        let location = try ClusterLocation(dataDirectory: dataDirectory, host: try ClusterHost())
        guard unsafe access(location.data, F_OK) == 0 else { return }
        let lock = unsafe open(location.lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(lock) }
        guard lock >= 0, flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            throw DatabaseError.clusterFailed(
                step: "discard \(location.data)", reason: "another process runs this database; end it first")
        }
        try endLeftover(location)
        try FileManager.default.removeItem(atPath: location.data)
    }

    private init(dataDirectory: String, durable: Bool) throws {
        host = try ClusterHost()
        location = try ClusterLocation(dataDirectory: dataDirectory, host: host)
        ownerURL = PrivateCluster.url(PrivateCluster.superuser, PrivateCluster.database, location)
        appURL = PrivateCluster.url("parley_app", PrivateCluster.database, location)
        lockFD = unsafe open(location.lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lockFD >= 0 else {
            throw DatabaseError.clusterFailed(
                step: "open \(location.lock)", reason: unsafe String(cString: strerror(errno)))
        }
        guard flock(lockFD, LOCK_EX | LOCK_NB) == 0 else {
            server = nil
            try PrivateCluster.waitUntilReady(location, child: nil, msMax: 10_000)
            return
        }
        do {
            try PrivateCluster.endLeftover(location)
            try host.makePrivate(location.socket)
            if unsafe access(location.data, F_OK) != 0 {
                try PrivateCluster.initialise(host, location, durable: durable)
            }
            try host.makePrivate(location.data)
            try PrivateCluster.writeAccessRules(host, location)
            PrivateCluster.trimLog(location.log)
            let server = try ChildProcess.start(
                host.command(PrivateCluster.serverCommand(host, location, durable: durable), endsWithUs: true),
                log: location.log)
            self.server = server
            do {
                try PrivateCluster.waitUntilReady(location, child: server, msMax: PrivateCluster.startMsMax)
                try PrivateCluster.makeDatabase(location)
            } catch {
                PrivateCluster.end(server)
                throw error
            }
        } catch {
            close(lockFD)
            throw error
        }
    }

    deinit {
        if let server { PrivateCluster.end(server) }
        close(lockFD)
    }

    /// Fast shutdown: open transactions are rolled back, everything committed is on disk. Harmless when repeated.
    package func stop() async {
        await withCheckedContinuation { done in
            NamedThread.start("cluster") {
                self.stopNow()
                done.resume()
            }
        }
    }

    /// The same, blocking: for `atexit`.
    package func stopNow() {
        guard let server else { return }
        PrivateCluster.end(server)
        releaseLock()
    }

    /// Ends the server at once, as a power cut would: for tests of what happens then.
    package func crash() { server?.signal(SIGQUIT) }

    /// Lets go of the data directory while the server runs on, as the death of this process would: for tests.
    package func releaseLock() { flock(lockFD, LOCK_UN) }

    private static func end(_ server: ChildProcess) {
        for (number, patienceMs) in [(SIGINT, 10_000), (SIGQUIT, 5_000), (SIGKILL, 2_000)] {
            server.signal(number)
            if server.waitForEnd(ms: patienceMs) { return }
            Log.warning("private database is slow to stop", ["pid": Int(server.pid), "signal": Int(number)])
        }
    }

    private static func url(_ role: String, _ database: String, _ location: ClusterLocation) -> String {
        let safe = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
        let path = location.socket.addingPercentEncoding(withAllowedCharacters: safe) ?? ""
        return "postgresql://\(role)@/\(database)?host=\(path)&port=5432"
    }
}

// Making and starting the server.
extension PrivateCluster {
    /// A server of this data directory whose process was killed from above is given a fast shutdown.
    private static func endLeftover(_ location: ClusterLocation) throws {
        let pidFile = location.data + "/postmaster.pid"
        guard let text = try? String(contentsOfFile: pidFile, encoding: .utf8),
            let pid = text.split(separator: "\n").first.flatMap({ pid_t($0) }), pid > 1
        else { return }
        // The number may be another program's by now; then the file is a leftover that would only stop the server.
        guard isPostgres(pid) else {
            unsafe unlink(pidFile)
            return
        }
        Log.info("ending a private database server left behind", ["pid": Int(pid)])
        for (number, patienceMs) in [(SIGINT, 10_000), (SIGQUIT, 5_000), (SIGKILL, 2_000)] {
            kill(pid, number)
            let deadline = MonotonicTime.now().adding(milliseconds: Int64(patienceMs))
            while MonotonicTime.now() < deadline {
                if !isPostgres(pid) { return }
                usleep(10_000)
            }
        }
        throw DatabaseError.clusterFailed(step: "ending a leftover server", reason: "process \(pid) does not end")
    }

    private static func isPostgres(_ pid: pid_t) -> Bool {
        guard let name = try? String(contentsOfFile: "/proc/\(pid)/comm", encoding: .utf8),
            let state = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
        else { return false }
        let isZombie = state.drop { $0 != ")" }.dropFirst(2).first == "Z"
        return !isZombie && ["postgres", "postmaster"].contains(name.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// `initdb` into a directory beside, renamed when complete: a half-made cluster is never taken for one.
    private static func initialise(_ host: ClusterHost, _ location: ClusterLocation, durable: Bool) throws {
        let fresh = location.data + ".new"
        try? FileManager.default.removeItem(atPath: fresh)
        try host.makePrivate(fresh)
        Log.info("making a private database", ["directory": location.data])
        let arguments = [
            "\(host.programs)/initdb", "--pgdata=\(fresh)", "--username=\(superuser)", "--auth=reject",
            "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums", "--no-instructions",
            "--no-sync",
        ]
        guard try ChildProcess.run(host.command(arguments), log: location.log) else {
            throw DatabaseError.clusterFailed(step: "initdb", reason: lastWords(location.log))
        }
        // One sync of the file system takes a tenth of initdb's own, file by file.
        if durable, try !ChildProcess.run(["/usr/bin/env", "sync", "--file-system", fresh], log: location.log) {
            throw DatabaseError.clusterFailed(step: "sync \(fresh)", reason: lastWords(location.log))
        }
        guard unsafe rename(fresh, location.data) == 0 else {
            throw DatabaseError.clusterFailed(
                step: "rename \(fresh)", reason: unsafe String(cString: strerror(errno)))
        }
    }

    /// Only our operating-system user, only as these two roles. Written at every start: the user may have changed.
    private static func writeAccessRules(_ host: ClusterHost, _ location: ClusterLocation) throws {
        let users = ["parley_app", superuser].map { "parley \"\(host.ourName)\" \($0)\n" }.joined()
        do {
            try "local all all peer map=parley\n".write(
                toFile: location.data + "/pg_hba.conf", atomically: false, encoding: .utf8)
            try users.write(toFile: location.data + "/pg_ident.conf", atomically: false, encoding: .utf8)
        } catch {
            throw DatabaseError.clusterFailed(step: "access rules", reason: error.localizedDescription)
        }
    }

    private static func serverCommand(
        _ host: ClusterHost, _ location: ClusterLocation, durable: Bool
    ) -> [String] {
        var settings = [
            "listen_addresses=", "port=5432", "unix_socket_directories=\(location.socket)",
            "unix_socket_permissions=0700", "shared_buffers=64MB", "max_connections=64", "max_wal_size=256MB",
            "jit=off", "timezone=UTC", "log_timezone=UTC",
            // A database that grows from nothing needs its statistics within seconds: until then the planner takes a
            // tenant's share of a table for a few rows and reads all of it.
            "autovacuum_naptime=5s", "random_page_cost=1.1",
            // What callers say stays out of the log: no statements, no parameters, no row details.
            "log_min_error_statement=panic", "log_parameter_max_length_on_error=0", "log_error_verbosity=terse",
        ]
        if !durable { settings += ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"] }
        return ["\(host.programs)/postgres", "-D", location.data] + settings.flatMap { ["-c", $0] }
    }

    private static func waitUntilReady(_ location: ClusterLocation, child: ChildProcess?, msMax: Int) throws {
        let deadline = MonotonicTime.now().adding(milliseconds: Int64(msMax))
        let maintenance = url(superuser, "postgres", location)
        while true {
            do {
                _ = try PostgresConnection(url: maintenance, applicationName: "parley", patience: Patience(ms: 2_000))
                return
            } catch {
                if let child, !child.isRunning {
                    throw DatabaseError.clusterFailed(step: "start", reason: lastWords(location.log))
                }
                guard MonotonicTime.now() < deadline else {
                    throw DatabaseError.clusterFailed(
                        step: child == nil ? "visiting the server another process runs" : "start",
                        reason: "no answer within \(msMax) ms: \(error)")
                }
                usleep(10_000)
            }
        }
    }

    private static func makeDatabase(_ location: ClusterLocation) throws {
        let patience = Patience(ms: 30_000)
        let connection = try PostgresConnection(
            url: url(superuser, "postgres", location), applicationName: "parley", patience: patience)
        let known = try connection.run("select 1 from pg_database where datname = $1", [.text(database)], patience)
        if known.rows.isEmpty { _ = try connection.run("create database \(database)", [], patience, remember: false) }
    }

    /// Started over beyond ten megabytes.
    private static func trimLog(_ path: String) {
        var facts = stat()
        if unsafe stat(path, &facts) == 0, facts.st_size > 10_000_000 { unsafe truncate(path, 0) }
    }

    /// The end of the server's log on one line.
    private static func lastWords(_ path: String) -> String {
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").suffix(4).joined(separator: " | ") + " (see \(path))"
    }
}
