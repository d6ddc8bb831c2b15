import CallModel
import Database
import Encoding
import Endpoints
import Foundation
import TestSupport
import Testing
import WebSocketTransport

@testable import API

/// Campaigns as their addresses show them.
@Suite struct CampaignTests {
    private static let path = "/api/v1/campaigns"

    private static func campaign(_ stage: APIStage, _ fields: JSONValue = [:]) async throws -> String {
        let body = JSONValue.object(["name": "Spring"]).merged(with: fields)
        return try #require(try await stage.json("POST", path, as: .admin, body, is: 201)["id"]?.text)
    }

    private static func contact(_ stage: APIStage, _ fields: JSONValue) async throws -> String {
        let body = JSONValue.object(["contact_name": "Maria"]).merged(with: fields)
        return try #require(try await stage.json("POST", "/api/v1/contacts", as: .admin, body, is: 201)["id"]?.text)
    }

    private static func problem(
        _ stage: APIStage, _ method: String, _ path: String, _ body: JSONValue?, _ status: Int
    ) async throws -> String {
        let answer = await stage.send(method, path, as: .admin, body)
        #expect(answer.status == status, "\(String(decoding: answer.body, as: UTF8.self))")
        return String(decoding: answer.body, as: UTF8.self)
    }

    @Test(arguments: ["email", "sms", "whatsapp", "multi_channel"])
    func `a campaign of another channel is refused by name`(_ type: String) async throws {
        let stage = try await APIStage.make()

        let said = try await Self.problem(
            stage, "POST", Self.path, ["name": "Letters", "type": .text(type)], 422)

        #expect(said.contains("Campaigns of the type `\(type)` are not there yet"), "\(said)")
        #expect(said.contains("/type"))
    }

