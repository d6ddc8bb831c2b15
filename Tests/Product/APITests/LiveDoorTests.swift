import CRM
import CallModel
import Database
import Encoding
import Endpoints
import Events
import Foundation
import Telemetry
import TestSupport
import Testing
import WebSocketTransport

@testable import API

/// Who watches live calls by a session's cookie or a program's key, and for how long.
@Suite struct LiveDoorTests {
    private static let site = "https://voice.example.com"

    private let stage: LoginStage
    private let directory: CredentialDirectory
    private let feed = LiveFeed(keys: JWTTests.keys)
    private let door: LiveDoor

    init() async throws {
        let temporary = try await TemporaryDatabase.make()
        directory = CredentialDirectory(database: temporary.database)
        let dependencies = APIDependencies(
            database: temporary.database, customers: CustomerDirectory(database: temporary.database),
            keys: JWTTests.keys, readiness: { ReadinessReport(checks: []) }, metrics: Metrics(),
            logins: Logins(
                database: temporary.database, site: LoginSite(publicURL: Self.site, hasTLS: true), directory: directory),
            now: { JWTTests.now })
        let door = LiveDoor(feed, dependencies)
        self.door = door
        let upgrade = Endpoint.Upgrade(
            refusal: { door.refusal(of: $0) }, inquiry: { door.inquiry(of: $0) },
            accept: { _, _ throws(Problem) in throw Problem.nothingHere })
        stage = LoginStage(temporary, APIRoutes.router(dependencies, live: upgrade))
    }

    private static func handshake(_ headers: [(name: String, value: String)]) -> HTTPRequest {
        HTTPRequest(
            method: "GET", path: "/api/v1/live",
            headers: [("host", "voice.example.com"), ("upgrade", "websocket")] + headers, peerAddress: "192.0.2.7",
            isHandshake: true)
    }

    /// What a browser sends from a page of ours.
    private static func page(_ cookie: String, origin: String? = LiveDoorTests.site) -> HTTPRequest {
        handshake([("cookie", cookie)] + (origin.map { [("origin", $0)] } ?? []))
    }

    /// As the listener goes about it; the status that refuses it, or the events.
    private func enter(_ request: HTTPRequest) async throws -> (refused: Int?, events: AsyncStream<LiveEvent>?) {
        var admission = stage.routes.admit(request)
        if case .later(let question) = admission { admission = await question() }
        switch admission {
        case .refuse(let response): return (response.status, nil)
        case .read: return (nil, try door.admit(request))
        case .later:
            Issue.record("asked twice")
            return (nil, nil)
        }
    }

    private func refusal(_ request: HTTPRequest) async throws -> Int? { try await enter(request).refused }

    private func watch(_ request: HTTPRequest) async throws -> AsyncStream<LiveEvent> {
        try #require(try await enter(request).events)
    }

    private func session(_ email: String = "ann@example.com", _ role: APIRole = .agent) async throws -> String {
        try await stage.user(email, role)
        return try #require(LoginStage.cookie(await stage.login(email)))
    }

