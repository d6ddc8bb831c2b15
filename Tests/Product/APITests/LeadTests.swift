import CallModel
import Database
import Encoding
import Endpoints
import Foundation
import TestSupport
import Testing
import WebSocketTransport

@testable import API

/// Leads as people work with them, over a real database.
@Suite struct LeadTests {
    let stage: APIStage
    let leads = "/api/v1/leads"

    init() async throws { stage = try await APIStage.make() }

    @Test func `a lead begins with what is on record of its contact, and is read, changed and deleted`() async throws {
        let contact = UUID().uuidString.lowercased()
        _ = try await stage.temporary.rows(
            """
            insert into contacts (tenant_id, id, contact_name, business_name, phone) values ($1, $2::uuid, 'Jane', 'Acme',
                '+14155550100')
            """, [.uuid(TenantID.initial.uuid), .text(contact)])
        let created = await stage.send(
            "POST", leads, ["contact_id": .text(contact), "contact_person": "Jane Doe", "deal_value": 1200])
        let lead = try #require(JSONValue(created.body))
        let path = try #require(created.headers.first { $0.name == "location" }?.value)

        #expect(created.status == 201 && path == "\(leads)/\(lead["id"]?.text ?? "")")
        #expect(lead["company_name"] == "Acme" && lead["contact_person"] == "Jane Doe")
        #expect(lead["phone"] == "+14155550100" && lead["source"] == "api" && lead["stage"] == "LEAD")
        #expect(lead["pipeline_stage_id"]?.text != nil && lead["scores"] == [] && lead["agent_id"] == .null)

        let read = await stage.send("GET", path)
        let tag = try #require(read.headers.first { $0.name == "etag" }?.value)
        #expect(JSONValue(read.body) == lead)
        let changed = await stage.send("PATCH", path, with: [("if-match", tag)], ["phone": "(415) 555-0199"])
        #expect(changed.status == 200 && JSONValue(changed.body)?["phone"] == "+14155550199")
        #expect(await stage.send("PATCH", path, with: [("if-match", tag)], ["notes": "x"]).status == 412)
        #expect(await stage.status("DELETE", path, as: .stranger) == 403, "that takes a manager")
        #expect(await stage.status("DELETE", path) == 204)
        #expect(await stage.status("GET", path) == 404)
    }

    @Test func `what a lead's other addresses decide is not changed beside them, and wrong values are named`()
        async throws
    {
        let path = "\(leads)/\(try await stage.lead())"
        for (body, pointer) in [
            (["stage": "MQL"], "/stage"), (["agent_id": .null], "/agent_id"), (["lead_score": 100], "/lead_score"),
            (["status_bucket": "P1"], "/status_bucket"), (["phone": "abc"], "/phone"), (["email": "x"], "/email"),
            (["budget": "huge"], "/budget"), (["deal_value": "7"], "/deal_value"), (["currency": "usd"], "/currency"),
            (["contact_id": .text(UUID().uuidString)], "/contact_id"), (["company_name": "a\0b"], "/company_name"),
        ] as [(JSONValue, String)] {
            let answer = try await stage.json("PATCH", path, body, is: 422)
            #expect(answer["errors"]?.list?.first?["pointer"] == .text(pointer), "\(answer.json)")
        }
    }

    @Test func `calls outlive a lead that is deleted, and what was planned with it goes`() async throws {
        try await ReadingTests.arrange(stage.temporary)

        #expect(await stage.status("DELETE", "\(leads)/\(ReadingTests.leadID)") == 204)

        let call = try await stage.json("GET", "/api/v1/calls/\(ReadingTests.callID)")
        #expect(call["lead"] == .null && call["turns"]?.list?.count == 3)
        for table in ["leads", "lead_scores", "follow_ups", "meetings"] {
            #expect(try await stage.temporary.rows("select from \(table)").isEmpty, "\(table)")
        }
    }

    // MARK: - Stages

