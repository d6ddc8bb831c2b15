import CallModel
import Database
import Encoding
import Endpoints
import Foundation
import TestSupport
import Testing
import WebSocketTransport

@testable import API

/// Scores of leads, what follows from them, and what a tenant scores by.
@Suite struct LeadScoreTests {
    let stage: APIStage
    let leads = "/api/v1/leads"

    init() async throws { stage = try await APIStage.make() }

    /// Of an answer that lists scores by type.
    private func scores(_ answer: JSONValue, _ list: String) -> [String: Int] {
        Dictionary(
            (answer[list]?.list ?? []).compactMap { row in
                row["score"]?.integer.map { (row["type"]?.text ?? "", $0) }
            }
        ) { $1 }
    }

    /// A lead with a call in which everything was confirmed.
    private func hotLead() async throws -> String {
        let contact = UUID()
        _ = try await stage.temporary.rows(
            """
            insert into contacts (tenant_id, id, contact_name, business_name, contact_email, contact_role, industry)
            values ($1, $2, 'Jane', 'Acme', 'jane@acme.test', 'CEO', 'Retail')
            """, [.uuid(TenantID.initial.uuid), .uuid(contact)])
        let id = try await stage.lead([
            "contact_id": .text(contact.uuidString), "budget": "high", "authority": "yes", "need": "urgent",
            "timeline": "immediate",
        ])
        _ = try await stage.temporary.rows(
            """
            insert into calls (tenant_id, lead_id, contact_id, status, call_start_time, call_end_time, outcome, disposition,
                intent_detected, confidence_score, sentiment, finalized_at)
            values ($1, $2::uuid, $3, 'completed', now() - interval '1 hour', now(), 'meeting_booked', 'completed',
                'sales_qualified', 0.8, 'positive', now())
            """, [.uuid(TenantID.initial.uuid), .text(id), .uuid(contact)])
        return id
    }

    @Test func `a lead is qualified by all that is on record, and every score says what it is made of`() async throws {
        let id = try await hotLead()
        let answer = try await stage.json("POST", "\(leads)/\(id)/qualify", [:])

        // Intent 75 + 16 + 5, questions 50 + 15 + 15 + 20, fit 40 + 15 + 25 + 20; nothing was sent to the lead.
        #expect(scores(answer, "scores") == ["ai_intent": 96, "workflow": 100, "demographic": 100])
        #expect(answer["combined"] == 98 && answer["result"] == "QUALIFIED" && answer["status_bucket"] == "P1")
        #expect(answer["previous_stage"] == "LEAD" && answer["stage"] == "SQL" && answer["promoted"] == true)
        let intent = answer["scores"]?.list?.first { $0["type"] == "ai_intent" }
        #expect(intent?["factors"] == ["intent_sales_qualified": 75, "confidence": 16, "positive_sentiment": 5])
        #expect(intent?["weight"] == 25)

        let lead = try await stage.json("GET", "\(leads)/\(id)")
        #expect(lead["lead_score"] == 98 && lead["qualification_status"] == "sales_qualified")
        #expect(lead["scores"]?.list?.count == 4 && lead["expected_close_date"]?.text != nil)
        let kinds = try await stage.temporary.rows("select activity_type from lead_activities order by activity_type")
        #expect(try kinds.map { try $0.text("activity_type") } == ["score_change", "stage_change"])

        // Again: nothing has changed, and no score is written twice.
        let again = try await stage.json("POST", "\(leads)/\(id)/qualify", [:])
        #expect(again["combined"] == 98 && again["promoted"] == false && again["stage"] == "SQL")
        #expect(try await stage.temporary.rows("select from lead_scores").count == 4)
    }