    @Test(arguments: [
        ("/pace/calls_per_second", #"{"name":"x","pace":{"mode":"fixed","calls_per_second":0}}"#),
        ("/pace/calls_per_second", #"{"name":"x","pace":{"mode":"fixed","calls_per_second":100}}"#),
        ("/pace/mode", #"{"name":"x","pace":{"mode":"hasty"}}"#),
        ("/pace/abandon_max", #"{"name":"x","pace":{"mode":"predictive","abandon_max":0.04}}"#),
        ("/pace/calls_max", #"{"name":"x","pace":{"calls_max":0}}"#),
        ("/rules/attempts_max", #"{"name":"x","rules":{"attempts_max":21}}"#),
        ("/rules/menu_key", #"{"name":"x","rules":{"menu_key":"12"}}"#),
        ("/rules/on_machine", #"{"name":"x","rules":{"on_machine":"shout"}}"#),
        ("/schedule/hours", #"{"name":"x","schedule":{"hours":{"mon":["17:00","09:00"]}}}"#),
        ("/schedule/hours", #"{"name":"x","schedule":{"hours":{"mon":["09:00"]}}}"#),
        ("/schedule/hours/noday", #"{"name":"x","schedule":{"hours":{"noday":["09:00","17:00"]}}}"#),
        ("/caller_ids/0", #"{"name":"x","caller_ids":["+14155559999"]}"#),
        ("/caller_ids/1", #"{"name":"x","caller_ids":["+15550100100","4155550100"]}"#),
        ("/ends_at", #"{"name":"x","starts_at":"2027-01-02T00:00:00Z","ends_at":"2027-01-01T00:00:00Z"}"#),
        ("/target_criteria/score_min", #"{"name":"x","target_criteria":{"score_min":101}}"#),
        ("/target_criteria/shoe_size", #"{"name":"x","target_criteria":{"shoe_size":["44"]}}"#),
        ("/status", #"{"name":"x","status":"active"}"#),
        ("/name", #"{"name":""}"#),
    ])
    func `what cannot be is refused where it stands`(_ pointer: String, _ body: String) async throws {
        let stage = try await APIStage.make()

        let said = try await Self.problem(stage, "POST", Self.path, JSONValue(Array(body.utf8)), 422)

        #expect(said.contains("\"\(pointer)\""), "\(said)")
        #expect(try await stage.temporary.rows("select from campaigns").isEmpty)
    }

    @Test func `contacts are enrolled once, those left alone and without a number never`() async throws {
        let stage = try await APIStage.make()
        let campaign = try await Self.campaign(stage)
        let maria = try await Self.contact(stage, ["phone": "+14155550101"])
        let bob = try await Self.contact(stage, ["phone": "+14155550102"])
        let silent = try await Self.contact(stage, [:])
        _ = try await stage.json(
            "POST", "/api/v1/contacts/\(bob)/do-not-contact", as: .admin, ["reason": "no", "source": "letter"])
        let ids = JSONValue.list([.text(maria), .text(bob), .text(silent), .text(maria)])

        let first = try await stage.json(
            "POST", "\(Self.path)/\(campaign)/enroll", as: .admin, ["contact_ids": ids])
        let second = try await stage.json(
            "POST", "\(Self.path)/\(campaign)/enroll", as: .admin, ["contact_ids": ids])

        #expect(first["enrolled"]?.integer == 1)
        #expect(first["excluded"] == ["already_enrolled": 0, "do_not_contact": 1, "no_number": 1])
        #expect(second["enrolled"]?.integer == 0)
        #expect(second["excluded"] == ["already_enrolled": 1, "do_not_contact": 1, "no_number": 1])
        let listed = try await stage.json("GET", "\(Self.path)/\(campaign)/contacts", as: .admin)
        #expect(listed.texts("contact_id") == [maria])
        #expect(listed.texts("status") == ["pending"])
        let unknown = try await Self.problem(
            stage, "POST", "\(Self.path)/\(campaign)/enroll", ["contact_ids": [.text(UUID().uuidString)]], 422)
        #expect(unknown.contains("no contacts"))

        let out = try await stage.json(
            "POST", "\(Self.path)/\(campaign)/unenroll", as: .admin, ["contact_ids": [.text(maria)]])
        #expect(out == ["unenrolled": 1, "under_way": 0])
        let kinds = try await stage.json("GET", "\(Self.path)/\(campaign)/activities", as: .admin)
            .texts("activity_type")
        #expect(Set(kinds) == ["campaign_created", "enrolled", "unenrolled"])
    }

    @Test func `criteria find who fits, and a preview says how many were left out for what`() async throws {
        let stage = try await APIStage.make()
        let campaign = try await Self.campaign(
            stage,
            ["target_criteria": ["tags_all": ["fair"], "tags_none": ["rival"], "lifecycle_stage": ["evaluating"]]])
        let fair: JSONValue = ["tags": ["fair", "vip"], "lifecycle_stage": "evaluating"]
        let fits = try await Self.contact(stage, fair.merged(with: ["phone": "+14155550101"]))
        _ = try await Self.contact(stage, fair)
        _ = try await Self.contact(
            stage, ["phone": "+14155550103", "tags": ["fair", "rival"], "lifecycle_stage": "evaluating"])
        _ = try await Self.contact(stage, ["phone": "+14155550104", "tags": ["fair"]])
        let preview: JSONValue = ["campaign_id": .text(campaign)]

        let before = try await stage.json("POST", "\(Self.path)/targeting/preview", as: .admin, preview)
        let enrolled = try await stage.json(
            "POST", "\(Self.path)/\(campaign)/enroll-from-criteria", as: .admin, [:])
        let after = try await stage.json("POST", "\(Self.path)/targeting/preview", as: .admin, preview)

        #expect(before["count"]?.integer == 1)
        #expect(before["excluded"] == ["already_enrolled": 0, "do_not_contact": 0, "no_number": 1])
        #expect(before["sample"]?.list?.compactMap { $0["id"]?.text } == [fits])
        #expect(enrolled["enrolled"]?.integer == 1 && enrolled["remaining"]?.integer == 0)
        #expect(after["count"]?.integer == 0)
        #expect(after["excluded"] == ["already_enrolled": 1, "do_not_contact": 0, "no_number": 1])
    }

    @Test(arguments: [
        (#"{"score_min":50}"#, ["one"]), (#"{"score_max":49}"#, ["two"]),
        (#"{"days_without_call":3}"#, ["one", "three"]),
        (#"{"custom_fields":{"chairs":"2"}}"#, ["two"]), (#"{"tags_any":["a","c"]}"#, ["one", "three"]),
        (#"{"status":["customer"]}"#, ["three"]),
        (#"{"opt_in_status":["unknown"],"tags_none":["a"]}"#, ["three", "two"]),
        (#"{"lead_source":["fair"]}"#, ["one"]), ("{}", ["one", "three", "two"]),
    ])
    func `each criterion narrows what it says`(_ criteria: String, _ names: [String]) async throws {
        let stage = try await APIStage.make()
        for (name, tags, status, fields, score, source) in [
            ("one", "{a,b}", "lead", "{}", 80, "fair"), ("two", "{b}", "lead", #"{"chairs":"2"}"#, 20, "web"),
            ("three", "{c}", "customer", "{}", nil, "web"),
        ] as [(String, String, String, String, Int?, String)] {
            let id = UUID()
            _ = try await stage.temporary.rows(
                """
                insert into contacts (tenant_id, id, contact_name, phone, tags, status, custom_fields, lead_source)
                values ($1, $2, $3, '+14155550101', $4::text[], $5, $6::jsonb, $7)
                """,
                [
                    .uuid(TenantID.initial.uuid), .uuid(id), .text(name), .text(tags), .text(status), .json(fields),
                    .text(source),
                ])
            if let score {
                _ = try await stage.temporary.rows(
                    "insert into leads (tenant_id, contact_id, lead_score) values ($1, $2, $3)",
                    [.uuid(TenantID.initial.uuid), .uuid(id), .int(score)])
            }
            if name == "two" {
                _ = try await stage.temporary.rows(
                    "insert into calls (tenant_id, contact_id, carrier_call_sid, call_start_time) values ($1, $2, 'CA1', now())",
                    [.uuid(TenantID.initial.uuid), .uuid(id)])
            }
        }

        let found = try await stage.json(
            "POST", "\(Self.path)/targeting/preview", as: .admin,
            ["criteria": try #require(JSONValue(Array(criteria.utf8)))])

        #expect((found["sample"]?.list?.compactMap { $0["contact_name"]?.text } ?? []).sorted() == names)
        #expect(found["count"]?.integer == names.count)
    }

    // MARK: What it is told

    private static func ready(_ stage: APIStage, _ fields: JSONValue = [:]) async throws -> String {
        let campaign = try await campaign(stage, fields)
        let person = try await contact(stage, ["phone": "+14155550101"])
        _ = try await stage.json(
            "POST", "\(path)/\(campaign)/enroll", as: .admin, ["contact_ids": [.text(person)]])
        return campaign
    }

    private static func tell(
        _ stage: APIStage, _ campaign: String, _ what: String, is status: Int = 200
    ) async throws -> JSONValue {
        try await stage.json("POST", "\(path)/\(campaign)/\(what)", as: .admin, [:], is: status)
    }

    @Test func `a campaign starts, rests, goes on and ends, and is told so at each step`() async throws {
        let stage = try await APIStage.make()
        let campaign = try await Self.ready(stage)

        #expect(try await Self.tell(stage, campaign, "start")["status"]?.text == "active")
        _ = try await Self.tell(stage, campaign, "start", is: 409)
        #expect(
            try await stage.json("GET", "\(Self.path)/active", as: .admin).texts("id") == [campaign])
        _ = try await Self.problem(stage, "DELETE", "\(Self.path)/\(campaign)", nil, 409)
        #expect(try await Self.tell(stage, campaign, "pause")["status"]?.text == "paused")
        #expect(try await stage.json("GET", "\(Self.path)/active", as: .admin).rows.isEmpty)
        #expect(try await Self.tell(stage, campaign, "resume")["status"]?.text == "active")
        let stopped = try await Self.tell(stage, campaign, "stop")
        #expect(stopped["status"]?.text == "stopped" && stopped["ended_at"] != .null)
        for order in ["start", "pause", "resume", "stop"] { _ = try await Self.tell(stage, campaign, order, is: 409) }
        let edit = try await Self.problem(stage, "PATCH", "\(Self.path)/\(campaign)", ["name": "Autumn"], 409)
        #expect(edit.contains("clone"))
        let kinds = try await stage.json("GET", "\(Self.path)/\(campaign)/activities", as: .admin)
            .texts("activity_type")
        #expect(
            kinds.filter { $0.hasPrefix("campaign") }.sorted() == [
                "campaign_created", "campaign_paused", "campaign_resumed", "campaign_started", "campaign_stopped",
            ])
        #expect(await stage.status("DELETE", "\(Self.path)/\(campaign)", as: .admin) == 204)
    }

    @Test func `one that begins later waits for its time`() async throws {
        let stage = try await APIStage.make()
        let campaign = try await Self.ready(stage, ["starts_at": "2199-01-01T00:00:00Z"])

        #expect(try await Self.tell(stage, campaign, "start")["status"]?.text == "scheduled")
        #expect(try await Self.tell(stage, campaign, "pause")["status"]?.text == "paused")
        #expect(try await Self.tell(stage, campaign, "resume")["status"]?.text == "scheduled")
    }

    @Test func `nobody to call, nothing to call from, and a stopped tenant are no start`() async throws {
        let stage = try await APIStage.make()
        let empty = try await Self.campaign(stage)
        let said = try await Self.problem(stage, "POST", "\(Self.path)/\(empty)/start", [:], 409)
        #expect(said.contains("Nobody is enrolled"))

        let campaign = try await Self.ready(stage)
        _ = try await stage.temporary.rows("update phone_numbers set is_active = false")
        #expect(try await Self.problem(stage, "POST", "\(Self.path)/\(campaign)/start", [:], 409).contains("number"))
        _ = try await stage.temporary.rows("update phone_numbers set is_active = true")
        _ = try await stage.json("POST", "/api/v1/calling-rules/stop", ["is_stopped": true])
        #expect(try await Self.problem(stage, "POST", "\(Self.path)/\(campaign)/start", [:], 409).contains("stopped"))
    }

    @Test func `an emergency stop pauses all campaigns and places no call, until it is taken back`() async throws {
        let stage = try await APIStage.make()
        let (first, second) = (try await Self.ready(stage), try await Self.ready(stage))
        for campaign in [first, second] { _ = try await Self.tell(stage, campaign, "start") }

        let stopped = try await stage.json("POST", "\(Self.path)/emergency-stop", as: .admin, ["reason": "enough"])

        #expect(stopped == ["campaigns": 2, "cancelled": 0, "hung_up": 0])
        let row = try await stage.json("GET", "\(Self.path)/\(first)", as: .admin)
        #expect(row["status"]?.text == "paused" && row["reason"]?.text == "enough")
        #expect(await stage.status("POST", "\(Self.path)/\(first)/resume", as: .admin, [:]) == 409)
        let test = await stage.send("POST", "\(Self.path)/\(first)/test-send", as: .admin, ["to": "+12015550175"])
        #expect(String(decoding: test.body, as: UTF8.self).contains("tenant_stopped"))
        _ = try await stage.json("POST", "/api/v1/calling-rules/stop", ["is_stopped": false])
        #expect(try await Self.tell(stage, first, "resume")["status"]?.text == "active")
    }

    @Test func `a clone is a draft of the same kind with nobody in it`() async throws {
        let stage = try await APIStage.make()
        let campaign = try await Self.ready(
            stage,
            [
                "pace": ["mode": "fixed", "calls_per_second": 2],
                "schedule": ["hours": ["mon_fri": ["09:00", "17:00"]]],
            ])
        _ = try await Self.tell(stage, campaign, "start")

        let clone = try await stage.json("POST", "\(Self.path)/\(campaign)/clone", as: .admin, [:], is: 201)

        #expect(clone["name"]?.text == "Copy of Spring" && clone["status"]?.text == "draft")
        #expect(clone["pace"] == ["mode": "fixed", "calls_per_second": 2])
        #expect(clone["schedule"] == ["hours": ["mon_fri": ["09:00", "17:00"]]])
        let id = try #require(clone["id"]?.text)
        #expect(try await stage.json("GET", "\(Self.path)/\(id)/contacts", as: .admin).rows.isEmpty)
    }

    @Test func `what came of a campaign is what its activities say`() async throws {
        let stage = try await APIStage.make()
        let campaign = try await Self.ready(stage)
        let ids = try #require(
            try await stage.temporary.rows("select id, contact_id from campaign_contacts").first)
        let enrolment = try ids.uuid("id")
        for (type, metadata) in [
            ("dial_reserved", "{}"), ("dial_requested", "{}"), ("dial_placed", "{}"), ("dial_ringing", "{}"),
            ("dial_busy", "{}"), ("dial_placed", "{}"), ("dial_answered", "{}"),
            ("dial_completed", #"{"talk_seconds": 42}"#), ("dial_refused", #"{"code": "outside_hours"}"#),
            ("contact_completed", "{}"),
        ] {
            _ = try await stage.temporary.rows(
                """
                insert into campaign_activities (tenant_id, campaign_id, campaign_contact_id, activity_type, metadata)
                values ($1, $2::uuid, $3, $4, $5::jsonb)
                """,
                [
                    .uuid(TenantID.initial.uuid), .text(campaign), .uuid(enrolment), .text(type), .json(metadata),
                ])
        }

        let told = try await stage.json("GET", "\(Self.path)/\(campaign)/performance", as: .admin)
        #expect(told["dialled"]?.integer == 2 && told["answered"]?.integer == 1 && told["talk_seconds"]?.integer == 42)
        #expect(told["outcomes"] == ["busy": 1, "completed": 1])
        #expect(told["refusals"] == ["outside_hours": 1])
        let funnel = try await stage.json("GET", "\(Self.path)/\(campaign)/funnel", as: .admin)
        #expect(funnel["data"]?.list?.compactMap { $0["contacts"]?.integer } == [1, 1, 1, 1, 0, 0])
        let times = try await stage.json(
            "GET", "\(Self.path)/\(campaign)/time-series", query: "since=2020-01-01T00:00:00Z", as: .admin)
        #expect(times["data"]?.list?.compactMap { $0["dialled"]?.integer } == [2])
        let compared = try await stage.json(
            "POST", "\(Self.path)/analytics/compare", as: .admin, ["campaign_ids": [.text(campaign)]])
        #expect(compared["data"]?.list?.first == told)
        let contact = try ids.uuid("contact_id")
        let one = try await stage.json("GET", "\(Self.path)/\(campaign)/recipients/\(contact)/analytics", as: .admin)
        #expect(one["timeline"]?.list?.count == 11 && one["status"]?.text == "pending")
        let summary = try await stage.json("GET", "\(Self.path)/\(campaign)/summary", as: .admin)
        #expect(summary["by_status"] == ["pending": 1] && summary["enrolled"]?.integer == 1)
    }

    @Test func `another tenant's campaign is not there`() async throws {
        let stage = try await APIStage.make()
        let campaign = try await Self.ready(stage)
        let other = APIStage.Person(role: .admin, tenant: try await stage.temporary.secondTenant())

        for (method, path) in [
            ("GET", ""), ("GET", "/contacts"), ("GET", "/activities"), ("GET", "/receipts"), ("GET", "/summary"),
            ("GET", "/performance"), ("GET", "/forecast"), ("GET", "/funnel"), ("GET", "/time-series"),
            ("POST", "/start"), ("POST", "/stop"),
            ("POST", "/clone"), ("POST", "/enroll-from-criteria"), ("DELETE", ""),
        ] {
            let status = await stage.status(
                method, "\(Self.path)/\(campaign)\(path)", as: other, method == "POST" ? [:] : nil)
            #expect(status == 404, "\(method) \(path)")
        }
        #expect(try await stage.json("GET", Self.path, as: other).rows.isEmpty)
    }
}