    @Test func `a move keeps where the lead was, and why it was moved`() async throws {
        let ann = try await stage.user("Ann")
        let id = try await stage.lead(as: ann)
        let moved = try await stage.json(
            "POST", "\(leads)/\(id)/stage", as: ann, ["stage": "SQL", "reason": "Wants a quote"])

        #expect(moved["stage"] == "SQL" && moved["previous_stage"] == "LEAD" && moved["win_probability"] == 45)
        #expect(moved["stage_changed_at"]?.text != nil)
        let board = try await stage.temporary.rows(
            "select p.stage from leads l join pipeline_stages p on p.id = l.pipeline_stage_id")
        #expect(try board.first?.text("stage") == "SQL")
        let activity = try await stage.temporary.rows(
            "select activity_type, description, metadata ->> 'to' as destination, created_by from lead_activities")
        #expect(try activity.map { try $0.text("activity_type") } == ["stage_change"])
        #expect(try activity.first?.text("description") == "Wants a quote")
        #expect(try activity.first?.uuid("created_by").uuidString.lowercased() == ann.subject)
        let history = try await stage.temporary.rows(
            "select from_stage, to_stage, reason, entered_at <= changed_at as is_sane from lead_stage_changes")
        #expect(try history.first?.text("reason") == "Wants a quote" && history.first?.bool("is_sane") == true)
        let audit = try await stage.temporary.rows(
            "select before ->> 'stage' as was, after ->> 'stage' as now from admin_audit order by created_at desc limit 1"
        )
        #expect(try audit.first?.text("was") == "LEAD" && audit.first?.text("now") == "SQL")
    }

    @Test func `a lead moves forward, to LOST and back with a reason, and nowhere else`() async throws {
        let path = "\(leads)/\(try await stage.lead())/stage"
        for (body, status) in [
            (["stage": "OPPORTUNITY"], 200), (["stage": "MQL", "reason": "x"], 409), (["stage": "OPPORTUNITY"], 409),
            (["stage": "LOST"], 422), (["stage": "LOST", "reason": ""], 422),
            (["stage": "LOST", "reason": "no budget"], 200),
            (["stage": "LOST", "reason": "x"], 409), (["stage": "SQL"], 422),
            (["stage": "SQL", "reason": "back"], 200),
            (["stage": "WON"], 422), ([:], 422), (["stage": "CUSTOMER"], 200), (["stage": "SQL", "reason": "x"], 409),
        ] as [(JSONValue, Int)] {
            #expect(await stage.status("POST", path, body) == status, "\(body.json)")
        }
        let answer = try await stage.json("POST", path, ["stage": "LEAD"], is: 409)
        #expect(answer["detail"]?.text?.contains("Allowed: LOST.") == true, "\(answer.json)")
    }

    @Test func `a bulk move answers for each id, and one that cannot be moved holds up no other`() async throws {
        let theirs = try await stage.temporary.secondTenant()
        let foreign = try await stage.lead(as: APIStage.Person(role: .manager, tenant: theirs))
        let (first, second) = (try await stage.lead(), try await stage.lead(["stage": "CUSTOMER"]))
        let missing = UUID().uuidString.lowercased()
        let answer = try await stage.json(
            "POST", "\(leads)/bulk-stage",
            ["stage": "MQL", "ids": .list([first, second, missing, foreign, first].map { .text($0) })])

        let results = answer["results"]?.list ?? []
        #expect(results.compactMap { $0["id"]?.text?.lowercased() } == [first, second, missing, foreign])
        #expect(results.compactMap { $0["result"]?.text } == ["done", "conflict", "not_found", "not_found"])
        #expect(results[1]["detail"]?.text?.contains("Allowed: LOST") == true && answer["done"] == 1)
        #expect(try await stage.json("GET", "\(leads)/\(first)")["stage"] == "MQL")
        #expect(try await stage.json("GET", "\(leads)/\(second)")["stage"] == "CUSTOMER")

        let many = JSONValue.list((0...500).map { _ in .text(UUID().uuidString) })
        #expect(await stage.status("POST", "\(leads)/bulk-stage", ["stage": "MQL", "ids": many]) == 422)
        #expect(await stage.status("POST", "\(leads)/bulk-stage", ["stage": "MQL", "ids": ["x"]]) == 422)
    }

    // MARK: - Whose they are

    @Test func `an agent takes what is nobody's and gives back their own, and a manager gives anything to anybody`()
        async throws
    {
        let (ann, bob) = (try await stage.user("Ann"), try await stage.user("Bob"))
        let gone = try await stage.user("Gone")
        _ = try await stage.temporary.rows("update users set is_active = false where full_name = 'Gone'")
        let machine = try #require(
            try await stage.temporary.rows(
                "select id::text as id from users where is_ai_agent and tenant_id = $1", [.uuid(TenantID.initial.uuid)]
            ).first?.text("id"))
        let id = try await stage.lead(["agent_id": .text(machine)])
        func assign(_ agent: JSONValue, _ person: APIStage.Person) async -> Int {
            await stage.status("POST", "\(leads)/\(id)/assign", as: person, ["agent_id": agent])
        }

