import CallModel
import Database
import Encoding
import Endpoints
import Foundation
import TestSupport
import Testing
import WebSocketTransport

@testable import API

/// Follow-ups, meetings, todos, consents, clients and profiles.
@Suite struct WorkTests {
    let stage: APIStage

    init() async throws { stage = try await APIStage.make() }

    func lead(of person: APIStage.Person? = nil) async throws -> String {
        let rows = try await stage.temporary.rows(
            "insert into leads (tenant_id, agent_id, company_name) values ($1, $2::uuid, 'Acme') returning id",
            [.uuid(TenantID.initial.uuid), .text(person?.subject)])
        return try #require(rows.first).text("id")
    }

    func activities(_ lead: String) async throws -> [String] {
        try await stage.temporary.rows(
            "select subject from lead_activities where lead_id = $1::uuid order by created_at, id", [.text(lead)]
        ).map { try $0.text("subject") }
    }

    @Test func `a follow-up is planned, put off and done, and the lead's timeline tells of it`() async throws {
        let ann = try await stage.user("Ann")
        let lead = try await lead(of: ann)
        let made = try await stage.json(
            "POST", "/api/v1/follow-ups", as: ann,
            ["lead_id": .text(lead), "due_at": "2020-01-01T10:00:00Z", "reason": "Send the offer"], is: 201)
        let path = "/api/v1/follow-ups/\(made["id"]?.text ?? "")"

        #expect(made["agent_id"]?.text == ann.subject && made["status"] == "Pending")
        #expect(try await stage.json("GET", "/api/v1/follow-ups/overdue", as: ann).rows == [made])
        let moved = try await stage.json(
            "POST", "\(path)/reschedule", as: ann, ["due_at": "2099-01-01T10:00:00Z"], is: 201)
        #expect(moved["reason"] == "Send the offer" && moved["status"] == "Pending" && moved["id"] != made["id"])
        #expect(try await stage.json("GET", path, as: ann)["status"] == "Rescheduled")
        #expect(await stage.status("POST", "\(path)/complete", as: ann) == 409)
        #expect(try await stage.json("GET", "/api/v1/follow-ups/overdue", as: ann).rows.isEmpty)
        let next = "/api/v1/follow-ups/\(moved["id"]?.text ?? "")"
        let done = try await stage.json("POST", "\(next)/complete", as: ann, ["notes": "Sent."])
        #expect(done["status"] == "Completed" && done["notes"] == "Sent." && done["completed_at"] != .null)
        let reopened = try await stage.json("PATCH", next, as: ann, ["status": "Pending"])
        #expect(reopened["completed_at"] == .null)
        #expect(await stage.status("PATCH", next, as: ann, ["lead_id": .text(lead)]) == 422, "a lead is for ever")
        #expect(
            try await activities(lead) == [
                "Follow-up planned", "Follow-up rescheduled", "Follow-up planned", "Follow-up completed",
                "Follow-up pending",
            ])
    }

    @Test func `an agent has to do with their own and nobody's, a manager with all`() async throws {
        let (ann, bob) = (try await stage.user("Ann"), try await stage.user("Bob"))
        let (hers, his, nobodys) = (try await lead(of: ann), try await lead(of: bob), try await lead())
        let clara = try await stage.temporary.rows("select id from users where is_ai_agent").first?.text("id")
        for lead in [hers, his, nobodys] {
            _ = try await stage.temporary.rows(
                """
                with f as (insert into follow_ups (tenant_id, lead_id, agent_id, due_at) values ($1, $2::uuid, $3::uuid, now()))
                insert into meetings (tenant_id, lead_id, agent_id, title, starts_at, ends_at)
                values ($1, $2::uuid, $3::uuid, 'Demo', now() + interval '1 day', now() + interval '25 hours')
                """, [.uuid(TenantID.initial.uuid), .text(lead), .text(clara)])
        }
        for path in ["follow-ups", "meetings"] {
            let address = "/api/v1/\(path)"
            let seen = try await stage.json("GET", address, as: ann).texts("lead_id")
            #expect(Set(seen) == [hers, nobodys], "\(path)")
            let all = try await stage.json("GET", address).rows
            #expect(all.count == 3)
            let hidden = try #require(all.first { $0["lead_id"]?.text == his }?["id"]?.text)
            #expect(await stage.status("GET", "\(address)/\(hidden)", as: ann) == 404)
            #expect(await stage.status("PATCH", "\(address)/\(hidden)", as: ann, ["notes": "x"]) == 404)
            #expect(await stage.status("DELETE", "\(address)/\(hidden)", as: ann) == 404)
            #expect(await stage.status("GET", "\(address)/\(hidden)", as: bob) == 200)
        }
        let hidden: JSONValue = ["lead_id": .text(his), "due_at": "2099-01-01T10:00:00Z"]
        #expect(await stage.status("POST", "/api/v1/follow-ups", as: ann, hidden) == 422)
        #expect(await stage.status("POST", "/api/v1/meetings/suggest-demo", as: ann, ["lead_id": .text(his)]) == 422)
        let calendar = await stage.send("GET", "/api/v1/meetings/calendar.ics", as: ann)
        #expect(String(decoding: calendar.body, as: UTF8.self).components(separatedBy: "BEGIN:VEVENT").count == 3)
    }

    @Test func `a meeting is booked, moved and called off, and a calendar is told that it changed`() async throws {
        let ann = try await stage.user("Ann")
        let lead = try await lead(of: ann)
        let body: JSONValue = [
            "lead_id": .text(lead), "title": "Demo; with, all", "starts_at": "2099-03-05T10:00:00Z",
            "ends_at": "2099-03-05T10:30:00Z", "meeting_link": "https://meet.test/1",
        ]
        let made = try await stage.json("POST", "/api/v1/meetings", as: ann, body, is: 201)
        let path = "/api/v1/meetings/\(made["id"]?.text ?? "")"

        let moved = try await stage.json("POST", "\(path)/reschedule", as: ann, ["starts_at": "2099-03-06T15:00:00Z"])
        #expect(moved["ends_at"]?.text.flatMap { InternetTime($0)?.date } == InternetTime("2099-03-06T15:30:00Z")?.date)
        #expect(moved["sequence"] == 1 && moved["id"] == made["id"])
        #expect(
            await stage.status(
                "POST", "\(path)/reschedule", as: ann,
                ["starts_at": "2099-03-06T15:00:00Z", "ends_at": "2099-03-06T14:00:00Z"]) == 422)
        let off = try await stage.json("POST", "\(path)/cancel", as: ann, ["reason": "Ill"])
        #expect(off["status"] == "cancelled" && off["notes"] == "Cancelled: Ill" && off["sequence"] == 2)
        #expect(await stage.status("POST", "\(path)/cancel", as: ann) == 409)
        let calendar = await stage.send("GET", "/api/v1/meetings/calendar.ics", as: ann)
        let text = String(decoding: calendar.body, as: UTF8.self)
        #expect(calendar.headers.contains { $0 == ("content-type", "text/calendar; charset=utf-8") })
        #expect(text.contains("SUMMARY:Demo\\; with\\, all\r\n") && text.contains("STATUS:CANCELLED\r\n"))
        #expect(text.contains("DTSTART:20990306T150000Z\r\n") && text.contains("SEQUENCE:2\r\n"))
        #expect(try await activities(lead) == ["Meeting booked", "Meeting moved", "Meeting cancelled"])

        let slots = try await stage.json("POST", "/api/v1/meetings/suggest-demo", as: ann, ["lead_id": .text(lead)])
        #expect(slots["slots"]?.list?.count == 3 && slots["title"] == "Demo for Acme")
    }

    @Test func `a conversation says when to speak again, unless it says that nobody is to call`() async throws {
        let ann = try await stage.user("Ann")
        let lead = try await lead(of: ann)
        func call(_ insight: String?) async throws -> String {
            let rows = try await stage.temporary.rows(
                """
                insert into calls (tenant_id, lead_id, call_start_time, call_end_time, extraction)
                values ($1, $2::uuid, '2026-03-05 14:55Z', '2026-03-05 15:00Z', $3::jsonb) returning id
                """, [.uuid(TenantID.initial.uuid), .text(lead), .text(insight)])
            return try #require(rows.first).text("id")
        }
        func insight(_ timeline: String, _ more: String = "") -> String {
            let unknown = #"{"value": "unknown", "confidence": 0, "evidence": []}"#
            return """
                {"extractor": "rules/1", "summary": "", "outcome": "nurture", "objections": [], "refused": [], "contact": {},
                "intent": \(unknown), "sentiment": {"value": "neutral", "confidence": 0, "evidence": []}, "bant": {
                "budget": \(unknown), "authority": \(unknown), "need": \(unknown),
                "timeline": {"value": "\(timeline)", "confidence": 0.9, "evidence": []}}\(more)}
                """
        }
        let suggest = "/api/v1/follow-ups/suggest"
        let soon = try await call(insight("immediate"))

        let answer = try await stage.json("POST", suggest, as: ann, ["call_id": .text(soon)])
        #expect(answer["due_at"] == "2026-03-06T15:00:00Z" && answer["lead_id"]?.text == lead)
        #expect(answer["reason"]?.text?.contains("one day after the call") == true)
        let stop = try await call(
            insight("immediate", #", "do_not_contact": {"value": "stop", "confidence": 1, "evidence": []}"#))
        #expect(await stage.status("POST", suggest, as: ann, ["call_id": .text(stop)]) == 409)
        #expect(await stage.status("POST", suggest, as: ann, ["call_id": .text(try await call(nil))]) == 409)
        #expect(await stage.status("POST", suggest, as: ann, ["call_id": .text(UUID().uuidString)]) == 422)
        let bob = try await stage.user("Bob")
        #expect(await stage.status("POST", suggest, as: bob, ["call_id": .text(soon)]) == 422)
        #expect(try await stage.temporary.rows("select from follow_ups").isEmpty, "nothing is written")
    }

    @Test func `a todo is whose it is, and an agent writes for nobody else`() async throws {
        let (ann, bob) = (try await stage.user("Ann"), try await stage.user("Bob"))
        let made = try await stage.json("POST", "/api/v1/todos", as: ann, ["title": "Read the contract"], is: 201)
        let path = "/api/v1/todos/\(made["id"]?.text ?? "")"

        #expect(made["user_id"]?.text == ann.subject && made["is_done"] == false)
        #expect(await stage.status("GET", path, as: bob) == 404)
        #expect(
            await stage.status("POST", "/api/v1/todos", as: bob, ["title": "x", "user_id": .text(ann.subject)]) == 422)
        #expect(await stage.status("POST", "/api/v1/todos", ["title": "x", "user_id": .text(ann.subject)]) == 201)
        #expect(await stage.status("POST", "/api/v1/todos", ["title": "x"]) == 422, "nobody's token")
        let done = try await stage.json("PATCH", path, as: ann, ["is_done": true])
        #expect(done["done_at"] != .null)
        #expect(try await stage.json("PATCH", path, as: ann, ["is_done": false])["done_at"] == .null)
    }

    @Test func `consents are added and never changed, and none goes past a wish to be left alone`() async throws {
        let contact = try await stage.json(
            "POST", "/api/v1/contacts", as: .admin, ["contact_name": "Jane", "phone": "+14155550100"], is: 201)
        let consent: JSONValue = [
            "contact_id": contact["id"] ?? .null, "kind": "marketing_email", "granted": true, "source": "form",
        ]
        let made = try await stage.json("POST", "/api/v1/consents", consent, is: 201)
        let path = "/api/v1/consents/\(made["id"]?.text ?? "")"

        #expect(made["phone"] == "+14155550100", "it is looked up by the number")
        #expect(await stage.status("PATCH", path, ["granted": false]) == 405)
        #expect(await stage.status("DELETE", path) == 405)
        #expect(await stage.status("GET", path, as: .stranger) == 403)
        #expect(
            await stage.status("POST", "/api/v1/consents", ["kind": "recording", "granted": true, "source": "x"]) == 422
        )
        let no: JSONValue = ["phone": "+14155550100", "kind": "marketing_voice", "granted": false, "source": "x"]
        #expect(await stage.status("POST", "/api/v1/consents", no) == 422)
        _ = try await stage.json(
            "POST", "/api/v1/contacts/\(contact["id"]?.text ?? "")/do-not-contact", as: .admin,
            ["reason": "stop", "source": "letter"])
        #expect(await stage.status("POST", "/api/v1/consents", consent) == 409)
        #expect(
            try await stage.json("GET", "/api/v1/consents", query: "granted=false&kind=marketing_sms").rows.count == 1)
    }

    @Test func `there is one default profile at any time, and none goes that numbers reach`() async throws {
        let old = try #require(
            try await stage.json("GET", "/api/v1/profiles", query: "is_default=true", as: .admin).rows.first?["id"]?
                .text)
        let body: JSONValue = [
            "name": "Second", "prompt": "p", "greeting": "g", "greeting_known": "k", "is_default": true,
        ]
        let made = try await stage.json("POST", "/api/v1/profiles", as: .admin, body, is: 201)
        let path = "/api/v1/profiles/\(made["id"]?.text ?? "")"

        #expect(try await stage.json("GET", "/api/v1/profiles/\(old)", as: .admin)["is_default"] == false)
        #expect(await stage.status("PATCH", path, as: .admin, ["is_default": false]) == 409)
        #expect(await stage.status("DELETE", path, as: .admin) == 409)
        #expect(await stage.status("DELETE", "/api/v1/profiles/\(old)", as: .admin) == 409, "a number reaches it")
        #expect(await stage.status("POST", "/api/v1/profiles", as: .admin, body) == 409, "its name is taken")
        let number: JSONValue = ["number": "(415) 555-0199", "profile_id": made["id"] ?? .null]
        let added = try await stage.json("POST", "/api/v1/phone-numbers", as: .admin, number, is: 201)
        #expect(added["number"] == "+14155550199")
        #expect(await stage.status("POST", "/api/v1/phone-numbers", as: .admin, number) == 409)
        #expect(await stage.status("GET", "/api/v1/phone-numbers") == 403)
        let audit = try await stage.json("GET", "/api/v1/admin-audit", query: "table_name=profiles", as: .admin)
        #expect(audit.rows.count == 2, "the one that stepped down is noted as well")
        #expect(await stage.status("GET", "/api/v1/admin-audit") == 403)
    }

    @Test func `the dashboard counts for a manager all, for an agent what is theirs`() async throws {
        let (ann, bob) = (try await stage.user("Ann"), try await stage.user("Bob"))
        for person in [ann, ann, bob] {
            let lead = try await lead(of: person)
            _ = try await stage.temporary.rows(
                "update leads set created_at = $2 where id = $1::uuid",
                [.text(lead), .timestamp(JWTTests.now.addingTimeInterval(-86_400))])
            let followUp: JSONValue = ["lead_id": .text(lead), "due_at": "2020-01-01T10:00:00Z"]
            _ = try await stage.json("POST", "/api/v1/follow-ups", as: person, followUp, is: 201)
        }
        let all = try await stage.json("GET", "/api/v1/dashboard")
        let hers = try await stage.json("GET", "/api/v1/dashboard", as: ann)

        #expect(all["scope"] == "all" && all["follow_ups_overdue"] == 3 && all["leads_by_stage"] == ["LEAD": 3])
        #expect(hers["scope"] == "own" && hers["follow_ups_overdue"] == 2 && hers["leads_by_stage"] == ["LEAD": 2])
        #expect(all["week"]?["leads"]?["created"] == 3 && hers["week"]?["leads"]?["created"] == 2)
        #expect(all["recent"]?.list?.count == 3 && hers["recent"]?.list?.count == 2)
    }
}