    @Test func `the thresholds decide: qualified, nurtured, disqualified`() async throws {
        for (score, result, bucket, stage) in [
            (75, "QUALIFIED", "P1", "MQL"), (74, "QUALIFIED", "P2", "LEAD"), (69, "NURTURE", "P2", "LEAD"),
            (40, "NURTURE", "P3", "LEAD"), (39, "DISQUALIFIED", "P3", "LEAD"),
        ] {
            let id = try await self.stage.lead()
            _ = try await self.stage.json(
                "POST", "\(leads)/\(id)/scores", ["score": .integer(score), "reasoning": "met them"], is: 201)
            let answer = try await self.stage.json("POST", "\(leads)/\(id)/qualify", [:])
            #expect(
                answer["result"] == .text(result) && answer["status_bucket"] == .text(bucket)
                    && answer["stage"] == .text(stage), "\(answer.json)")
        }
    }

    @Test func `a lost lead is not brought back by its scores`() async throws {
        let id = try await hotLead()
        _ = try await stage.json("POST", "\(leads)/\(id)/stage", ["stage": "LOST", "reason": "went elsewhere"])

        #expect(try await stage.json("POST", "\(leads)/\(id)/qualify", [:])["stage"] == "LOST")
    }

    @Test func `a manual score has a reason, weighs in, and is told with all others`() async throws {
        let ann = try await stage.user("Ann")
        let id = try await hotLead()
        _ = try await stage.json("POST", "\(leads)/\(id)/qualify", [:])
        let rated = try await stage.json(
            "POST", "\(leads)/\(id)/scores", as: ann, ["score": 20, "reasoning": "Only wants a price"], is: 201)

        // (96·25 + 100·20 + 100·15 + 20·15) / 75
        #expect(rated["combined"] == 83)
        let types = rated["types"]?.list ?? []
        #expect(
            types.compactMap { $0["type"]?.text } == [
                "ai_intent", "engagement", "demographic", "workflow", "manual", "behavioral", "combined",
            ])
        #expect(types.map { $0["weight"]?.integer } == [25, 25, 15, 20, 15, 0, 0])
        #expect(types[1]["score"] == nil && types[4]["reasoning"] == "Only wants a price")
        #expect(types[6]["factors"]?["manual"] == 20)
        #expect(
            rated["history"]?.list?.first { $0["type"] == "manual" }?["scored_by"]?.text?.lowercased() == ann.subject)
        #expect(try await stage.json("GET", "\(leads)/\(id)")["lead_score"] == 83)

        // The history, page by page.
        var seen: [String] = []
        var cursor: String?
        repeat {
            let page = try await stage.json(
                "GET", "\(leads)/\(id)/scores", query: "limit=2" + (cursor.map { "&cursor=\($0)" } ?? ""))
            seen += page["history"]?.list?.compactMap { $0["id"]?.text } ?? []
            cursor = page["next_cursor"]?.text
        } while cursor != nil
        #expect(seen.count == 6 && Set(seen).count == 6)
        let manual = try await stage.json("GET", "\(leads)/\(id)/scores", query: "type=manual")
        #expect(manual["history"]?.list?.count == 1)

        for (body, pointer) in [
            (["score": 101, "reasoning": "x"], "/score"), (["score": 5], "/reasoning"),
            (["score": 5, "reasoning": ""], "/reasoning"), (["score": "5", "reasoning": "x"], "/score"),
        ] as [(JSONValue, String)] {
            let answer = try await stage.json("POST", "\(leads)/\(id)/scores", body, is: 422)
            #expect(answer["errors"]?.list?.first?["pointer"] == .text(pointer), "\(answer.json)")
        }
    }

    // MARK: - What a tenant scores by

    @Test func `weights, rules and thresholds of a tenant hold, and are checked deeply`() async throws {
        let path = "/api/v1/scoring-criteria"
        #expect(await stage.status("POST", path, ["name": "x"]) == 403, "that takes an admin")
        let made = try await stage.json(
            "POST", path, as: .admin,
            [
                "name": "ours", "weights": ["behavioral": 40, "ai_intent": 0],
                "demographic_rules": [
                    ["field": "industry", "any_of": ["retail"], "points": 60], ["field": "role", "points": 10],
                    ["field": "company_size", "any_of": ["1000"], "points": 30],
                ],
                "thresholds": ["qualified": 60, "promoted": 90, "p1": 95],
            ], is: 201)
        let id = try await hotLead()
        _ = try await stage.temporary.rows("update contacts set company_size = '501-1000'")
        let answer = try await stage.json("POST", "\(leads)/\(id)/qualify", [:])

        let fit = answer["scores"]?.list?.first { $0["type"] == "demographic" }
        #expect(fit?["factors"] == ["1_industry": 60, "2_role": 10, "3_company_size": 30])
        #expect(answer["combined"] == 100 && answer["status_bucket"] == "P1")

        // A change goes over what is there, field by field.
        let one = "\(path)/\(made["id"]?.text ?? "")"
        let changed = try await stage.json(
            "PATCH", one, as: .admin, ["thresholds": ["p1": .null], "weights": ["manual": 5]])
        #expect(changed["thresholds"] == ["qualified": 60, "promoted": 90])
        #expect(changed["weights"] == ["behavioral": 40, "ai_intent": 0, "manual": 5])

        for (body, pointer) in [
            (["weights": ["manual": 101]], "/weights/manual"), (["weights": ["luck": 1]], "/weights/luck"),
            (["weights": ["manual": "5"]], "/weights/manual"),
            (["thresholds": ["qualified": 95]], "/thresholds/qualified"),
            (["thresholds": ["p2": 80]], "/thresholds/p2"),
            (["thresholds": ["disqualified": 61]], "/thresholds/disqualified"),
            (["demographic_rules": [["field": "shoe", "points": 1]]], "/demographic_rules/0/field"),
            (["demographic_rules": [["field": "email", "points": 1], ["points": 1]]], "/demographic_rules/1/field"),
            (
                [
                    "weights": [
                        "behavioral": 0, "manual": 0, "engagement": 0, "demographic": 0, "workflow": 0, "ai_intent": 0,
                    ]
                ], "/weights"
            ), (["name": .null], "/name"), (["is_active": "yes"], "/is_active"),
        ] as [(JSONValue, String)] {
            let answer = try await stage.json("PATCH", one, as: .admin, body, is: 422)
            #expect(answer["errors"]?.list?.first?["pointer"] == .text(pointer), "\(body.json) \(answer.json)")
        }
    }

    @Test func `columns of the board are read by all and changed by admins`() async throws {
        let path = "/api/v1/pipeline-stages"
        let stages = try await stage.json("GET", path, as: .stranger)
        #expect(stages.rows.compactMap { $0["position"]?.integer } == [1, 2, 3, 4, 5, 6])
        let body: JSONValue = ["name": "Trial", "stage": "OPPORTUNITY", "position": 5, "win_probability": 70]
        #expect(await stage.status("POST", path, body) == 403)
        let made = try await stage.json("POST", path, as: .admin, body, is: 201)
        #expect(await stage.status("POST", path, as: .admin, body) == 409, "the name is taken")
        let id = try await stage.lead(["pipeline_stage_id": made["id"] ?? .null])
        #expect(await stage.status("DELETE", "\(path)/\(made["id"]?.text ?? "")", as: .admin) == 204)
        #expect(try await stage.json("GET", "\(leads)/\(id)")["pipeline_stage_id"] == .null)
        #expect(await stage.status("PATCH", "\(path)/\(made["id"]?.text ?? "")", as: .admin, ["position": 1]) == 404)
    }

    // MARK: - The site

    @Test func `what a contact does on the site scores, up to a limit a kind, and wears off`() async throws {
        let contact = UUID().uuidString.lowercased()
        _ = try await stage.temporary.rows(
            "insert into contacts (tenant_id, id) values ($1, $2::uuid)",
            [.uuid(TenantID.initial.uuid), .text(contact)])
        let id = try await stage.lead(["contact_id": .text(contact)])
        let path = "/api/v1/contacts/\(contact)/events"
        let views = JSONValue.list(
            (0..<40).map { _ in ["type": "page_view", "url": "https://x.test/", "metadata": ["n": 1]] })
        #expect(try await stage.json("POST", path, ["events": views], is: 201) == ["taken": 40])
        _ = try await stage.json(
            "POST", path,
            [
                "events": [
                    ["type": "pricing_view"], ["type": "demo_requested", "occurred_at": "2020-01-01T00:00:00Z"],
                ]
            ], is: 201)
        let answer = try await stage.json("POST", "\(leads)/\(id)/qualify", [:])

        let site = answer["scores"]?.list?.first { $0["type"] == "behavioral" }
        #expect(site?["factors"] == ["page_view": 20, "pricing_view": 8] && site?["score"] == 28)

        for (body, pointer) in [
            (["events": []], "/events"), (["events": .list((0..<101).map { _ in ["type": "page_view"] })], "/events"),
            (["events": [["type": "page_view"], ["type": "stare"]]], "/events/1/type"),
            (["events": [["type": "page_view", "occurred_at": "2099-01-01T00:00:00Z"]]], "/events/0/occurred_at"),
            (["events": [["type": "page_view", "user": 1]]], "/events/0/user"),
            (
                ["events": [["type": "page_view", "metadata": ["x": .text(String(repeating: "x", count: 5_000))]]]],
                "/events/0/metadata"
            ),
        ] as [(JSONValue, String)] {
            let answer = try await stage.json("POST", path, body, is: 422)
            #expect(answer["errors"]?.list?.first?["pointer"] == .text(pointer), "\(answer.json)")
        }
        #expect(await stage.status("POST", "/api/v1/contacts/\(UUID())/events", ["events": views]) == 404)
        let theirs = try await stage.temporary.secondTenant()
        #expect(
            await stage.status("POST", path, as: APIStage.Person(role: .admin, tenant: theirs), ["events": views])
                == 404)
    }

    @Test func `a contact's events are bounded in a day`() async throws {
        let contact = UUID().uuidString.lowercased()
        _ = try await stage.temporary.rows(
            "insert into contacts (tenant_id, id) values ($1, $2::uuid)",
            [.uuid(TenantID.initial.uuid), .text(contact)])
        _ = try await stage.temporary.rows(
            """
            insert into contact_events (tenant_id, contact_id, event_type)
            select $1, $2::uuid, 'page_view' from generate_series(1, 999)
            """, [.uuid(TenantID.initial.uuid), .text(contact)])
        let path = "/api/v1/contacts/\(contact)/events"

        #expect(await stage.status("POST", path, ["events": [["type": "download"], ["type": "download"]]]) == 429)
        #expect(await stage.status("POST", path, ["events": [["type": "download"]]]) == 201)
        let refused = await stage.send("POST", path, ["events": [["type": "download"]]])
        #expect(refused.status == 429 && refused.headers.contains { $0.name == "retry-after" })
        _ = try await stage.temporary.rows("update contact_events set created_at = now() - interval '25 hours'")
        #expect(await stage.status("POST", path, ["events": [["type": "download"]]]) == 201)
    }
}
