import Foundation
import TestSupport
import Testing
import TwilioProtocol

#if canImport(Glibc)
    import Glibc
#endif

/// How `parley serve` begins, as the executable built beside the tests.
@Suite(.staged) struct ServeStartTests {
    @Test func `a start as root says so in one line and goes on, any other start does not`() throws {
        let said = try Self.serve(["PARLEY_DATABASE_URL": "postgresql://parley_app@127.0.0.1:1/parley"])

        #expect(said.count { $0.contains("running as root") } == (geteuid() == 0 ? 1 : 0))
        #expect(said.last?.contains("PARLEY_DATABASE_URL: Cannot connect to PostgreSQL") == true, "\(said)")
    }

    @Test func `a start that would take unsigned webhooks from others is refused by name`() throws {
        let said = try Self.serve([
            "PARLEY_LISTEN": "0.0.0.0:0", "PARLEY_INSECURE_ACCEPT_UNSIGNED_WEBHOOKS": "true",
        ])

        #expect(said.last?.contains("PARLEY_INSECURE_ACCEPT_UNSIGNED_WEBHOOKS: refused") == true, "\(said)")
    }

    @Test(.timeLimit(.minutes(20))) func `the first call of a fresh gateway is connected as fast as those after it`()
        async throws
    {
        var ratios: [Double] = []
        // What a start has left to do, it has left at every start; a machine that is busy is not so at each.
        for _ in 0..<4 where ratios.min() ?? .infinity > Self.slowestFirst {
            let database = try await TemporaryDatabase.make(connectionsMax: 4)
            let port = try HeldPort.take()
            let gateway = try GatewayProcess.onStage([
                "PARLEY_LISTEN": "127.0.0.1:\(port)", "PARLEY_DATA_DIR": Props.directory("first-call"),
                "PARLEY_DATABASE_URL": database.appURL, "PARLEY_TWILIO_ACCOUNT_SID": Stage.accountSid,
                "PARLEY_TWILIO_AUTH_TOKEN": Stage.authToken, "PARLEY_TWILIO_API_URL": "http://127.0.0.1:1",
                "PARLEY_LOG": "error",
            ])
            try await gateway.untilReady()
            let carrier = try HandCarrier("http://127.0.0.1:\(port)")
            var took: [Double] = []
            for _ in 0..<6 {
                let stream = try await carrier.ring(HandCarrier.callSid())
                let asked = ContinuousClock.now
                let opened = try #require(try await carrier.open(stream.url).openedAt)
                took.append((opened - asked) / .milliseconds(1))
            }
            ratios.append(took[0] / took[1...].sorted()[took.count / 2 - 1])
            await carrier.shutdown()
            gateway.kill()
        }

        #expect(ratios.min() ?? .infinity <= Self.slowestFirst, "\(ratios)")
    }

    /// Times as long as a later one: what was made up only when the first stream came took a hundred times.
    private static let slowestFirst = 40.0

    /// What it writes to standard error until it ends by itself, which is expected with exit code 1.
    private static func serve(_ settings: [String: String]) throws -> [String] {
        let data = FileManager.default.temporaryDirectory.appending(path: "parley-serve-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: data) }
        let process = Process()
        process.executableURL = Checkout.products.appending(path: "parley")
        process.arguments = ["serve"]
        process.environment = settings.merging(["PARLEY_DATA_DIR": data, "PARLEY_LOG": "error"]) { given, _ in given }
            .merging(Sanitizer.environment) { given, _ in given }
        process.standardOutput = FileHandle.nullDevice
        let complaints = Pipe()
        process.standardError = complaints
        try process.run()
        let text = String(decoding: complaints.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 1)
        return text.split(separator: "\n").map(String.init)
    }
}
