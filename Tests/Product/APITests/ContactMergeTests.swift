import CallModel
import Database
import Encoding
import Endpoints
import Foundation
import TestSupport
import Testing
import WebSocketTransport

@testable import API

@Suite struct ContactMergeTests {
    let stage: APIStage

    init() async throws { stage = try await APIStage.make() }

    func contact(_ fields: JSONValue) async throws -> String {
        try #require(try await stage.json("POST", "/api/v1/contacts", as: .admin, fields, is: 201)["id"]?.text)
    }

    func merge(_ kept: String, _ others: [String], is status: Int = 200) async throws -> JSONValue {
        try await stage.json(
            "POST", "/api/v1/contacts/merge", as: .admin,
            ["keep": .text(kept), "merge": .list(others.map { .text($0) })], is: status)
    }

    /// Something of everything for a contact.
    func fill(_ contact: String) async throws {
        _ = try await stage.temporary.rows(
            """
            with lead as (insert into leads (tenant_id, contact_id) values ($1, $2::uuid) returning id),
                follow_ups as (insert into follow_ups (tenant_id, lead_id, due_at) select $1, id, now() from lead),
                calls as (insert into calls (tenant_id, contact_id) values ($1, $2::uuid)),
                deals as (insert into deals (tenant_id, contact_id, title) values ($1, $2::uuid, 'Deal')),
                tasks as (insert into tasks (tenant_id, contact_id, title) values ($1, $2::uuid, 'Call Jane')),
                notes as (insert into contact_interactions (tenant_id, contact_id, interaction_type)
                    values ($1, $2::uuid, 'note'))
            insert into consents (tenant_id, contact_id, phone, kind, granted, source)
            values ($1, $2::uuid, '+14155550100', 'recording', true, 'call')
            """, [.uuid(TenantID.initial.uuid), .text(contact)])
    }

    func count(_ table: String, of contact: String) async throws -> Int {
        try await stage.temporary.rows("select from \(table) where contact_id = $1::uuid", [.text(contact)]).count
    }

    @Test func `what belongs to several belongs to one, whose own word wins`() async throws {
        let kept = try await contact([
            "contact_name": "Jane", "phone": "+14155550100", "tags": ["vip"], "city": "Paris",
        ])
        let first = try await contact([
            "contact_name": "J. Doe", "phone": "+14155550101", "tags": ["fair", "vip"], "industry": "Steel",
        ])
        let second = try await contact(["contact_email": "jane@acme.test", "city": "Rome", "industry": "Wood"])
        for contact in [kept, first, second] { try await fill(contact) }

        let answer = try await merge(kept, [first, second])

        let row = try await stage.json("GET", "/api/v1/contacts/\(kept)", as: .admin)
        #expect(row["contact_name"] == "Jane" && row["phone"] == "+14155550100" && row["city"] == "Paris")
        #expect(
            row["contact_email"] == "jane@acme.test" && row["industry"] == "Steel" && row["tags"] == ["vip", "fair"])
        for table in ["leads", "calls", "deals", "tasks", "consents"] {
            #expect(try await count(table, of: kept) == 3, "\(table)")
            #expect(answer["moved"]?[table] == 2, "\(table)")
        }
        #expect(try await count("contact_interactions", of: kept) == 5, "a note of each that is gone")
        for gone in [first, second] {
            #expect(await stage.status("GET", "/api/v1/contacts/\(gone)", as: .admin) == 404)
        }
        let notes = try await stage.json("GET", "/api/v1/contacts/\(kept)/interactions", as: .admin)
        #expect(notes.texts("content").contains { $0.contains("+14155550101") }, "no number is lost")
        let audit = try await stage.temporary.rows(
            "select row_id, after is null as gone from admin_audit where action = 'POST /api/v1/contacts/merge'")
        #expect(audit.count == 3)
        #expect(try audit.filter { try $0.bool("gone") }.count == 2)
    }

    @Test func `who of them asked to be left alone is left alone as the one, and nothing planned is left`() async throws
    {
        let kept = try await contact(["contact_name": "Jane", "phone": "+14155550100"])
        let other = try await contact(["contact_name": "J. Doe", "phone": "+14155550101"])
        for contact in [kept, other] { try await fill(contact) }
        _ = try await stage.json(
            "POST", "/api/v1/contacts/\(other)/do-not-contact", as: .admin, ["reason": "stop", "source": "letter"])

        _ = try await merge(kept, [other])

        let row = try await stage.json("GET", "/api/v1/contacts/\(kept)", as: .admin)
        #expect(row["do_not_contact"] == true && row["opt_in_status"] == "opted_out")
        #expect(try await stage.temporary.rows("select from follow_ups where status = 'Pending'").isEmpty)
        #expect(try await stage.temporary.rows("select from tasks where status = 'pending'").isEmpty)
    }

    @Test func `contacts that are not there, are named twice or are another tenant's are merged with nothing`()
        async throws
    {
        let theirs = try await stage.temporary.secondTenant()
        let kept = try await contact(["contact_name": "Jane"])
        let made = await stage.send(
            "POST", "/api/v1/contacts", as: APIStage.Person(role: .admin, tenant: theirs), ["contact_name": "Theirs"])
        let foreign = try #require(JSONValue(made.body)?["id"]?.text)

        for others in [[], [kept], [foreign], [UUID().uuidString], [foreign, foreign]] {
            _ = try await merge(kept, others, is: 422)
        }
        _ = try await merge(foreign, [kept], is: 422)
        let many = (0..<21).map { _ in UUID().uuidString }
        _ = try await merge(kept, many, is: 422)
        #expect(await stage.status("GET", "/api/v1/contacts/\(kept)", as: .admin) == 200)
        #expect(try await stage.temporary.rows("select from contacts").count == 2)
    }

    @Test func `two merges that cross do one thing or the other, and neither waits for ever`() async throws {
        let ann = try await contact(["contact_name": "Ann"])
        let bob = try await contact(["contact_name": "Bob"])

        async let one = stage.status(
            "POST", "/api/v1/contacts/merge", as: .admin, ["keep": .text(ann), "merge": [.text(bob)]])
        async let other = stage.status(
            "POST", "/api/v1/contacts/merge", as: .admin, ["keep": .text(bob), "merge": [.text(ann)]])
        let statuses = await [one, other].sorted()

        #expect(statuses == [200, 422])
        #expect(try await stage.temporary.rows("select from contacts").count == 1)
    }

    @Test func `consents are filed anew, and never said anew`() async throws {
        let (kept, other) = (try await contact(["contact_name": "A"]), try await contact(["contact_name": "B"]))
        try await fill(other)
        for change in ["granted = false", "words = 'x'", "contact_id = null", "contact_id = '\(kept)', words = 'x'"] {
            await #expect(throws: DatabaseError.self, "\(change)") {
                _ = try await stage.temporary.rows("update consents set \(change)")
            }
        }
        await #expect(throws: DatabaseError.self) { _ = try await stage.temporary.rows("delete from consents") }
        // As the application none at all.
        await #expect(throws: DatabaseError.self) {
            try await stage.temporary.database.transaction(tenant: .initial) {
                try $0.execute("update consents set contact_id = $1::uuid", [.text(kept)])
            }
        }
        #expect(
            try await stage.temporary.rows(
                "select from consents where granted and contact_id = $1::uuid", [.text(other)]
            ).count == 1)
    }
}
