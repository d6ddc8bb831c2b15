import CallModel
import Database
import Foundation
import Gateway
import LiveCalls
import SimulatedCarrier
import SpeechAgent
import Synchronization
import TestSupport
import WebSocketTransport

@testable import parley

/// A whole gateway with a database of its own and a carrier that calls it, over real sockets.
final class Stage: Sendable {
    let gateway: Gateway
    let carrier: SimulatedCarrier
    let database: TemporaryDatabase
    let loops: LoopGroup
    let dataDirectory: String

    /// None is let go of while its threads run.
    private static let standing = Mutex<[Stage]>([])

    static let accountSid = "AC0123456789abcdef0123456789abcdef"
    static let authToken = "5f1c0de5f1c0de5f1c0de5f1c0de5f1c"
    static let fixtures = Checkout.path("audio-fixtures")

    /// - Parameters:
    ///   - agentURL: a speech agent to use instead of the local one.
    ///   - settings: further settings of the gateway.
    ///   - gateway: changes what no setting names.
    ///   - carrier: changes the carrier's configuration.
    static func build(
        agentURL: String? = nil, settings: [String: String] = [:],
        gateway configureGateway: (inout GatewayConfig) -> Void = { _ in },
        carrier configureCarrier: (inout CarrierConfig) -> Void = { _ in }
    ) async throws -> Stage {
        let database = try await TemporaryDatabase.make(connectionsMax: 4)
        let directory = Props.directory("stage")
        let loops = try LoopGroup(threads: 1)
        let restPort = try HeldPort.take()
        var environment = [
            "PARLEY_LISTEN": "127.0.0.1:0", "PARLEY_DATA_DIR": directory, "PARLEY_DATABASE_URL": database.appURL,
            "PARLEY_TWILIO_ACCOUNT_SID": accountSid, "PARLEY_TWILIO_AUTH_TOKEN": authToken,
            "PARLEY_TWILIO_API_URL": "http://127.0.0.1:\(restPort)", "PARLEY_LOG": "error",
            "PARLEY_JWT_SECRET": "0123456789abcdef0123456789abcdef", "PARLEY_MEDIA_THREADS": "2",
        ]
        environment["PARLEY_AGENT_URL"] = agentURL
        environment.merge(settings) { $1 }
        var config = try GatewayConfig(environment: environment)
        (config.patience.routeMs, config.patience.contextMs) = (10_000, 10_000)
        (config.patience.firstAudioMs, config.patience.askCarrierAfterMs) = (12_000, 8_000)
        configureGateway(&config)
        let gateway = try await Gateway.start(config, ownAgent: OwnAgent.local)
        var carrierConfig = carrierConfig(gateway: gateway.publicURL, restPort: restPort)
        configureCarrier(&carrierConfig)
        let carrier = try await SimulatedCarrier.start(carrierConfig, loops: loops)
        let stage = Stage(gateway, carrier, database, loops, directory)
        standing.withLock { $0.append(stage) }
        Props.atEnd { await stage.strike() }
        return stage
    }

    static func carrierConfig(gateway: String, restPort: Int) -> CarrierConfig {
        var config = CarrierConfig(
            accountSid: accountSid, authToken: authToken, voiceURL: gateway + "/twilio/voice",
            statusURL: gateway + "/twilio/status", listen: ListenAddress(host: "127.0.0.1", port: restPort))
        config.number = "+15550100100"
        config.openCallsMax = 1_000
        return config
    }

    private init(
        _ gateway: Gateway, _ carrier: SimulatedCarrier, _ database: TemporaryDatabase, _ loops: LoopGroup,
        _ dataDirectory: String
    ) {
        self.gateway = gateway
        self.carrier = carrier
        self.database = database
        self.loops = loops
        self.dataDirectory = dataDirectory
    }

    func strike() async {
        let isStanding = Self.standing.withLock { standing in
            defer { standing.removeAll { $0 === self } }
            return standing.contains { $0 === self }
        }
        guard isStanding else { return }
        await carrier.shutdown()
        await gateway.stop(drainSeconds: 0)
        await loops.shutdown()
        try? FileManager.default.removeItem(atPath: dataDirectory)
    }

    static func script(_ name: String) throws -> CallerScript {
        try CallerScript.load(named: name, from: .folder(fixtures))
    }

    /// A caller who does as told with recordings of the fixtures.
    static func caller(_ name: String, _ steps: [CallerScript.Step]) throws -> CallerScript {
        var script = CallerScript(name: name, about: "", steps: steps)
        for path in Set(script.recordingPaths) {
            script.recordings[path] = Array(try Data(contentsOf: URL(fileURLWithPath: "\(fixtures)/\(path)")))
        }
        return script
    }

    /// Waits until the call's row is finalized and returns it.
    func finalizedCall(_ sid: String, withinSeconds: Int = 90 * Sanitizer.slowness) async throws -> Row? {
        for _ in 0..<(withinSeconds * 20) {
            let rows = try await database.rows(
                "select * from calls where carrier_call_sid = $1 and finalized_at is not null", [.text(sid)])
            if let row = rows.first { return row }
            try await Task.sleep(for: .milliseconds(50))
        }
        return nil
    }

    func count(_ sql: String, _ values: [SQLValue] = []) async throws -> Int {
        try await database.rows("select count(*)::int as n from \(sql)", values).first?.int("n") ?? -1
    }

    /// The journal of a call whose record is written, as text. It is put aside after the record's commit.
    func journal(of call: Row) async throws -> String {
        let path = "\(dataDirectory)/journals/written/\(try call.uuid("id").uuidString.lowercased()).journal"
        for _ in 0..<(30 * 20 * Sanitizer.slowness) where !FileManager.default.fileExists(atPath: path) {
            try await Task.sleep(for: .milliseconds(50))
        }
        return String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    }
}
