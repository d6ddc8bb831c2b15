import CallModel
import Encoding
import Endpoints
import Foundation
import Synchronization
import TestSupport
import Testing
import WebSocketTransport

@testable import API

/// Leave to use the browser as a phone.
@Suite struct PhoneRouteTests {
    private let temporary: TemporaryDatabase

    init() async throws { temporary = try await TemporaryDatabase.make() }

    private func routes(_ phone: BrowserPhone?) -> Router {
        var dependencies = ReadingTests.dependencies(temporary)
        dependencies.phone = phone
        return APIRoutes.router(dependencies, live: LiveFeedTests.upgrade)
    }

    private func ask(_ routes: Router, _ method: String, _ path: String, as subject: String?) async -> HTTPResponse {
        var headers: [(name: String, value: String)] = []
        if let subject {
            let principal = APIPrincipal(subject: subject, tenant: .initial, role: .agent)
            let token = JWT.sign(principal, secret: JWTTests.secret, issuedAt: JWTTests.now)
            headers.append(("authorization", "Bearer \(token)"))
        }
        return await routes.respond(to: HTTPRequest(method: method, path: path, headers: headers))
    }

    @Test func `where there is no phone it says so, and gives no ticket`() async throws {
        let routes = routes(nil)

        let phone = try #require(JSONValue(await ask(routes, "GET", "/api/v1/phone", as: "ann").body))
        #expect(phone["available"] == false && phone["callers"]?.list?.isEmpty == true)
        #expect(await ask(routes, "POST", "/api/v1/phone/tickets", as: "ann").status == 404)
        let policy = await ask(routes, "GET", "/", as: nil).headers.first { $0.name == "content-security-policy" }
        #expect(policy?.value.contains("connect-src 'self';") == true)
    }

    @Test func `a ticket is of whoever is signed in, and of nobody else`() async throws {
        let holders = Mutex<[String]>([])
        let routes = routes(
            BrowserPhone(
                url: "ws://127.0.0.1:9000/phone", number: "+15550100100", from: "+14155550123",
                callers: [.init(name: "vague", about: "Does not decide.")], ticketSeconds: 30,
                ticket: { holder in
                    holders.withLock { held in
                        held.append(holder)
                        return held.count > 2 ? nil : "ticket-\(held.count)"
                    }
                }))

        let phone = try #require(JSONValue(await ask(routes, "GET", "/api/v1/phone", as: "ann").body))
        #expect(phone["available"] == true && phone["callers"]?.list?.first?["name"] == "vague")
        #expect(await ask(routes, "POST", "/api/v1/phone/tickets", as: nil).status == 401)
        let first = await ask(routes, "POST", "/api/v1/phone/tickets", as: "ann")
        let ticket = try #require(JSONValue(first.body))
        #expect(first.status == 201 && ticket["ticket"] == "ticket-1" && ticket["url"] == "ws://127.0.0.1:9000/phone")
        #expect(first.headers.contains { $0.name == "cache-control" && $0.value == "no-store" })
        #expect(await ask(routes, "POST", "/api/v1/phone/tickets", as: "bob").status == 201)
        #expect(await ask(routes, "POST", "/api/v1/phone/tickets", as: "bob").status == 429)
        #expect(holders.withLock { $0.map { $0.split(separator: " ").last ?? "" } } == ["ann", "bob", "bob"])
        let policy = await ask(routes, "GET", "/", as: nil).headers.first { $0.name == "content-security-policy" }
        #expect(policy?.value.contains("connect-src 'self' ws://127.0.0.1:9000;") == true)
    }
}
