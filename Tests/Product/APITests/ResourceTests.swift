import CallModel
import Database
import Encoding
import Endpoints
import Foundation
import TestSupport
import Testing
import WebSocketTransport

@testable import API

/// Tasks, deals and leads as addresses, over a real database.
@Suite struct ResourceTests {
    static let contactID = "44444444-4444-4444-8444-444444444444"

    let temporary: TemporaryDatabase
    let routes: Router

    init() async throws {
        temporary = try await TemporaryDatabase.make()
        routes = ReadingTests.routes(temporary)
        try await temporary.database.transaction(tenant: .initial) { tx in
            try tx.execute(
                "insert into contacts (tenant_id, id, contact_name) values ($1, $2::uuid, 'Jane Doe')",
                [.uuid(TenantID.initial.uuid), .text(Self.contactID)])
        }
    }

    /// Each with a subject of its own: nobody is kept waiting for having asked so often.
    func send(
        _ method: String, _ path: String, query: String = "", tenant: TenantID = .initial, role: APIRole = .agent,
        subject: String = UUID().uuidString, with headers: [(name: String, value: String)] = [],
        _ body: JSONValue? = nil
    ) async -> HTTPResponse {
        let principal = APIPrincipal(subject: subject, tenant: tenant, role: role)
        let token = JWT.sign(principal, secret: JWTTests.secret, issuedAt: JWTTests.now)
        var headers = headers + [(name: "authorization", value: "Bearer \(token)")]
        if body != nil { headers.append((name: "content-type", value: "application/json")) }
        return await routes.respond(
            to: HTTPRequest(
                method: method, path: path, query: query, headers: headers, body: Array((body?.json ?? "").utf8)))
    }

    func json(_ response: HTTPResponse) throws -> JSONValue {
        try #require(JSONValue(response.body), "\(String(decoding: response.body, as: UTF8.self))")
    }

    func header(_ response: HTTPResponse, _ name: String) -> String? {
        response.headers.first { $0.name == name }?.value
    }

    func ids(_ page: JSONValue) -> [String] {
        guard case .list(let rows)? = page["data"] else { return [] }
        return rows.compactMap { $0["id"]?.text }
    }

    @Test func `a task is created, read, changed and deleted`() async throws {
        let created = await send(
            "POST", "/api/v1/tasks",
            [
                "title": "Call \"Jane\"; drop table tasks; --", "due_date": "2026-03-05T10:00:00+01:00",
                "contact_id": .text(Self.contactID),
            ])
        let task = try json(created)
        let path = try #require(header(created, "location"))

        #expect(created.status == 201 && path == "/api/v1/tasks/\(task["id"]?.text ?? "")")
        #expect(task["title"] == "Call \"Jane\"; drop table tasks; --" && task["status"] == "pending")
        #expect(task["priority"] == "medium" && task["description"] == .null)
        #expect(task["due_date"]?.text.flatMap { InternetTime($0) }?.date == InternetTime("2026-03-05T09:00:00Z")?.date)

        let read = await send("GET", path)
        #expect(try json(read) == task && header(read, "etag") == header(created, "etag"))

        let changed = await send("PATCH", path, ["status": "completed", "due_date": .null])
        #expect(changed.status == 200)
        #expect(try json(changed)["status"] == "completed" && json(changed)["due_date"] == .null)
        #expect(try json(changed)["title"] == task["title"], "what is not given stays")
        #expect(header(changed, "etag") == header(await send("GET", path), "etag"))
        #expect(try json(await send("PATCH", path, [:])) == json(changed))

        #expect(await send("DELETE", path).status == 204)
        #expect(await send("GET", path).status == 404)
        #expect(await send("DELETE", path).status == 404)
        #expect(await send("PATCH", path, ["status": "pending"]).status == 404)
    }

