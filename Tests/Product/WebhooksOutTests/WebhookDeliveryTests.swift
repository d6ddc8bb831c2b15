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

@Suite struct WebhookDeliveryTests {
    static let lead = "insert into leads (tenant_id, company_name) values ($1, 'Acme')"

    @Test func `an event reaches who asked for it, signed, once`() async throws {
        let stage = try await WebhookStage()
        try await stage.run(Self.lead)
        try await stage.until { !stage.requests.isEmpty }
        try await stage.untilQuiet()

        let request = try #require(stage.requests.first)
        let secret = try #require(WebhookSecret(WebhookStage.secret))
        let id = try #require(request.header("webhook-id"))
        let seconds = try #require(request.header("webhook-timestamp").flatMap { Int($0) })
        #expect(stage.requests.count == 1 && stage.told == ["lead.created"])
        #expect(request.header("webhook-signature") == secret.signature(id: id, at: seconds, request.body))
        #expect(abs(Date.now.timeIntervalSince1970 - Double(seconds)) < 300)
        let delivery = try #require(try await stage.rows("select * from webhook_deliveries").first)
        #expect(try delivery.text("status") == "delivered" && delivery.int("attempts") == 1)
        #expect(try delivery.int("response_status") == 204)
        await stage.stop()
    }

    @Test func `what is rolled back, what nobody asked for and what another tenant does is not told`() async throws {
        struct Undone: Error {}
        let stage = try await WebhookStage(events: [.meetingBooked])
        let theirs = try await stage.temporary.secondTenant()
        try await stage.run(Self.lead)
        try await stage.run(Self.lead, as: theirs)
        try? await stage.temporary.database.transaction(tenant: .initial) { tx in
            _ = try tx.query(
                """
                with l as (insert into leads (tenant_id) values ($1) returning id)
                insert into meetings (tenant_id, lead_id, title, starts_at, ends_at)
                select $1, id, 'Demo', now(), now() + interval '1 hour' from l
                """, [.uuid(TenantID.initial.uuid)])
            throw Undone()
        }
        try await stage.untilQuiet()

        #expect(stage.requests.isEmpty)
        #expect(try await stage.rows("select from webhook_events").isEmpty)
        await stage.stop()
    }

    @Test func `a server that fails is asked again, with the same id and the same body, until it takes it`()
        async throws
    {
        let stage = try await WebhookStage { $0 < 2 ? .empty($0 == 0 ? 500 : 302) : .empty(200) }
        try await stage.run(Self.lead)
        try await stage.until { stage.requests.count == 1 }
        try await stage.untilQuiet()
        #expect(
            try await stage.rows("select from webhook_deliveries where status = 'waiting' and next_attempt_at > now()")
                .count == 1)
        try await stage.hurry()
        try await stage.hurry()

        #expect(stage.requests.count == 3)
        #expect(Set(stage.requests.map { $0.header("webhook-id") }).count == 1)
        #expect(Set(stage.requests.map(\.body)).count == 1)
        let delivery = try #require(try await stage.rows("select * from webhook_deliveries").first)
        #expect(try delivery.text("status") == "delivered" && delivery.int("attempts") == 3)
        #expect(try delivery.textOrNil("last_error") == nil)
        await stage.stop()
    }

    @Test func `an endpoint that takes nothing for a day is asked no more, and one that is gone at once`() async throws
    {
        for (status, attempts) in [(503, WebhookSchedule.pauses.count + 1), (410, 1)] {
            let stage = try await WebhookStage { _ in .empty(status) }
            try await stage.run(Self.lead)
            try await stage.until { stage.requests.count == 1 }
            try await stage.untilQuiet()
            for _ in 1..<attempts { try await stage.hurry() }

            #expect(stage.requests.count == attempts)
            let endpoint = try #require(try await stage.rows("select * from webhook_endpoints").first)
            #expect(try !endpoint.bool("is_active") && endpoint.text("disabled_reason").contains("\(status)"))
            let delivery = try #require(try await stage.rows("select * from webhook_deliveries").first)
            #expect(try delivery.text("status") == "failed" && delivery.int("attempts") == attempts)
            #expect(try await stage.rows("select from jobs where state = 'waiting'").isEmpty)
            #expect(stage.metrics.exposition().contains("parley_webhook_endpoints_disabled_total 1"))
            await stage.stop()
        }
    }

    @Test func `an endpoint that takes others goes on though one message fails for a day`() async throws {
        let stage = try await WebhookStage { $0 == 0 || $0 > 1 ? .empty(500) : .empty(200) }
        try await stage.run(Self.lead)
        try await stage.until { stage.requests.count == 1 }
        try await stage.untilQuiet()
        try await stage.run(Self.lead)
        try await stage.until { stage.requests.count == 2 }
        try await stage.untilQuiet()
        for _ in WebhookSchedule.pauses { try await stage.hurry() }

        let statuses = try await stage.rows("select status from webhook_deliveries order by status").map {
            try $0.text("status")
        }
        #expect(statuses == ["delivered", "failed"])
        #expect(try await stage.rows("select from webhook_endpoints where is_active").count == 1)
        await stage.stop()
    }

    @Test func `what waits for an endpoint that was switched off is not sent`() async throws {
        let stage = try await WebhookStage { _ in .empty(500) }
        try await stage.run(Self.lead)
        try await stage.until { stage.requests.count == 1 }
        try await stage.untilQuiet()
        try await stage.run("update webhook_endpoints set is_active = false where tenant_id = $1")
        try await stage.hurry()

        #expect(stage.requests.count == 1)
        #expect(try await stage.rows("select from webhook_deliveries where status = 'failed'").count == 1)
        await stage.stop()
    }

    @Test func `a name that leads inside is not asked, and the delivery says why`() async throws {
        let stage = try await WebhookStage(allowsPrivate: false)
        try await stage.run(Self.lead)
        try await stage.until {
            try await !stage.rows("select from webhook_deliveries where last_error like '%public internet%'").isEmpty
        }

        #expect(stage.requests.isEmpty)
        await stage.stop()
    }

    @Test func `while a secret is changed both sign`() async throws {
        let stage = try await WebhookStage()
        let next = WebhookSecret()
        try await stage.run(
            """
            update webhook_endpoints set previous_secret = secret, previous_secret_until = now() + interval '1 day',
                secret = '\(next.text)' where tenant_id = $1
            """)
        try await stage.run(Self.lead)
        try await stage.until { !stage.requests.isEmpty }
        try await stage.untilQuiet()
        try await stage.run("update webhook_endpoints set previous_secret_until = now() where tenant_id = $1")
        try await stage.run(Self.lead)
        try await stage.until { stage.requests.count == 2 }

        let old = try #require(WebhookSecret(WebhookStage.secret))
        for (request, secrets) in zip(stage.requests, [[next, old], [next]]) {
            let id = try #require(request.header("webhook-id"))
            let seconds = try #require(request.header("webhook-timestamp").flatMap { Int($0) })
            let expected = secrets.map { $0.signature(id: id, at: seconds, request.body) }
            #expect(request.header("webhook-signature") == expected.joined(separator: " "))
        }
        await stage.stop()
    }
}
