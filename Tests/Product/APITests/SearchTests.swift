import CallModel
import Database
import Encoding
import Foundation
import TestSupport
import Testing

@testable import API
@testable import Endpoints

/// Contacts and leads by words, tags and addresses: what is found, and what is read for it.
@Suite struct SearchTests {
    let stage: APIStage

    init() async throws { stage = try await APIStage.make() }

    private func names(_ query: String, as person: APIStage.Person = .admin) async throws -> [String] {
        try await stage.json("GET", "/api/v1/contacts", query: query, as: person).texts("contact_name")
    }

    private func contact(_ fields: JSONValue) async throws -> String {
        try #require(try await stage.json("POST", "/api/v1/contacts", as: .admin, fields, is: 201)["id"]?.text)
    }

    @Test func `contacts are found by words of name, company and address, the last as far as it is typed`() async throws
    {
        let jane = try await contact([
            "contact_name": "Jane O'Neil-Müller", "business_name": "Bay Area Plumbing & Sons",
            "contact_email": "j.oneil@bay-area.example",
        ])
        _ = try await contact(["contact_name": "Janet", "business_name": "Bayer"])

        for query in [
            "plumb", "PLUMBING", "neil", "m%C3%BCll", "M%C3%9CLLER", "jane%20bay", "bay%20area.ex", "sons%20jane%20ne",
            "O'Neil", "%26%20sons",
        ] {
            #expect(try await names("q=\(query)") == ["Jane O'Neil-Müller"], "\(query)")
        }
        for query in [
            "lumbing", "jan%20bayer", "jane%20bayer", "'%20or%201%3D1", "%27%27", "%5C", "%25", "%F0%9F%98%80",
        ] {
            #expect(try await names("q=\(query)") == [], "\(query)")
        }
        #expect(try await names("q=jan") == ["Janet", "Jane O'Neil-Müller"])
        _ = try await stage.json("PATCH", "/api/v1/contacts/\(jane)", as: .admin, ["business_name": "Drains Ltd"])
        #expect(try await names("q=plumbing") == [])
        #expect(try await names("q=drains") == ["Jane O'Neil-Müller"])
    }

    @Test func `a number is found however it is divided, with its country and without`() async throws {
        for (name, phone) in [("Bert", "+493012345678"), ("Cleo", "+14155550100"), ("Dora", "+353861234567")] {
            _ = try await contact(["contact_name": .text(name), "phone": .text(phone)])
        }

        for (query, name) in [
            ("%2B49%2030%20123", "Bert"), ("0049%2030%2012345678", "Bert"), ("030%2F1234", "Bert"), ("2345678", "Bert"),
            ("(415)%20555-0100", "Cleo"), ("415.555", "Cleo"), ("555-0100", "Cleo"), ("14155550100", "Cleo"),
            ("1%20415%20555%200100", "Cleo"), ("086%20123%204567", "Dora"), ("%2B353%2086", "Dora"),
        ] {
            #expect(try await names("q=\(query)") == [name], "\(query)")
        }
        #expect(try await names("q=5501") == [])
    }

    @Test func `tags are listed in the order of lists, whatever becomes of their contacts`() async throws {
        _ = try await stage.temporary.rows(
            """
            insert into contacts (tenant_id, contact_name, tags, created_at)
            select $1, 'c' || lpad(n::text, 2, '0'), case when n % 3 = 0 then array['odd', 'a', 'a'] else array['a'] end,
                timestamptz '2026-03-01' - n / 4 * interval '1 minute'
            from generate_series(1, 40) n
            """, [.uuid(TenantID.initial.uuid)])
        func all(_ query: String) async throws -> [String] {
            var (found, cursor) = ([String](), "")
            repeat {
                let page = try await stage.json("GET", "/api/v1/contacts", query: query + cursor, as: .admin)
                found += page.texts("contact_name")
                cursor = page["next_cursor"]?.text.map { "&cursor=\($0)" } ?? ""
            } while !cursor.isEmpty
            return found
        }

        let everybody = try await all("limit=50")
        #expect(try await all("tags=a&limit=7") == everybody)
        let odd = try await all("tags=a,odd&limit=3")
        #expect(odd.count == 13 && Set(odd) == Set((1...40).filter { $0 % 3 == 0 }.map { String(format: "c%02d", $0) }))
        #expect(try await all("tags=odd,a&limit=3&sort=created_at") == odd.reversed())
        let first = try await stage.json("GET", "/api/v1/contacts", query: "tags=odd&limit=1", as: .admin).rows[0]
        let path = "/api/v1/contacts/\(first["id"]?.text ?? "")"
        _ = try await stage.json("PATCH", path, as: .admin, ["tags": ["b"]])
        #expect(try await all("tags=odd") == Array(odd.dropFirst()))
        #expect(try await all("tags=b") == [odd[0]])
        #expect(await stage.status("DELETE", path, as: .admin) == 204)
        let tags = try await stage.json("GET", "/api/v1/contacts/tags", as: .admin)
        #expect(tags.texts("tag") == ["a", "odd"] && tags.rows.map { $0["contacts"] } == [39, 12])
    }

