import CallModel
import Database
import Encoding
import Foundation
import Gateway
import LiveCalls
import SimulatedCarrier
import SpeechAgent
import Synchronization
import TestSupport
import Testing
import TwilioProtocol
import WebSocketTransport

/// A gateway that is killed, or meets another on its journals: the callers talk on, and each call is on record once.
@Suite(.serialized, .staged) struct KilledGatewayTests {
    /// One of these is said by the caller in each life of the gateway.
    private static let words = "still here"

    /// Hears the caller a quarter of a second after each connection, and answers.
    private static func agent(_ answered: Tally) throws -> ScriptedAgent {
        var part = ScriptedAgent.Part()
        part.onAudio = { leg, bytes in
            guard bytes == 160 * 12 else { return }
            leg.send(.conversationText(.user, words))
            leg.speak("I hear you", tone: 0x41)
            answered.add()
        }
        return try ScriptedAgent([part])
    }

    private static func environment(
        _ database: TemporaryDatabase, _ agent: ScriptedAgent, api: String, directory: String
    ) throws -> [String: String] {
        [
            "PARLEY_LISTEN": "127.0.0.1:\(try HeldPort.take())", "PARLEY_DATA_DIR": directory,
            "PARLEY_DATABASE_URL": database.appURL, "PARLEY_TWILIO_ACCOUNT_SID": Stage.accountSid,
            "PARLEY_TWILIO_AUTH_TOKEN": Stage.authToken, "PARLEY_AGENT_URL": agent.url, "PARLEY_LOG": "error",
            "PARLEY_TWILIO_API_URL": api, "PARLEY_MEDIA_THREADS": "1",
        ]
    }

    private static func url(_ environment: [String: String]) -> String {
        "http://" + (environment["PARLEY_LISTEN"] ?? "")
    }

