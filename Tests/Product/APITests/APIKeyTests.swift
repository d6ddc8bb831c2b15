import CallModel
import Database
import Encoding
import Endpoints
import Foundation
import TestSupport
import Testing
import WebSocketTransport

@testable import API

@Suite struct APIKeyTests {
    private func make(
        _ stage: LoginStage, _ role: String, by maker: APIRole = .admin, ends: String? = nil
    ) async -> HTTPResponse {
        var body: [String: JSONValue] = ["name": "n8n", "role": .text(role)]
        if let ends { body["expires_at"] = .text(ends) }
        return await stage.send("POST", "/api/v1/api-keys", .object(body), with: stage.program(.initial, maker))
    }

    private func use(_ stage: LoginStage, _ key: String, _ path: String = "/api/v1/tasks") async -> Int {
        await stage.send("GET", path, origin: nil, with: [("x-api-key", key)]).status
    }

    @Test func `a key is shown once, opens what its role may, and nothing once it is revoked`() async throws {
        let stage = try await LoginStage()
        let made = try LoginStage.json(await make(stage, "manager"))
        let key = try #require(made["key"]?.text)
        #expect(key.hasPrefix(made["prefix"]?.text ?? "none") && KeyText.isOne(key))
        #expect(await use(stage, key) == 200)
        #expect(await use(stage, key, "/api/v1/users") == 200)
        #expect(await use(stage, key, "/api/v1/api-keys") == 403)

        let list = await stage.send("GET", "/api/v1/api-keys", with: stage.program(.initial, .admin))
        let text = String(decoding: list.body, as: UTF8.self)
        #expect(text.contains(made["prefix"]?.text ?? "none") && !text.contains(key))
        #expect(!text.contains(Secrets.digest(key)))
        guard case .list(let rows)? = try LoginStage.json(list)["data"], let row = rows.first else {
            Issue.record("no rows: \(text)")
            return
        }
        #expect(rows.count == 1 && row["last_used_at"] != .null && row["revoked_at"] == .null)

        let path = "/api/v1/api-keys/\(made["id"]?.text ?? "")"
        let theirs = try await stage.temporary.secondTenant()
        #expect(await stage.send("DELETE", path, with: stage.program(theirs, .admin)).status == 404)
        #expect(await use(stage, key) == 200)
        #expect(await stage.send("DELETE", path, with: stage.program(.initial, .admin)).status == 204)
        #expect(await use(stage, key) == 401, "at once, on the node that revoked it")
        #expect(await stage.send("DELETE", path, with: stage.program(.initial, .admin)).status == 204)
        #expect(
            try await stage.temporary.rows("select from admin_audit where table_name = 'api_keys'").count == 2)
    }

    @Test func `nobody makes a key above themselves, nor one that is over`() async throws {
        let stage = try await LoginStage()

        #expect(await make(stage, "super_admin", by: .admin).status == 403)
        #expect(await make(stage, "super_admin", by: .superAdmin).status == 201)
        #expect(await make(stage, "agent", by: .manager).status == 403)
        #expect(await make(stage, "agent", ends: "2020-01-01T00:00:00Z").status == 422)
        #expect(await make(stage, "root").status == 422)
        #expect(try await stage.temporary.rows("select from api_keys").count == 1)
    }

    @Test func `a key ends when it says so`() async throws {
        let stage = try await LoginStage()
        let made = try LoginStage.json(await make(stage, "agent", ends: "2099-01-01T00:00:00Z"))
        let key = try #require(made["key"]?.text)
        #expect(await use(stage, key) == 200)

        _ = try await stage.temporary.rows("update api_keys set expires_at = now()")

        let fresh = LoginStage.routes(stage.temporary)
        #expect(await stage.send("GET", "/api/v1/tasks", with: [("x-api-key", key)], on: fresh).status == 401)
    }

    @Test func `a slip in a key is found without the database`() async {
        let nowhere = RouteTests.routes()
        let key = KeyText.make()
        func status(_ key: String, _ headers: [(name: String, value: String)] = []) async -> Int {
            await nowhere.respond(
                to: HTTPRequest(
                    method: "GET", path: "/api/v1/tasks", headers: headers + [(name: "x-api-key", value: key)])
            ).status
        }

        #expect(await status(key) == 503, "the database is asked, and is away")
        for odd in [
            "", "x", String(key.dropLast()), key + "0", key.uppercased(), "prl_" + String(key.dropFirst(4).reversed()),
        ] {
            #expect(await status(odd) == 401, "\(odd)")
        }
        let digits = Array("0123456789abcdef")
        for place in key.indices.dropFirst(4) {
            var other = key
            let digit = digits[((digits.firstIndex(of: key[place]) ?? 0) + 1) % 16]
            other.replaceSubrange(place...place, with: [digit])
            #expect(await status(other) == 401)
        }
        #expect(await status(key, [("authorization", "Bearer \(RouteTests.token)")]) == 401, "one credential is enough")
    }
}