        #expect(await assign(.text(bob.subject), ann) == 403, "not to somebody else")
        #expect(await assign(.text(ann.subject), ann) == 200, "what is the machine's is free")
        #expect(await assign(.text(ann.subject), ann) == 403)
        #expect(await assign(.text(bob.subject), bob) == 404, "Ann's is none of Bob's")
        #expect(await assign(.null, bob) == 404)
        #expect(await assign(.null, ann) == 200)
        #expect(await assign(.text(bob.subject), bob) == 200)
        #expect(await assign(.text(ann.subject), .manager) == 200)
        #expect(await assign(.text(ann.subject), .manager) == 409)
        #expect(await assign(.text(gone.subject), .manager) == 422)
        #expect(await assign(.text(UUID().uuidString), .manager) == 422)
        #expect(await stage.status("POST", "\(leads)/\(id)/assign", [:]) == 422, "nobody is said, not left out")
        let activities = try await stage.temporary.rows(
            "select subject from lead_activities where activity_type = 'assignment' order by created_at, id")
        #expect(try activities.map { try $0.text("subject") }.contains("Assigned to Ann"))
    }

    @Test func `a bulk assignment answers for each id, and takes a manager`() async throws {
        let ann = try await stage.user("Ann")
        let (first, second) = (try await stage.lead(), try await stage.lead(["agent_id": .text(ann.subject)]))
        let body: JSONValue = [
            "ids": [.text(first), .text(second), .text(UUID().uuidString)], "agent_id": .text(ann.subject),
        ]

        #expect(await stage.status("POST", "\(leads)/bulk-assign", as: ann, body) == 403)
        let answer = try await stage.json("POST", "\(leads)/bulk-assign", body)
        #expect(answer["results"]?.list?.compactMap { $0["result"]?.text } == ["done", "conflict", "not_found"])
        #expect(try await stage.json("GET", "\(leads)/by-assignee/\(ann.subject)").rows.count == 2)
        #expect(try await stage.json("GET", "\(leads)/unassigned").rows.isEmpty)
    }

    @Test func `an agent sees no lead of another through any address, nor its calls`() async throws {
        let (ann, bob) = (try await stage.user("Ann"), try await stage.user("Bob"))
        try await ReadingTests.arrange(stage.temporary)
        let path = "\(leads)/\(ReadingTests.leadID)"
        _ = try await stage.json("POST", "\(path)/assign", ["agent_id": .text(ann.subject)])

        // Whatever addresses of one lead there are, now and later.
        var count = 0
        for endpoint in stage.routes.endpoints where endpoint.template.text.hasPrefix("\(leads)/{id}") {
            let address = endpoint.template.text.replacing("{id}", with: ReadingTests.leadID)
            let body: JSONValue? =
                switch endpoint.template.text.split(separator: "/").last {
                case "stage": ["stage": "SQL"]
                case "assign": ["agent_id": .null]
                case "scores": ["score": 1, "reasoning": "x"]
                default: [:]
                }
            let takesBody = endpoint.shape.body != .none
            let expected = endpoint.access == .role(.manager) ? 403 : 404
            let status = await stage.status(endpoint.method.rawValue, address, as: bob, takesBody ? body : nil)
            #expect(status == expected, "\(endpoint.route)")
            count += 1
        }
        #expect(count >= 10)
        let bulk = try await stage.json(
            "POST", "\(leads)/bulk-stage", as: bob, ["stage": "SQL", "ids": [.text(ReadingTests.leadID)]])
        #expect(bulk["done"] == 0)
        for list in ["", "/by-stage/MQL", "/by-phone/+14155550100", "/high-value", "/unassigned"] {
            #expect(try await stage.json("GET", leads + list, as: bob).rows.isEmpty, "\(list)")
        }
        #expect(try await stage.json("GET", "\(leads)/search", query: "q=acme", as: bob).rows.isEmpty)
        #expect(try await stage.json("GET", "\(leads)/stats", as: bob)["total"] == 0)
        #expect(await stage.status("GET", "/api/v1/calls/\(ReadingTests.callID)", as: bob) == 404)
        #expect(await stage.status("GET", "/api/v1/calls/\(ReadingTests.sid)", as: bob) == 404)
        #expect(try await stage.json("GET", "/api/v1/calls", as: bob).rows.isEmpty)
        #expect(
            try await stage.json(
                "GET", "/api/v1/calls/stats",
                query: "started_after=2026-03-01T00:00:00Z&started_before=2026-04-01T00:00:00Z",
                as: bob)["total"] == 0)
        for person in [ann, .manager] {
            #expect(await stage.status("GET", path, as: person) == 200)
            #expect(await stage.status("GET", "/api/v1/calls/\(ReadingTests.callID)", as: person) == 200)
            #expect(try await stage.json("GET", "\(path)/calls", as: person).rows.count == 1)
        }
    }

    @Test func `an agent's new lead is their own, and nobody else's`() async throws {
        let (ann, bob) = (try await stage.user("Ann"), try await stage.user("Bob"))

        let id = try await stage.lead(as: ann)
        #expect(try await stage.json("GET", "\(leads)/\(id)", as: ann)["agent_id"] == .text(ann.subject))
        #expect(await stage.status("POST", leads, as: ann, ["agent_id": .text(bob.subject)]) == 422)
        #expect(await stage.status("POST", leads, as: ann, ["agent_id": .null]) == 201)
        #expect(try await stage.json("POST", leads, as: .stranger, [:], is: 201)["agent_id"] == .null)
    }

    // MARK: - Lists

    @Test func `lists at addresses of their own are the list with a filter`() async throws {
        let ann = try await stage.user("Ann")
        for (name, stage, value, phone) in [
            ("Acme", "MQL", 20_000, "+14155550101"), ("Beta", "LEAD", 500, "+14155550102"),
            ("Gamma", "MQL", 12_000, "+442079460000"),
        ] {
            _ = try await self.stage.lead([
                "company_name": .text(name), "stage": .text(stage), "deal_value": .integer(value),
                "phone": .text(phone),
                "agent_id": name == "Beta" ? .text(ann.subject) : .null, "email": .text("\(name.lowercased())@x.test"),
            ])
        }
        func names(_ path: String, _ query: String = "") async throws -> [String] {
            try await stage.json("GET", leads + path, query: query).texts("company_name")
        }

        #expect(try await names("/by-stage/MQL") == ["Gamma", "Acme"])
        #expect(try await names("/by-stage/MQL", "sort=deal_value&value_min=15000") == ["Acme"])
        #expect(try await names("/by-assignee/\(ann.subject)") == ["Beta"])
        #expect(try await names("/high-value") == ["Acme", "Gamma"])
        #expect(try await names("/high-value", "min=0&limit=1") == ["Acme"])
        #expect(try await names("/by-phone/(415) 555-0101") == ["Acme"])
        #expect(try await names("/by-phone/tel:+44 20 7946 0000") == ["Gamma"])
        #expect(try await names("", "phone=415-555-0102") == ["Beta"])
        #expect(try await names("/search", "q=GAMMA") == ["Gamma"])
        #expect(try await names("/search", "q=%40x.test&sort=lead_score").count == 3)
        #expect(try await names("/search", "q=a") == ["Acme"])
        #expect(try await names("/search", "q=%25%25%25") == [])
        #expect(try await names("/search", "q=+1415") == [])
        #expect(try await names("/search", "q=%2B1415") == ["Beta", "Acme"])
        #expect(try await names("/unassigned") == ["Gamma", "Acme"])
        for (path, query, status) in [
            ("/by-stage/WON", "", 404), ("/by-assignee/ann", "", 404), ("/by-phone/12", "", 404), ("/search", "", 400),
            ("/by-stage/MQL", "stage=LEAD", 400), ("/high-value", "min=x", 400), ("/high-value", "value_min=1", 400),
            ("/search", "q=", 400), ("/unassigned", "offset=1", 400),
        ] {
            #expect(await stage.status("GET", leads + path, query: query) == status, "\(path)?\(query)")
        }
    }

    @Test func `a text that very many leads have is found without asking for all of them`() async throws {
        _ = try await stage.temporary.rows(
            """
            insert into leads (tenant_id, company_name, created_at)
            select $1, case when n % 5 = 0 then 'Rare ' || n else 'Common ' || n end, now() - n * interval '1 second'
            from generate_series(1, 3000) n
            """, [.uuid(TenantID.initial.uuid)])

        let common = try await stage.json("GET", "\(leads)/search", query: "q=common")
        #expect(common.texts("company_name").first == "Common 1" && common.rows.count == 50)
        let rare = try await stage.json("GET", "\(leads)/search", query: "q=rare%2029")
        #expect(
            rare.texts("company_name")
                == (["Rare 290", "Rare 295"] + stride(from: 2_900, to: 3_000, by: 5).map { "Rare \($0)" }))
        // Another tenant's are neither found nor counted.
        let theirs = try await stage.temporary.secondTenant()
        let none = try await stage.json(
            "GET", "\(leads)/search", query: "q=rare", as: APIStage.Person(role: .manager, tenant: theirs))
        #expect(none.rows.isEmpty)
    }

    // MARK: - Numbers and history

    @Test func `the numbers say how many leads there are, how they move on and how long they stay`() async throws {
        for (stage, value, currency) in [("LEAD", 100, "USD"), ("LEAD", 50, "EUR"), ("MQL", 10, "USD")] {
            _ = try await self.stage.lead([
                "stage": .text(stage), "deal_value": .integer(value), "currency": .text(currency),
            ])
        }
        let id = try await stage.lead()
        _ = try await stage.temporary.rows(
            "update leads set stage_changed_at = now() - interval '4 days', created_at = now() - interval '4 days'")
        for stage in ["MQL", "SQL"] {
            _ = try await self.stage.json("POST", "\(leads)/\(id)/stage", ["stage": .text(stage)])
        }
        _ = try await stage.json("POST", "\(leads)/\(id)/stage", ["stage": "LOST", "reason": "x"])

        let stats = try await stage.json("GET", "\(leads)/stats")
        #expect(stats["total"] == 4)
        let byStage = stats["by_stage"]?.list ?? []
        #expect(byStage.first { $0["key"] == "LEAD" }?["count"] == 2)
        #expect(byStage.first { $0["key"] == "LEAD" }?["value"] == ["EUR": 50, "USD": 100])
        #expect(stats["by_bucket"]?.list?.first?["count"] == 4 && stats["by_source"]?.list?.first?["key"] == "api")
        #expect(stats["by_assignee"]?.list?.first?["key"] == nil)
        let conversion = stats["conversion"]?.list ?? []
        #expect(conversion.map { $0["reached"]?.integer } == [4, 2, 1, 0])
        #expect(conversion.map { $0["converted"]?.integer } == [2, 1, 0, 0])
        #expect(conversion[0]["rate"] == .number(0.5) && conversion[3]["rate"] == nil)
        let stays = stats["days_in_stage"]?.list ?? []
        #expect(stays.first { $0["stage"] == "LEAD" }?["stays"] == 1)
        let none = try await stage.json("GET", "\(leads)/stats", query: "created_after=2099-01-01T00:00:00Z")
        #expect(none["total"] == 0)
    }

    @Test func `a timeline has everything in one order, page by page`() async throws {
        try await ReadingTests.arrange(stage.temporary)
        let path = "\(leads)/\(ReadingTests.leadID)"
        _ = try await stage.temporary.rows(
            """
            insert into consents (tenant_id, contact_id, kind, granted, source, at)
            select tenant_id, contact_id, 'marketing_voice', false, 'caller', '2026-03-05 10:00:30+00' from leads
            """)
        _ = try await stage.json("POST", "\(path)/stage", ["stage": "SQL", "reason": "Met"])
        _ = try await stage.json("POST", "\(path)/scores", ["score": 90, "reasoning": "Knows us"], is: 201)

        let all = try await stage.json("GET", "\(path)/timeline").rows
        #expect(Set(all.compactMap { $0["kind"]?.text }) == ["call", "activity", "meeting", "stage_change", "consent"])
        let times = all.compactMap { $0["at"]?.text.flatMap { InternetTime($0) }?.date }
        #expect(times.count == all.count && times == times.sorted(by: >))
        let change = all.first { $0["kind"] == "stage_change" }
        #expect(change?["text"] == "Met" && change?["details"] == ["from": "MQL", "to": "SQL"])

        var seen: [JSONValue] = []
        var cursor: String?
        repeat {
            let page = try await stage.json(
                "GET", "\(path)/timeline", query: "limit=2" + (cursor.map { "&cursor=\($0)" } ?? ""))
            seen += page.rows
            cursor = page["next_cursor"]?.text
        } while cursor != nil
        #expect(seen == all)
        #expect(await stage.status("GET", "\(path)/timeline", query: "cursor=x") == 400)
    }
}