    @Test func `an agent's list has nobody's leads, the voice assistant's and their own, each once and in order`()
        async throws
    {
        let (ann, bob) = (try await stage.user("Ann"), try await stage.user("Bob"))
        _ = try await stage.temporary.rows(
            """
            insert into leads (tenant_id, company_name, agent_id, lead_score, created_at)
            select $1, 'l' || lpad(n::text, 2, '0'), case n % 4 when 0 then $2::uuid when 1 then $3::uuid
                when 2 then (select id from users where is_ai_agent and tenant_id = $1) end, n % 5,
                timestamptz '2026-03-01' - n / 3 * interval '1 minute'
            from generate_series(0, 39) n
            """,
            [.uuid(TenantID.initial.uuid), .uuid(UUID(uuidString: ann.subject)), .uuid(UUID(uuidString: bob.subject))])

        for sort in ["-created_at", "created_at", "-lead_score", "deal_value"] {
            var (found, cursor) = ([String](), "")
            repeat {
                let page = try await stage.json(
                    "GET", "/api/v1/leads", query: "limit=7&sort=\(sort)\(cursor)", as: ann)
                found += page.texts("company_name")
                cursor = page["next_cursor"]?.text.map { "&cursor=\($0)" } ?? ""
            } while !cursor.isEmpty
            let whole = try await stage.json("GET", "/api/v1/leads", query: "limit=50&sort=\(sort)").texts(
                "company_name")
            #expect(found == whole.filter { Int($0.dropFirst()).map { $0 % 4 != 1 } == true }, "\(sort)")
        }
    }

    @Test func `another tenant's words are passed by`() async throws {
        let theirs = try await stage.temporary.secondTenant()
        _ = try await contact(["contact_name": "Jane", "tags": ["vip"]])
        let they = APIStage.Person(role: .admin, tenant: theirs)

        #expect(try await names("q=jane", as: they) == [])
        #expect(try await names("tags=vip", as: they) == [])
        #expect(try await stage.json("GET", "/api/v1/contacts/tags", as: they).rows.isEmpty)
    }

    // MARK: - What is read

    /// Pages of 8 KB that PostgreSQL looks at for a page of a list.
    private func pagesRead(_ resource: Resource, _ query: JSONValue, _ person: APIStage.Person) async throws -> Int {
        let principal = APIPrincipal(subject: person.subject, tenant: person.tenant, role: person.role)
        let ask = try PageAsk(resource, nil, query, principal)
        let statement = PageStatement(
            ask,
            try await stage.temporary.database.transaction(tenant: .initial) {
                try ask.among(in: $0)
            })
        let plan = try await stage.temporary.database.transaction(tenant: .initial) { transaction in
            try transaction.query(
                "explain (analyze, buffers, timing off, costs off, summary off) " + statement.text, statement.values,
                remember: .never
            ).map { try $0.text("QUERY PLAN") }
        }
        let buffers = try #require(plan.first { $0.contains("Buffers:") })
        return buffers.split { !$0.isNumber }.compactMap { Int($0) }.reduce(0, +)
    }

    @Test func `of a list that is long only what is shown is read, whatever it is narrowed to`() async throws {
        _ = try await stage.user("Rare")
        let ours = SQLValue.uuid(TenantID.initial.uuid)
        _ = try await stage.temporary.rows(
            """
            insert into contacts (tenant_id, contact_name, business_name, contact_email, phone, tags, status, created_at)
            select $1, 'Person ' || n, 'Company ' || n % 900, n || '@example.com', '+1212' || 2000000 + n,
                array['fair-' || n % 100], case when n = 9 then 'closed_won' else 'lead' end, now() - n * interval '1 second'
            from generate_series(1, 20000) n
            """, [ours])
        _ = try await stage.temporary.rows(
            """
            insert into leads (tenant_id, company_name, phone, agent_id, created_at)
            select tenant_id, business_name, phone, (select id from users where full_name = 'Rare'), created_at from contacts
            where tenant_id = $1
            """, [ours])
        _ = try await stage.temporary.rows("analyze")
        // A contact to a row, and what leads to it.
        let most = 400

        let queries: [JSONValue] = [
            .object([:]), ["q": "person 777"], ["q": "2007000"], ["q": "nobody"],
            ["tags": ["fair-7"]],
            ["contact_email": "777@EXAMPLE.com"], ["status": "closed_won"], ["sort": "-updated_at"],
            ["do_not_contact": true], ["industry": "Mining"], ["tags": ["nothing"], "sort": "updated_at"],
        ]
        for query in queries {
            let read = try await pagesRead(ContactRoutes.resource, query, .admin)
            #expect(read < most, "contacts \(query.json)")
        }
        let asks: [(JSONValue, APIStage.Person)] = [
            (["q": "company 777"], .manager), (["status_bucket": "P1"], .manager),
        ]
        for (query, person) in asks {
            let read = try await pagesRead(LeadRoutes.resource, query, person)
            #expect(read < most, "leads \(query.json) \(person.role)")
        }
    }
}