    @Test func `a deal has a contact, a price and a currency, and the database is not asked for what cannot be`()
        async throws
    {
        let deal: JSONValue = ["title": "Licences", "contact_id": .text(Self.contactID), "value": .number(1200.5)]
        let created = await send("POST", "/api/v1/deals", deal)
        #expect(created.status == 201)
        #expect(try json(created)["value"] == .number(1200.5) && json(created)["currency"] == "USD")
        #expect(try json(created)["stage"] == "qualification" && json(created)["probability"] == 0)

        let wrong: [(JSONValue, String)] = [
            (["title": "x"], "/contact_id"), (["contact_id": .text(Self.contactID)], "/title"),
            (["title": "", "contact_id": .text(Self.contactID)], "/title"),
            (["title": "x", "contact_id": .null], "/contact_id"), (["title": "x", "contact_id": "1"], "/contact_id"),
            (["title": "x", "contact_id": .text(UUID().uuidString)], "/contact_id"),
            (["title": "x", "contact_id": .text(Self.contactID), "value": -1], "/value"),
            (["title": "x", "contact_id": .text(Self.contactID), "value": "7"], "/value"),
            (["title": "x", "contact_id": .text(Self.contactID), "currency": "usd"], "/currency"),
            (["title": "x", "contact_id": .text(Self.contactID), "probability": 101], "/probability"),
            (["title": "x", "contact_id": .text(Self.contactID), "stage": "won"], "/stage"),
            (["title": "x", "contact_id": .text(Self.contactID), "stage": .null], "/stage"),
            (["title": "x", "contact_id": .text(Self.contactID), "tenant_id": .text(UUID().uuidString)], "/tenant_id"),
            (["title": "x", "contact_id": .text(Self.contactID), "id": .text(UUID().uuidString)], "/id"),
            (["title": .text(String(repeating: "x", count: 201)), "contact_id": .text(Self.contactID)], "/title"),
        ]
        for (body, pointer) in wrong {
            let response = await send("POST", "/api/v1/deals", body)
            let text = String(decoding: response.body, as: UTF8.self)
            #expect(response.status == 422 && text.contains("\"pointer\":\"\(pointer)\""), "\(body.json) \(text)")
        }
        #expect(try await temporary.rows("select from deals").count == 1)
    }

    @Test func `another tenant's row does not exist, whatever is done with it`() async throws {
        let theirs = try await temporary.secondTenant()
        let path = try #require(header(await send("POST", "/api/v1/tasks", ["title": "Ours"]), "location"))

        #expect(await send("GET", path, tenant: theirs).status == 404)
        #expect(await send("PATCH", path, tenant: theirs, ["title": "Theirs"]).status == 404)
        #expect(await send("DELETE", path, tenant: theirs).status == 404)
        #expect(try ids(json(await send("GET", "/api/v1/tasks", tenant: theirs))) == [])
        let pointing = await send(
            "POST", "/api/v1/tasks", tenant: theirs, ["title": "x", "contact_id": .text(Self.contactID)])
        #expect(pointing.status == 422, "a contact of another tenant is none")
        #expect(try json(await send("GET", path))["title"] == "Ours")
    }

    @Test func `who changes what somebody else has changed meanwhile is told so`() async throws {
        let created = await send("POST", "/api/v1/tasks", ["title": "One"])
        let path = try #require(header(created, "location"))
        let tag = try #require(header(created, "etag"))

        async let first = send("PATCH", path, with: [("if-match", tag)], ["title": "Two"])
        async let second = send("PATCH", path, with: [("if-match", tag)], ["title": "Three"])
        let statuses = await [first.status, second.status].sorted()

        #expect(statuses == [200, 412])
        #expect(await send("DELETE", path, with: [("if-match", tag)]).status == 412)
        let now = try #require(header(await send("GET", path), "etag"))
        #expect(await send("DELETE", path, with: [("if-match", "\"x\", \(now)")]).status == 204)
    }

    @Test(arguments: ["-created_at", "created_at", "due_date", "-due_date"])
    func `a list read page by page is complete and without doubles while rows come and go`(_ sort: String) async throws
    {
        try await temporary.database.transaction(tenant: .initial) { tx in
            // Three of each moment, a third without a due date.
            try tx.execute(
                """
                insert into tasks (tenant_id, title, created_at, due_date)
                select $1, 'Task ' || n, timestamptz '2026-01-01' + (n / 3) * interval '1 microsecond',
                    case when n % 3 = 0 then null else timestamptz '2026-02-01' + (n / 4) * interval '1 microsecond' end
                from generate_series(1, 60) n
                """, [.uuid(TenantID.initial.uuid)])
        }
        let order =
            sort.hasPrefix("-") ? "\(sort.dropFirst()) desc nulls last, id desc" : "\(sort) asc nulls last, id asc"
        let before = try await temporary.rows("select id from tasks order by \(order)").map { try $0.text("id") }
        var seen: [String] = []
        var gone: Set<String> = []
        var cursor: String?
        repeat {
            let query = "limit=7&sort=\(sort)" + (cursor.map { "&cursor=\($0)" } ?? "")
            let page = try json(await send("GET", "/api/v1/tasks", query: query))
            seen += ids(page)
            cursor = page["next_cursor"]?.text
            // One that was seen goes, one that is to come goes, and a new one comes.
            let unseen = before.filter { !seen.contains($0) && !gone.contains($0) }
            for id in [seen.last, unseen.last].compactMap({ $0 }) where cursor != nil {
                gone.insert(id)
                #expect(await send("DELETE", "/api/v1/tasks/\(id)").status == 204)
            }
            _ = await send("POST", "/api/v1/tasks", ["title": "New"])
        } while cursor != nil

        #expect(Set(seen).count == seen.count, "nothing is seen twice")
        let missing = before.filter { !seen.contains($0) }
        #expect(Set(missing).isSubset(of: gone), "what stayed was seen")
        let known = seen.filter(before.contains)
        #expect(known == before.filter(known.contains), "in their order")
    }

