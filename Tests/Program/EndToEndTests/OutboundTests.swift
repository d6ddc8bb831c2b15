import API
import CallModel
import Database
import Endpoints
import Foundation
import Gateway
import HTTPClient
import SimulatedCarrier
import SpeechAgent
import TestSupport
import Testing

/// Calls that we place: asked for through the API, decided by the gate, rung by the carrier, on record.
@Suite(.serialized, .staged) struct OutboundTests {
    /// Somewhere it is time to be called, whatever time it is here: each with who answers it.
    private static let numbers = ["+16715550101", "+12015550101", "+18085550101", "+919812300001", "+447700900101"]

    private func stage(
        _ agent: ScriptedAgent, _ callee: @escaping @Sendable (String) -> Callee
    ) async throws -> Stage {
        let stage = try await Stage.build(
            agentURL: agent.url,
            carrier: {
                $0.callee = callee
                $0.callsPerSecond = 50
            })
        _ = try await stage.database.rows(
            "insert into phone_numbers (tenant_id, number, profile_id) select $1, '+15550200100', id from profiles limit 1",
            [.uuid(TenantID.initial.uuid)])
        _ = try await stage.database.rows("update tenants set name = 'Parley Test', calling_rule_sets = '{us,uk,in}'")
        for number in Self.numbers {
            _ = try await stage.database.rows(
                """
                insert into consents (tenant_id, phone, kind, granted, level, words, source)
                values ($1, $2, 'marketing_voice', true, 'express_written', 'signed', 'form')
                """, [.uuid(TenantID.initial.uuid), .text(number)])
        }
        return stage
    }

    /// Asks for a call to each number until one may be placed.
    private func place(_ stage: Stage) async throws -> (id: String, number: String) {
        for number in Self.numbers {
            let answer = try await ask(stage, for: number)
            if answer.status == 201, let id = answer.id { return (id, number) }
            #expect(answer.status == 409)
            #expect(answer.text.contains("outside_hours"), "\(answer.text)")
        }
        throw Refused()
    }

    private struct Refused: Error {}

    private func ask(_ stage: Stage, for number: String) async throws -> Answer {
        try await post(stage, "/api/v1/calls", #"{"to":"\#(number)","purpose":"marketing"}"#)
    }

    private struct Answer {
        var status: Int
        var text: String
        var id: String? { JSONValue(Array(text.utf8))?["id"]?.text }
    }

    private func post(_ stage: Stage, _ path: String, _ body: String) async throws -> Answer {
        let manager = APIPrincipal(subject: "mia", tenant: .initial, role: .manager)
        let token = JWT.sign(manager, secret: Array("0123456789abcdef0123456789abcdef".utf8), validSeconds: 600)
        let request = OutgoingRequest(
            "POST", stage.gateway.publicURL + path,
            headers: [("Authorization", "Bearer \(token)"), ("Content-Type", "application/json")],
            body: Array(body.utf8))
        let answer = try await HTTPClient(answerBytesMax: 1 << 20).send(request, within: .seconds(30))
        return Answer(status: answer.status, text: String(decoding: answer.body, as: UTF8.self))
    }

    private func attempt(_ stage: Stage, _ id: String, in state: String) async throws -> Row {
        for _ in 0..<(60 * 20 * Sanitizer.slowness) {
            let rows = try await stage.database.rows(
                "select * from dial_attempts where id = $1::uuid and state = $2", [.text(id), .text(state)])
            if let row = rows.first { return row }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw Refused()
    }

    @Test func `a call asked for rings, says first who calls and that it is an AI, and is on record as ours`()
        async throws
    {
        let agent = try ScriptedAgent([ScriptedAgent.Part()])
        let callee = try Stage.caller("callee", [.waitForAgent(silenceMs: 700, timeoutMs: 20_000), .hangUp])
        let stage = try await stage(agent) { _ in .answers(afterMs: 1_500, script: callee) }

        let (id, number) = try await place(stage)

        let ended = try await attempt(stage, id, in: "ended")
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
        let stage = try await stage(agent) { _ in .answers(afterMs: 300, script: callee) }

        let (id, number) = try await place(stage)

        let sid = try await attempt(stage, id, in: "ended").text("carrier_call_sid")
        let call = try #require(try await stage.finalizedCall(sid))
        #expect(try call.text("end_reason") == "dnc_request")
        #expect(
            try await stage.count(
                "consents where phone = $1 and not granted and words = 'pressed 9'", [.text(number)]) == 3)
        let again = try await ask(stage, for: number)
        #expect(again.status == 409)
        #expect(again.text.contains("left_alone (parley-left-alone)"), "\(again.text)")
        await agent.shutdown()
    }

    @Test func `a busy line, and one that nobody answers, end as such, and one number rings once at a time`()
        async throws
    {
        let agent = try ScriptedAgent([ScriptedAgent.Part()])
        let stage = try await stage(agent) { _ in .answers(afterMs: 60_000, script: nil) }

        let (id, number) = try await place(stage)
        let twice = try await ask(stage, for: number)
        let ended = try await attempt(stage, id, in: "ended")

        #expect(twice.status == 409)
        #expect(twice.text.contains("under way"))
        #expect(try ended.text("outcome") == "no_answer")
        #expect(try ended.timestampOrNil("answered_at") == nil)
        #expect(try await stage.count("dial_attempts") == 1)
        await agent.shutdown()
    }

    @Test func `all calls of a tenant are stopped at once, and a carrier that refuses is told of`() async throws {
        let agent = try ScriptedAgent([ScriptedAgent.Part()])
        let stage = try await stage(agent) { _ in .busy }
        let stopped = try await post(stage, "/api/v1/calling-rules/stop", #"{"is_stopped":true}"#)
        #expect(stopped.status == 200, "\(stopped.text)")
        #expect(try await ask(stage, for: Self.numbers[0]).text.contains("tenant_stopped"))
        _ = try await post(stage, "/api/v1/calling-rules/stop", #"{"is_stopped":false}"#)

        // Reserved by a node that was never to place it.
        for number in Self.numbers {
            _ = try await stage.database.rows(
                """
                insert into dial_attempts (tenant_id, number, caller_id, purpose, created_at)
                values ($1, $2, '+15550100100', 'marketing', now() - interval '3 minutes')
                """, [.uuid(TenantID.initial.uuid), .text(number)])
        }

        let (id, _) = try await place(stage)

        #expect(try await attempt(stage, id, in: "ended").text("outcome") == "busy")
        await agent.shutdown()
    }
}