    private func key(_ role: String = "agent", of tenant: TenantID = .initial) async throws -> (
        key: String, path: String
    ) {
        let made = try LoginStage.json(
            await stage.send(
                "POST", "/api/v1/api-keys", ["name": "script", "role": .text(role)], with: stage.program(tenant, .admin)
            ))
        return (try #require(made["key"]?.text), "/api/v1/api-keys/\(made["id"]?.text ?? "")")
    }

    /// Reads to the end, which is to come.
    private static func count(_ events: AsyncStream<LiveEvent>) async -> Int {
        await events.reduce(0) { count, _ in count + 1 }
    }

    @Test func `a page of ours watches by its cookie, a script by its key, each its own tenant`() async throws {
        let theirs = try await stage.temporary.secondTenant()
        let cookie = try await session()
        let page = try await watch(Self.page(cookie))
        let script = try await watch(Self.handshake([("x-api-key", try await key("manager").key)]))
        let stranger = try await watch(Self.handshake([("x-api-key", try await key(of: theirs).key)]))
        let (one, two) = (try LiveFeedTests.sid("1"), try LiveFeedTests.sid("2"))

        feed.publish(LiveFeedTests.event(one))
        feed.publish(LiveFeedTests.event(two, tenant: theirs))

        for (events, sid) in [(page, one), (script, one), (stranger, two)] {
            var seen = events.makeAsyncIterator()
            #expect(await seen.next()?.callSid == sid)
        }
    }

    @Test func `a cookie from another page, or from none, watches nothing`() async throws {
        let cookie = try await session()

        for origin in [
            "https://evil.example", "https://voice.example.com.evil.example", "http://voice.example.com", "null",
            "https://voice.example.com:8443", nil,
        ] {
            #expect(try await refusal(Self.page(cookie, origin: origin)) == 403, "\(origin ?? "none")")
        }
        // Some browsers say nothing else of a handshake, and `Origin` no page can forge.
        let said = Self.handshake([
            ("cookie", cookie), ("origin", Self.site), ("sec-fetch-site", "cross-site"),
            ("sec-fetch-mode", "websocket"),
        ])
        #expect(try await refusal(said) == nil)
        #expect(throws: Problem.self) { try door.admit(Self.page(cookie, origin: "https://evil.example")) }
    }

    @Test func `what is nobody's is refused before a loop hears of it`() async throws {
        let (key, path) = try await key()
        let cookie = try await session()
        let unknown = cookie.prefix { $0 != "=" } + "=" + String(repeating: "0", count: cookie.count - 14)
        let refused: [(String, [(name: String, value: String)])] = [
            ("nothing", []), ("another key", [("x-api-key", "prl_" + String(repeating: "0", count: 40))]),
            ("two credentials", [("x-api-key", key), ("authorization", "Bearer x")]),
            ("a key beside a subprotocol", [("x-api-key", key), ("sec-websocket-protocol", "bearer, x.y.z")]),
            ("an unknown session", [("cookie", String(unknown)), ("origin", Self.site)]),
        ]
        for (what, headers) in refused { #expect(try await refusal(Self.handshake(headers)) == 401, "\(what)") }
        #expect(try await refusal(Self.handshake([("x-api-key", key)])) == nil)

        #expect(await stage.send("DELETE", path, with: stage.program(.initial, .admin)).status == 204)
        #expect(try await refusal(Self.handshake([("x-api-key", key)])) == 401, "revoked")
        #expect(await stage.send("POST", "/api/auth/logout", cookie: cookie).status == 204)
        #expect(try await refusal(Self.page(cookie)) == 401, "logged out")
        // Nothing was looked up: a loop never asks the database.
        #expect(throws: Problem.self) { try door.admit(Self.page(cookie)) }
        #expect(feed.subscriberCount == 0)
    }

    @Test(.timeLimit(.minutes(1))) func `a watch ends with its session, whatever ends that`() async throws {
        let ends: [(String, @Sendable (LoginStage, String) async throws -> Void)] = [
            ("logout", { stage, cookie in _ = await stage.send("POST", "/api/auth/logout", cookie: cookie) }),
            (
                "its end",
                { stage, _ in _ = try await stage.temporary.rows("update user_sessions set expires_at = now()") }
            ),
            (
                "a working day without use",
                { stage, _ in
                    _ = try await stage.temporary.rows("update user_sessions set seen_at = now() - interval '9 hours'")
                }
            ),
            (
                "another role",
                { stage, _ in
                    _ = try await stage.temporary.rows("update users set role = 'manager' where role = 'agent'")
                }
            ),
        ]
        for (number, (what, end)) in ends.enumerated() {
            let cookie = try await session("ann\(number)@example.com")
            let events = try await watch(Self.page(cookie))
            feed.publish(LiveFeedTests.event(try LiveFeedTests.sid("1")))

            try await end(stage, cookie)

            #expect(await Self.count(events) == 1, "\(what)")
        }
        #expect(feed.subscriberCount == 0)
    }

    @Test(.timeLimit(.minutes(1))) func `a watch ends with its key, and goes on under a session's next token`()
        async throws
    {
        let (key, path) = try await key()
        let cookie = try await session()
        let script = try await watch(Self.handshake([("x-api-key", key)]))
        let page = try await watch(Self.page(cookie))

        #expect(await stage.send("POST", "/api/auth/refresh", cookie: cookie).status == 204)
        #expect(await stage.send("DELETE", path, with: stage.program(.initial, .admin)).status == 204)

        #expect(await Self.count(script) == 0)
        // Asked about in the same second: it would have ended too.
        try await Task.sleep(for: .milliseconds(2 * LiveStanding.lookMs))
        #expect(feed.subscriberCount == 1)
        feed.publish(LiveFeedTests.event(try LiveFeedTests.sid("1")))
        var seen = page.makeAsyncIterator()
        #expect(await seen.next() != nil)
    }
}
