import CallModel
import Database
import Encoding
import Endpoints
import Foundation
import TestSupport
import Testing
import WebSocketTransport

@testable import API

/// What a campaign costs, and would.
@Suite struct CampaignForecastTests {
    private static let path = "/api/v1/campaigns"
    private static let budget: JSONValue = [
        "currency": "USD", "price_per_call": .number(0.02), "price_per_minute": .number(0.1), "spend_max": 50,
    ]

    private static func campaign(_ stage: APIStage, _ fields: JSONValue = [:]) async throws -> String {
        let body = JSONValue.object(["name": "Spring", "budget": budget]).merged(with: fields)
        let id = try #require(try await stage.json("POST", path, as: .admin, body, is: 201)["id"]?.text)
        let person = try await stage.json(
            "POST", "/api/v1/contacts", as: .admin, ["contact_name": "Maria", "phone": "+14155550101"], is: 201)
        _ = try await stage.json(
            "POST", "\(path)/\(id)/enroll", as: .admin, ["contact_ids": [person["id"] ?? .null]])
        return id
    }

    @Test func `a forecast is figures, or a drawing for whoever asks for one`() async throws {
        let stage = try await APIStage.make()
        let id = try await Self.campaign(stage)
        _ = try await stage.temporary.rows(
            """
            insert into consents (tenant_id, phone, kind, granted, level, words, source, at)
            values ($1, '+14155550101', 'marketing_voice', true, 'express_written', 'Call me.', 'form', now())
            """, [.uuid(TenantID.initial.uuid)])

        let told = try await stage.json("GET", "\(Self.path)/\(id)/forecast", as: .admin)
        let drawn = await stage.send("GET", "\(Self.path)/\(id)/forecast", query: "plot=svg", as: .admin)
        let accepted = await stage.send(
            "GET", "\(Self.path)/\(id)/forecast", as: .admin, with: [(name: "accept", value: "image/svg+xml")])

        #expect(told["open"]?.integer == 1 && told["sampled"]?.integer == 1)
        #expect(told["basis"]?["calls_seen"]?.integer == 0)
        #expect((told["calls"]?.integer ?? 0) >= 1 && told["currency"]?.text == "USD", "\(told.json)")
        #expect(told["days"]?.list?.isEmpty == false)
        for answer in [drawn, accepted] {
            #expect(answer.status == 200)
            #expect(answer.headers.contains { $0.name == "content-type" && $0.value == "image/svg+xml" })
            #expect(String(decoding: answer.body, as: UTF8.self).hasPrefix("<svg"))
        }
        #expect(await stage.status("GET", "\(Self.path)/\(id)/forecast", query: "plot=gif", as: .admin) == 400)
        #expect(await stage.status("GET", "\(Self.path)/\(UUID())/forecast", as: .admin) == 404)
        #expect(try await stage.temporary.rows("select from dial_receipts").isEmpty)
    }

    @Test func `what calls cost is told from what happened, to the cent`() async throws {
        let stage = try await APIStage.make()
        let id = try await Self.campaign(stage)
        for (type, metadata) in [
            ("dial_placed", "{}"), ("dial_busy", "{}"), ("dial_placed", "{}"),
            ("dial_completed", #"{"talk_seconds": 60}"#), ("dial_placed", "{}"),
            ("dial_completed", #"{"talk_seconds": 61}"#),
        ] {
            _ = try await stage.temporary.rows(
                """
                insert into campaign_activities (tenant_id, campaign_id, activity_type, metadata)
                values ($1, $2::uuid, $3, $4::jsonb)
                """, [.uuid(TenantID.initial.uuid), .text(id), .text(type), .json(metadata)])
        }

        let told = try await stage.json("GET", "\(Self.path)/\(id)/performance", as: .admin)
        let summary = try await stage.json("GET", "\(Self.path)/\(id)/summary", as: .admin)

        // Three calls, and one minute and two.
        #expect(told["cost"] == .number(0.36) && told["cost_per_call"] == .number(0.12))
        #expect(told["cost_per_meeting"] ?? .null == .null && told["currency"]?.text == "USD")
        #expect(summary["cost"] == .number(0.36) && summary["spend_max"]?.integer == 50)
        #expect(told["abandonment"]?["reached"]?.integer == 0)
    }

    @Test func `without a price there is no cost, and no limit to it`() async throws {
        let stage = try await APIStage.make()
        let free = try await Self.campaign(stage, ["budget": .null])

        let told = try await stage.json("GET", "\(Self.path)/\(free)/performance", as: .admin)
        let refused = await stage.send(
            "POST", Self.path, as: .admin, ["name": "x", "budget": ["spend_max": 5, "currency": "USD"]])

        #expect(told["cost"] ?? .null == .null && told["currency"] ?? .null == .null)
        #expect(refused.status == 422)
        #expect(String(decoding: refused.body, as: UTF8.self).contains("/budget/spend_max"))
    }

    @Test func `a clone has the budget, and a campaign that waits is woken by a new one`() async throws {
        let stage = try await APIStage.make()
        let id = try await Self.campaign(stage)
        _ = try await stage.temporary.rows(
            "update campaigns set next_dial_at = now() + interval '15 minutes', reason = 'budget_spent'")

        let clone = try await stage.json("POST", "\(Self.path)/\(id)/clone", as: .admin, [:], is: 201)
        _ = try await stage.json("PATCH", "\(Self.path)/\(id)", as: .admin, ["budget": ["calls_a_day": 9]])

        #expect(clone["budget"]?["price_per_minute"] == .number(0.1))
        let row = try #require(
            try await stage.temporary.rows(
                "select next_dial_at <= clock_timestamp() as is_due from campaigns where id = $1::uuid", [.text(id)]
            )
            .first)
        #expect(try row.bool("is_due"))
    }
}
