import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// deploy/parley.service under the real systemd, installed with the lines of deploy/README.md.
@Suite(.serialized) struct ServiceTests {
    @Test func `the service starts as deploy says, and may do what its file permits and no more`() async throws {
        let service = try await Service.install()

        let pid = try await service.untilReady()

        #expect(try service.systemctl("is-enabled parley") == "enabled")
        let status = try service.facts(pid, "status")
        let user = try service.machine.run("id -u parley").trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(status["Uid"]?.split(separator: "\t").map(String.init) == Array(repeating: user, count: 4))
        for set in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] {
            #expect(status[set] == "0000000000000000", "\(set)")
        }
        #expect(status["NoNewPrivs"] == "1")
        #expect(status["Seccomp"] == "2")
        // A machine that may not raise its own limits gives a service what it has.
        let limits = try service.facts(pid, "limits")
        #expect(limits["Max open files"] == Self.granted(65_536, RLIMIT_NOFILE))
        #expect(limits["Max realtime priority"] == Self.granted(1, __RLIMIT_RTPRIO))
        #expect(limits["Max nice priority"] == Self.granted(24, __RLIMIT_NICE))
        #expect(limits["Max core file size"] == "0")
        let writable = try service.writableMounts(pid)
        #expect(writable == ["/tmp", "/var/lib/parley", "/var/tmp"])
        // Root in its place could not either, nor look into homes.
        for path in ["/etc/parley/env", "/usr/local/lib/parley/x", "/run/x", "/run/lock/x", "/var/lib/x"] {
            let said = try service.machine.run("nsenter --target \(pid) --mount touch \(path) 2>&1 || true")
            #expect(said.contains("Read-only file system"), "\(said)")
        }
        #expect(try service.machine.run("nsenter --target \(pid) --mount ls -A /home /root") == "/home:\n\n/root:\n")
    }

    @Test func `the line for parley doctor sees what the service sees`() async throws {
        let service = try await Service.install()
        _ = try await service.untilReady()

        let line = try #require(try Service.blocks().first { $0.contains("doctor") })
        let said = try service.machine.run("cd /\n\(line) || true")

        #expect(said.contains("ok       data directory: /var/lib/parley can be written"), "\(said)")
        #expect(said.contains("ok       database: the private PostgreSQL under /var/lib/parley runs"), "\(said)")
        #expect(said.contains("ok       open files:"), "\(said)")
        // There is no telephone number yet.
        #expect(said.contains("Main processes terminated with: code=exited/status=1"), "\(said)")
    }

    @Test func `killed, the service comes back ready`() async throws {
        let service = try await Service.install()
        let first = try await service.untilReady()

        _ = try service.systemctl("kill --kill-whom=main --signal=KILL parley")
        let second = try await service.untilReady(after: first)

        #expect(first != second)
        #expect(try service.systemctl("show --property=NRestarts --value parley") == "1")
        #expect(try service.journal().contains("parley.service: Main process exited, code=killed, status=9/KILL"))
    }

    @Test(.enabled(if: !Sanitizer.watchesThreads, "it aborts in a handler that stops the other threads"))
    func `crashed, the service comes back ready, and says where it crashed`() async throws {
        let service = try await Service.install()
        let first = try await service.untilReady()

        _ = try service.systemctl("kill --kill-whom=main --signal=SEGV parley")
        for _ in 0..<600 where try !service.journal().contains("Backtrace took") {
            try await Task.sleep(for: .milliseconds(100))
        }
        // A fault would come again of itself when the report is over; a signal that was sent does not.
        _ = try service.systemctl("kill --kill-whom=main --signal=SEGV parley")
        let second = try await service.untilReady(after: first)

        #expect(first != second)
        #expect(try service.systemctl("show --property=NRestarts --value parley") == "1")
        let journal = try service.journal()
        #expect(journal.contains("parley.service: Main process exited, code=killed, status=11/SEGV"))
        #expect(journal.contains("Program crashed: "), "\(journal)")
        // Where the calls were, above all.
        #expect(journal.contains(#/Thread \d+ "media-0":/#), "\(journal)")
        #expect(journal.contains(#/Thread \d+ "door":/#), "\(journal)")
        #expect(!journal.contains("failed to suspend thread"))
    }

    @Test func `stopped, the service ends by itself, its PostgreSQL too, and stays away`() async throws {
        let service = try await Service.install()
        _ = try await service.untilReady()

        _ = try service.systemctl("stop parley")

        #expect(
            try service.systemctl("show --property=ActiveState,Result,ExecMainCode,ExecMainStatus parley").split(
                separator: "\n"
            ).sorted() == ["ActiveState=inactive", "ExecMainCode=1", "ExecMainStatus=0", "Result=success"])
        #expect(try service.machine.run("find /proc -maxdepth 1 -user parley").isEmpty)
        #expect(try service.journal().contains("gateway stopped"))
        let log = try service.machine.run("cat /var/lib/parley/postgres.log")
        #expect(log.hasSuffix("database system is shut down\n"), "\(log)")
    }

    /// The limit that a machine gives which wants to give `wanted`.
    private static func granted(_ wanted: UInt, _ resource: __rlimit_resource) -> String {
        var ours = rlimit()
        getrlimit(__rlimit_resource_t(resource.rawValue), &ours)
        return "\(mayRaiseLimits ? wanted : min(wanted, ours.rlim_max))"
    }

    /// CAP_SYS_RESOURCE, number 24.
    private static let mayRaiseLimits: Bool = {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let mask = status.firstMatch(of: #/CapBnd:\s+([0-9a-f]+)/#).flatMap { UInt64($0.1, radix: 16) } ?? 0
        return mask & 1 << 24 != 0
    }()
}
