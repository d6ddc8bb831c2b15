import Database
import Encoding
import Endpoints
import Foundation
import TestSupport
import Testing
import WebSocketTransport

@testable import API

/// A tenant's endpoints as addresses.
@Suite struct WebhookRouteTests {
    private static let path = "/api/v1/webhook-endpoints"
    let stage: APIStage

    init() async throws { stage = try await APIStage.make() }

    private func made(_ body: JSONValue = ["url": "https://hooks.example.com/in"]) async throws -> (String, JSONValue) {
        let response = await stage.send("POST", Self.path, as: .admin, body)
        let text = String(decoding: response.body, as: UTF8.self)
        let json = try #require(JSONValue(response.body), "\(text)")
        #expect(response.status == 201, "\(text)")
        return (try #require(response.headers.first { $0.name == "location" }?.value), json)
    }

    @Test func `an endpoint shows its secret when it is made and when that is changed, and never again`() async throws {
        let (path, json) = try await made(["url": "https://hooks.example.com/in", "events": ["lead.created"]])
        let secret = try #require(json["secret"]?.text)
        let read = await stage.send("GET", path, as: .admin)
        let rotated = await stage.send("POST", path + "/rotate-secret", as: .admin, ["overlap_hours": 1])
        let next = try #require(JSONValue(rotated.body)?["secret"]?.text)

        #expect(secret.hasPrefix("whsec_") && next.hasPrefix("whsec_") && next != secret)
        #expect(read.status == 200 && rotated.status == 200)
        #expect(JSONValue(read.body)?["events"] == ["lead.created"])
        for response in [read, await stage.send("GET", Self.path, as: .admin)] {
            #expect(!String(decoding: response.body, as: UTF8.self).contains("whsec_"))
        }
        let kept = try await stage.temporary.rows("select before::text as b, after::text as a from admin_audit")
        #expect(kept.count == 2)
        for row in kept {
            let texts = [try row.textOrNil("b"), try row.textOrNil("a")]
            #expect(texts.allSatisfy { $0?.contains("whsec_") != true })
        }
    }

    @Test(arguments: [
        "http://hooks.example.com/", "https://127.0.0.1/", "https://localhost/x", "https://10.0.0.1:8443/",
        "https://[::1]/",
        "https://2130706433/", "https://169.254.169.254/latest", "https://user@hooks.example.com/",
        "https://user:pass@hooks.example.com/", "https://hooks.example.com/#part", "https:///path",
        "ftp://example.com/",
        "hooks.example.com", "", "https://[::ffff:10.0.0.1]/",
    ])
    func `an address that nobody on the internet has is refused where it is named`(_ url: String) async throws {
        let (path, _) = try await made()
        for response in [
            await stage.send("POST", Self.path, as: .admin, ["url": .text(url)]),
            await stage.send("PATCH", path, as: .admin, ["url": .text(url)]),
        ] {
            let text = String(decoding: response.body, as: UTF8.self)
            #expect(response.status == 422 && text.contains("/url"), "\(url): \(response.status) \(text)")
        }
    }

    @Test func `an event that there is not is refused by name`() async throws {
        let (path, _) = try await made()
        for response in [
            await stage.send(
                "POST", Self.path, as: .admin, ["url": "https://hooks.example.com/", "events": ["lead.made"]]),
            await stage.send("PATCH", path, as: .admin, ["events": ["lead.created", "lead.made"]]),
        ] {
            #expect(response.status == 422)
            #expect(String(decoding: response.body, as: UTF8.self).contains("lead.stage_changed"))
        }
    }

    @Test func `events are as many as there are at most, however they are given`() async throws {
        let (path, _) = try await made()
        let many = JSONValue.list([JSONValue](repeating: "call.ended", count: 14))
        let given = await stage.send(
            "POST", Self.path, as: .admin, ["url": "https://hooks.example.com/", "events": many])
        let changed = await stage.send("PATCH", path, as: .admin, ["events": many])

        #expect(given.status == 422 && given.status == changed.status)
        for response in [given, changed] {
            #expect(String(decoding: response.body, as: UTF8.self).contains("/events"))
        }
    }

    @Test func `a try is a delivery of its own, and what failed is sent again when it is asked for`() async throws {
        let (path, _) = try await made()
        let tried = await stage.send("POST", path + "/test", as: .admin)
        let id = try #require(JSONValue(tried.body)?["delivery_id"]?.text)
        let delivery = await stage.send("GET", "/api/v1/webhook-deliveries/\(id)", as: .admin)
        #expect(tried.status == 202 && JSONValue(delivery.body)?["event_type"] == "webhook.test")
        #expect(try await stage.temporary.rows("select from jobs where kind = 'webhook.deliver'").count == 1)

        func replay(_ body: JSONValue) async -> HTTPResponse {
            await stage.send("POST", path + "/replay", as: .admin, body)
        }
        let since: JSONValue = ["since": "2020-01-01T00:00:00Z"]
        #expect(JSONValue(await replay(since).body)?["replayed"] == 0, "it is on its way")
        _ = try await stage.temporary.rows("update webhook_deliveries set status = 'failed'")
        #expect(JSONValue(await replay(since).body)?["replayed"] == 1)
        #expect(JSONValue(await replay(["delivery_ids": [.text(id)]]).body)?["replayed"] == 1)
        #expect(await replay([:]).status == 422)
        let list = await stage.send("GET", path + "/deliveries", as: .admin)
        guard case .list(let rows)? = JSONValue(list.body)?["data"] else {
            Issue.record("\(String(decoding: list.body, as: UTF8.self))")
            return
        }
        #expect(rows.count == 3 && Set(rows.compactMap { $0["event_id"]?.text }).count == 1)

        _ = await stage.send("PATCH", path, as: .admin, ["is_active": false])
        #expect(await replay(since).status == 409)
        #expect(await stage.send("POST", path + "/test", as: .admin).status == 409)
        #expect(await stage.send("GET", Self.path + "/\(UUID())/deliveries", as: .admin).status == 404)
    }

    @Test func `one that was switched off is switched on again, and the notice of it goes`() async throws {
        let (path, json) = try await made()
        let id = try #require(json["id"]?.text)
        _ = try await stage.user("Boss", role: .admin)
        _ = try await stage.temporary.rows(
            "update webhook_endpoints set is_active = false, disabled_reason = 'It answered 410.'")
        _ = try await stage.temporary.rows(
            """
            insert into notifications (tenant_id, user_id, kind, title, subject_table, subject_id)
            select u.tenant_id, u.id, 'webhook_disabled', 'x', 'webhook_endpoints', $1::uuid from users u
            where u.full_name = 'Boss'
            """, [.text(id)])

        let changed = await stage.send("PATCH", path, as: .admin, ["is_active": true])

        #expect(changed.status == 200)
        #expect(JSONValue(changed.body)?["is_active"] == true && JSONValue(changed.body)?["disabled_reason"] == .null)
        #expect(try await stage.temporary.rows("select from notifications").isEmpty)
    }
}
