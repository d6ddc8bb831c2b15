import CallModel
import Database
import Foundation
import Gateway
import SimulatedCarrier
import SpeechAgent
import TestSupport
import Testing
import TwilioProtocol
import WebSocketTransport

/// What a call's journal promises: nothing said is lost with the process, and nothing is written twice.
@Suite(.serialized, .staged) struct JournalPromiseTests {
    private static func agent() throws -> ScriptedAgent {
        var part = ScriptedAgent.Part()
        part.onAudio = { leg, bytes in
            guard bytes == 160 * 10 else { return }
            leg.send(.conversationText(.user, "we need a phone system"))
            leg.speak("I see", tone: 0x41)
        }
        return try ScriptedAgent([part])
    }

    /// A gateway that can be started again on the same port and the same data.
    private static func environment(_ database: TemporaryDatabase, _ agent: ScriptedAgent) async throws -> [String:
        String]
    {
        [
            "PARLEY_LISTEN": "127.0.0.1:\(try HeldPort.take())",
            "PARLEY_DATA_DIR": Props.directory("journal"),
            "PARLEY_DATABASE_URL": database.appURL, "PARLEY_TWILIO_ACCOUNT_SID": Stage.accountSid,
            "PARLEY_TWILIO_AUTH_TOKEN": Stage.authToken, "PARLEY_AGENT_URL": agent.url, "PARLEY_LOG": "error",
            "PARLEY_TWILIO_API_URL": try LiveCarrier().url, "PARLEY_MEDIA_THREADS": "1",
        ]
    }

    /// Sends silence until the agent has answered, and so has said what it heard.
    private static func talk(_ stream: HandStream) async throws {
        for number in 1...3_000 where !stream.heard(0x41) {
            stream.media(number)
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(stream.heard(0x41), "the agent did not answer")
    }

    private static func finalized(_ sid: String, in database: TemporaryDatabase, seconds: Int = 90) async throws -> Row?
    {
        for _ in 0..<(seconds * 20) {
            let rows = try await database.rows(
                "select * from calls where carrier_call_sid = $1 and finalized_at is not null", [.text(sid)])
            if let row = rows.first { return row }
            try await Task.sleep(for: .milliseconds(50))
        }
        return nil
    }

    @Test func `a gateway stopped in mid-call is followed by one that takes the call up again`() async throws {
        let database = try await TemporaryDatabase.make(connectionsMax: 2)
        let agent = try Self.agent()
        let environment = try await Self.environment(database, agent)
        let config = try GatewayConfig(environment: environment)
        let first = try await Gateway.start(config)
        let hand = try HandCarrier(first.publicURL)
        let sid = HandCarrier.callSid()
        let stream = try await hand.talk(try await hand.ring(sid), callSid: sid)
        try await Self.talk(stream)

        await first.stop(drainSeconds: 0)
        #expect(try await stream.ended() != nil)
        let second = try await Gateway.start(config)
        let next = try await hand.document("/twilio/resume", HandCarrier.fields(sid, status: "in-progress"))
        let resumed = try await hand.talk(try #require(HandCarrier.stream(in: next)), callSid: sid)
        try await Self.talk(resumed)
        #expect(resumed.closing == nil)
        #expect(try await hand.post("/twilio/status", HandCarrier.fields(sid, status: "completed")).status == 204)

        let call = try #require(try await Self.finalized(sid, in: database))
        let transcript = try call.text("transcript")
        #expect(transcript.components(separatedBy: "we need a phone system").count == 3, "\(transcript)")
        #expect(try call.text("end_reason") == "caller_hangup")
        #expect(try await database.rows("select 1 from calls").count == 1)
        #expect(try await database.rows("select 1 from usage_records where kind = 'call'").count == 1)
        let told = try #require(agent.settings.last)
        #expect(told.agentGreeting == nil, "no second greeting")
        #expect(told.inlineAgent?.context.contains(.said(.user, "we need a phone system")) == true)
        await hand.shutdown()
        await second.stop(drainSeconds: 0)
        await agent.shutdown()
        try? FileManager.default.removeItem(atPath: config.dataDirectory)
    }

    @Test func `a gateway stopped in mid-call is followed by one that writes it as interrupted, once`() async throws {
        let database = try await TemporaryDatabase.make(connectionsMax: 2)
        let agent = try Self.agent()
        let config = try GatewayConfig(environment: try await Self.environment(database, agent))
        let first = try await Gateway.start(config)
        let hand = try HandCarrier(first.publicURL)
        let sid = HandCarrier.callSid()
        let stream = try await hand.talk(try await hand.ring(sid), callSid: sid)
        try await Self.talk(stream)
        await first.stop(drainSeconds: 0)

        let second = try await Gateway.start(config)
        let told = try await hand.post("/twilio/status", HandCarrier.fields(sid, status: "completed"))
        #expect(told.status == 204)

        let call = try #require(try await Self.finalized(sid, in: database))
        #expect(try call.text("outcome") == "interrupted")
        #expect(try call.text("end_reason") == "node_shutdown")
        #expect(try call.text("transcript").contains("we need a phone system"))
        await second.stop(drainSeconds: 0)
        let third = try await Gateway.start(config)
        _ = try await hand.post("/twilio/status", HandCarrier.fields(sid, status: "completed"))
        let resumed = try await hand.document("/twilio/resume", HandCarrier.fields(sid, status: "in-progress"))
        #expect(resumed.verbs == [.hangup])
        await third.stop(drainSeconds: 2)
        #expect(try await database.rows("select 1 from calls").count == 1)
        #expect(try await database.rows("select 1 from usage_records where kind = 'call'").count == 1)
        #expect(try await database.rows("select 1 from conversations").count == 3)
        await hand.shutdown()
        await agent.shutdown()
        try? FileManager.default.removeItem(atPath: config.dataDirectory)
    }

    @Test func `a stopping gateway lets a call under way come to its end, and takes no new one`() async throws {
        let agent = try Self.agent()
        let stage = try await Stage.build(agentURL: agent.url)
        let script = try Stage.caller("talks", [.staySilent(ms: 10_000), .hangUp])
        async let call = stage.carrier.placeCall(script: script)
        for _ in 0..<3_000 where agent.audioBytes == 0 { try await Task.sleep(for: .milliseconds(20)) }
        async let stopped: Void = stage.gateway.stop(drainSeconds: 120)
        for _ in 0..<3_000 where !stage.gateway.isDraining { try await Task.sleep(for: .milliseconds(20)) }

        let late = try await stage.carrier.placeCall(from: "+14155550104", script: script)
        let report = try await call
        await stopped

        #expect(late.streamSids.isEmpty)
        #expect(late.events.contains { $0.kind == .said })
        let row = try #require(try await stage.finalizedCall(report.callSid))
        #expect(try row.text("end_reason") == "caller_hangup")
        #expect(report.terminalCallbackDelivered == true)
        await stage.strike()
        await agent.shutdown()
    }

    @Test func `a stopping gateway does not wait for calls that rang and never had a stream`() async throws {
        let agent = try Self.agent()
        let stage = try await Stage.build(agentURL: agent.url)
        let hand = try HandCarrier(stage.gateway.publicURL)
        for _ in 0..<3 { _ = try await hand.ring(HandCarrier.callSid()) }
        #expect(stage.gateway.callCount == 3)

        let stopping = ContinuousClock.now
        await stage.gateway.stop(drainSeconds: 60)

        #expect(ContinuousClock.now - stopping < .seconds(20))
        await hand.shutdown()
        await agent.shutdown()
    }

    /// The call's row once the model's reading is in it; nil when that does not come.
    private static func enriched(_ call: UUID, on stage: Stage) async throws -> Row? {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            let rows = try await stage.database.rows(
                "select * from calls where id = $1 and extractor = 'llm/stub-model'", [.uuid(call)])
            if let row = rows.first { return row }
            try await Task.sleep(for: .milliseconds(50))
        }
        return nil
    }

    @Test func `a language model's reading comes over the rules' with its evidence; when it is down theirs stays`()
        async throws
    {
        let model = try ModelStub()
        let agent = try Self.agent()
        let stage = try await Stage.build(
            agentURL: agent.url, settings: ["PARLEY_LLM_URL": model.url, "PARLEY_LLM_MODEL": "stub-model"])
        let script = try Stage.caller("talks", [.waitForAgent(silenceMs: 1_500, timeoutMs: 60_000), .hangUp])

        let read = try await stage.carrier.placeCall(from: "+14155550105", script: script)
        let written = try #require(try await stage.finalizedCall(read.callSid))
        #expect(try written.text("transcript").contains("we need a phone system"))
        let first = try #require(try await Self.enriched(try written.uuid("id"), on: stage))
        #expect(try first.text("summary") == "The caller needs a phone system.")
        let lead = try #require(
            try await stage.database.rows("select * from leads where id = $1", [.uuid(try first.uuid("lead_id"))]).first
        )
        #expect(try lead.text("need") == "high" || lead.text("need") == "urgent")
        #expect(try lead.text("qualification_data").contains("we need a phone system"))

        await model.shutdown()
        let alone = try await stage.carrier.placeCall(from: "+14155550106", script: script)
        let second = try #require(try await stage.finalizedCall(alone.callSid))
        #expect(try second.text("extractor").hasPrefix("rules"))
        #expect(try second.text("summary") != "The caller needs a phone system.")
        await stage.strike()
        await agent.shutdown()
    }
}

