import Foundation
import LoadBenchmark
import WebSocketTransport

/// The gateway under load, and calls with audio beside what it is asked.
struct APIStage: Sendable {
    static let secret = String(repeating: "benchmark ", count: 4)
    static let callsPerSecond = 50

    private let gateway: OwnGateway
    private let folder: String
    private let agentPort: Int
    let port: Int

    static func start(in folder: String, databaseURL: String) async throws -> APIStage {
        let agentPort = try FreePort.take()
        APIBenchmark.say("starting the gateway")
        let gateway = try await OwnGateway.start(
            in: folder, agentURL: "ws://127.0.0.1:\(agentPort)/v1/agent/converse", carrierURL: "http://127.0.0.1:9",
            callsMax: 2_000, threads: 1,
            environment: ["PARLEY_DATABASE_URL": databaseURL, "PARLEY_JWT_SECRET": secret])
        guard let port = URL(string: gateway.url)?.port else {
            throw Clients.Failure(description: "the gateway has no port: \(gateway.url)")
        }
        return APIStage(gateway: gateway, folder: folder, agentPort: agentPort, port: port)
    }

    func stop() async { await gateway.stop() }

    /// What was added to the audio of so many calls: the median of each second's p99, in ms.
    struct Audio: Codable, Sendable {
        var toAgentMs: Double
        var toCallerMs: Double
        /// In a few words.
        var loss: String?
        /// Whether the generator kept up.
        var isBelievable: Bool
    }

    func audio(calls: Int, seconds: Int) async throws -> Audio {
        let json = folder + "/audio-\(UUID().uuidString).json"
        let process = Process()
        let program = URL(fileURLWithPath: Bundle.main.executablePath ?? CommandLine.arguments[0])
        process.executableURL = program.deletingLastPathComponent().appending(path: "parley")
        process.arguments = [
            "bench", "--keep-awake", "--calls", "\(calls)", "--cps", "\(Self.callsPerSecond)", "--hold", "\(seconds)",
            "--gateway", gateway.url, "--agent-port", "\(agentPort)", "--json", json,
        ]
        var environment = ProcessInfo.processInfo.environment
        environment["PARLEY_TWILIO_ACCOUNT_SID"] = OwnGateway.accountSid
        environment["PARLEY_TWILIO_AUTH_TOKEN"] = OwnGateway.authToken
        process.environment = environment
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in continuation.resume() }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        guard let data = FileManager.default.contents(atPath: json) else {
            throw Clients.Failure(description: "parley bench ended with \(process.terminationStatus) and no result")
        }
        let result = try JSONDecoder().decode(LoadResult.self, from: data)
        guard let level = result.levels.first else { throw Clients.Failure(description: "no call was measured") }
        func median(_ values: [Double]) -> Double { values.isEmpty ? 0 : values.sorted()[values.count / 2] }
        return Audio(
            toAgentMs: median(level.seconds.map(\.callerToAgent)),
            toCallerMs: median(level.seconds.map(\.agentToCaller)),
            loss: level.loss, isBelievable: result.isBelievable)
    }
}
