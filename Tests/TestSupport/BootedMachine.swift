package import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// A Debian with systemd for a test to itself: this machine's files, and PID 1, network and everything it writes its own
/// (`scripts/boot-machine.sh`). It ends with the test.
///
/// Only root makes such namespaces; others need sudo without a password. Where neither will do, ``boot(_:)`` throws: a test
/// that has tried nothing must not pass.
package final class BootedMachine: Sendable {
    package struct Failed: Error, CustomStringConvertible {
        package let description: String
        package init(_ description: String) { self.description = description }
    }

    private let folder: String
    private let process: Process
    /// The machine ends when this does, also with a test process that crashes.
    private let lifeline: PrivatePipe
    private static let privileged = geteuid() == 0 ? [] : ["sudo", "-n"]

    /// - Parameter built: the folder of the built executable: `/mnt/built` in there. The checkout is `/mnt/checkout`.
    package static func boot(_ built: URL) async throws -> BootedMachine {
        let machine = try BootedMachine(built)
        for _ in 0..<600 where machine.process.isRunning {
            if let state = try? machine.run("systemctl is-system-running"), state == "running\n" { return machine }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw Failed(
            "no namespaces with systemd in them: \(machine.output)\n"
                + "They need root, or sudo without a password, and leave to mount and to unshare, "
                + "which a container without privileges has not.")
    }

    private init(_ built: URL) throws {
        lifeline = try PrivatePipe()
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-machine-\(UUID().uuidString)").path
        self.folder = folder
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        // Not empty: of an empty file Foundation (Swift 6.3) keeps 4 KB for each reading.
        try Data("\n".utf8).write(to: URL(filePath: folder + "/output"))
        process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            Self.privileged + [Checkout.path("scripts/boot-machine.sh"), folder, Checkout.root.path, built.path]
        process.standardInput = lifeline.reading
        process.standardOutput = FileHandle(forWritingAtPath: folder + "/output")
        process.standardError = process.standardOutput
        try process.run()
    }

    deinit {
        try? lifeline.writing.close()
        // It takes itself apart; what has not done so in ten seconds is told to.
        for _ in 0..<100 where process.isRunning { usleep(100_000) }
        if process.isRunning { process.terminate() }
        for _ in 0..<100 where process.isRunning { usleep(100_000) }
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// What its start said.
    private var output: String { (try? String(contentsOfFile: folder + "/output", encoding: .utf8)) ?? "" }

    /// Runs a script in there, as root, with bash.
    ///
    /// - Returns: what it wrote, standard output and error together.
    /// - Throws: ``Failed`` with that when it ends with anything but 0.
    @discardableResult
    package func run(_ script: String) throws -> String {
        guard let text = try? String(contentsOfFile: folder + "/init", encoding: .utf8) else {
            throw Failed("the machine has not started: \(output)")
        }
        let target = text.trimmingCharacters(in: .whitespacesAndNewlines)
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/sbin:/usr/bin"
        return try OutsideProgram.run(
            "env",
            Self.privileged + [
                "env", "-i", "PATH=\(path)", "nsenter", "--all", "--target", target, "bash", "-euc", script,
            ])
    }
}
