import API
import CallModel
import Endpoints
import Foundation
import Gateway
import TestSupport
import Testing
import WebSocketTransport

/// Those who look on while calls are on: who reads the log, the metrics, the live feed, and who does not.
@Suite(.serialized, .staged) struct OnlookerTests {
    private static let secret = Array("0123456789abcdef0123456789abcdef".utf8)

    private static func watch(_ stage: Stage, validSeconds: Int, query: String = "") async throws -> HandStream {
        let principal = APIPrincipal(subject: "ann", tenant: .initial, role: .agent)
        let token = JWT.sign(principal, secret: secret, validSeconds: validSeconds)
        let request = try WebSocketRequest(
            url: "ws" + stage.gateway.publicURL.dropFirst(4) + "/api/v1/live" + query,
            headers: [("Authorization", "Bearer \(token)")])
        let stream = HandStream()
        let loop = stage.loops.leastLoaded()
        loop.post { loop.connect(request, handler: stream) }
        _ = await stream.waits { $0.isOpen || $0.closing != nil }
        return stream
    }

    @Test func `a live watch is closed when its token expires, and says why`() async throws {
        let stage = try await Stage.build()
        let short = try await Self.watch(stage, validSeconds: 2)
        let long = try await Self.watch(stage, validSeconds: 60)

        let closing = try await short.ended(within: 20)

        #expect(closing?.code == 1008 && closing?.reason == "the token, key or session is over")
        #expect(long.isOpen && long.closing == nil)
        #expect(try await Self.watch(stage, validSeconds: -1).closing?.httpStatus == 401)
        #expect(try await Self.watch(stage, validSeconds: 60, query: "?calls=all").closing?.httpStatus == 400)
        await stage.strike()
    }

    @Test func `metrics with an address of their own are found there and not beside the API`() async throws {
        let stage = try await Stage.build(
            settings: ["PARLEY_METRICS_LISTEN": "127.0.0.1:0", "PARLEY_METRICS_TOKEN": "0123456789abcdef"])
        let port = try #require(stage.gateway.metricsPort)
        let hand = try HandCarrier(stage.gateway.publicURL)
        let there = try HandCarrier("http://127.0.0.1:\(port)")

        #expect(try await hand.send("GET", "/metrics", body: []).status == 404)
        #expect(try await there.send("GET", "/metrics", body: []).status == 401)
        #expect(try await there.send("GET", "/readyz", body: []).status == 404)
        for path in ["/twilio/nothing", "/x", "/api/v2"] {
            let answer = try await hand.send("GET", path, body: [])
            #expect(answer.status == 404 && answer.body.contains(#""status":404"#), "\(path) \(answer.body)")
        }
        await hand.shutdown()
        await there.shutdown()
        await stage.strike()
    }

    @Test(.timeLimit(.minutes(20)), arguments: [false, true])
    func `a gateway whose log nobody reads answers a ring all the same, and stops when it is asked to`(
        norItsGreeting: Bool
    ) async throws {
        let database = try await TemporaryDatabase.make(connectionsMax: 4)
        let (port, directory) = (try HeldPort.take(), Props.directory("unread"))
        let unread = try Self.filled()
        let gateway = try GatewayProcess.onStage(
            [
                "PARLEY_LISTEN": "127.0.0.1:\(port)", "PARLEY_DATA_DIR": directory,
                "PARLEY_DATABASE_URL": database.appURL, "PARLEY_TWILIO_ACCOUNT_SID": Stage.accountSid,
                "PARLEY_TWILIO_AUTH_TOKEN": Stage.authToken, "PARLEY_TWILIO_API_URL": "http://127.0.0.1:1",
                "PARLEY_LOG": "debug",
            ], standardError: unread, standardOutput: norItsGreeting ? try Self.filled() : nil)
        try await gateway.untilReady()
        let hand = try HandCarrier("http://127.0.0.1:\(port)")
        let sid = HandCarrier.callSid()
        for _ in 0..<360 {
            let refused = try await hand.post("/twilio/voice", HandCarrier.fields(sid), signature: .missing)
            #expect(refused.status == 403)
        }

        let stream = try await hand.ring(sid)
        let socket = try await hand.talk(stream, callSid: sid)

        #expect(await socket.waits { $0.mediaCount > 0 }, "the agent speaks")
        #expect(try await hand.post("/twilio/status", HandCarrier.fields(sid, status: "completed")).status == 204)
        let status = try await gateway.stop(within: 60)
        #expect(status == 0)
        await hand.shutdown()
    }

    @Test func `what a command complains of is written before it ends, and nobody reading does not keep it`()
        throws
    {
        for (standardError, expected) in [(Pipe(), "there is no command \"bogus\""), (try Self.filled(), nil)] {
            let process = Process()
            process.executableURL = GatewayProcess.executable
            process.arguments = ["bogus"]
            process.standardError = standardError
            try process.run()
            process.waitUntilExit()

            #expect(process.terminationStatus == 2)
            guard let expected else { continue }
            try standardError.fileHandleForWriting.close()
            let said = try standardError.fileHandleForReading.readToEnd().map { String(decoding: $0, as: UTF8.self) }
            #expect(said?.contains(expected) == true)
        }
    }

    /// A pipe into which nothing more goes: the next write to it would wait.
    private static func filled() throws -> Pipe {
        let pipe = Pipe()
        let descriptor = pipe.fileHandleForWriting.fileDescriptor
        let flags = fcntl(descriptor, F_GETFL)
        try #require(fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0)
        let bytes = [UInt8](repeating: 0x2E, count: 4_096)
        while write(descriptor, bytes, bytes.count) > 0 {}
        while write(descriptor, bytes, 1) > 0 {}
        try #require(fcntl(descriptor, F_SETFL, flags) == 0)
        return pipe
    }
}
