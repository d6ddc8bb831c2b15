import Foundation
import TestSupport
import Testing

/// `parley` alone, in a directory that holds nothing else: what it needs is in it, or is a C library.
@Suite struct MovedExecutableTests {
    @Test(.timeLimit(.minutes(20))) func `a copied executable plays the demo where nothing else is`() async throws {
        let home = try Self.home()

        let (_, output) = try await Self.run(home + "/parley", ["demo", "--once"], in: home + "/empty")

        // How long its callers wait is the machine's matter, and the demo's own: here it is that all of them are served.
        #expect(output.split(separator: "The CRM now holds:").count == 5, "\(output.suffix(2_000))")
        #expect(output.contains("delivered, by "), "\(output.suffix(2_000))")
        #expect(output.contains("The campaign is over."), "\(output.suffix(2_000))")
    }

    @Test func `a copied executable has specialists, migrations and words of its own`() async throws {
        let home = try Self.home()

        let (status, output) = try await Self.run(home + "/parley", ["specialists", "--check"], in: home + "/empty")

        #expect(status == 0, "\(output)")
        #expect(output.contains("31 specialists"), "\(output)")
    }

    /// A directory with `parley` and an empty directory in it.
    private static func home() throws -> String {
        let home = Props.directory("moved")
        try FileManager.default.createDirectory(atPath: home + "/empty", withIntermediateDirectories: true)
        // By a process of its own: what this one holds open for writing, a child that it starts meanwhile would hold too, and
        // a program that is held so cannot be started.
        try OutsideProgram.run("cp", [GatewayProcess.executable.path, home + "/parley"])
        return home
    }

    /// Its exit code, and what it wrote.
    private static func run(_ path: String, _ arguments: [String], in folder: String) async throws -> (Int32, String) {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: folder)
        process.environment = Sanitizer.environment.merging(
            ProcessInfo.processInfo.environment.filter { $0.key == "HOME" }
        ) { $1 }
        let log = folder + ".log"
        try Data().write(to: URL(filePath: log))
        process.standardOutput = FileHandle(forWritingAtPath: log)
        process.standardError = process.standardOutput
        try process.run()
        let pid = process.processIdentifier
        Props.atEnd { [process] in if process.isRunning { _ = kill(pid, SIGKILL) } }
        while process.isRunning { try await Task.sleep(for: .milliseconds(50)) }
        return (process.terminationStatus, try String(contentsOfFile: log, encoding: .utf8))
    }
}
