import CallModel
import Database
import Encoding
import Endpoints
import Foundation
import TestSupport
import Testing

@testable import API
@testable import Endpoints

/// What is found by indexes that row-level security keeps the list itself from: fields of a tenant's own, whole addresses.
@Suite struct IndexedSearchTests {
    let stage: APIStage
    private let ours = SQLValue.uuid(TenantID.initial.uuid)

    init() async throws { stage = try await APIStage.make() }

    private func field(_ name: String, _ type: String, as person: APIStage.Person = .admin) async throws {
        let body: JSONValue = ["field_name": .text(name), "field_label": .text(name), "field_type": .text(type)]
        _ = try await stage.json("POST", "/api/v1/custom-fields", as: person, body, is: 201)
    }

    private func names(_ query: String, as person: APIStage.Person = .admin) async throws -> [String] {
        try await stage.json("GET", "/api/v1/contacts", query: query, as: person).texts("contact_name")
    }

    private func ask(_ sql: String, tenant: TenantID = .initial) async throws -> Int? {
        try await stage.temporary.database.transaction(tenant: tenant) { try $0.query(sql, []).first?.intOrNil("n") }
    }

    @Test func `contacts are found by fields of the tenant's own, of whatever type, by any number of them`()
        async throws
    {
        for (name, type) in [("size", "text"), ("staff", "number"), ("vip", "boolean")] { try await field(name, type) }
        let contacts: [(String, JSONValue)] = [
            ("Ann", ["size": "L", "staff": 12, "vip": true]), ("Bob", ["size": "L", "staff": .number(12.5)]),
            ("Cleo", ["size": "l", "vip": false]), ("Dora", [:]), ("Eve", ["size": "true"]),
        ]
        for (name, fields) in contacts {
            _ = try await stage.json(
                "POST", "/api/v1/contacts", as: .admin, ["contact_name": .text(name), "custom_fields": fields], is: 201)
        }

        for (query, found) in [
            ("custom[size]=L", ["Bob", "Ann"]), ("custom[size]=l", ["Cleo"]), ("custom[staff]=12", ["Ann"]),
            ("custom[staff]=12.5", ["Bob"]), ("custom[vip]=true", ["Ann"]),
            ("custom[size]=L&custom[vip]=true", ["Ann"]),
            ("custom[size]=M", []), ("custom[size]=", []), ("custom[size]=L&q=bob", ["Bob"]),
            ("custom[size]=L&sort=created_at", ["Ann", "Bob"]), ("custom[vip]=true&custom[size]=l", []),
        ] {
            let query = query.replacing("[", with: "%5B").replacing("]", with: "%5D")
            #expect(try await names(query) == found, "\(query)")
        }

        let ann = try #require(
            try await stage.json("GET", "/api/v1/contacts", query: "q=ann", as: .admin).rows.first?["id"]?.text)
        _ = try await stage.json("PATCH", "/api/v1/contacts/\(ann)", as: .admin, ["custom_fields": ["size": "M"]])
        #expect(try await names("custom%5Bsize%5D=M") == ["Ann"])
        #expect(try await names("custom%5Bsize%5D=L") == ["Bob"])
        let they = APIStage.Person(role: .admin, tenant: try await stage.temporary.secondTenant())
        try await field("size", "text", as: they)
        #expect(try await names("custom%5Bsize%5D=L", as: they) == [])
    }

    @Test
    func `of many contacts few are read for a field of the tenant's own, and what most have is found in their order`()
        async throws
    {
        try await field("code", "text")
        _ = try await stage.temporary.rows(
            """
            insert into contacts (tenant_id, contact_name, custom_fields, created_at)
            select $1, 'Person ' || n, jsonb_build_object('code', case when n % 4 = 0 then 'c' || n % 900 else 'most' end),
                now() - n * interval '1 second'
            from generate_series(1, 20000) n
            """, [ours])
        try await Migrator.runAlone("vacuum (analyze)", url: stage.temporary.ownerURL)

        #expect(try await names("custom%5Bcode%5D=most&limit=3") == ["Person 1", "Person 2", "Person 3"])
        #expect(
            try await names("custom%5Bcode%5D=c4&limit=200")
                == (0..<23).map { "Person \(4 + $0 * 900)" }.filter {
                    Int($0.dropFirst(7)).map { $0 <= 20_000 } == true
                })
        let found = "select cardinality(app.contacts_having('{code}', array['%']::text[], 2000)) as n"
        #expect(try await ask(found.replacing("%", with: "c4")) == 23)
        #expect(try await ask(found.replacing("%", with: "most")) == nil)
        #expect(try await ask(found.replacing("%", with: "none")) == 0)
        let theirs = try await stage.temporary.secondTenant()
        #expect(try await ask(found.replacing("%", with: "c4"), tenant: theirs) == 0)

        // What the function asks, in its owner's name.
        let plan = try await stage.temporary.rows(
            """
            explain (costs off) select c.id from contacts c
            where app.custom_keys(c.tenant_id, c.custom_fields) @> array[app.custom_key($1, 'code', 'c4')]
                and c.custom_fields <> '{}' and c.tenant_id = $1
            """, [ours]
        ).map { try $0.text("QUERY PLAN") }.joined(separator: "\n")
        #expect(plan.contains("contacts_by_custom_field") && !plan.contains("Seq Scan"), "\(plan)")
    }

    @Test func `a whole address finds what its words find, however many share them`() async throws {
        _ = try await stage.temporary.rows(
            """
            insert into contacts (tenant_id, contact_name, contact_email)
            select $1, 'Person ' || n, case when n <= 250 then 'info@example.com' else n || '@example.com' end
            from generate_series(1, 600) n
            """, [ours])
        _ = try await stage.temporary.rows(
            "insert into contacts (tenant_id, contact_name, phone) values ($1, 'Jo', '+14155550123')", [ours])
        _ = try await stage.temporary.rows(
            """
            insert into leads (tenant_id, contact_person, email, phone)
            select tenant_id, contact_name, contact_email, phone from contacts
            """)

        for (asked, count) in [
            ("info@example.com", 250), ("INFO@Example.COM", 250), ("300@example.com", 1), ("300@example.c", 1),
            ("300@example.org", 0), ("700@example.com", 0), ("info@example.org", 0), (" 301@example.com ", 1),
            ("302@example", 1), ("@example.com", 600), ("300@example.", 1),
            // Digits alone may be a telephone number as well.
            ("415@555.0123", 1), ("415.555.0123", 1), ("415+1@555.0123", 0),
        ] {
            for table in ["contacts", "leads"] {
                #expect(
                    try await ask("select cardinality(app.\(table)_found('\(asked)', 2000)) as n") == count,
                    "\(asked) of \(table)")
            }
        }
        #expect(try await ask("select cardinality(app.contacts_found('info@example.com', 100)) as n") == nil)
        #expect(try await names("q=300%40example.com") == ["Person 300"])
    }

    @Test func `leads between two values are found, by whoever sees them, in any order`() async throws {
        let ann = try await stage.user("Ann")
        _ = try await stage.temporary.rows(
            """
            insert into leads (tenant_id, company_name, deal_value, agent_id, created_at)
            select $1, 'l' || n, case when n % 10 > 0 then n end,
                case when n % 2 = 0 then (select id from users where is_ai_agent and tenant_id = $1) end,
                now() - n * interval '1 second'
            from generate_series(1, 5000) n
            """, [ours])
        _ = try await stage.temporary.rows(
            "update leads set agent_id = $1 where deal_value = 4991", [.uuid(UUID(uuidString: ann.subject))])
        let bob = try await stage.user("Bob")
        func names(_ query: String, _ person: APIStage.Person = .manager) async throws -> [String] {
            try await stage.json("GET", "/api/v1/leads", query: query, as: person).texts("company_name")
        }
        let top = (4_991...4_999).map { "l\($0)" }

        #expect(try await names("value_min=4990.5") == top)
        #expect(try await names("value_min=4990.5&sort=-deal_value") == top.reversed())
        #expect(try await names("value_min=4990.5", ann) == top)
        #expect(try await names("value_min=4990.5", bob) == Array(top.dropFirst()))
        #expect(try await names("value_min=4992&value_max=4993") == ["l4992", "l4993"])
        #expect(try await names("value_max=2") == ["l1", "l2"])
        #expect(try await names("value_min=4000&limit=2") == ["l4001", "l4002"])
        #expect(try await names("value_min=1&limit=2") == ["l1", "l2"])
        #expect(try await names("value_min=90000") == [])
        #expect(try await names("value_min=4990&q=l4995") == ["l4995"])
        #expect(try await ask("select cardinality(app.leads_worth(1, null, 2000)) as n") == nil)
        let theirs = try await stage.temporary.secondTenant()
        #expect(try await ask("select cardinality(app.leads_worth(1, null, 2000)) as n", tenant: theirs) == 0)
    }
}
