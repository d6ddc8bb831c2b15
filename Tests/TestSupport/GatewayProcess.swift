package import Foundation
import FoundationNetworking

#if canImport(Glibc)
    import Glibc
#endif

/// `parley serve` as a process of its own, to be killed.
package final class GatewayProcess: Sendable {
    package struct NotReady: Error, CustomStringConvertible { package let description: String }

    private let process = Process()
    private let errors: String
    private let port: Int

    /// `parley`, which is built beside the test bundle.
    package static var executable: URL { Checkout.products.appending(path: "parley") }

    /// - Parameters:
    ///   - environment: names the port it listens on.
    ///   - standardError: nil: a file, which ``ending()`` reads: nobody does while the process runs.
    ///   - standardOutput: nil: nowhere.
    package init(_ environment: [String: String], standardError: Pipe? = nil, standardOutput: Pipe? = nil) throws {
        guard let port = environment["PARLEY_LISTEN"]?.split(separator: ":").last.flatMap({ Int($0) }) else {
            throw NotReady(description: "PARLEY_LISTEN names no port")
        }
        self.port = port
        errors = FileManager.default.temporaryDirectory.appending(path: "parley-stderr-\(UUID().uuidString)").path
        process.executableURL = Self.executable
        process.arguments = ["serve"]
        process.environment = environment.merging(Sanitizer.environment) { given, _ in given }
        process.standardOutput = standardOutput ?? FileHandle.nullDevice
        try Data().write(to: URL(fileURLWithPath: errors))
        if let standardError {
            process.standardError = standardError
        } else {
            process.standardError = FileHandle(forWritingAtPath: errors)
        }
        try process.run()
    }

    deinit {
        kill()
        try? FileManager.default.removeItem(atPath: errors)
    }

    package var pid: Int32 { process.processIdentifier }

    /// What it has written to its file so far.
    package var said: String { (try? String(contentsOfFile: errors, encoding: .utf8)) ?? "" }

    package func untilReady() async throws {
        guard let url = URL(string: "http://127.0.0.1:\(port)/readyz") else { return }
        for _ in 0..<2_400 {
            if let (_, response) = try? await URLSession.shared.data(from: url),
                (response as? HTTPURLResponse)?.statusCode == 200
            {
                return
            }
            guard process.isRunning else { break }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw NotReady(description: "the gateway did not become ready: \(said)")
    }

    /// For a process that ends by itself: its status, and what it wrote to stderr. One that goes on is killed.
    package func ending(within seconds: Int = 60) async throws -> (status: Int32, errors: String) {
        for _ in 0..<(seconds * 50) where process.isRunning { try await Task.sleep(for: .milliseconds(20)) }
        if process.isRunning { kill() }
        return (process.terminationStatus, said)
    }

    package func kill() {
        guard process.isRunning else { return }
        _ = Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Asks it to stop as an operator does; its exit status, or nil when it goes on.
    package func stop(within seconds: Int) async throws -> Int32? {
        process.terminate()
        for _ in 0..<(seconds * 20) where process.isRunning { try await Task.sleep(for: .milliseconds(50)) }
        return process.isRunning ? nil : process.terminationStatus
    }
}
