import CallModel
import Database
import Encoding
import Foundation
import Jobs
import Telemetry
import TestSupport
import Testing
import WebSocketTransport

@testable import WebhooksOut

/// What the tables tell, in the transaction in which it happens.
@Suite struct WebhookEventTests {
    private static let lead = "88888888-8888-4888-8888-888888888888"
    private static let call = "99999999-9999-4999-8999-999999999999"

    @Test func `a lead is told of when it is made, moved and qualified, and not when it is touched`() async throws {
        let stage = try await WebhookStage()
        for sql in [
            "insert into leads (tenant_id, id) values ($1, '\(Self.lead)')",
            "update leads set notes = 'x' where tenant_id = $1",
            "update leads set stage = 'MQL', previous_stage = 'LEAD', notes = 'y' where tenant_id = $1",
            "update leads set qualification_status = 'marketing_qualified' where tenant_id = $1",
            "update leads set qualification_status = 'sales_qualified' where tenant_id = $1",
        ] { try await stage.run(sql) }
        try await stage.until { stage.requests.count >= 3 }
        try await stage.untilQuiet()

        #expect(stage.told == ["lead.created", "lead.qualified", "lead.stage_changed"])
        let moved = try await stage.rows("select data from webhook_events where type = 'lead.stage_changed'")
        let text = try #require(try moved.first?.text("data"))
        #expect(text.contains(#""stage": "MQL""#) && text.contains(#""previous_stage": "LEAD""#))
        #expect(text.contains(Self.lead))
        await stage.stop()
    }

    @Test func `a call is told of when it begins, and once when it has ended, without a word of it`() async throws {
        let stage = try await WebhookStage()
        for sql in [
            """
            insert into calls (tenant_id, id, from_number, transcript, summary)
            values ($1, '\(Self.call)', '+14155550100', 'secret words', 'secret words')
            """,
            "update calls set status = 'completed' where tenant_id = $1",
            "update calls set call_end_time = now(), finalized_at = now() where tenant_id = $1",
            "update calls set finalized_at = null where tenant_id = $1",
            "update calls set finalized_at = now() where tenant_id = $1",
            """
            insert into calls (tenant_id, status, call_end_time, finalized_at)
            values ($1, 'completed', now(), now())
            """,
        ] { try await stage.run(sql) }
        try await stage.until { stage.requests.count >= 4 }
        try await stage.untilQuiet()

        #expect(stage.told == ["call.ended", "call.ended", "call.started", "call.started"])
        for request in stage.requests {
            #expect(!String(decoding: request.body, as: UTF8.self).contains("secret"))
        }
        await stage.stop()
    }

    @Test func `a campaign is told of when it begins and when it is over, not when it rests`() async throws {
        let stage = try await WebhookStage()
        for sql in [
            "insert into campaigns (tenant_id, name) values ($1, 'Spring')",
            "update campaigns set status = 'scheduled' where tenant_id = $1",
            "update campaigns set status = 'active', started_at = now() where tenant_id = $1",
            "update campaigns set status = 'paused' where tenant_id = $1",
            "update campaigns set status = 'active' where tenant_id = $1",
            "update campaigns set status = 'stopped', ended_at = now(), reason = 'enough' where tenant_id = $1",
        ] { try await stage.run(sql) }
        try await stage.until { stage.requests.count >= 2 }
        try await stage.untilQuiet()

        #expect(stage.told == ["campaign.finished", "campaign.started"])
        let ended = try await stage.rows("select data from webhook_events where type = 'campaign.finished'")
        #expect(try #require(try ended.first?.text("data")).contains(#""reason": "enough""#))
        await stage.stop()
    }

    @Test func `a consent, a meeting and a follow-up that is due are told of, the last one once`() async throws {
        let stage = try await WebhookStage()
        for sql in [
            "insert into leads (tenant_id, id) values ($1, '\(Self.lead)')",
            """
            insert into consents (tenant_id, phone, kind, granted, words, source)
            values ($1, '+14155550100', 'consult', true, 'secret words', 'caller')
            """,
            """
            insert into meetings (tenant_id, lead_id, title, starts_at, ends_at)
            values ($1, '\(Self.lead)', 'Demo', now(), now() + interval '1 hour')
            """,
            """
            insert into follow_ups (tenant_id, lead_id, due_at, reason, status) values
                ($1, '\(Self.lead)', now() - interval '1 minute', 'due', 'Pending'),
                ($1, '\(Self.lead)', now() + interval '1 hour', 'to come', 'Pending'),
                ($1, '\(Self.lead)', now() - interval '1 minute', 'done', 'Completed'),
                ($1, '\(Self.lead)', now() - interval '2 days', 'long ago', 'Pending')
            """,
        ] { try await stage.run(sql) }
        for _ in 0..<2 {
            try await stage.temporary.database.transaction(tenant: .initial) { try $0.enqueue(TellOfDueFollowUps()) }
            try await stage.untilQuiet()
        }
        try await stage.until { stage.requests.count >= 4 }
        try await stage.untilQuiet()

        #expect(stage.told == ["consent.changed", "follow_up.due", "lead.created", "meeting.booked"])
        for request in stage.requests {
            #expect(!String(decoding: request.body, as: UTF8.self).contains("secret"))
        }
        await stage.stop()
    }

    @Test func `many rows of one statement are told of one by one`() async throws {
        let stage = try await WebhookStage(events: [.leadCreated])
        try await stage.run("insert into leads (tenant_id) select $1 from generate_series(1, 40)")
        try await stage.until { stage.requests.count >= 40 }
        try await stage.untilQuiet()

        #expect(stage.requests.count == 40)
        #expect(Set(stage.requests.map { $0.header("webhook-id") }).count == 40)
        await stage.stop()
    }

    @Test func `events of a month ago go, and their deliveries with them`() async throws {
        let stage = try await WebhookStage()
        try await stage.run(WebhookDeliveryTests.lead)
        try await stage.run(WebhookDeliveryTests.lead)
        try await stage.until { stage.requests.count == 2 }
        try await stage.untilQuiet()
        _ = try await stage.rows(
            "update webhook_events set created_at = now() - interval '31 days' where id = (select min(id::text)::uuid from webhook_events)"
        )
        try await stage.temporary.database.transaction(tenant: .initial) { try $0.enqueue(PruneWebhookEvents()) }
        try await stage.until { try await stage.rows("select from webhook_events").count == 1 }

        #expect(try await stage.rows("select from webhook_deliveries").count == 1)
        await stage.stop()
    }
}
