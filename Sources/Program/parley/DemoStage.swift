import API
import CallModel
import Database
import Encoding
import Endpoints
import Foundation
import Gateway
import SimulatedCarrier
import Telemetry
import WebSocketTransport

/// Everything the demo starts, over real sockets on loopback.
struct DemoStage: Sendable {
    let gateway: Gateway
    let carrier: SimulatedCarrier
    let loops: LoopGroup
    let token: String
    /// Makes campaigns.
    let adminToken: String
    /// Where those live whom the demo calls.
    let place: AwakePlace

    static func build(dataDirectory: String, callers: CallerFiles) async throws -> DemoStage {
        Log.level = .error
        try PrivateCluster.discard(dataDirectory: dataDirectory)
        if FileManager.default.fileExists(atPath: dataDirectory + "/journals") {
            try FileManager.default.removeItem(atPath: dataDirectory + "/journals")
        }
        let sid = "AC" + Hex.random(bytes: 16)
        let secret = Hex.random(bytes: 32)
        let phone = try LocalPhone()
        var config = try GatewayConfig(environment: [
            "PARLEY_LISTEN": "127.0.0.1:0", "PARLEY_DATA_DIR": dataDirectory, "PARLEY_TWILIO_ACCOUNT_SID": sid,
            "PARLEY_TWILIO_AUTH_TOKEN": secret, "PARLEY_TWILIO_API_URL": "http://127.0.0.1:\(phone.port)",
            "PARLEY_JWT_SECRET": secret, "PARLEY_LOG": ProcessInfo.processInfo.environment["PARLEY_LOG"] ?? "error",
        ])
        config.phone = phone.offered
        let gateway = try await Gateway.start(config, ownAgent: OwnAgent.local)
        let loops = try LoopGroup(threads: 1)
        var carrierConfig = CarrierConfig(
            accountSid: sid, authToken: secret, voiceURL: gateway.publicURL + "/twilio/voice",
            statusURL: gateway.publicURL + "/twilio/status", listen: phone.listen)
        carrierConfig.phones = phone.desk(for: gateway)
        carrierConfig.callsPerSecond = 5
        guard let place = AwakePlace.at(Date()) else { throw Asleep() }
        carrierConfig.callee = try OutboundScene.callees(in: place, callers)
        let carrier = try await SimulatedCarrier.start(carrierConfig, loops: loops)
        func token(_ role: APIRole) -> String {
            let principal = APIPrincipal(subject: "demo", tenant: .initial, role: role)
            return JWT.sign(principal, secret: Array(secret.utf8), validSeconds: 86_400)
        }
        return DemoStage(
            gateway: gateway, carrier: carrier, loops: loops, token: token(.manager), adminToken: token(.admin),
            place: place)
    }

    struct Asleep: Error, CustomStringConvertible {
        var description: String { "there is no place in the world where it is time to call" }
    }

    func strike() async {
        await carrier.shutdown()
        await gateway.stop(drainSeconds: 0)
        await loops.shutdown()
    }
}