    private static func talk(_ stream: HandStream) async throws {
        for number in 1...3_000 where !stream.heard(0x41) {
            stream.media(number)
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(stream.heard(0x41), "the agent did not answer")
    }

    private static func finalized(_ sid: String, in database: TemporaryDatabase, status: String = "completed")
        async throws -> Row?
    {
        for _ in 0..<1_800 {
            let rows = try await database.rows(
                "select * from calls where carrier_call_sid = $1 and finalized_at is not null and status = $2",
                [.text(sid), .text(status)])
            if let row = rows.first { return row }
            try await Task.sleep(for: .milliseconds(50))
        }
        return nil
    }

    private static func said(_ text: String) -> Int { text.components(separatedBy: "Caller: " + words).count - 1 }

    /// What is in the journals, open and written ones, as text.
    private static func journals(_ directory: String, _ folder: String = "") -> [String] {
        let path = directory + "/journals" + folder
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.filter { $0.hasSuffix(".journal") }.map {
            String(decoding: (try? Data(contentsOf: URL(fileURLWithPath: "\(path)/\($0)"))) ?? Data(), as: UTF8.self)
        }
    }

    /// How many turns of the caller are in the journal that has the fewest.
    private static func turnsHeard(_ directory: String) -> Int {
        journals(directory).map { $0.components(separatedBy: #""text":"\#(words)""#).count - 1 }.min() ?? 0
    }

    @Test(arguments: ["/twilio/voice", "/twilio/resume", "/twilio/dial-done"])
    func `a call goes on after the gateway was killed, whether the carrier rings again or comes back`(path: String)
        async throws
    {
        let database = try await TemporaryDatabase.make(connectionsMax: 2)
        let agent = try Self.agent(Tally())
        let directory = Props.directory("killed")
        let api = try LiveCarrier()
        let environment = try Self.environment(database, agent, api: api.url, directory: directory)
        let first = try GatewayProcess.onStage(environment)
        try await first.untilReady()
        let hand = try HandCarrier(Self.url(environment))
        let sid = HandCarrier.callSid()
        try await Self.talk(try await hand.talk(try await hand.ring(sid), callSid: sid))

        first.kill()
        // From now on the carrier's interface is overloaded, which says nothing of the call.
        api.refuse(429)
        let asked = api.asked
        let second = try GatewayProcess.onStage(environment)
        try await second.untilReady()
        for _ in 0..<1_200 where api.asked == asked { try await Task.sleep(for: .milliseconds(50)) }
        #expect(api.asked > asked, "the carrier was not asked")
        let fields = HandCarrier.fields(sid, status: "in-progress") + [FormField("DialCallStatus", "busy")]
        // The carrier repeats a request whose answer it did not get.
        async let twin = hand.document(path, fields)
        let document = try await hand.document(path, fields)
        #expect(HandCarrier.stream(in: try await twin) != nil)
        try await Self.talk(try await hand.talk(try #require(HandCarrier.stream(in: document)), callSid: sid))
        #expect(try await hand.post("/twilio/status", HandCarrier.fields(sid, status: "completed")).status == 204)

        let call = try #require(try await Self.finalized(sid, in: database))
        #expect(Self.said(try call.text("transcript")) == 2)
        #expect(try call.text("end_reason") == "caller_hangup")
        #expect(try await database.rows("select 1 from calls").count == 1)
        #expect(try await database.rows("select 1 from usage_records where kind = 'call'").count == 1)
        #expect(Self.journals(directory, "/failed").isEmpty)
        let told = try #require(agent.settings.last)
        #expect(told.agentGreeting == nil, "no second greeting")
        #expect(told.inlineAgent?.context.contains(.said(.user, Self.words)) == true)
        second.kill()
        await hand.shutdown()
        await agent.shutdown()
    }

    @Test func `a call that was given up goes on when it comes back even later, on one record`() async throws {
        let database = try await TemporaryDatabase.make(connectionsMax: 2)
        let agent = try Self.agent(Tally())
        let directory = Props.directory("late")
        let api = try LiveCarrier()
        var config = try GatewayConfig(
            environment: try Self.environment(database, agent, api: api.url, directory: directory))
        config.patience.orphanMs = 0
        let first = try await Gateway.start(config)
        let hand = try HandCarrier(first.publicURL)
        let sid = HandCarrier.callSid()
        try await Self.talk(try await hand.talk(try await hand.ring(sid), callSid: sid))
        await first.stop(drainSeconds: 0)
        api.refuse(500)

        let second = try await Gateway.start(config)
        #expect(try await Self.finalized(sid, in: database, status: "interrupted") != nil)
        let document = try await hand.document("/twilio/resume", HandCarrier.fields(sid, status: "in-progress"))
        try await Self.talk(try await hand.talk(try #require(HandCarrier.stream(in: document)), callSid: sid))
        #expect(try await hand.post("/twilio/status", HandCarrier.fields(sid, status: "completed")).status == 204)

        let call = try #require(try await Self.finalized(sid, in: database))
        #expect(Self.said(try call.text("transcript")) == 2)
        #expect(try await database.rows("select 1 from calls").count == 1)
        #expect(try await database.rows("select 1 from conversations").count == 5)
        await second.stop(drainSeconds: 0)
        await hand.shutdown()
        await agent.shutdown()
    }

    @Test func `a second gateway on the same journals is refused, and the calls of the first go on`() async throws {
        let database = try await TemporaryDatabase.make(connectionsMax: 2)
        let agent = try Self.agent(Tally())
        let directory = Props.directory("twice")
        var environment = try Self.environment(
            database, agent, api: "http://127.0.0.1:1", directory: directory)
        let first = try GatewayProcess.onStage(environment)
        try await first.untilReady()
        let hand = try HandCarrier(Self.url(environment))
        let sid = HandCarrier.callSid()
        let stream = try await hand.talk(try await hand.ring(sid), callSid: sid)
        try await Self.talk(stream)

        environment["PARLEY_LISTEN"] = "127.0.0.1:\(try HeldPort.take())"
        let speaking = Task {
            for number in 1_000... {
                stream.media(number)
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        let second = try await GatewayProcess.onStage(environment).ending()
        speaking.cancel()

        #expect(second.status != 0)
        #expect(second.errors.contains("process \(first.pid)"), "\(second.errors)")
        #expect(stream.closing == nil)
        #expect(try await database.rows("select 1 from calls where finalized_at is not null").isEmpty)
        stream.send(#"{"event":"stop","streamSid":"\#(stream.streamSid)"}"#)
        #expect(try await hand.post("/twilio/status", HandCarrier.fields(sid, status: "completed")).status == 204)
        let call = try #require(try await Self.finalized(sid, in: database))
        #expect(try call.text("end_reason") == "caller_hangup")
        first.kill()
        await hand.shutdown()
        await agent.shutdown()
    }

    @Test func `ten callers outlive ten kills: all talk on, and every record is whole and there once`() async throws {
        let (calls, kills) = (10, 10)
        let database = try await TemporaryDatabase.make(connectionsMax: 2)
        // They say nothing for as long as it takes, however slow a start is.
        _ = try await database.rows("update profiles set silence_seconds_max = 1200")
        let answered = Tally()
        let agent = try Self.agent(answered)
        let directory = Props.directory("ten")
        let restPort = try HeldPort.take()
        let environment = try Self.environment(
            database, agent, api: "http://127.0.0.1:\(restPort)", directory: directory)
        let loops = try LoopGroup(threads: 1)
        var config = Stage.carrierConfig(gateway: Self.url(environment), restPort: restPort)
        config.connectTriesMax = 2_000
        let carrier = try await SimulatedCarrier.start(config, loops: loops)
        Props.atEnd {
            await carrier.shutdown()
            await loops.shutdown()
        }
        var gateway = try GatewayProcess.onStage(environment)
        try await gateway.untilReady()
        let script = try Stage.caller("patient", [.staySilent(ms: 1_200_000)])
        var options = CallOptions()
        options.callSecondsMax = 1_200

        let reports = try await withThrowingTaskGroup(of: SimulatedCallReport.self) { group in
            let sids = Tally()
            for index in 0..<calls {
                group.addTask { [options] in
                    try await carrier.placeCall(
                        from: "+1415555\(2_000 + index)", script: script, options: options
                    ) { event in
                        if event.kind == .placed { sids.add(event.detail) }
                    }
                }
            }
            var whole = 0
            for life in 0...kills {
                // Most kills find all callers talking, every third one some of them still on their way back.
                let talking = life % 3 == 2 && life < kills ? 1 : calls
                let before = answered.value
                for _ in 0..<2_400 where answered.value < before + talking {
                    try await Task.sleep(for: .milliseconds(25))
                }
                #expect(answered.value >= before + talking, "life \(life): only \(answered.value - before) talk")
                if talking == calls { whole += 1 }
                for _ in 0..<400 where Self.turnsHeard(directory) < whole {
                    try await Task.sleep(for: .milliseconds(25))
                }
                guard life < kills else { break }
                gateway.kill()
                gateway = try GatewayProcess.onStage(environment)
            }
            for sid in sids.all { await carrier.callerHangsUp(sid) }
            return try await group.reduce(into: []) { $0.append($1) }
        }

        #expect(reports.count == calls)
        for report in reports {
            let call = try #require(try await Self.finalized(report.callSid, in: database))
            #expect(report.status == "completed" && report.failure == nil, "\(report.failure ?? "")")
            #expect(report.terminalCallbackDelivered == true)
            // Once for each life that ended, or did not, with all of them talking.
            let said = Self.said(try call.text("transcript"))
            #expect((8...11).contains(said), "\(said)")
            #expect(try call.text("end_reason") == "caller_hangup")
            let turns = try await database.rows(
                "select turn_number from conversations where call_id = $1 order by 1", [.uuid(call.uuid("id"))])
            #expect(try turns.map { try $0.int("turn_number") } == Array(1...turns.count))
        }
        #expect(try await database.rows("select 1 from calls").count == calls)
        #expect(try await database.rows("select 1 from usage_records where kind = 'call'").count == calls)
        #expect(Self.journals(directory).isEmpty && Self.journals(directory, "/failed").isEmpty)
        gateway.kill()
        await agent.shutdown()
    }
}

/// What several threads add to.
private final class Tally: Sendable {
    private let added = Mutex<[String]>([])
    var all: [String] { added.withLock { $0 } }
    var value: Int { all.count }
    func add(_ text: String = "") { added.withLock { $0.append(text) } }
}