/// An OpenAI-compatible server that has read every call the same way.
private final class ModelStub: Sendable {
    let url: String
    private let loops: LoopGroup
    private let server: TransportServer

    private static let reading = """
        {"summary":"The caller needs a phone system.",
        "budget":{"value":"unknown","confidence":0.1,"evidence":[],"amount":null},
        "authority":{"value":"unknown","confidence":0.1,"evidence":[]},
        "need":{"value":"urgent","confidence":0.9,"evidence":[{"turn":2,"quote":"we need a phone system"}]},
        "timeline":{"value":"unknown","confidence":0.1,"evidence":[]},
        "intent":{"value":"information","confidence":0.8,"evidence":[{"turn":2,"quote":"we need a phone system"}]},
        "sentiment":{"value":"neutral","confidence":0.8,"evidence":[{"turn":2,"quote":"we need a phone system"}]},
        "name":null,"email":null,"company":null,"position":null,"objections":[],"next_step":null}
        """

    init() throws {
        loops = try LoopGroup(threads: 1)
        let content = String(decoding: try JSONEncoder().encode(Self.reading), as: UTF8.self)
        let answer =
            #"{"id":"1","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"#
            + content + #"},"finish_reason":"stop"}]}"#
        server = try TransportServer(
            loops: loops, listen: ListenAddress(host: "127.0.0.1", port: 0), tls: nil,
            routes: ServerRoutes(
                respond: { request in
                    request.path == "/v1/chat/completions" ? .json(answer) : .empty(404)
                }, upgrade: { _, _ in .refuse(.empty(404)) }))
        url = "http://127.0.0.1:\(server.boundPort)/v1"
    }

    func shutdown() async {
        await server.shutdown(graceSeconds: 0)
        await loops.shutdown()
    }
}
