import Foundation
import Glibc
import WebSocketTransport

/// The process under load: a gateway, the C relay or the floor, started for the run and ended after it; or a gateway that
/// runs already.
final class LoadTarget: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    enum Kind: String, Sendable, Codable { case gateway, relay, floor, given }

    let kind: Kind
    let address: LoadGenerator.Target
    /// nil for a gateway on another machine.
    let probe: ProcessProbe?
    /// Where the gateway's journals and database are; nil when they are not ours to look into.
    let dataDirectory: String?
    private let process: Process?

    private init(
        kind: Kind, address: LoadGenerator.Target, probe: ProcessProbe?, dataDirectory: String?, process: Process?
    ) {
        self.kind = kind
        self.address = address
        self.probe = probe
        self.dataDirectory = dataDirectory
        self.process = process
    }

    /// Starts `parley serve` with a database of its own.
    static func gateway(
        executable: String, agentURL: String, carrierURL: String, callsMax: Int, threads: Int, tls: LoadTLS?,
        folder: String, environment extra: [String: String] = [:]
    ) async throws -> LoadTarget {
        let port = try FreePort.take()
        let address = LoadGenerator.Target(
            gatewayURL: "\(tls == nil ? "http" : "https")://127.0.0.1:\(port)",
            accountSid: OwnGateway.accountSid, authToken: OwnGateway.authToken, keepsRecords: true)
        var environment = [
            "PARLEY_LISTEN": "127.0.0.1:\(port)", "PARLEY_DATA_DIR": folder + "/data", "PARLEY_AGENT_URL": agentURL,
            "PARLEY_TWILIO_ACCOUNT_SID": address.accountSid, "PARLEY_TWILIO_AUTH_TOKEN": address.authToken,
            "PARLEY_TWILIO_API_URL": carrierURL, "PARLEY_CALLS_MAX": "\(callsMax)",
            "PARLEY_MEDIA_THREADS": "\(threads)", "PARLEY_LOG": "error", "PARLEY_DRAIN_SECONDS": "0",
        ]
        if let tls {
            environment["PARLEY_TLS_CA"] = tls.certificate
            environment["PARLEY_TLS_CERT"] = tls.certificate
            environment["PARLEY_TLS_KEY"] = tls.key
        }
        environment.merge(extra) { $1 }
        let process = try start(executable, ["serve"], environment, log: folder + "/gateway.log")
        let target = LoadTarget(
            kind: .gateway, address: address, probe: ProcessProbe(pid: process.processIdentifier),
            dataDirectory: folder + "/data", process: process)
        try await target.waitUntilReady(port: port, log: folder + "/gateway.log")
        return target
    }

    /// Starts the C relay, or the floor below it.
    /// - Parameter yardstick: its kind, whose executable stands beside `executable`.
    static func yardstick(
        _ yardstick: Kind, executable: String, agentPort: Int, tls: LoadTLS?, folder: String
    ) async throws -> LoadTarget {
        let path = URL(fileURLWithPath: executable).deletingLastPathComponent().path + "/parley-\(yardstick.rawValue)"
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw Failure(description: "the \(yardstick.rawValue) is not built; make bench builds \(path)")
        }
        let port = try FreePort.take()
        let log = folder + "/\(yardstick.rawValue).log"
        let process = try start(
            path, ["\(port)", "\(agentPort)"] + (tls.map { [$0.certificate, $0.key] } ?? []), [:], log: log)
        let target = LoadTarget(
            kind: yardstick,
            address: LoadGenerator.Target(
                gatewayURL: "\(tls == nil ? "http" : "https")://127.0.0.1:\(port)",
                accountSid: "AC" + String(repeating: "b", count: 32),
                authToken: "load-benchmark", keepsRecords: false, passesBytes: yardstick == .floor),
            probe: ProcessProbe(pid: process.processIdentifier), dataDirectory: nil, process: process)
        try await target.waitUntilReady(port: port, log: log)
        return target
    }

    /// A gateway that runs already and uses the generator as its agent.
    static func given(url: String, accountSid: String, authToken: String, pid: Int32?) -> LoadTarget {
        LoadTarget(
            kind: .given,
            address: LoadGenerator.Target(
                gatewayURL: url, accountSid: accountSid, authToken: authToken, keepsRecords: false),
            probe: pid.map { ProcessProbe(pid: $0) }, dataDirectory: nil, process: nil)
    }

    var isRunning: Bool { process?.isRunning ?? true }

    func stop() async {
        guard let process = process, process.isRunning else { return }
        process.terminate()
        for _ in 0..<200 where process.isRunning { try? await Task.sleep(for: .milliseconds(50)) }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    private static func start(
        _ executable: String, _ arguments: [String], _ environment: [String: String], log: String
    ) throws -> Process {
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        var inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("PARLEY_") }
        inherited.merge(environment) { $1 }
        process.environment = inherited
        process.standardInput = FileHandle.nullDevice
        let output = FileHandle(forWritingAtPath: log)
        process.standardOutput = output
        process.standardError = output
        try process.run()
        return process
    }

    /// A gateway that is still starting listens already, and answers 503. The floor answers nothing itself.
    private func isServing() async -> Bool {
        if address.passesBytes { return true }
        return await WebhookPoster.look(address.gatewayURL, path: "/healthz")?.status == 200
    }

    private func waitUntilReady(port: Int, log: String) async throws {
        for _ in 0..<600 {
            if FreePort.answers(port), await isServing() { return }
            guard isRunning else { break }
            try await Task.sleep(for: .milliseconds(50))
        }
        let said =
            FileManager.default.contents(atPath: log).map { String(decoding: $0.suffix(600), as: UTF8.self) } ?? ""
        await stop()
        throw Failure(description: "the \(kind.rawValue) did not come up on port \(port): \(said)")
    }
}
