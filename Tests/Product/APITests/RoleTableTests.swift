import CallModel
import Database
import Encoding
import Endpoints
import Foundation
import TestSupport
import Testing
import WebSocketTransport

@testable import API

/// Every address there is, asked by everybody who may not: the addresses come from the router, so that a new one is asked too.
@Suite struct RoleTableTests {
    /// Whoever adds an address for everybody says so here.
    private static let forAnybody: Set<String> = [
        "GET /healthz", "GET /readyz", "GET /api/v1/openapi.json", "GET /api/v1/docs", "GET /",
        "GET /assets/{version}/{name}", "POST /api/auth/login", "POST /api/auth/accept-invite",
    ]

    private let temporary: TemporaryDatabase
    private let routes: Router

    init() async throws {
        temporary = try await TemporaryDatabase.make()
        routes = ReadingTests.routes(temporary)
    }

    /// - Parameter id: stands wherever an id is asked for.
    private func request(
        _ endpoint: Endpoint, _ id: String, as principal: APIPrincipal?, from peer: String = "192.0.2.7"
    ) -> HTTPRequest {
        var path = endpoint.template.text
        for field in endpoint.shape.path {
            let value = field.schema.sample(id).text ?? field.schema.sample(id).json
            for place in ["{\(field.name)}", "{\(field.name)…}"] { path = path.replacing(place, with: value) }
        }
        var headers: [(name: String, value: String)] = []
        if let principal {
            let token = JWT.sign(principal, secret: JWTTests.secret, issuedAt: JWTTests.now)
            headers.append(("authorization", "Bearer \(token)"))
        }
        var body: [UInt8] = []
        switch endpoint.shape.body {
        case .none: break
        case .json(let record):
            headers.append(("content-type", "application/json"))
            body = Array(Schema.record(record).sample(id).json.utf8)
        case .bytes(let types):
            headers.append(("content-type", types.first ?? "application/octet-stream"))
            body = [UInt8](repeating: 65, count: 10)
        }
        if !body.isEmpty { headers.append(("content-length", "\(body.count)")) }
        let query = (endpoint.shape.query ?? []).filter { $0.isRequired && $0.standard == nil }.map { field in
            "\(field.name)=\(field.schema.sample(id).text ?? field.schema.sample(id).json)"
        }
        return HTTPRequest(
            method: endpoint.method.rawValue, path: path, query: query.joined(separator: "&"), headers: headers,
            body: body, peerAddress: peer)
    }

    /// Each with a subject of its own: nobody is kept waiting for having asked so often.
    private func somebody(_ role: APIRole, of tenant: TenantID = .initial) -> APIPrincipal {
        APIPrincipal(subject: UUID().uuidString.lowercased(), tenant: tenant, role: role)
    }

    /// By the head where there is a body, and by the answer in any case.
    private func statuses(_ request: HTTPRequest) async -> Set<Int> {
        var statuses = [await routes.respond(to: request).status]
        if !request.body.isEmpty, case .refuse(let response) = routes.admit(request) {
            statuses.append(response.status)
        } else if !request.body.isEmpty {
            statuses.append(0)
        }
        return Set(statuses)
    }

    @Test func `nobody passes without a credential, and nobody whose role is too low`() async {
        let id = UUID().uuidString.lowercased()
        for endpoint in routes.endpoints {
            let name = endpoint.route
            switch endpoint.access {
            case .anybody: #expect(Self.forAnybody.contains(name), "\(name) is for anybody")
            case .carrier: Issue.record("\(name): no carrier is told to this router")
            case .metrics, .handshake:
                #expect(await routes.respond(to: request(endpoint, id, as: nil)).status != 200, "\(name)")
            case .session:
                #expect(await statuses(request(endpoint, id, as: nil)) == [401], "\(name)")
                #expect(await statuses(request(endpoint, id, as: somebody(.superAdmin))) == [401], "\(name): a token")
            case .role(let needed):
                #expect(await statuses(request(endpoint, id, as: nil)) == [401], "\(name)")
                for role in APIRole.allCases where !role.includes(needed) {
                    let found = await statuses(request(endpoint, id, as: somebody(role)))
                    #expect(found == [403], "\(name) as \(role)")
                }
                let found = await routes.respond(to: request(endpoint, id, as: somebody(.superAdmin))).status
                #expect(![401, 403, 405, 500].contains(found), "\(name) as super_admin: \(found)")
            }
        }
    }

    /// A row that is one user's and nobody else's business.
    private func ownRow() async throws -> (id: String, owner: APIPrincipal) {
        let rows = try await temporary.rows(
            "select id::text as id, user_id::text as owner from notifications where tenant_id = $1",
            [.uuid(TenantID.initial.uuid)])
        let row = try #require(rows.first)
        let owner = APIPrincipal(subject: try row.text("owner"), tenant: .initial, role: .admin)
        return (try row.text("id"), owner)
    }

