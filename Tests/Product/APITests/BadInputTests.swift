import CallModel
import Encoding
import Endpoints
import Foundation
import TestSupport
import Testing
import WebSocketTransport

@testable import API

/// What cannot be is refused by name, at every address and for every field of it: before the database is asked, which
/// here nobody serves.
@Suite struct BadInputTests {
    let routes = RouteTests.routes()

    /// Addresses of users that read or write; not the WebSocket.
    var endpoints: [Endpoint] {
        routes.endpoints.filter { endpoint in
            if case .role = endpoint.access { true } else { false }
        }
    }

    func send(_ endpoint: Endpoint, query: String = "", body: [UInt8] = []) async -> (status: Int, problem: JSONValue) {
        let principal = APIPrincipal(subject: UUID().uuidString, tenant: .initial, role: .superAdmin)
        let token = JWT.sign(principal, secret: JWTTests.secret, issuedAt: JWTTests.now)
        var headers = [(name: "authorization", value: "Bearer \(token)")]
        if !body.isEmpty { headers.append((name: "content-type", value: "application/json")) }
        var path = endpoint.template.text
        for field in endpoint.shape.path { path = path.replacing("{\(field.name)}", with: Self.right(field.schema)) }
        let response = await routes.respond(
            to: HTTPRequest(method: endpoint.method.rawValue, path: path, query: query, headers: headers, body: body))
        return (response.status, JSONValue(response.body) ?? .null)
    }

    /// Of a path.
    static func right(_ schema: Schema) -> String {
        switch schema {
        case .nullable(let schema): right(schema)
        case .choice(let values): values.first ?? ""
        case .text(.phone, _): "+14155550100"
        case .text(.callSid, _): "CA00000000000000000000000000000000"
        default: UUID().uuidString
        }
    }

    /// Values that are none, and what is said of them.
    static func wrong(_ schema: Schema) -> [(value: JSONValue, says: String)] {
        switch schema {
        case .nullable(let schema): return wrong(schema)
        case .text(let format, let lengths):
            var values: [(JSONValue, String)] = [(7, "text"), (["x"], "text"), ("a\u{0}b", "")]
            if let lengths {
                values.append((.text(String(repeating: "x", count: lengths.upperBound + 1)), "characters"))
            }
            if let lengths, lengths.lowerBound > 0 { values.append(("", "characters")) }
            switch format {
            case .email?: values += [("jane.acme.test", "e-mail"), ("@", "e-mail"), ("a@b", "e-mail")]
            case .phone?: values += [("12", "phone"), ("+1415555010x", "phone"), ("call me", "phone")]
            case .uuid?: values += [("1", "UUID"), ("", "UUID")]
            case .date?: values += [("2026-02-30", "date"), ("tomorrow", "date")]
            case .dateTime?: values += [("2026-03-05", "time"), ("2026-03-05T10:00:00", "time"), ("now", "time")]
            case .currency?: values += [("usd", "currency"), ("US", "currency")]
            case .uri?: values += [("javascript:alert(1)", "address"), ("acme", "address")]
            case .callSid?, nil: break
            }
            return values.map { value, says in
                (value, format == nil ? says : says == "text" || says == "characters" ? "" : says)
            }
        case .choice(let values): return [("nope", values.joined(separator: ", ")), (1, ""), ("", "")]
        case .integer(let range):
            var values: [(JSONValue, String)] = [("7", "number"), ("7a", "number"), (.number(1.5), "number")]
            if let range, range.upperBound < Int.max { values.append((.integer(range.upperBound + 1), "number")) }
            if let range, range.lowerBound > Int.min { values.append((.integer(range.lowerBound - 1), "number")) }
            return values
        case .number(let range):
            return [("7", "number"), (true, "number")]
                + (range.map { [(.number($0.upperBound * 2 + 1), "number")] } ?? [])
        case .boolean: return [("true", "true or false"), (1, "true or false")]
        case .list(_, let countMax):
            return [("x", "list"), (.list(Array(repeating: "x", count: min(countMax, 2_000) + 1)), "")]
        case .map, .record: return [("x", "object"), (["x"], "object")]
        case .anything, .reference: return []
        }
    }

    func pointers(_ problem: JSONValue) -> [String] {
        problem["errors"]?.list?.compactMap { $0["pointer"]?.text ?? $0["parameter"]?.text } ?? []
    }

