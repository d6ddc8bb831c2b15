import CallModel
import Database
import Foundation
import SimulatedCarrier
import SpeechAgent
import TestSupport
import Testing

/// Calls that we place: asked for through the API, decided by the gate, rung by the carrier, on record.
@Suite(.serialized, .staged) struct OutboundTests {
    @Test func `a call asked for rings, says first who calls and that it is an AI, and is on record as ours`()
        async throws
    {
        let agent = try ScriptedAgent([ScriptedAgent.Part()])
        let callee = try Stage.caller("callee", [.waitForAgent(silenceMs: 700, timeoutMs: 20_000), .hangUp])
        let stage = try await PlacedCalls.stage(agent) { _ in .answers(afterMs: 1_500, script: callee) }

        let (id, number) = try await PlacedCalls.place(stage)

        let ended = try await PlacedCalls.attempt(stage, id, in: "ended")
        #expect(try ended.text("outcome") == "completed")
        #expect(try ended.timestampOrNil("answered_at") != nil)
        let sid = try ended.text("carrier_call_sid")
        let call = try #require(try await stage.finalizedCall(sid))
        #expect(try call.text("direction") == "outbound")
        #expect(try call.text("to_number") == number)
        #expect(try call.text("from_number") == ended.text("caller_id"))
        let greeting = try #require(agent.settings.first?.agentGreeting)
        #expect(greeting.hasPrefix("Hello, this is the automated AI assistant of Parley Test."))
        #expect(try call.text("transcript").contains("automated AI assistant"))
        let report = try #require(await stage.carrier.outboundReport(callSid: sid))
        #expect(report.violations.isEmpty, "\(report.violations)")
        // The agent was awake before anybody answered.
        #expect(try #require(report.pickupToFirstAudioMs) < 1_000 * Sanitizer.slowness)
        #expect(try await stage.count("dial_receipts where is_allowed and attempt_id is not null") == 1)
        await agent.shutdown()
    }

    @Test func `who presses nine is left alone, told so, and never called again`() async throws {
        var part = ScriptedAgent.Part()
        part.speaksInjected = true
        let agent = try ScriptedAgent([part])
        let callee = try Stage.caller(
            "callee", [.waitForAgent(silenceMs: 700, timeoutMs: 20_000), .press("9"), .staySilent(ms: 30_000), .hangUp])
        let stage = try await PlacedCalls.stage(agent) { _ in .answers(afterMs: 300, script: callee) }

        let (id, number) = try await PlacedCalls.place(stage)

        let sid = try await PlacedCalls.attempt(stage, id, in: "ended").text("carrier_call_sid")
        let call = try #require(try await stage.finalizedCall(sid))
        #expect(try call.text("end_reason") == "dnc_request")
        #expect(
            try await stage.count(
                "consents where phone = $1 and not granted and words = 'pressed 9'", [.text(number)]) == 3)
        let again = try await PlacedCalls.ask(stage, for: number)
        #expect(again.status == 409)
        #expect(again.text.contains("left_alone (parley-left-alone)"), "\(again.text)")
        await agent.shutdown()
    }

    @Test func `a busy line, and one that nobody answers, end as such, and one number rings once at a time`()
        async throws
    {
        let agent = try ScriptedAgent([ScriptedAgent.Part()])
        let stage = try await PlacedCalls.stage(agent) { _ in .answers(afterMs: 60_000, script: nil) }

        let (id, number) = try await PlacedCalls.place(stage)
        let twice = try await PlacedCalls.ask(stage, for: number)
        let ended = try await PlacedCalls.attempt(stage, id, in: "ended")

        #expect(twice.status == 409)
        #expect(twice.text.contains("under way"))
        #expect(try ended.text("outcome") == "no_answer")
        #expect(try ended.timestampOrNil("answered_at") == nil)
        #expect(try await stage.count("dial_attempts") == 1)
        await agent.shutdown()
    }

    @Test func `all calls of a tenant are stopped at once, and a carrier that refuses is told of`() async throws {
        let agent = try ScriptedAgent([ScriptedAgent.Part()])
        let stage = try await PlacedCalls.stage(agent) { _ in .busy }
        let stopped = try await PlacedCalls.post(stage, "/api/v1/calling-rules/stop", #"{"is_stopped":true}"#)
        #expect(stopped.status == 200, "\(stopped.text)")
        let number = try PlacedCalls.number()
        #expect(try await PlacedCalls.ask(stage, for: number).text.contains("tenant_stopped"))
        _ = try await PlacedCalls.post(stage, "/api/v1/calling-rules/stop", #"{"is_stopped":false}"#)

        // Reserved by a node that was never to place it.
        _ = try await stage.database.rows(
            """
            insert into dial_attempts (tenant_id, number, caller_id, purpose, created_at, valid_until)
            values ($1, $2, '+15550100100', 'marketing', now() - interval '3 minutes', now() - interval '1 minute')
            """, [.uuid(TenantID.initial.uuid), .text(number)])

        let (id, _) = try await PlacedCalls.place(stage)

        #expect(try await PlacedCalls.attempt(stage, id, in: "ended").text("outcome") == "busy")
        await agent.shutdown()
    }
}
