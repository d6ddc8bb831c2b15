import CallModel
import Consult
import Database
import Foundation
import LoadBenchmark
import SimulatedCarrier
import WebSocketTransport

/// Consults in live calls: a gateway with a database of its own, the simulated carrier and an agent, over real sockets.
struct LiveConsults {
    enum Failure: Error, CustomStringConvertible {
        case unfinished(Int)
        var description: String {
            switch self {
            case .unfinished(let count): "only \(count) consults came to their end"
            }
        }
    }

    var callers: Int
    /// The folder of their files.
    var specialists: String
    var questions: [String]
    /// A chat endpoint; nil: the specialists answer from their files.
    var languageModel: String?
    var limits = ConsultLimits()

    struct Result {
        /// From the yes to the first of the answer in the caller's ear.
        var spokenMs: [Double] = []
        /// From the yes to the merged answer.
        var answeredMs: [Double] = []
        var endings: [String: Int] = [:]
    }

    func run() async throws -> Result {
        try await PrivateCluster.temporary(for: "live") { cluster, folder in try await run(in: folder, cluster) }
    }

    private func run(in folder: String, _ cluster: PrivateCluster) async throws -> Result {
        _ = try await Migrator(ownerURL: cluster.ownerURL).up()
        let limits = String(decoding: try JSONEncoder().encode(["limits": limits]), as: UTF8.self)
        try await Migrator.runAlone("update profiles set consult = '\(limits)'", url: cluster.ownerURL)
        let agent = try ConsultAgent(ConsultAgent.Plot(callers: callers, questions: questions))
        let restPort = try FreePort.take()
        var environment = ["PARLEY_DATABASE_URL": cluster.appURL, "PARLEY_SPECIALISTS_DIR": specialists]
        environment["PARLEY_LLM_URL"] = languageModel
        let gateway = try await OwnGateway.start(
            in: folder, agentURL: agent.url, carrierURL: "http://127.0.0.1:\(restPort)", callsMax: 1_000, threads: 1,
            environment: environment)
        let loops = try LoopGroup(threads: 1)
        var carrierConfig = CarrierConfig(
            accountSid: OwnGateway.accountSid, authToken: OwnGateway.authToken,
            voiceURL: gateway.url + "/twilio/voice", statusURL: gateway.url + "/twilio/status",
            listen: ListenAddress(host: "127.0.0.1", port: restPort))
        carrierConfig.number = "+15550100100"
        carrierConfig.openCallsMax = callers + 10
        let carrier = try await SimulatedCarrier.start(carrierConfig, loops: loops)

        let script = CallerScript(name: "listens", steps: [.staySilent(ms: 180_000), .hangUp])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<callers {
                // A few at a time: the ring of a hundred phones at once is another benchmark.
                try await Task.sleep(for: .milliseconds(10))
                let from = "+1415555" + String(format: "%04d", index)
                group.addTask { _ = try await carrier.placeCall(from: from, script: script) }
            }
            try await group.waitForAll()
        }
        let database = Database(url: cluster.appURL, connectionsMax: 1)
        let result = try await read(database)
        await database.close()
        await carrier.shutdown()
        await gateway.stop()
        await loops.shutdown()
        await agent.shutdown()
        return result
    }

    /// The records, once every call has its own.
    private func read(_ database: Database) async throws -> Result {
        var rows: [Row] = []
        for _ in 0..<1_200 where rows.count < callers {
            try await Task.sleep(for: .milliseconds(100))
            rows = try await database.transaction(tenant: .initial) { tx in
                try tx.query("select ending, agreed_ms, answered_ms, spoken_ms from consults")
            }
        }
        guard rows.count == callers else { throw Failure.unfinished(rows.count) }
        var result = Result()
        for row in rows {
            result.endings[try row.text("ending"), default: 0] += 1
            guard let agreed = try row.intOrNil("agreed_ms") else { continue }
            if let answered = try row.intOrNil("answered_ms") { result.answeredMs.append(Double(answered - agreed)) }
            if let spoken = try row.intOrNil("spoken_ms") { result.spokenMs.append(Double(spoken - agreed)) }
        }
        return result
    }
}

/// A chat endpoint that takes every request and answers none.
final class StalledEndpoint: Sendable {
    let url: String
    private let loops: LoopGroup
    private let server: TransportServer

    init() throws {
        loops = try LoopGroup(threads: 1)
        server = try TransportServer(
            loops: loops, listen: ListenAddress(host: "127.0.0.1", port: 0), tls: nil,
            routes: ServerRoutes(
                respond: { request in
                    // The summary after the call is another matter: it is refused, and made by the rules.
                    guard String(decoding: request.body, as: UTF8.self).contains("A caller on the phone") else {
                        return .empty(400)
                    }
                    try? await Task.sleep(for: .seconds(120))
                    return .empty(503)
                }, upgrade: { _, _ in .refuse(.empty(404)) }))
        url = "http://127.0.0.1:\(server.boundPort)/v1"
    }

    func stop() async {
        await server.shutdown(graceSeconds: 0)
        await loops.shutdown()
    }
}
