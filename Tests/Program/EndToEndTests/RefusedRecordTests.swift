import Database
import Foundation
import Gateway
import SpeechAgent
import TestSupport
import Testing

/// What becomes of a call whose record the database does not take when it ends.
@Suite(.staged) struct RefusedRecordTests {
    /// Makes the database answer every conversation with an error.
    private static func refuse(_ code: String, _ database: TemporaryDatabase) async throws {
        _ = try await database.rows(
            """
            create function public.refuse() returns trigger language plpgsql as $$
            begin raise exception 'refused' using errcode = '\(code)'; end $$
            """)
        _ = try await database.rows(
            """
            create trigger refuse before insert on conversations for each statement execute function public.refuse()
            """)
    }

    /// Rings and hangs up again.
    private static func call(_ hand: HandCarrier) async throws -> String {
        let sid = HandCarrier.callSid()
        let stream = try await hand.talk(try await hand.ring(sid), callSid: sid)
        stream.close()
        #expect(try await hand.post("/twilio/status", HandCarrier.fields(sid, status: "completed")).status == 204)
        return sid
    }

    private static func failed(_ stage: Stage) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: stage.dataDirectory + "/journals/failed")
            .filter { $0.hasSuffix(".journal") }
    }

    /// A standby that another took over from, a right that is missing, a table that is away, a damaged page.
    @Test(arguments: ["25006", "42501", "42P01", "XX000"])
    func `a database in trouble of its own gets the record when it is over, and nothing is set aside`(code: String)
        async throws
    {
        let agent = try ScriptedAgent([ScriptedAgent.Part()])
        let stage = try await Stage.build(agentURL: agent.url)
        let hand = try HandCarrier(stage.gateway.publicURL)
        try await Self.refuse(code, stage.database)

        let sid = try await Self.call(hand)
        #expect(try await stage.finalizedCall(sid, withinSeconds: 3) == nil)
        #expect(try Self.failed(stage).isEmpty)
        #expect(try await hand.send("GET", "/readyz", body: []).status == 200)
        _ = try await stage.database.rows("drop trigger refuse on conversations")

        #expect(try await stage.finalizedCall(sid) != nil)
        #expect(try await stage.count("calls") == 1)
        await hand.shutdown()
        await stage.strike()
        await agent.shutdown()
    }

    @Test func `three records refused one after the other stop readiness, and are kept`() async throws {
        let agent = try ScriptedAgent([ScriptedAgent.Part()])
        let stage = try await Stage.build(agentURL: agent.url)
        let hand = try HandCarrier(stage.gateway.publicURL)
        try await Self.refuse("23514", stage.database)
        #expect(try await hand.send("GET", "/readyz", body: []).status == 200)

        for number in 1...3 {
            _ = try await Self.call(hand)
            for _ in 0..<1_200 where try Self.failed(stage).count < number {
                try await Task.sleep(for: .milliseconds(50))
            }
        }

        #expect(try Self.failed(stage).count == 3)
        let ready = try await hand.send("GET", "/readyz", body: [])
        #expect(ready.status == 503)
        #expect(ready.body.contains(#""call records":{"ready":false"#), "\(ready.body)")
        await hand.shutdown()
        await stage.strike()
        await agent.shutdown()
    }
}
