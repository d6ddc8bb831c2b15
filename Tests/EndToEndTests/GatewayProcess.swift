import Foundation
import FoundationNetworking
import Testing

/// `parley serve` as a process of its own, to be killed.
final class GatewayProcess {
    private let process = Process()

    /// `parley`, which is built beside the test bundle.
    static var executable: URL {
        let folder =
            Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }?
            .deletingLastPathComponent() ?? URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        return folder.appendingPathComponent("parley")
    }

    /// - Parameter standardError: nil: the tests' own.
    init(_ environment: [String: String], standardError: Pipe? = nil) throws {
        process.executableURL = Self.executable
        process.arguments = ["serve"]
        process.environment = environment
        process.standardOutput = FileHandle.nullDevice
        if let standardError { process.standardError = standardError }
        try process.run()
        let pid = process.processIdentifier
        Props.atEnd { [process] in if process.isRunning { _ = Foundation.kill(pid, SIGKILL) } }
    }

    func untilReady(port: Int) async throws {
        for _ in 0..<1_200 {
            if let (_, response) = try? await URLSession.shared.data(
                from: #require(URL(string: "http://127.0.0.1:\(port)/readyz"))),
                (response as? HTTPURLResponse)?.statusCode == 200
            {
                return
            }
            try await Task.sleep(for: .milliseconds(100))
        }
        Issue.record("the gateway did not become ready")
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