    @Test func `what is another tenant's does not exist, at whatever address it is named`() async throws {
        let theirs = try await temporary.secondTenant()
        try await Everything.insert(for: .initial, into: temporary)
        let tables = try await temporary.rows(
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
        ).map { try $0.text("relname") }
        let before = try await Everything.fingerprint(of: .initial, tables, in: temporary)
        // All that could give away a row, and one of each table to ask for.
        var ids: Set<String> = []
        var asked: [String] = []
        let withID = try await temporary.rows(
            "select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'id'"
        )
        for table in try withID.map({ try $0.text("name") }) {
            let rows = try await temporary.rows(
                "select id::text as id from \(table) where tenant_id = $1", [.uuid(TenantID.initial.uuid)])
            let found = try rows.map { try $0.text("id") }
            ids.formUnion(found)
            asked += found.suffix(1)
        }
        #expect(asked.count > 20)
        let own = try await ownRow()

        for endpoint in routes.endpoints {
            // The platform's own people look across, and at tenants alone.
            guard case .role(let needed) = endpoint.access else { continue }
            if needed == .superAdmin {
                #expect(endpoint.template.text.hasPrefix("/api/v1/tenants"), "\(endpoint.route)")
                continue
            }
            let namesRow = endpoint.shape.path.contains {
                $0.schema == .text(.uuid) || $0.name == "id" && $0.schema == .text()
            }
            for id in namesRow ? asked : Array(asked.prefix(1)) {
                let response = await routes.respond(to: request(endpoint, id, as: somebody(.admin, of: theirs)))
                let body = String(decoding: response.body, as: UTF8.self)
                #expect(ids.allSatisfy { !body.contains($0) || $0 == id }, "\(endpoint.route): \(body)")
                #expect(response.status < 500, "\(endpoint.route): \(body)")
                // A list of what has to do with it is empty.
                let isEmpty = response.status == 200 && JSONValue(response.body)?["data"] == .list([])
                if namesRow {
                    #expect(isEmpty || [404, 422].contains(response.status), "\(endpoint.route): \(response.status)")
                }
            }
            // The same question of one's own: it is one that finds something.
            guard namesRow, endpoint.method == .get, endpoint.shape.path.count == 1 else { continue }
            var isFound = false
            let isOwn = endpoint.template.text.hasPrefix("/api/v1/notifications/")
            for id in isOwn ? [own.id] : asked where !isFound {
                let asker = isOwn ? own.owner : somebody(.admin)
                isFound = await routes.respond(to: request(endpoint, id, as: asker)).status == 200
            }
            #expect(isFound, "\(endpoint.route) finds none of one's own rows")
        }
        #expect(try await Everything.fingerprint(of: .initial, tables, in: temporary) == before)
    }

    @Test func `a credential of each kind is in the document where it opens something`() throws {
        let document = OpenAPIDocument(title: "x", version: "1", description: "", routes.endpoints).value
        let list = document["paths"]?["/api/v1/tasks"]?["get"]?["security"]
        let logout = document["paths"]?["/api/auth/logout"]?["post"]?["security"]
        let login = document["paths"]?["/api/auth/login"]?["post"]?["security"]

        #expect(list == [["bearer": []], ["key": []], ["session": []]])
        #expect(logout == [["session": []]] && login == [])
    }
}

extension Schema {
    /// A value that fits, with `id` wherever an id may stand.
    func sample(_ id: String) -> JSONValue {
        switch self {
        case .nullable(let schema): schema.sample(id)
        case .text(let format, let lengths):
            switch format {
            case .uuid: .text(id)
            case .date: "2027-03-05"
            case .dateTime: "2027-03-05T10:00:00Z"
            case .email: .text("\(id.prefix(8))@sample.test")
            case .uri: "https://sample.test/"
            case .phone: "+14155550123"
            case .currency: "USD"
            case .callSid: .text("CA" + String(repeating: "0", count: 32))
            case nil: .text(lengths.map { String(repeating: "x", count: max($0.lowerBound, 1)) } ?? id)
            }
        case .choice(let values): .text(values.first ?? "")
        case .integer(let range): .integer(range?.lowerBound ?? 1)
        case .number(let range): .number(range?.lowerBound ?? 1)
        case .boolean: true
        case .list(let element, _): element == .text(.uuid) ? [.text(id)] : []
        case .map: [:]
        case .record(let record):
            .object(
                Dictionary(
                    record.fields.filter {
                        $0.isRequired || $0.schema == .text(.uuid) || $0.schema == .nullable(.text(.uuid))
                    }
                    .map { ($0.name, $0.schema.sample(id)) }
                ) { $1 })
        case .reference, .anything: .null
        }
    }
}