    @Test func `a cursor is one of ours, and of the same sort`() async throws {
        for number in 0..<3 { _ = await send("POST", "/api/v1/tasks", ["title": .text("Task \(number)")]) }
        let page = try json(await send("GET", "/api/v1/tasks", query: "limit=1"))
        let cursor = try #require(page["next_cursor"]?.text)
        #expect(await send("GET", "/api/v1/tasks", query: "limit=1&cursor=\(cursor)").status == 200)

        func encoded(_ text: String) -> String { Base64URL.encode(Array(text.utf8)) }
        let id = UUID().uuidString.lowercased()
        let list = "\"/api/v1/tasks\""
        #expect(
            await send("GET", "/api/v1/tasks", query: "cursor=\(encoded("[\(list),\"-created_at\",\"1\",\"\(id)\"]"))")
                .status == 200)
        for bad in [
            "x", "", cursor + "A", String(cursor.dropLast()), encoded("[]"),
            encoded("[\(list),\"-created_at\",\"now()\",\"\(id)\"]"),
            encoded("[\(list),\"-created_at\",\"1; drop table tasks\",\"\(id)\"]"),
            encoded("[\(list),\"-created_at\",null,\"\(id)\"]"),
            encoded("[\(list),\"-created_at\",\"99999999999999999999\",\"\(id)\"]"),
            encoded("[\(list),\"-created_at\",\"1\",\"x\"]"),
            encoded("[\"/api/v1/deals\",\"-created_at\",\"1\",\"\(id)\"]"),
            encoded("[\"-created_at\",\"1\",\"\(id)\"]"),
            encoded("[\(list),\"title\",\"1\",\"\(id)\"]"), encoded("[\(list),\"-created_at\", \"1\",\"\(id)\"]"),
            encoded("[\(list),\"-created_at\",\"9223372036854775807\",\"\(id)\"]"),
        ] {
            let response = await send("GET", "/api/v1/tasks", query: "cursor=\(bad)")
            #expect(response.status == 400, "\(bad)")
        }
        #expect(await send("GET", "/api/v1/tasks", query: "sort=due_date&cursor=\(cursor)").status == 400)
    }

    @Test func `filters, text and limits narrow a list, and nothing in them is SQL`() async throws {
        for (title, priority, due) in [
            ("Send 100% offer", "high", "2026-03-01T00:00:00Z"), ("Call back", "low", "2026-03-02T00:00:00Z"),
            ("Ask O'Brien_x", "high", "2026-03-03T00:00:00Z"),
        ] {
            let body: JSONValue = ["title": .text(title), "priority": .text(priority), "due_date": .text(due)]
            #expect(await send("POST", "/api/v1/tasks", body).status == 201)
        }
        func count(_ query: String) async throws -> Int {
            let response = await send("GET", "/api/v1/tasks", query: query)
            #expect(response.status == 200, "\(query): \(String(decoding: response.body, as: UTF8.self))")
            return ids(try json(response)).count
        }

        #expect(try await count("") == 3)
        #expect(try await count("priority=high") == 2)
        #expect(try await count("priority=high&status=completed") == 0)
        #expect(try await count("due_after=2026-03-02T00:00:00Z") == 2)
        #expect(try await count("due_before=2026-03-02T00:00:00Z") == 1)
        #expect(try await count("q=100%25") == 1)
        #expect(try await count("q=%25") == 1)
        #expect(try await count("q=_") == 1)
        #expect(try await count("q=o'b") == 1)
        #expect(try await count("q='%20or%201%3D1%20--") == 0)
        #expect(try await count("q=%5C") == 0)
        #expect(try await count("limit=2") == 2)
        #expect(try await count("contact_id=\(Self.contactID)") == 0)
        for query in [
            "priority=urgent'%20or%201=1", "limit=0", "limit=201", "limit=", "sort=title", "sort=due_date;drop",
            "offset=1",
            "contact_id=1", "due_after=yesterday", "q=", "status=pending&status=pending", "fields=id", "priority=",
        ] {
            #expect(await send("GET", "/api/v1/tasks", query: query).status == 400, "\(query)")
        }
        let same = await send("GET", "/api/v1/tasks")
        let tag = try #require(header(same, "etag"))
        #expect(await send("GET", "/api/v1/tasks", with: [("if-none-match", tag)]).status == 304)
    }

    @Test func `a write under a key is done once, and its answer is the same again`() async throws {
        let key = [(name: "idempotency-key", value: "k-1")]
        let first = await send("POST", "/api/v1/tasks", subject: "ann", with: key, ["title": "Once"])
        let again = await send("POST", "/api/v1/tasks", subject: "ann", with: key, ["title": "Once"])
        #expect(first.status == 201 && again.status == 201 && again.body == first.body)
        #expect(
            header(again, "location") == header(first, "location") && header(again, "idempotent-replayed") == "true")
        #expect(header(first, "idempotent-replayed") == nil)

        #expect(await send("POST", "/api/v1/tasks", subject: "ann", with: key, ["title": "Other"]).status == 422)
        #expect(await send("POST", "/api/v1/tasks", subject: "bob", with: key, ["title": "Once"]).status == 201)
        let theirs = try await temporary.secondTenant()
        #expect(
            await send("POST", "/api/v1/tasks", tenant: theirs, subject: "ann", with: key, ["title": "Once"]).status
                == 201)
        #expect(try await temporary.rows("select from tasks").count == 3)

        // A refusal uses no key.
        let other = [(name: "idempotency-key", value: "k-2")]
        #expect(await send("POST", "/api/v1/tasks", subject: "ann", with: other, ["title": ""]).status == 422)
        #expect(await send("POST", "/api/v1/tasks", subject: "ann", with: other, ["title": "Now"]).status == 201)
        for bad in ["", "a b", "é", String(repeating: "k", count: 256)] {
            let response = await send(
                "POST", "/api/v1/tasks", with: [(name: "idempotency-key", value: bad)], ["title": "x"])
            #expect(response.status == 400, "\(bad)")
        }

        // After a day it is as if it had never been.
        _ = try await temporary.rows("update idempotency_keys set created_at = now() - interval '25 hours'")
        let later = await send("POST", "/api/v1/tasks", subject: "ann", with: key, ["title": "Other"])
        #expect(later.status == 201 && header(later, "idempotent-replayed") == nil)
    }

    @Test func `the same write twenty times at once happens once`() async throws {
        let statuses = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    await send(
                        "POST", "/api/v1/tasks", subject: "ann", with: [(name: "idempotency-key", value: "same")],
                        ["title": "Once"]
                    ).status
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }

        #expect(statuses.contains(201) && statuses.allSatisfy { $0 == 201 || $0 == 409 }, "\(statuses)")
        #expect(try await temporary.rows("select from tasks").count == 1)
    }

    @Test func `each write is in the audit, with what was and what is, and what failed is not`() async throws {
        let created = await send(
            "POST", "/api/v1/tasks", subject: "ann", with: [(name: "x-request-id", value: "r-1")], ["title": "One"])
        let path = try #require(header(created, "location"))
        #expect(header(created, "x-request-id") == "r-1")
        _ = await send("PATCH", path, role: .admin, subject: "bob", ["title": "Two"])
        _ = await send("PATCH", path, subject: "bob", with: [("if-match", "\"x\"")], ["title": "Three"])
        _ = await send("DELETE", path, subject: "cy")

        let rows = try await temporary.rows(
            """
            select subject, role, action, row_id, before ->> 'title' as before, after ->> 'title' as after, request_id
            from admin_audit order by created_at
            """)
        #expect(try rows.map { try $0.text("subject") } == ["ann", "bob", "cy"])
        #expect(try rows.map { try $0.text("role") } == ["agent", "admin", "agent"])
        #expect(
            try rows.map { try $0.text("action") } == [
                "POST /api/v1/tasks", "PATCH /api/v1/tasks/{id}", "DELETE /api/v1/tasks/{id}",
            ])
        #expect(try rows.map { try $0.textOrNil("before") } == [nil, "One", "Two"])
        #expect(try rows.map { try $0.textOrNil("after") } == ["One", "Two", nil])
        #expect(try rows.allSatisfy { path.hasSuffix(try $0.text("row_id")) } && rows[0].text("request_id") == "r-1")
    }

    @Test func `leads are listed by what they are and how they score, to an agent their own and nobody's`() async throws
    {
        let ann = UUID().uuidString.lowercased()
        try await temporary.database.transaction(tenant: .initial) { tx in
            try tx.execute(
                """
                insert into users (tenant_id, id, email, full_name) values ($1, $2::uuid, 'ann@x.test', 'Ann'),
                    ($1, gen_random_uuid(), 'bob@x.test', 'Bob')
                """, [.uuid(TenantID.initial.uuid), .text(ann)])
            try tx.execute(
                """
                insert into leads (tenant_id, company_name, phone, stage, lead_score, deal_value, agent_id)
                select $1, name, '+1415555010' || n, stage, score, value, (select id from users where email = owner)
                from (values (1, 'Acme', 'MQL', 82, 5000, 'ann@x.test'), (2, 'Beta', 'LEAD', 40, null, 'bob@x.test'),
                    (3, 'Gamma', 'MQL', 75, 100, null),
                    (4, 'Delta', 'LOST', 5, null, (select email from users where is_ai_agent)))
                    as l (n, name, stage, score, value, owner)
                """, [.uuid(TenantID.initial.uuid)])
        }
        func companies(_ query: String, _ role: APIRole = .manager, _ subject: String = UUID().uuidString) async throws
            -> [String]
        {
            let response = await send("GET", "/api/v1/leads", query: query, role: role, subject: subject)
            guard response.status == 200, case .list(let rows)? = try json(response)["data"] else {
                Issue.record("\(query): \(String(decoding: response.body, as: UTF8.self))")
                return []
            }
            return rows.compactMap { $0["company_name"]?.text }
        }

        #expect(try await companies("sort=-lead_score") == ["Acme", "Gamma", "Beta", "Delta"])
        #expect(try await companies("stage=MQL&sort=lead_score") == ["Gamma", "Acme"])
        #expect(try await companies("score_min=40&score_max=75&sort=-lead_score") == ["Gamma", "Beta"])
        #expect(try await companies("value_min=101") == ["Acme"])
        #expect(try await companies("q=gam") == ["Gamma"])
        #expect(try await companies("sort=deal_value&limit=3").prefix(2) == ["Gamma", "Acme"])
        #expect(try await companies("agent_id=\(ann)") == ["Acme"])
        #expect(try await companies("phone=%2B14155550102") == ["Beta"])
        #expect(try await companies("sort=-lead_score", .agent, ann) == ["Acme", "Gamma", "Delta"])
        #expect(try await companies("sort=-lead_score&score_max=80", .agent, "nobody") == ["Gamma", "Delta"])
        #expect(await send("GET", "/api/v1/leads", query: "score_min=x").status == 400)
    }

    @Test func `what a resource answers is what the document says`() async throws {
        let document = try json(await send("GET", "/api/v1/openapi.json"))
        let task = try json(await send("POST", "/api/v1/tasks", ["title": "One"]))
        let deal = try json(await send("POST", "/api/v1/deals", ["title": "x", "contact_id": .text(Self.contactID)]))
        for (row, name) in [(task, "Task"), (deal, "Deal")] {
            guard case .object(let fields) = row,
                case .object(let known)? = document["components"]?["schemas"]?[name]?["properties"]
            else {
                Issue.record("\(name) is not described")
                continue
            }
            #expect(Set(fields.keys) == Set(known.keys), "\(name)")
        }
        for path in ["/api/v1/tasks", "/api/v1/deals"] {
            let list = await send("GET", path)
            guard let endpoint = routes.endpoints.first(where: { $0.route == "GET \(path)" }) else { continue }
            #expect(endpoint.answers.first?.schema?.faults(in: try json(list)) == [], "\(path)")
        }
    }
}
