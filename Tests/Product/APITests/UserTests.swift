import CallModel
import Database
import Encoding
import Endpoints
import Foundation
import TestSupport
import Testing
import WebSocketTransport

@testable import API

@Suite struct UserTests {
    private func send(
        _ stage: LoginStage, _ method: String, _ path: String, _ body: JSONValue? = nil, as role: APIRole = .admin
    ) async -> HTTPResponse {
        await stage.send(method, "/api/v1/users" + path, body, with: stage.program(.initial, role))
    }

    private func create(
        _ stage: LoginStage, _ email: String, _ role: String = "agent", as maker: APIRole = .admin
    ) async throws -> String {
        let response = await send(
            stage, "POST", "", ["email": .text(email), "full_name": "Ann", "role": .text(role)], as: maker)
        #expect(response.status == 201, "\(String(decoding: response.body, as: UTF8.self))")
        return try LoginStage.json(response)["id"]?.text ?? ""
    }

    @Test func `a user is made, invited, sets a password and is in; the invitation is good once`() async throws {
        let stage = try await LoginStage(site: LoginSite(publicURL: "https://voice.example.com"))
        let id = try await create(stage, "Bob@Example.com", "manager")
        let old = try LoginStage.json(await send(stage, "POST", "/\(id)/invite"))
        let invite = try LoginStage.json(await send(stage, "POST", "/\(id)/invite"))
        let token = invite["token"]?.text ?? ""
        #expect(invite["url"]?.text == "https://voice.example.com/#invite=\(token)")
        func accept(_ token: String, _ password: String = LoginStage.password) async -> HTTPResponse {
            await stage.send("POST", "/api/auth/accept-invite", ["token": .text(token), "password": .text(password)])
        }

        #expect(await stage.login("bob@example.com").status == 401)
        #expect(await accept(old["token"]?.text ?? "").status == 422, "a newer one takes its place")
        #expect(await accept(token, "bob@example.com").status == 422)
        #expect(await accept(token, "short").status == 422)
        let accepted = await accept(token)
        #expect(accepted.status == 200)
        #expect(try LoginStage.json(accepted)["user"]?["email"] == "bob@example.com")
        #expect(await stage.status(LoginStage.cookie(accepted)) == 200)
        #expect(await stage.login("bob@example.com").status == 200)
        for odd in [token, LoginToken.make(), "x"] { #expect(await accept(odd).status == 422) }

        // Another invitation is how a forgotten password is replaced; it ends what there is.
        let again = try LoginStage.json(await send(stage, "POST", "/\(id)/invite"))
        #expect(await accept(again["token"]?.text ?? "", "an owl looks for mice").status == 200)
        #expect(await stage.status(LoginStage.cookie(accepted)) == 401)
        _ = try await stage.temporary.rows("update user_invites set expires_at = now()")
        let late = try LoginStage.json(await send(stage, "POST", "/\(id)/invite"))
        _ = try await stage.temporary.rows("update user_invites set expires_at = now()")
        #expect(await accept(late["token"]?.text ?? "").status == 422)
    }

    @Test func `an invitation is accepted once, however many try at once`() async throws {
        let stage = try await LoginStage()
        let id = try await create(stage, "bob@example.com")
        let token = try LoginStage.json(await send(stage, "POST", "/\(id)/invite"))["token"]?.text ?? ""

        let statuses = await withTaskGroup(of: Int.self) { group in
            for number in 0..<6 {
                group.addTask {
                    await stage.send(
                        "POST", "/api/auth/accept-invite",
                        ["token": .text(token), "password": .text("a heron waits at \(number)")],
                        from: "192.0.2.\(number)"
                    ).status
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }

        #expect(statuses.sorted() == [200, 422, 422, 422, 422, 422])
    }

    @Test func `the last admin stays one, and is told why`() async throws {
        let stage = try await LoginStage()
        let first = try await create(stage, "ann@example.com", "admin")

        for change: JSONValue in [["role": "manager"], ["is_active": false]] {
            let refused = await send(stage, "PATCH", "/\(first)", change)
            #expect(refused.status == 409)
            #expect(String(decoding: refused.body, as: UTF8.self).contains("last admin"))
        }
        #expect(await send(stage, "PATCH", "/\(first)", ["full_name": "Ann B."]).status == 200)
        let second = try await create(stage, "bob@example.com", "admin")

        // Each is sure of the other.
        async let one = send(stage, "PATCH", "/\(first)", ["role": "agent"])
        async let other = send(stage, "PATCH", "/\(second)", ["is_active": false])
        let statuses = await [one.status, other.status].sorted()

        #expect(statuses == [200, 409])
    }

    @Test func `nobody raises anybody above themselves, nor touches who is above them`() async throws {
        let stage = try await LoginStage()
        let boss = try await create(stage, "boss@example.com", "super_admin", as: .superAdmin)
        let ann = try await create(stage, "ann@example.com")

        #expect(await send(stage, "PATCH", "/\(ann)", ["role": "super_admin"]).status == 403)
        #expect(
            await send(stage, "POST", "", ["email": "x@example.com", "full_name": "X", "role": "super_admin"]).status
                == 403)
        #expect(await send(stage, "PATCH", "/\(boss)", ["role": "agent"]).status == 403)
        #expect(await send(stage, "PATCH", "/\(boss)", ["email": "mine@example.com"]).status == 403)
        #expect(await send(stage, "POST", "/\(boss)/invite").status == 403, "it would be a way to their password")
        #expect(await send(stage, "PATCH", "/\(ann)", ["role": "manager"]).status == 200)
        #expect(await send(stage, "PATCH", "/\(ann)", ["role": "admin"], as: .manager).status == 403)
    }

    @Test func `the AI agent is no login, and users are not deleted`() async throws {
        let stage = try await LoginStage()
        let rows = try await stage.temporary.rows("select id from users where is_ai_agent")
        let agent = try rows.first?.text("id") ?? ""

        #expect(await send(stage, "POST", "/\(agent)/invite").status == 409)
        #expect(await send(stage, "PATCH", "/\(agent)", ["role": "admin"]).status == 409)
        #expect(await send(stage, "PATCH", "/\(agent)", ["is_active": false]).status == 409)
        #expect(await send(stage, "PATCH", "/\(agent)", ["full_name": "Ada"]).status == 200)
        #expect(await send(stage, "DELETE", "/\(agent)").status == 405)
    }

    @Test func `an address is one user of a tenant, however it is written`() async throws {
        let stage = try await LoginStage()
        let id = try await create(stage, "ann@example.com")

        #expect(await send(stage, "POST", "", ["email": "ANN@Example.com", "full_name": "B"]).status == 409)
        #expect(await send(stage, "POST", "", ["email": "no address", "full_name": "B"]).status == 422)
        #expect(await send(stage, "PATCH", "/\(id)", ["email": "New@Example.com"]).status == 200)
        #expect(try LoginStage.json(await send(stage, "GET", "/\(id)"))["email"] == "new@example.com")
        #expect(await send(stage, "PATCH", "/\(id)", ["is_ai_agent": true]).status == 422)
        #expect(await send(stage, "GET", "", as: .agent).status == 403)
    }

    @Test func `who is deactivated is out at once, and cannot be invited`() async throws {
        let stage = try await LoginStage()
        let id = try await stage.user("ann@example.com").uuidString.lowercased()
        let cookie = LoginStage.cookie(await stage.login("ann@example.com"))
        #expect(await stage.status(cookie) == 200)

        #expect(await send(stage, "PATCH", "/\(id)", ["is_active": false]).status == 200)

        #expect(await stage.status(cookie) == 401)
        #expect(await stage.login("ann@example.com").status == 401)
        #expect(await send(stage, "POST", "/\(id)/invite").status == 409)
        func count(_ query: String) async throws -> Int {
            let page = await stage.routes.respond(
                to: HTTPRequest(
                    method: "GET", path: "/api/v1/users", query: query, headers: stage.program(.initial, .manager)))
            guard case .list(let rows)? = try LoginStage.json(page)["data"] else { return -1 }
            return rows.count
        }
        #expect(try await count("is_active=false") == 1)
        #expect(try await count("is_active=true") == 1)
        #expect(try await count("is_ai_agent=true&role=agent") == 1)
    }
}
