import CallModel
import Database
import Dialing
import Foundation
import Jobs
import TestSupport
import Testing

@testable import Campaigns

/// Talks that leave something to do: a call back at the time that was named, and one that broke off.
@Suite struct CallbackTests {
    /// One call a day, but for those that were asked for.
    private static let rules = """
        {"id": "day", "version": "1", "source": "test", "attempts": {"max": 1, "a_day": true, "exempts_asked": true}}
        """
    private static let sid = "CA00000000000000000000000000000077"

    private struct Talked {
        let stage: CampaignStage
        let campaign: UUID
        let person: UUID
        let attempt: UUID
        let call: UUID
    }

    /// Somebody who was called and has answered; their record is still to be written.
    private func talked(rules: String = "{}") async throws -> Talked {
        let stage = try await CampaignStage.make(rules: Self.rules)
        let campaign = try await stage.campaign(rules: rules)
        let person = try await stage.enrol(1, in: campaign)[0]
        return try await talked(stage, campaign, person, Self.sid)
    }

    private func talked(
        _ stage: CampaignStage, _ campaign: UUID, _ person: UUID, _ sid: String
    ) async throws -> Talked {
        try await stage.claim(campaign)
        let attempt = try #require(try await stage.enrolment(of: person).attempt)
        _ = try await stage.temporary.rows(
            """
            update dial_attempts set requested_at = now(), answered_at = now(), answered_by = 'person', carrier_call_sid = $2
            where id = $1
            """, [.uuid(attempt), .text(sid)])
        let call = try #require(
            try await stage.temporary.rows(
                """
                insert into calls (tenant_id, contact_id, carrier_call_sid, direction) values ($1, $2, $3, 'outbound')
                returning id
                """, [.uuid(stage.tenant.uuid), .uuid(person), .text(sid)]
            ).first
        ).uuid("id")
        return Talked(stage: stage, campaign: campaign, person: person, attempt: attempt, call: call)
    }

    /// What the record says of it.
    private func write(
        _ talked: Talked, outcome: String, endReason: String = "caller_hangup", speaks: Bool = true
    ) async throws {
        _ = try await talked.stage.temporary.rows(
            "update calls set status = 'completed', finalized_at = now(), call_end_time = now(), outcome = $2, end_reason = $3 where id = $1",
            [.uuid(talked.call), .text(outcome), .text(endReason)])
        guard speaks else { return }
        _ = try await talked.stage.temporary.rows(
            """
            insert into conversations (tenant_id, call_id, turn_number, speaker, started_ms, ended_ms, text, heard_text)
            values ($1, $2, 1, 'caller', 0, 900, 'Hello.', 'Hello.')
            """, [.uuid(talked.stage.tenant.uuid), .uuid(talked.call)])
    }

    /// In an hour.
    private func ask(_ talked: Talked) async throws -> UUID {
        let rows = try await talked.stage.temporary.rows(
            """
            with l as (insert into leads (tenant_id, contact_id) values ($1, $2) returning id)
            insert into follow_ups (tenant_id, lead_id, call_id, due_at, is_asked)
            select $1, l.id, $3, now() + interval '1 hour', true from l returning id
            """, [.uuid(talked.stage.tenant.uuid), .uuid(talked.person), .uuid(talked.call)])
        return try #require(rows.first).uuid("id")
    }

    private func end(_ talked: Talked) async throws { try await talked.stage.end(talked.attempt, "completed") }

    @Test func `who asked to be called back is, at that time, by the campaign, though they were called that day`()
        async throws
    {
        let talked = try await talked()
        let (stage, task) = (talked.stage, try await ask(talked))
        try await write(talked, outcome: "follow_up_agreed")
        try await end(talked)
        let waiting = try await stage.enrolment(of: talked.person)
        #expect(waiting.status == "retry_at" && waiting.reason == "callback")
        #expect((3_500.0...3_700).contains(try #require(waiting.secondsUntil)))

        // The hour is over.
        _ = try await stage.temporary.rows("update follow_ups set due_at = now() - interval '1 second'")
        _ = try await stage.temporary.rows("update campaign_contacts set next_at = now() - interval '1 second'")
        let result = try await stage.claim(talked.campaign)

        #expect(result.reserved == 1)
        #expect(try await stage.enrolment(of: talked.person).status == "dialling")

        // Nobody answers, and a colleague reaches them before the next try.
        try await stage.end(try #require(try await stage.enrolment(of: talked.person).attempt), "no_answer")
        #expect(try await stage.count("campaign_contacts where callback_id = $1", [.uuid(task)]) == 1)
        _ = try await stage.temporary.rows("update follow_ups set status = 'Completed'")
        _ = try await stage.temporary.rows("update campaign_contacts set next_at = now() - interval '1 second'")
        #expect(try await stage.claim(talked.campaign).reserved == 0)
        #expect(try await stage.enrolment(of: talked.person).reason == "callback_done")
    }

    @Test func `one that another call has moved is waited for, and done once`() async throws {
        let talked = try await talked()
        let (stage, task) = (talked.stage, try await ask(talked))
        try await write(talked, outcome: "follow_up_agreed")
        try await end(talked)
        _ = try await stage.temporary.rows(
            """
            with moved as (update follow_ups set status = 'Rescheduled' where id = $1 returning tenant_id, lead_id)
            insert into follow_ups (tenant_id, lead_id, call_id, due_at, is_asked)
            select tenant_id, lead_id, $2, now() + interval '2 hours', true from moved
            """, [.uuid(task), .uuid(talked.call)])
        _ = try await stage.temporary.rows("update campaign_contacts set next_at = now() - interval '1 second'")

        #expect(try await stage.claim(talked.campaign).reserved == 0)

        let waiting = try await stage.enrolment(of: talked.person)
        #expect(waiting.status == "retry_at" && waiting.reason == "callback")
        #expect(try #require(waiting.secondsUntil) > 7_000)
    }

    @Test func `without having asked, nobody is called twice that day`() async throws {
        let talked = try await talked()
        try await write(talked, outcome: "interrupted")
        try await end(talked)
        _ = try await talked.stage.temporary.rows("update campaign_contacts set next_at = now() - interval '1 second'")

        let result = try await talked.stage.claim(talked.campaign)

        #expect(result.reserved == 0 && result.postponed == 1)
    }

    @Test(arguments: ["Completed", "Cancelled", "gone"])
    func `a call back that somebody else has done, or called off, is not done again`(_ state: String) async throws {
        let talked = try await talked()
        let (stage, task) = (talked.stage, try await ask(talked))
        try await write(talked, outcome: "follow_up_agreed")
        try await end(talked)
        _ = try await stage.temporary.rows(
            state == "gone"
                ? "delete from follow_ups where id = $1" : "update follow_ups set status = '\(state)' where id = $1",
            [.uuid(task)])
        _ = try await stage.temporary.rows("update campaign_contacts set next_at = now() - interval '1 second'")

        let result = try await stage.claim(talked.campaign)

        let over = try await stage.enrolment(of: talked.person)
        #expect(result.reserved == 0 && over.status == "completed" && over.reason == "callback_done")
    }

    @Test func `one that was put off is waited for`() async throws {
        let talked = try await talked()
        _ = try await ask(talked)
        try await write(talked, outcome: "follow_up_agreed")
        try await end(talked)
        _ = try await talked.stage.temporary.rows("update campaign_contacts set next_at = now() - interval '1 second'")

        #expect(try await talked.stage.claim(talked.campaign).reserved == 0)

        let waiting = try await talked.stage.enrolment(of: talked.person)
        #expect(waiting.status == "retry_at" && waiting.reason == "callback")
        #expect(try #require(waiting.secondsUntil) > 3_000)
    }

    @Test func `what was said is waited for, as long as it may still be written`() async throws {
        let talked = try await talked()

        await #expect(throws: JobFailure.self) { try await end(talked) }
        _ = try await talked.stage.temporary.rows(
            "update dial_attempts set ended_at = now() - interval '61 seconds' where id = $1", [.uuid(talked.attempt)])
        let move = MoveOn(attempt: talked.attempt)
        try await talked.stage.temporary.database.transaction(tenant: talked.stage.tenant) { try move.write(in: $0) }

        #expect(try await talked.stage.enrolment(of: talked.person).status == "completed")
    }

    @Test(arguments: [
        ("interrupted", "caller_hangup", true, "talked_incomplete", 300.0...900),
        ("nurture", "carrier_failed", true, "talked_incomplete", 300...900),
        ("failed", "agent_fault", true, "agent_fault", 1_400...2_200),
    ])
    func `a talk that broke off is taken up again, once`(
        _ outcome: String, _ endReason: String, _ speaks: Bool, _ reason: String, _ seconds: ClosedRange<Double>
    ) async throws {
        let talked = try await talked()
        let stage = talked.stage
        try await write(talked, outcome: outcome, endReason: endReason, speaks: speaks)
        try await end(talked)
        let waiting = try await stage.enrolment(of: talked.person)
        #expect(waiting.status == "retry_at" && waiting.reason == reason)
        #expect(seconds.contains(try #require(waiting.secondsUntil)))

        // Another day, and it breaks off again.
        _ = try await stage.temporary.rows(
            "update dial_attempts set requested_at = requested_at - interval '2 days', created_at = created_at - interval '2 days'"
        )
        _ = try await stage.temporary.rows("update campaign_contacts set next_at = now() - interval '1 second'")
        let again = try await self.talked(stage, talked.campaign, talked.person, Self.sid.replacing("77", with: "78"))
        try await write(again, outcome: outcome, endReason: endReason, speaks: speaks)
        try await end(again)

        #expect(try await stage.enrolment(of: talked.person).status == "completed")
    }

    @Test(arguments: [("nurture", "caller_hangup", true), ("interrupted", "caller_hangup", false)])
    func `one that came to its end, or never began, is over`(
        _ outcome: String, _ endReason: String, _ speaks: Bool
    ) async throws {
        let talked = try await talked()
        try await write(talked, outcome: outcome, endReason: endReason, speaks: speaks)

        try await end(talked)

        #expect(try await talked.stage.enrolment(of: talked.person).status == "completed")
    }
}
