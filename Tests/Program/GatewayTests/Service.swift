import Foundation
import TestSupport

/// Parley as a service of a machine of its own.
struct Service {
    let machine: BootedMachine

    /// With the executable built beside the tests, and every setting as it comes.
    static func install() async throws -> Service {
        let service = Service(machine: try await BootedMachine.boot(Checkout.products))
        guard let lines = try blocks().first(where: { $0.contains("systemctl enable") }) else {
            throw BootedMachine.Failed("deploy/README.md has no lines to install with")
        }
        // What is there is there: the first two lines fetch packages and build.
        let rest = lines.split(separator: "\n").drop { !$0.hasPrefix("install") }.joined(separator: "\n")
        let install = rest.replacing(".build-release/release", with: "/mnt/built").replacing(
            "systemctl enable", with: "\(sanitizers)\nsystemctl enable")
        try service.machine.run("cd /mnt/checkout\n" + install)
        return service
    }

    /// Under a sanitizer: at its end it would look into its process, which the service may not, and a crash is Swift's to
    /// tell, whose report reads stacks to their ends.
    private static let sanitizers = """
        echo ASAN_OPTIONS=detect_leaks=0:handle_segv=0:replace_intrin=0 >>/etc/parley/env
        echo TSAN_OPTIONS=handle_segv=0:report_bugs=0 >>/etc/parley/env
        """

    /// The lines of deploy/README.md for a shell.
    static func blocks() throws -> [String] {
        try Checkout.text("deploy/README.md").matches(of: #/(?s)```sh\n(.*?)\n```/#).map { String($0.1) }
    }

    /// - Parameter earlier: a process that must be gone.
    /// - Returns: the number of the process that is ready.
    func untilReady(after earlier: Int? = nil) async throws -> Int {
        let ask = """
            exec 3<>/dev/tcp/127.0.0.1/8080
            printf 'GET /readyz HTTP/1.1\\r\\nHost: parley\\r\\nConnection: close\\r\\n\\r\\n' >&3
            head -n 1 <&3
            """
        for _ in 0..<600 {
            if let pid = Int(try systemctl("show --property=MainPID --value parley")), pid != 0, pid != earlier,
                (try? machine.run(ask))?.contains(" 200 ") == true
            {
                return pid
            }
            try await Task.sleep(for: .milliseconds(200))
        }
        throw BootedMachine.Failed("the service does not become ready: \(try journal())")
    }

    func systemctl(_ arguments: String) throws -> String {
        try machine.run("systemctl \(arguments)").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// What service and systemd said about it, without times.
    func journal() throws -> String { try machine.run("journalctl --unit=parley --output=cat") }

    /// `/proc/PID/status` or `limits` of a process by name; of a limit, the hard one.
    func facts(_ pid: Int, _ file: String) throws -> [String: String] {
        let lines = try machine.run("cat /proc/\(pid)/\(file)").split(separator: "\n")
        return Dictionary(
            lines.compactMap { line -> (String, String)? in
                if let status = line.wholeMatch(of: #/(\w+):\s*(.*)/#) { return (String(status.1), String(status.2)) }
                return line.wholeMatch(of: #/(Max .*?)  +\S+ +(\S+).*/#).map { (String($0.1), String($0.2)) }
            }, uniquingKeysWith: { first, _ in first })
    }

    /// Where a process finds files it may write, by how they are mounted; the kernel's own aside.
    func writableMounts(_ pid: Int) throws -> Set<String> {
        let mounts = try machine.run("cat /proc/\(pid)/mountinfo").split(separator: "\n").map {
            $0.split(separator: " ")
        }
        return Set(
            mounts.filter { $0[5].split(separator: ",").contains("rw") }.map { String($0[4]) }.filter { path in
                !["/proc", "/sys", "/dev"].contains { path == $0 || path.hasPrefix($0 + "/") }
            })
    }
}
