import CallModel
import Database
import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite(.serialized) struct PrivateClusterTests {
    @Test func `what was committed survives a stop, a crash and a new start`() async throws {
        try await withFolder { folder in
            for (round, ending) in ["stop", "crash", "stop"].enumerated() {
                let cluster = try await PrivateCluster.start(dataDirectory: folder)
                #expect(cluster.isOurs)
                try await Migrator(ownerURL: cluster.ownerURL).up()
                let database = Database(url: cluster.appURL)
                try await database.verifyRole()
                let clients = try await database.transaction(tenant: .initial) { transaction in
                    try transaction.execute(
                        "insert into clients (tenant_id, client_name) values (app.tenant_id(), $1)", [.text(ending)])
                    return try transaction.query("select from clients").count
                }
                #expect(clients == round + 1)
                if ending == "crash" { cluster.crash() }
                await database.close()
                await cluster.stop()
                #expect(await Database(url: cluster.appURL).ping() == false)
            }
        }
    }

    @Test func `a server that was left behind is ended and its data taken over`() async throws {
        try await withFolder { folder in
            let first = try await PrivateCluster.start(dataDirectory: folder, durable: false)
            try await Migrator(ownerURL: first.ownerURL).up()
            // As after SIGKILL, seen from the next start: the server still runs, but nobody holds the lock.
            first.releaseLock()

            let second = try await PrivateCluster.start(dataDirectory: folder, durable: false)

            #expect(second.isOurs)
            let database = Database(url: second.appURL)
            let route = try await database.unscoped { try $0.query("select from app.route_number('+15550100100')") }
            #expect(route.count == 1)
            await database.close()
            await second.stop()
            await first.stop()
        }
    }

    @Test func `a second start beside a living one visits its server and leaves it running`() async throws {
        try await withFolder { folder in
            let host = try await PrivateCluster.start(dataDirectory: folder, durable: false)
            let guest = try await PrivateCluster.start(dataDirectory: folder, durable: false)
            #expect(!guest.isOurs)
            #expect(guest.ownerURL == host.ownerURL)

            await guest.stop()

            #expect(await Database(url: host.ownerURL).ping())
            await host.stop()
        }
    }

    @Test func `a pid file that names some other program does not stop the start`() async throws {
        try await withFolder { folder in
            let first = try await PrivateCluster.start(dataDirectory: folder, durable: false)
            await first.stop()
            try "\(getppid())\n".write(toFile: folder + "/postgres/postmaster.pid", atomically: false, encoding: .utf8)

            let second = try await PrivateCluster.start(dataDirectory: folder, durable: false)

            #expect(await Database(url: second.ownerURL).ping())
            await second.stop()
        }
    }

    @Test func `a data directory with a long name gets its socket elsewhere`() async throws {
        try await withFolder { folder in
            let deep = folder + "/" + String(repeating: "long-name/", count: 12) + "end"

            let cluster = try await PrivateCluster.start(dataDirectory: deep, durable: false)

            #expect(await Database(url: cluster.ownerURL).ping())
            await cluster.stop()
        }
    }

    @Test func `the server listens on no network address and lets no other role in`() async throws {
        try await withFolder { folder in
            let cluster = try await PrivateCluster.start(dataDirectory: folder, durable: false)
            let owner = Database(url: cluster.ownerURL)
            let listening = try await owner.unscoped {
                try $0.query("show listen_addresses").first?.text("listen_addresses")
            }
            #expect(listening == "")
            try await owner.unscoped { try $0.execute("create role guest login") }
            let guest = Database(url: cluster.ownerURL.replacing("parley_super@", with: "guest@"))

            #expect(await guest.ping() == false)
            await owner.close()
            await cluster.stop()
        }
    }

    @Test func `a data directory that the server's user cannot enter keeps its cluster elsewhere, the same each time`()
        async throws
    {
        try await withFolder { folder in
            let closed = folder + "/closed"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try FileManager.default.createDirectory(
                atPath: closed, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])

            let first = try await PrivateCluster.start(dataDirectory: closed, durable: false)
            let directory = first.directory
            defer { if !directory.hasPrefix(folder) { try? FileManager.default.removeItem(atPath: directory) } }
            #expect(await Database(url: first.ownerURL).ping())
            await first.stop()
            // Reachable now, but the data is where it was.
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: closed)
            let second = try await PrivateCluster.start(dataDirectory: closed, durable: false)

            #expect(second.directory == directory)
            #expect(directory == closed || geteuid() == 0)
            await second.stop()
        }
    }

    @Test(arguments: [SIGKILL, SIGQUIT, SIGTERM])
    func `a server that is killed is back within five seconds, with what was committed`(_ signal: Int32) async throws {
        try await withFolder { folder in
            let began = ContinuousClock.now
            let cluster = try await PrivateCluster.start(dataDirectory: folder, durable: false)
            let startTook = ContinuousClock.now - began
            // That it comes back at all; how fast, is compared with starts before and after.
            let patience = Duration.seconds(90)
            var slowest = Duration.zero
            try await Migrator(ownerURL: cluster.ownerURL).up()
            let database = Database(url: cluster.appURL)
            func clients() async throws -> Int {
                try await database.transaction(tenant: .initial, timeoutMs: 5_000) { transaction in
                    try transaction.query("select from clients").count
                }
            }
            _ = try await database.transaction(tenant: .initial) { transaction in
                // As a cluster that is to last has it.
                _ = try transaction.execute("set local synchronous_commit = on")
                return try transaction.execute(
                    "insert into clients (tenant_id, client_name) values (app.tenant_id(), 'Acme')")
            }
            // A statement that would go on for long after its server is gone.
            let long = Task {
                try await database.unscoped(timeoutMs: 60_000) { _ = try $0.query("select pg_sleep(50)") }
            }
            // Again and again: one that was healthy only for a moment as well.
            for _ in 0..<2 {
                let pid = try serverPid(folder)
                let killedAt = ContinuousClock.now

                kill(pid, signal)

                // Ended, and another one in its place.
                while (try? serverPid(folder)) == pid, ContinuousClock.now - killedAt < patience {
                    try await Task.sleep(for: .milliseconds(20))
                }
                while (try? await clients()) != 1, ContinuousClock.now - killedAt < patience {
                    try await Task.sleep(for: .milliseconds(20))
                }
                slowest = max(slowest, ContinuousClock.now - killedAt)
                #expect(try await clients() == 1)
                #expect(cluster.isOurs)
            }
            long.cancel()
            _ = await long.result
            await database.close()
            await cluster.stop()
            #expect(await Database(url: cluster.appURL).ping() == false)
            // A machine that is busy with something else takes long for a restart, and for a start: it may have been so from
            // the first kill on.
            let againAt = ContinuousClock.now
            let again = try await PrivateCluster.start(dataDirectory: folder + "/beside", durable: false)
            let allowed = max(.seconds(5), max(startTook, ContinuousClock.now - againAt) * 5)
            #expect(slowest < allowed)
            await again.stop()
        }
    }

    @Test func `a server that cannot start is tried again until it can, and a stop does not wait for it`() async throws
    {
        try await withFolder { folder in
            let cluster = try await PrivateCluster.start(dataDirectory: folder, durable: false)
            let settings = folder + "/postgres/postgresql.conf"
            let good = try String(contentsOfFile: settings, encoding: .utf8)
            try (good + "\nno_such_setting = 1\n").write(toFile: settings, atomically: false, encoding: .utf8)

            cluster.crash()
            try await Task.sleep(for: .milliseconds(1_500))
            #expect(await Database(url: cluster.ownerURL).ping() == false)
            try good.write(toFile: settings, atomically: false, encoding: .utf8)

            #expect(try await answersAgain(cluster.ownerURL))
            try (good + "\nno_such_setting = 1\n").write(toFile: settings, atomically: false, encoding: .utf8)
            cluster.crash()
            try await Task.sleep(for: .milliseconds(500))
            let stoppedAt = ContinuousClock.now
            await cluster.stop()
            // A server that is starting is waited for as long as a minute.
            #expect(ContinuousClock.now - stoppedAt < .seconds(30))
        }
    }

    @Test func `files that were removed are not replaced by an empty database`() async throws {
        try await withFolder { folder in
            let cluster = try await PrivateCluster.start(dataDirectory: folder, durable: false)

            try FileManager.default.moveItem(atPath: folder + "/postgres", toPath: folder + "/moved")
            cluster.crash()
            try await Task.sleep(for: .seconds(1))
            #expect(!FileManager.default.fileExists(atPath: folder + "/postgres"))
            try FileManager.default.moveItem(atPath: folder + "/moved", toPath: folder + "/postgres")

            #expect(try await answersAgain(cluster.ownerURL))
            await cluster.stop()
        }
    }

    @Test func `a visitor runs the server on when the process that ran it has gone`() async throws {
        try await withFolder { folder in
            let host = try await PrivateCluster.start(dataDirectory: folder, durable: false)
            let guest = try await PrivateCluster.start(dataDirectory: folder, durable: false)
            #expect(!guest.isOurs)

            await host.stop()

            #expect(try await answersAgain(guest.ownerURL))
            #expect(guest.isOurs)
            await guest.stop()
            #expect(await Database(url: guest.ownerURL).ping() == false)
        }
    }

    @Test func `a pid file that names another server of this machine does not end that one`() async throws {
        try await withFolder { folder in
            let other = try await PrivateCluster.start(dataDirectory: folder + "/other", durable: false)
            let first = try await PrivateCluster.start(dataDirectory: folder + "/ours", durable: false)
            await first.stop()
            let pid = try serverPid(folder + "/other")
            try "\(pid)\n".write(toFile: folder + "/ours/postgres/postmaster.pid", atomically: false, encoding: .utf8)

            let second = try await PrivateCluster.start(dataDirectory: folder + "/ours", durable: false)

            #expect(try serverPid(folder + "/other") == pid)
            #expect(await Database(url: other.ownerURL).ping())
            await second.stop()
            await other.stop()
        }
    }

    private func serverPid(_ folder: String) throws -> pid_t {
        let text = try String(contentsOfFile: folder + "/postgres/postmaster.pid", encoding: .utf8)
        return try #require(text.split(separator: "\n").first.flatMap { pid_t($0) })
    }

    /// Waits for it as long as a machine may need that is busy with other things.
    private func answersAgain(_ url: String) async throws -> Bool {
        let began = ContinuousClock.now
        while ContinuousClock.now - began < .seconds(90) {
            if await Database(url: url).ping() { return true }
            try await Task.sleep(for: .milliseconds(50))
        }
        return false
    }

    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "parley-test-\(getpid())/\(UUID().uuidString)"
        ).path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }
}
