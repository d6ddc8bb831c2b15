import CallModel
import Database
import Encoding
import Endpoints
import Foundation
import TestSupport
import Testing
import WebSocketTransport

@testable import API

/// Contacts and the tenant's own fields of them, over a real database.
@Suite struct ContactTests {
    let stage: APIStage

    init() async throws { stage = try await APIStage.make() }

    func contact(_ fields: JSONValue, is status: Int = 201) async throws -> JSONValue {
        try await stage.json("POST", "/api/v1/contacts", as: .admin, fields, is: status)
    }

    func id(_ fields: JSONValue) async throws -> String { try #require(try await contact(fields)["id"]?.text) }

    /// Where a refusal points.
    func pointers(_ problem: JSONValue) -> [String] {
        problem["errors"]?.list?.compactMap { $0["pointer"]?.text ?? $0["parameter"]?.text } ?? []
    }

    func names(_ query: String) async throws -> [String] {
        try await stage.json("GET", "/api/v1/contacts", query: query, as: .admin).texts("contact_name")
    }

    @Test func `a contact is created with its number in one form, read, changed and deleted, by an admin`() async throws
    {
        let made = try await contact([
            "contact_name": "Jane", "phone": "(415) 555-0100", "contact_email": "jane@acme.test",
            "tags": ["a", "b", "a"],
        ])
        let path = "/api/v1/contacts/\(made["id"]?.text ?? "")"

        #expect(made["phone"] == "+14155550100" && made["tags"] == ["a", "b"] && made["do_not_contact"] == false)
        #expect(made["status"] == "lead" && made["custom_fields"] == .object([:]))
        #expect(try await stage.json("GET", path, as: .admin) == made)
        let changed = try await stage.json("PATCH", path, as: .admin, ["phone": .null, "city": "Paris"])
        #expect(changed["phone"] == .null && changed["city"] == "Paris" && changed["contact_name"] == "Jane")
        for role in [APIStage.Person.stranger, .manager] {
            #expect(await stage.status("GET", path, as: role) == 403)
            #expect(await stage.status("POST", "/api/v1/contacts", as: role, ["contact_name": "x"]) == 403)
        }
        #expect(await stage.status("DELETE", path, as: .admin) == 204)
        #expect(await stage.status("GET", path, as: .admin) == 404)
    }

    @Test func `what is wrong with a contact is said where it stands`() async throws {
        let wrong: [(JSONValue, String)] = [
            ([:], "/contact_name"), (["city": "Paris"], "/contact_name"),
            (["contact_name": "x", "phone": "12"], "/phone"), (["contact_name": "x", "phone": "call me"], "/phone"),
            (["contact_name": "x", "phone": "415555010z"], "/phone"),
            (["contact_name": "x", "contact_email": "jane.acme.test"], "/contact_email"),
            (["contact_name": "x", "status": "won"], "/status"), (["contact_name": "x", "tags": "a"], "/tags"),
            (["contact_name": "x", "tags": ["a,b"]], "/tags/0"),
            (["contact_name": "x", "tags": ["a", " b"]], "/tags/1"),
            (["contact_name": "x", "timezone": "Mars/Olympus"], "/timezone"),
            (["contact_name": "x", "do_not_contact": true], "/do_not_contact"),
            (["contact_name": "x", "opt_in_status": "opted_out"], "/opt_in_status"),
            (["contact_name": "x", "custom_fields": ["size": "L"]], "/custom_fields/size"),
            (["contact_name": "x\u{0}"], "/contact_name"),
            (["contact_name": "x", "custom_fields": []], "/custom_fields"),
        ]
        for (body, pointer) in wrong {
            let problem = try await contact(body, is: 422)
            #expect(pointers(problem) == [pointer], "\(body.json) \(problem.json)")
        }
        #expect(try await contact(["contact_name": "x", "status": "won"], is: 422).json.contains("closed_won"))
        let smile = try await contact(["contact_name": "Zoë 😀", "phone": "４１５５５５０１０１"])
        #expect(smile["contact_name"] == "Zoë 😀" && smile["phone"] == "+14155550101")
    }

    @Test func `a list is narrowed by tags, status, text and the tenant's own fields`() async throws {
        for (name, type, options) in [
            ("size", "select", ["S", "L"]), ("seats", "number", []), ("is_key", "boolean", []),
        ]
            as [(String, String, [JSONValue])]
        {
            _ = try await stage.json(
                "POST", "/api/v1/custom-fields", as: .admin,
                [
                    "field_name": .text(name), "field_label": .text(name), "field_type": .text(type),
                    "field_options": .list(options),
                ], is: 201)
        }
        _ = try await contact([
            "contact_name": "Ann", "business_name": "Acme", "phone": "+14155550100", "tags": ["vip", "fair"],
            "custom_fields": ["size": "L", "seats": 5, "is_key": true],
        ])
        _ = try await contact(["contact_name": "Bob", "tags": ["vip"], "custom_fields": ["size": "S", "seats": 5]])
        _ = try await contact(["contact_name": "Cy", "contact_email": "cy@beta.test", "status": "customer"])

        #expect(try await names("tags=vip") == ["Bob", "Ann"])
        #expect(try await names("tags=vip,fair") == ["Ann"])
        #expect(try await names("status=customer") == ["Cy"])
        #expect(try await names("q=acme") == ["Ann"])
        #expect(try await names("q=beta.te") == ["Cy"])
        #expect(try await names("q=5550100") == ["Ann"])
        #expect(try await names("contact_email=CY@Beta.test") == ["Cy"])
        #expect(try await names("phone=(415)%20555-0100") == ["Ann"])
        #expect(try await names("custom%5Bsize%5D=L") == ["Ann"])
        #expect(try await names("custom[seats]=5") == ["Bob", "Ann"])
        #expect(try await names("custom[seats]=5&custom[is_key]=true") == ["Ann"])
        #expect(try await names("custom[size]=L'%20or%201=1") == [])
        for query in [
            "custom[nope]=1", "custom[]=1", "custom=1", "custom[size]=S&custom[size]=L", "tags=", "opt_in_status=maybe",
            "do_not_contact=yes", "custom[size", "customs[size]=L",
        ] {
            #expect(await stage.status("GET", "/api/v1/contacts", query: query, as: .admin) == 400, "\(query)")
        }
        let tags = try await stage.json("GET", "/api/v1/contacts/tags", as: .admin)
        #expect(tags.texts("tag") == ["vip", "fair"] && tags.rows.map { $0["contacts"] } == [2, 1])
    }

    @Test func `a tenant's own fields hold for every write, go by a new name, and are hidden while they are used`()
        async throws
    {
        let fields = "/api/v1/custom-fields"
        let size = try await stage.json(
            "POST", fields, as: .admin,
            ["field_name": "seats", "field_label": "Seats", "field_type": "number", "is_required": true], is: 201)
        let path = "\(fields)/\(size["id"]?.text ?? "")"
        let missing = try await contact(["contact_name": "x"], is: 422)
        let mistyped = try await contact(["contact_name": "x", "custom_fields": ["seats": "many"]], is: 422)
        #expect(pointers(missing) == ["/custom_fields/seats"] && pointers(mistyped) == ["/custom_fields/seats"])
        let one = "/api/v1/contacts/\(try await id(["contact_name": "x", "custom_fields": ["seats": 5]]))"

        #expect(await stage.status("PATCH", one, as: .admin, ["custom_fields": ["seats": .null]]) == 422)
        #expect(await stage.status("PATCH", path, as: .admin, ["field_type": "text"]) == 409)
        #expect(await stage.status("DELETE", path, as: .admin) == 409)
        _ = try await stage.json("PATCH", path, as: .admin, ["field_name": "places"])
        #expect(try await stage.json("GET", one, as: .admin)["custom_fields"] == ["places": 5])
        _ = try await stage.json("PATCH", path, as: .admin, ["is_active": false])
        let changed = try await stage.json("PATCH", one, as: .admin, ["city": "Paris"])
        #expect(changed["custom_fields"] == ["places": 5], "what is hidden is kept")
        #expect(await stage.status("PATCH", one, as: .admin, ["custom_fields": ["places": 6]]) == 422)
        _ = try await stage.json("PATCH", one, as: .admin, ["custom_fields": ["places": .null]])
        #expect(await stage.status("DELETE", path, as: .admin) == 204)

        for bad: JSONValue in [
            ["field_name": "Size", "field_label": "x", "field_type": "text"],
            ["field_name": "1a", "field_label": "x", "field_type": "text"],
            ["field_name": "a", "field_label": "x", "field_type": "select"],
            ["field_name": "a", "field_label": "x", "field_type": "text", "field_options": ["x"]],
            ["field_name": "a", "field_label": "x", "field_type": "select", "field_options": ["x", "x"]],
            ["field_name": "a", "field_label": "x", "field_type": "colour"],
        ] {
            #expect(await stage.status("POST", fields, as: .admin, bad) == 422, "\(bad.json)")
        }
        let field: JSONValue = ["field_name": "a", "field_label": "x", "field_type": "phone"]
        #expect(await stage.status("POST", fields, as: .admin, field) == 201)
        let again = try await stage.json("POST", fields, as: .admin, field, is: 409)
        #expect(again["detail"]?.text?.contains("one field of a tenant") == true)
        let phone = try await contact(["contact_name": "x", "custom_fields": ["a": "415 555 0100"]])
        #expect(phone["custom_fields"] == ["a": "+14155550100"])
    }

    @Test
    func `who asks to be left alone is, under every entry of the number, until an admin withdraws it with a reason`()
        async throws
    {
        let ids = [
            try await id(["contact_name": "Jane", "phone": "+14155550100"]),
            try await id(["contact_name": "Jane again", "phone": "+14155550100"]),
        ]
        let path = "/api/v1/contacts/\(ids[0])"
        let wish: JSONValue = ["reason": "Please stop", "source": "letter"]

        #expect(await stage.status("POST", "\(path)/do-not-contact", wish) == 403)
        #expect(await stage.status("POST", "\(path)/do-not-contact", as: .admin, ["reason": "x"]) == 422)
        let done = try await stage.json("POST", "\(path)/do-not-contact", as: .admin, wish)
        #expect(done["do_not_contact"] == true && done["contact_ids"] == .list(ids.sorted().map { .text($0) }))
        for id in ids {
            let row = try await stage.json("GET", "/api/v1/contacts/\(id)", as: .admin)
            #expect(row["do_not_contact"] == true && row["opt_in_status"] == "opted_out")
        }
        #expect(await stage.status("PATCH", path, as: .admin, ["opt_in_status": "opted_in"]) == 422)
        #expect(await stage.status("DELETE", path, as: .admin) == 409, "nobody would know any more")
        let anew = try await contact(["contact_name": "Anew", "phone": "415-555-0100"])
        #expect(anew["do_not_contact"] == true, "writing them down anew changes nothing")
        let other = try await id(["contact_name": "Other"])
        let moved = try await stage.json("PATCH", "/api/v1/contacts/\(other)", as: .admin, ["phone": "+14155550100"])
        #expect(moved["do_not_contact"] == true)

        let query = "reason=They%20called%20back&source=phone"
        #expect(await stage.status("DELETE", "\(path)/do-not-contact", query: query) == 403)
        #expect(await stage.status("DELETE", "\(path)/do-not-contact", as: .admin) == 400, "a reason is needed")
        let freed = try await stage.json("DELETE", "\(path)/do-not-contact", query: query, as: .admin)
        #expect(freed["do_not_contact"] == false && freed["contact_ids"]?.list?.count == 4)
        #expect(await stage.status("DELETE", "\(path)/do-not-contact", query: query, as: .admin) == 409)
        let rows = try await stage.temporary.rows(
            "select granted, words, source from consents where kind = 'marketing_voice' order by created_at")
        #expect(try rows.map { try $0.bool("granted") } == [false, true])
        #expect(try rows.map { try $0.text("source") } == ["api: letter", "api: phone"])
        #expect(try rows.last?.text("words") == "They called back")
    }

    @Test func `a timeline tells of each thing once, in order, to its end`() async throws {
        let contact = try await id(["contact_name": "Jane", "phone": "+14155550100"])
        let path = "/api/v1/contacts/\(contact)"
        let tenant = SQLValue.uuid(TenantID.initial.uuid)
        _ = try await stage.temporary.rows(
            """
            with lead as (insert into leads (tenant_id, contact_id) values ($1, $2::uuid) returning id),
                calls as (insert into calls (tenant_id, contact_id, call_start_time, outcome)
                    select $1, $2::uuid, timestamptz '2026-01-01' + n * interval '1 day', 'qualified'
                    from generate_series(1, 5) n),
                interactions as (insert into contact_interactions (tenant_id, contact_id, interaction_type, metadata,
                    interaction_date) values ($1, $2::uuid, 'phone_call', '{"event": "call_finished"}', '2026-01-01')),
                activities as (insert into lead_activities (tenant_id, lead_id, activity_type, subject, created_at)
                    select $1, id, 'stage_change', 'Moved', '2026-01-03' from lead),
                meetings as (insert into meetings (tenant_id, lead_id, title, starts_at, ends_at)
                    select $1, id, 'Demo', '2026-02-01', '2026-02-01 01:00' from lead)
            insert into consents (tenant_id, contact_id, kind, granted, source, at)
            values ($1, $2::uuid, 'recording', true, 'call', '2026-01-03')
            """, [tenant, .text(contact)])
        let note: JSONValue = [
            "interaction_type": "note", "subject": "Lunch", "interaction_date": "2026-01-04T00:00:00Z",
        ]
        let added = try await stage.json("POST", "\(path)/interactions", as: .admin, note, is: 201)

        var seen: [JSONValue] = []
        var cursor: String?
        repeat {
            let page = try await stage.json(
                "GET", "\(path)/timeline", query: "limit=2" + (cursor.map { "&cursor=\($0)" } ?? ""), as: .admin)
            seen += page.rows
            cursor = page["next_cursor"]?.text
        } while cursor != nil

        let kinds = seen.compactMap { $0["kind"]?.text }
        #expect(kinds.first == "meeting" && kinds.count == 9)
        #expect(Set(seen.compactMap { $0["id"]?.text }).count == 9)
        #expect(kinds.filter { $0 == "call" }.count == 5 && kinds.filter { $0 == "interaction" }.count == 1)
        let times = seen.compactMap { $0["at"]?.text.flatMap { InternetTime($0)?.date } }
        #expect(times == times.sorted(by: >))
        let listed = try await stage.json("GET", "\(path)/interactions", as: .admin)
        #expect(listed.rows.count == 2 && listed.rows.first == added, "the newest first")
        let nobody = "/api/v1/contacts/\(UUID().uuidString)"
        for address in ["timeline", "interactions", "billing-status"] {
            #expect(await stage.status("GET", "\(nobody)/\(address)", as: .admin) == 404)
        }
        #expect(await stage.status("POST", "\(nobody)/interactions", as: .admin, note) == 404)
        #expect(try await stage.json("GET", "\(path)/billing-status", as: .admin)["status"] == "none")
        #expect(await stage.status("DELETE", path, as: .admin) == 409, "there is a lead")
    }
}
