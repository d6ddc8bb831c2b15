import CallModel
import Database
import Encoding
import Endpoints
import Foundation
import TestSupport
import Testing
import WebSocketTransport

@testable import API

@Suite struct TenantTests {
    private func send(
        _ stage: LoginStage, _ method: String, _ path: String = "", _ body: JSONValue? = nil,
        as role: APIRole = .superAdmin
    ) async -> HTTPResponse {
        await stage.send(method, "/api/v1/tenants" + path, body, with: stage.program(.initial, role))
    }

    @Test func `a tenant is made with all it needs, and its first admin lets others in`() async throws {
        let stage = try await LoginStage()
        let made = await send(
            stage, "POST", "",
            [
                "name": "Acme Berlin", "slug": "acme-berlin", "number": "+49 30 1234567",
                "admin_email": "Eve@acme.test", "admin_name": "Eve",
            ])
        let tenant = try LoginStage.json(made)
        let token = tenant["invite"]?["token"]?.text ?? ""
        #expect(made.status == 201 && tenant["tenant"]?["slug"] == "acme-berlin")
        #expect(
            try LoginStage.json(await send(stage, "GET", "/\(tenant["tenant"]?["id"]?.text ?? "")")) == tenant["tenant"]
        )

        let accepted = await stage.send(
            "POST", "/api/auth/accept-invite", ["token": .text(token), "password": .text(LoginStage.password)])
        let identity = try LoginStage.json(accepted)
        #expect(identity["tenant"]?["name"] == "Acme Berlin" && identity["role"] == "admin")
        let colleague = await stage.send(
            "POST", "/api/v1/users", ["email": "bob@acme.test", "full_name": "Bob"],
            cookie: LoginStage.cookie(accepted))
        #expect(colleague.status == 201)

        let id = SQLValue.text(tenant["tenant"]?["id"]?.text)
        let parts = try await stage.temporary.rows(
            """
            select (select count(*) from users where tenant_id = $1::uuid and is_ai_agent) as agents,
                (select count(*) from pipeline_stages where tenant_id = $1::uuid) as stages,
                (select greeting from profiles where tenant_id = $1::uuid and is_default) as greeting,
                (select prompt from profiles where tenant_id = $1::uuid and is_default) as prompt,
                (select number from phone_numbers where tenant_id = $1::uuid) as number,
                (select count(*) from admin_audit where tenant_id = $1::uuid) as audit
            """, [id])
        let row = try #require(parts.first)
        #expect(try row.int("agents") == 1 && row.int("stages") == 6 && row.text("number") == "+49301234567")
        #expect(try row.text("greeting").contains("assistant of Acme Berlin."))
        #expect(try !row.text("prompt").contains("Parley"))
        #expect(try row.int("audit") == 6)
    }

    @Test func `a slug or a number that is taken makes no tenant`() async throws {
        let stage = try await LoginStage()
        let body: (String, String) -> JSONValue = { ["name": "X", "slug": .text($0), "number": .text($1)] }

        #expect(await send(stage, "POST", "", body("default", "+14155550111")).status == 409)
        #expect(await send(stage, "POST", "", body("x", "+15550100100")).status == 409)
        for slug in ["", "X", "a b", "-a", "a-", "a--b", "é", String(repeating: "a", count: 64)] {
            #expect(await send(stage, "POST", "", body(slug, "+14155550111")).status == 422, "\(slug)")
        }
        #expect(try await stage.temporary.rows("select from tenants").count == 1)
        #expect(await send(stage, "POST", "", body("x", "+14155550111"), as: .admin).status == 403)
    }

    @Test func `the list of tenants is complete, page by page, and shows nothing of what is theirs`() async throws {
        let stage = try await LoginStage()
        for number in 0..<7 {
            #expect(await send(stage, "POST", "", ["name": "X", "slug": .text("t\(number)")]).status == 201)
        }
        var seen: [String] = []
        var cursor: String?
        repeat {
            let query = "limit=3" + (cursor.map { "&cursor=\($0)" } ?? "")
            let page = try LoginStage.json(
                await stage.routes.respond(
                    to: HTTPRequest(
                        method: "GET", path: "/api/v1/tenants", query: query,
                        headers: stage.program(.initial, .superAdmin))))
            guard case .list(let rows)? = page["data"] else { break }
            seen += rows.compactMap { $0["slug"]?.text }
            cursor = page["next_cursor"]?.text
        } while cursor != nil

        #expect(seen == (0..<7).reversed().map { "t\($0)" } + ["default"])
        let document = routes(stage, "GET /api/v1/tenants")
        let list = try LoginStage.json(await send(stage, "GET"))
        #expect(document?.answers.first?.schema?.faults(in: list) == [])
    }

    private func routes(_ stage: LoginStage, _ route: String) -> Endpoint? {
        stage.routes.endpoints.first { $0.route == route }
    }
}
