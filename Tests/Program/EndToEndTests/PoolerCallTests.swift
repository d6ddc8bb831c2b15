import CallModel
import Database
import Foundation
import Gateway
import PostCall
import TestSupport
import Testing

/// Whole calls while the database is reached as a managed PostgreSQL offers it.
@Suite(.serialized, .staged) struct PoolerCallTests {
    @Test func `calls behind a transaction pooler leave their records, with the caller known the second time`()
        async throws
    {
        var part = ScriptedAgent.Part()
        part.onReady = { leg, _ in leg.speak("Hello, this is short") }
        let agent = try ScriptedAgent([part])
        let database = try await TemporaryDatabase.make()
        let pooler = try await Pooler.start(before: database)
        let stage = try await Stage.build(agentURL: agent.url, settings: ["PARLEY_DATABASE_URL": pooler.appURL])
        let hand = try HandCarrier(stage.gateway.publicURL)

        let sids = (0..<6).map { _ in HandCarrier.callSid() }
        for sid in sids {
            let socket = try await hand.talk(try await hand.ring(sid), callSid: sid)
            for number in 1...20 {
                socket.media(number)
                try await Task.sleep(for: .milliseconds(20))
            }
            socket.close()
            #expect(try await hand.post("/twilio/status", HandCarrier.fields(sid, status: "completed")).status == 204)
        }
        #expect(await stage.gateway.writer.drain(timeoutMs: 60_000))

        let rows = try await database.rows(
            "select count(*)::int as n, count(distinct lead_id)::int as leads from calls where finalized_at is not null"
        )
        #expect(try rows.first?.int("n") == sids.count)
        #expect(try rows.first?.int("leads") == 1)
        await hand.shutdown()
        await stage.strike()
        await agent.shutdown()
    }
}
