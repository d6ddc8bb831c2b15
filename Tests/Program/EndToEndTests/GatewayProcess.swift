import Foundation
import FoundationNetworking
import TestSupport
import Testing

/// `parley serve` as a process of its own, to be killed.
final class GatewayProcess {
    private let process = Process()
    private let errors = Props.directory("stderr")
    private let port: Int

    /// `parley`, which is built beside the test bundle.
    static var executable: URL { Checkout.products.appending(path: "parley") }

    /// - Parameters:
    ///   - environment: names the port it listens on.
    ///   - standardError: nil: a file, which ``ending()`` reads: nobody does while the process runs.
    init(_ environment: [String: String], standardError: Pipe? = nil) throws {
        port = try #require(environment["PARLEY_LISTEN"]?.split(separator: ":").last.flatMap { Int($0) })
        process.executableURL = Self.executable
        process.arguments = ["serve"]
        process.environment = environment.merging(Sanitizer.environment) { given, _ in given }
        process.standardOutput = FileHandle.nullDevice
        try FileManager.default.createDirectory(atPath: errors, withIntermediateDirectories: true)
        try Data().write(to: URL(fileURLWithPath: errors + "/log"))
        if let standardError {
            process.standardError = standardError
        } else {
            process.standardError = FileHandle(forWritingAtPath: errors + "/log")
        }
        try process.run()
        let pid = process.processIdentifier
        Props.atEnd { [process] in if process.isRunning { _ = Foundation.kill(pid, SIGKILL) } }
    }

    var pid: Int32 { process.processIdentifier }

    func untilReady() async throws {
        for _ in 0..<2_400 {
            if let (_, response) = try? await URLSession.shared.data(
                from: #require(URL(string: "http://127.0.0.1:\(port)/readyz"))),
                (response as? HTTPURLResponse)?.statusCode == 200
            {
                return
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        Issue.record("the gateway did not become ready")
    }

    /// For a process that ends by itself: its status, and what it wrote to stderr. One that goes on is killed.
    func ending(within seconds: Int = 60) async throws -> (status: Int32, errors: String) {
        for _ in 0..<(seconds * 50) where process.isRunning { try await Task.sleep(for: .milliseconds(20)) }
        if process.isRunning { kill() }
        let text = (try? String(contentsOfFile: errors + "/log", encoding: .utf8)) ?? ""
        return (process.terminationStatus, text)
    }

    func kill() {
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Asks it to stop as an operator does; its exit status, or nil when it goes on.
    func stop(within seconds: Int) async throws -> Int32? {
        process.terminate()
        for _ in 0..<(seconds * 20) where process.isRunning { try await Task.sleep(for: .milliseconds(50)) }
        return process.isRunning ? nil : process.terminationStatus
    }
}
