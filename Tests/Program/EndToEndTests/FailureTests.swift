import CallModel
import Database
import Foundation
import Gateway
import SimulatedCarrier
import SpeechAgent
import TestSupport
import Testing
import WebSocketTransport

/// What breaks in a call's life, and what the caller and the record get all the same.
@Suite(.serialized, .staged) struct FailureTests {
    @Test func `an agent leg lost in mid-call is replaced once, with the conversation and no second greeting`()
        async throws
    {
        var first = ScriptedAgent.Part()
        first.onAudio = { leg, bytes in
            if bytes == 160 * 200 {
                leg.send(.userStartedSpeaking)
                leg.send(.conversationText(.user, "I want a phone system"))
                leg.speak("One moment")
            }
            if bytes == 160 * 260 { leg.abort() }
        }
        var second = ScriptedAgent.Part()
        second.onReady = { leg, _ in leg.speak("Here I am again") }
        let agent = try ScriptedAgent([first, second])
        let stage = try await Stage.build(agentURL: agent.url)
        let caller = try Stage.caller("waits", [.staySilent(ms: 20_000), .hangUp])

        let report = try await stage.carrier.placeCall(script: caller)

        let call = try #require(try await stage.finalizedCall(report.callSid))
        #expect(agent.settings.count == 2)
        #expect(agent.settings.first?.agentGreeting != nil)
        #expect(agent.settings.last?.agentGreeting == nil)
        let context = try #require(agent.settings.last?.inlineAgent?.context)
        #expect(context.contains { $0 == .said(.user, "I want a phone system") })
        let transcript = try call.text("transcript")
        #expect(transcript.contains("lost my connection for a moment"), "\(transcript)")
        #expect(transcript.contains("Here I am again"), "\(transcript)")
        #expect(try call.text("end_reason") == "caller_hangup")
        await stage.strike()
        await agent.shutdown()
    }

    @Test func `an agent that refuses every connection leads to the fallback, not to silence`() async throws {
        var refusing = ScriptedAgent.Part()
        refusing.refuseWith = 401
        let agent = try ScriptedAgent([refusing])
        let stage = try await Stage.build(agentURL: agent.url)

        let report = try await stage.carrier.placeCall(
            script: try Stage.caller("waits", [.staySilent(ms: 60_000), .hangUp]))

        let call = try #require(try await stage.finalizedCall(report.callSid))
        #expect(report.events.contains { $0.kind == .said })
        #expect(try call.text("outcome") == "failed")
        #expect(report.durationMs < 59_000, "ended by the gateway, not by the caller")
        await stage.strike()
        await agent.shutdown()
    }

    @Test func `a database that is away at hang-up gets the record when it is back, once`() async throws {
        let directory = Props.directory("away")
        let cluster = try await PrivateCluster.start(dataDirectory: directory, durable: false)
        _ = try await Migrator(ownerURL: cluster.ownerURL).up()
        let agent = try ScriptedAgent([ScriptedAgent.Part()])
        let stage = try await Stage.build(agentURL: agent.url, settings: ["PARLEY_DATABASE_URL": cluster.appURL])
        let caller = try Stage.caller("waits", [.staySilent(ms: 8_000), .hangUp])
        async let call = stage.carrier.placeCall(script: caller)
        for _ in 0..<3_000 where agent.audioBytes < 160 * 25 { try await Task.sleep(for: .milliseconds(20)) }

        await cluster.stop()
        let report = try await call
        #expect(report.terminalCallbackDelivered == true, "the end is acknowledged without the database")
        let again = try await PrivateCluster.start(dataDirectory: directory, durable: false)

        let database = Database(url: again.appURL, connectionsMax: 1)
        var finalized = 0
        for _ in 0..<1_200 where finalized == 0 {
            finalized =
                (try? await database.transaction(tenant: .initial) { tx in
                    try tx.query("select count(*)::int as n from calls where finalized_at is not null").first?.int("n")
                        ?? 0
                }) ?? 0
            try await Task.sleep(for: .milliseconds(100))
        }
        #expect(finalized == 1)
        await database.close()
        await stage.strike()
        await agent.shutdown()
        await again.stop()
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// Whether words of a caller are in a journal.
    private static func hasCallerTurn(_ directory: String) -> Bool {
        let folder = directory + "/journals"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.contains { name in
            (try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8))?.contains(#""caller""#) == true
        }
    }

    @Test func `a gateway killed in mid-call leaves a call that the next one writes as interrupted`() async throws {
        let database = try await TemporaryDatabase.make(connectionsMax: 2)
        let directory = Props.directory("kill")
        let (port, restPort) = (try HeldPort.take(), try HeldPort.take())
        let environment = [
            "PARLEY_LISTEN": "127.0.0.1:\(port)", "PARLEY_DATA_DIR": directory, "PARLEY_DATABASE_URL": database.appURL,
            "PARLEY_TWILIO_ACCOUNT_SID": Stage.accountSid, "PARLEY_TWILIO_AUTH_TOKEN": Stage.authToken,
            "PARLEY_TWILIO_API_URL": "http://127.0.0.1:\(restPort)", "PARLEY_LOG": "error",
        ]
        let loops = try LoopGroup(threads: 1)
        let carrier = try await SimulatedCarrier.start(
            Stage.carrierConfig(gateway: "http://127.0.0.1:\(port)", restPort: restPort), loops: loops)
        Props.atEnd {
            await carrier.shutdown()
            await loops.shutdown()
        }
        let first = try GatewayProcess.onStage(environment)
        try await first.untilReady()
        let caller = try Stage.caller(
            "speaks",
            [
                .waitForAgent(silenceMs: 700, timeoutMs: 20_000), .say("rms/need.ulaw"), .staySilent(ms: 60_000),
            ])
        async let call = carrier.placeCall(script: caller)
        let said = { @Sendable in try await database.rows("select 1 from calls").count }
        for _ in 0..<1_200 where try await said() == 0 { try await Task.sleep(for: .milliseconds(50)) }
        for _ in 0..<1_200 where !Self.hasCallerTurn(directory) { try await Task.sleep(for: .milliseconds(50)) }

        first.kill()
        let report = try await call
        let second = try GatewayProcess.onStage(environment)
        try await second.untilReady()

        var rows: [Row] = []
        for _ in 0..<2_400 where rows.isEmpty {
            rows = try await database.rows(
                "select * from calls where carrier_call_sid = $1 and finalized_at is not null", [.text(report.callSid)])
            try await Task.sleep(for: .milliseconds(50))
        }
        let row = try #require(rows.first)
        #expect(try row.text("outcome") == "interrupted")
        #expect(try row.text("transcript").contains("Caller: "), "what was said until then is kept")
        #expect(try await database.rows("select 1 from calls").count == 1)
        second.kill()
        try? FileManager.default.removeItem(atPath: directory)
    }
}