    @Test func `every field of every body refuses what it cannot be, where it stands, and says what it may be`() async {
        var tried = 0
        for endpoint in endpoints {
            guard case .json(let record) = endpoint.shape.body else { continue }
            for field in record.fields {
                var values = Self.wrong(field.schema)
                if !field.schema.isNullable { values.append((.null, "")) }
                for (value, says) in values {
                    let body = JSONValue.object([field.name: value])
                    let (status, problem) = await send(endpoint, body: Array(body.json.utf8))
                    let place = "/\(field.name)"
                    let found = problem["errors"]?.list?.first { $0["pointer"]?.text?.hasPrefix(place) == true }
                    #expect(
                        status == 422 && found != nil, "\(endpoint.route) \(body.json.prefix(200)): \(problem.json)")
                    let detail = found?["detail"]?.text ?? ""
                    #expect(says.isEmpty || detail.contains(says), "\(endpoint.route) \(body.json.prefix(200))")
                    tried += 1
                }
            }
        }
        #expect(tried > 900)
    }

    @Test func `a field that is unknown is named, and one that is missing as well`() async {
        for endpoint in endpoints {
            guard case .json(let record) = endpoint.shape.body else { continue }
            let (status, problem) = await send(endpoint, body: Array(#"{"nonsense":1}"#.utf8))
            #expect(status == 422 && pointers(problem).contains("/nonsense"), "\(endpoint.route)")
            for field in record.fields where field.isRequired {
                #expect(pointers(problem).contains("/\(field.name)"), "\(endpoint.route) \(field.name)")
            }
        }
    }

    @Test func `a body that is no object of JSON is malformed`() async {
        for endpoint in endpoints {
            guard case .json = endpoint.shape.body else { continue }
            for text in ["{", "[]", "1", "\"x\"", "null", "{\"a\":}", "{\"a\":1,}", "\u{0}"] {
                let (status, _) = await send(endpoint, body: Array(text.utf8))
                #expect(status == 400, "\(endpoint.route) \(text)")
            }
            #expect(await send(endpoint, body: [0x7B, 0xFF, 0x7D]).status == 400, "\(endpoint.route)")
        }
    }

    @Test func `every parameter of every query refuses what it cannot be, and an unknown one is named`() async {
        for endpoint in endpoints {
            guard let query = endpoint.shape.query else { continue }
            let (status, problem) = await send(endpoint, query: "nonsense=1")
            #expect(status == 400 && pointers(problem) == ["nonsense"], "\(endpoint.route)")
            for field in query {
                let wrong = Self.wrong(field.schema).compactMap { $0.value.text }.filter {
                    !$0.utf8.contains(0) && $0.utf8.count < 500
                }
                // Any text is one, and so are digits of a number.
                for text in wrong where field.schema != .text() && Int(text) == nil && Self.isStrict(field.schema) {
                    let value = text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
                    let (status, problem) = await send(endpoint, query: "\(field.name)=\(value)")
                    #expect(status == 400, "\(endpoint.route)?\(field.name)=\(text)")
                    #expect(pointers(problem) == [field.name], "\(endpoint.route)?\(field.name)=\(text)")
                }
                #expect(
                    await send(endpoint, query: "\(field.name)=a%00b").status == 400, "\(endpoint.route) \(field.name)")
            }
        }
    }

    /// Whether the text of a query can be wrong for it: a list of one is written like its element.
    private static func isStrict(_ schema: Schema) -> Bool {
        switch schema {
        case .nullable(let schema): isStrict(schema)
        case .list, .boolean: false
        default: true
        }
    }

    @Test func `an id in a path that is none is an address that is none`() async {
        for endpoint in endpoints where endpoint.shape.path.contains(where: { $0.schema == .text(.uuid) }) {
            let path = endpoint.template.text.split(separator: "/").map { part in
                part.hasPrefix("{") ? "1" : String(part)
            }.joined(separator: "/")
            let principal = APIPrincipal(subject: UUID().uuidString, tenant: .initial, role: .superAdmin)
            let token = JWT.sign(principal, secret: JWTTests.secret, issuedAt: JWTTests.now)
            let response = await routes.respond(
                to: HTTPRequest(
                    method: endpoint.method.rawValue, path: "/" + path,
                    headers: [(name: "authorization", value: "Bearer \(token)")]))
            #expect(response.status == 404, "\(endpoint.route)")
        }
    }

    @Test func `a cursor of another list is none of this one`() async throws {
        let stage = try await APIStage.make()
        for number in 0..<3 {
            _ = try await stage.json("POST", "/api/v1/tasks", ["title": .text("Task \(number)")], is: 201)
        }
        let page = try await stage.json("GET", "/api/v1/tasks", query: "limit=1")
        let cursor = try #require(page["next_cursor"]?.text)

        #expect(await stage.status("GET", "/api/v1/tasks", query: "limit=1&cursor=\(cursor)") == 200)
        for path in ["deals", "follow-ups", "follow-ups/overdue", "meetings", "contacts", "todos", "clients"] {
            let response = await stage.send("GET", "/api/v1/\(path)", query: "cursor=\(cursor)", as: .admin)
            #expect(response.status == 400, "\(path)")
        }
    }

    @Test func `another tenant's id in a body is none`() async throws {
        let stage = try await APIStage.make()
        let theirs = APIStage.Person(role: .admin, tenant: try await stage.temporary.secondTenant())
        let contact = try await stage.json(
            "POST", "/api/v1/contacts", as: theirs, ["contact_name": "Theirs"], is: 201)
        let user = try await stage.user("Theirs", tenant: theirs.tenant)
        let bodies: [(String, String, JSONValue)] = [
            ("tasks", "contact_id", ["title": "x", "contact_id": contact["id"] ?? .null]),
            ("deals", "contact_id", ["title": "x", "contact_id": contact["id"] ?? .null]),
            ("clients", "agent_id", ["client_name": "x", "agent_id": .text(user.subject)]),
            ("todos", "user_id", ["title": "x", "user_id": .text(user.subject)]),
            (
                "consents", "contact_id",
                ["kind": "recording", "granted": true, "source": "x", "contact_id": contact["id"] ?? .null]
            ),
        ]
        for (path, field, body) in bodies {
            let problem = try await stage.json("POST", "/api/v1/\(path)", as: .admin, body, is: 422)
            #expect(pointers(problem) == ["/\(field)"], "\(path)")
        }
    }
}
