import CRM
import CallModel
import Database
import Encoding
import Endpoints
import Foundation
import Telemetry
import TestSupport
import Testing
import WebSocketTransport

@testable import API

/// A gateway's addresses over a real database, asked as a browser asks.
struct LoginStage {
    static let password = "a heron waits at noon"

    let temporary: TemporaryDatabase
    let routes: Router

    init(site: LoginSite = LoginSite(), keys: TokenKeys? = JWTTests.keys) async throws {
        temporary = try await TemporaryDatabase.make()
        routes = Self.routes(temporary, site: site, keys: keys)
    }

    init(_ temporary: TemporaryDatabase, _ routes: Router) {
        self.temporary = temporary
        self.routes = routes
    }

    static func routes(
        _ temporary: TemporaryDatabase, site: LoginSite = LoginSite(), keys: TokenKeys? = JWTTests.keys
    ) -> Router {
        APIRoutes.router(
            APIDependencies(
                database: temporary.database, customers: CustomerDirectory(database: temporary.database), keys: keys,
                readiness: { ReadinessReport(checks: []) }, metrics: Metrics(),
                logins: Logins(database: temporary.database, site: site), now: { JWTTests.now }),
            live: LiveFeedTests.upgrade)
    }

    @discardableResult
    func user(
        _ email: String, _ role: APIRole = .agent, password: String? = LoginStage.password,
        of tenant: TenantID = .initial
    ) async throws -> UUID {
        try await UserAccounts.add(
            email: email, name: "Ann", role: role, password: password, to: tenant, in: temporary.database)
    }

    /// As a page of the gateway's own sends it.
    func send(
        _ method: String, _ path: String, _ body: JSONValue? = nil, cookie: String? = nil,
        from peer: String = "192.0.2.1", origin: String? = "https://voice.example.com",
        with headers: [(name: String, value: String)] = [], on other: Router? = nil
    ) async -> HTTPResponse {
        var headers = headers + [(name: "host", value: "voice.example.com")]
        if let origin { headers.append(("origin", origin)) }
        if let cookie { headers.append(("cookie", "theme=dark; \(cookie); x=y")) }
        if body != nil { headers.append(("content-type", "application/json")) }
        return await (other ?? routes).respond(
            to: HTTPRequest(
                method: method, path: path, headers: headers, body: Array((body?.json ?? "").utf8), peerAddress: peer))
    }

    func login(
        _ email: String, _ password: String = LoginStage.password, tenant: String? = nil,
        from peer: String = "192.0.2.1"
    ) async -> HTTPResponse {
        var body: [String: JSONValue] = ["email": .text(email), "password": .text(password)]
        if let tenant { body["tenant"] = .text(tenant) }
        return await send("POST", "/api/auth/login", .object(body), from: peer)
    }

    /// `name=token` of the answer's cookie.
    static func cookie(_ response: HTTPResponse) -> String? {
        response.headers.first { $0.name == "set-cookie" }.map { String($0.value.prefix { $0 != ";" }) }
    }

    static func json(_ response: HTTPResponse) throws -> JSONValue {
        try #require(JSONValue(response.body), "\(String(decoding: response.body, as: UTF8.self))")
    }

    static func header(_ response: HTTPResponse, _ name: String) -> String? {
        response.headers.first { $0.name == name }?.value
    }

    func status(_ cookie: String?) async -> Int { await send("GET", "/api/auth/me", cookie: cookie).status }

    func program(_ tenant: TenantID = .initial, _ role: APIRole) -> [(name: String, value: String)] {
        let principal = APIPrincipal(subject: UUID().uuidString.lowercased(), tenant: tenant, role: role)
        return [("authorization", "Bearer \(JWT.sign(principal, secret: JWTTests.secret, issuedAt: JWTTests.now))")]
    }
}

@Suite struct LoginTests {
    @Test func `a user who was added logs in, is known by the cookie, and is nobody after logging out`() async throws {
        let stage = try await LoginStage()
        let id = try await stage.user("Ann@Example.com", .manager)

        let login = await stage.login("ANN@example.com")
        let cookie = LoginStage.cookie(login)
        let me = await stage.send("GET", "/api/auth/me", cookie: cookie)

        #expect(login.status == 200 && me.status == 200)
        let identity = try LoginStage.json(me)
        #expect(identity["user"]?["email"] == "ann@example.com" && identity["role"] == "manager")
        #expect(identity["subject"]?.text == id.uuidString.lowercased() && identity["tenant"]?["slug"] == "default")
        #expect(!String(decoding: login.body, as: UTF8.self).contains(cookie?.suffix(20) ?? ""))
        #expect(await stage.status(nil) == 401)
        #expect(await stage.send("GET", "/api/v1/leads", cookie: cookie).status == 200)
        #expect(await stage.send("POST", "/api/v1/tasks", ["title": "x"], cookie: cookie).status == 201)

        let logout = await stage.send("POST", "/api/auth/logout", cookie: cookie)

        #expect(logout.status == 204)
        #expect(LoginStage.header(logout, "set-cookie")?.contains("Max-Age=0") == true)
        #expect(await stage.status(cookie) == 401)
    }

    @Test func `a wrong password and an unknown address are told apart by nothing`() async throws {
        let stage = try await LoginStage()
        try await stage.user("ann@example.com")

        let wrong = await stage.login("ann@example.com", "a heron waits at one")
        let unknown = await stage.login("bob@example.com", from: "192.0.2.2")
        let elsewhere = await stage.login("ann@example.com", tenant: "nowhere", from: "192.0.2.3")
        let agent = await stage.login("clara@trendtialcrm.ai", from: "192.0.2.4")

        for response in [wrong, unknown, elsewhere, agent] {
            #expect(response.status == 401 && response.body == wrong.body)
            #expect(LoginStage.cookie(response) == nil)
        }
    }

    @Test(arguments: ["ann@example.com", "nobody@example.com"])
    func `after five wrong attempts an address waits, whether it is anybody's or not`(_ email: String) async throws {
        let stage = try await LoginStage()
        try await stage.user("ann@example.com")
        for number in 0..<5 {
            #expect(await stage.login(email, "wrong \(number)", from: "192.0.2.\(number)").status == 401)
        }

        func wait() async throws -> Int? {
            let rows = try await stage.temporary.rows(
                "select round(extract(epoch from blocked_until - last_at))::integer as seconds from app.login_attempts")
            return try rows.first?.int("seconds")
        }
        /// Moves the end of the wait, so that nothing hangs on how long the test takes.
        func move(_ end: String) async throws {
            _ = try await stage.temporary.rows(
                "update app.login_attempts set blocked_until = now() + interval '\(end)'")
        }
        #expect(try await wait() == 4)
        try await move("1 hour")
        let limited = await stage.login(email, from: "192.0.2.9")
        #expect(limited.status == 429, "the right password has to wait as well")
        let seconds = LoginStage.header(limited, "retry-after").flatMap { Int($0) } ?? 0
        #expect((3_000...3_600).contains(seconds))
        #expect(!String(decoding: limited.body, as: UTF8.self).contains("ann"))

        // Past the wait one attempt is free, and the next wait is longer.
        try await move("0 s")
        #expect(await stage.login(email, "wrong", from: "192.0.2.9").status == 401)
        #expect(try await wait() == 8)
        try await move("0 s")
        #expect(await stage.login(email, from: "192.0.2.9").status == (email.hasPrefix("ann") ? 200 : 401))
        let left = try await stage.temporary.rows("select failures from app.login_attempts")
        #expect(left.isEmpty == email.hasPrefix("ann"), "a right one forgets the wrong ones")
    }

    @Test func `a peer guesses so often, whatever it guesses, and being right costs nothing`() async throws {
        let stage = try await LoginStage()
        try await stage.user("ann@example.com")
        for _ in 0..<25 { #expect(await stage.login("ann@example.com").status == 200) }
        var last = 401
        for number in 0..<40 where last == 401 { last = await stage.login("u\(number)@example.com").status }

        #expect(last == 429)
        #expect(await stage.login("ann@example.com").status == 429)
        #expect(await stage.login("ann@example.com", from: "192.0.2.2").status == 200)
    }

    @Test func `an address of several tenants names its tenant, once it has proven to be somebody's`() async throws {
        let stage = try await LoginStage()
        let theirs = try await stage.temporary.secondTenant()
        try await stage.user("ann@example.com")
        try await stage.user("ann@example.com", .admin, of: theirs)
        let slug = try #require(
            try await stage.temporary.rows("select slug from tenants where id = $1", [.uuid(theirs.uuid)]).first)

        #expect(await stage.login("ann@example.com", "a guess").status == 401)
        let several = await stage.login("ann@example.com")
        #expect(several.status == 409 && LoginStage.cookie(several) == nil)
        #expect(!String(decoding: several.body, as: UTF8.self).contains(try slug.text("slug")))
        let chosen = await stage.login("ann@example.com", tenant: try slug.text("slug"))
        #expect(try LoginStage.json(chosen)["role"] == "admin")
        #expect(try LoginStage.json(await stage.login("ann@example.com", tenant: "default"))["role"] == "agent")
    }

    @Test func `refreshing puts another token in place of the first`() async throws {
        let stage = try await LoginStage()
        try await stage.user("ann@example.com")
        let first = LoginStage.cookie(await stage.login("ann@example.com"))
        #expect(await stage.status(first) == 200)

        let refreshed = await stage.send("POST", "/api/auth/refresh", cookie: first)
        let second = LoginStage.cookie(refreshed)

        #expect(refreshed.status == 204 && second != first)
        #expect(await stage.status(first) == 401)
        #expect(await stage.status(second) == 200)
        #expect(try await stage.temporary.rows("select from user_sessions").count == 1)
    }

    @Test(arguments: [
        "update users set role = 'manager' where email = 'ann@example.com'",
        "update users set is_active = false where email = 'ann@example.com'",
        "update tenants set is_active = false",
        "update user_sessions set expires_at = now()",
        "update user_sessions set seen_at = now() - interval '8 hours'",
        "delete from users where email = 'ann@example.com'",
    ])
    func `a session ends with what it stands on`(_ change: String) async throws {
        let stage = try await LoginStage()
        try await stage.user("ann@example.com")
        let cookie = LoginStage.cookie(await stage.login("ann@example.com"))
        // Another node's: it has nothing in memory.
        let other = LoginStage.routes(stage.temporary)
        #expect(await stage.send("GET", "/api/auth/me", cookie: cookie, on: other).status == 200)

        _ = try await stage.temporary.rows(change)

        let fresh = LoginStage.routes(stage.temporary)
        #expect(await stage.send("GET", "/api/auth/me", cookie: cookie, on: fresh).status == 401)
    }

    @Test func `a session is used on, and that is noted once a minute`() async throws {
        let stage = try await LoginStage()
        try await stage.user("ann@example.com")
        let cookie = LoginStage.cookie(await stage.login("ann@example.com"))
        _ = try await stage.temporary.rows("update user_sessions set seen_at = now() - interval '7 hours'")

        #expect(await stage.status(cookie) == 200)

        let seen = try await stage.temporary.rows(
            "select seen_at > now() - interval '1 minute' as new from user_sessions")
        #expect(try seen.map { try $0.bool("new") } == [true])
    }

    @Test func `a session writes from our own pages only`() async throws {
        let stage = try await LoginStage(site: LoginSite(publicURL: "https://voice.example.com"))
        try await stage.user("ann@example.com")
        let cookie = LoginStage.cookie(await stage.login("ann@example.com"))
        func write(_ origin: String?, _ site: String? = nil) async -> Int {
            let headers = site.map { [(name: "sec-fetch-site", value: $0)] } ?? []
            return await stage.send(
                "POST", "/api/v1/tasks", ["title": "x"], cookie: cookie, origin: origin, with: headers
            ).status
        }

        #expect(await write("https://voice.example.com") == 201)
        #expect(await write(nil, "same-origin") == 201)
        let foreignPages: [(String?, String?)] = [
            (nil, nil), ("https://evil.example", nil), ("null", nil), ("http://voice.example.com", nil),
            ("https://voice.example.com:8443", nil), ("https://voice.example.com", "cross-site"),
            ("https://voice.example.com", "same-site"), (nil, "none"),
        ]
        for (origin, site) in foreignPages {
            #expect(await write(origin, site) == 403, "\(origin ?? "-") \(site ?? "-")")
        }
        let foreign = await stage.send(
            "POST", "/api/auth/login", ["email": "ann@example.com", "password": .text(LoginStage.password)],
            origin: "https://evil.example")
        #expect(foreign.status == 403, "nor is anybody logged in by another page")
        #expect(await stage.send("GET", "/api/v1/tasks", cookie: cookie, origin: nil).status == 200)
        // A program's token is no browser's to send.
        #expect(
            await stage.send(
                "POST", "/api/v1/tasks", ["title": "x"], origin: nil, with: stage.program(.initial, .agent)
            )
            .status == 201)
    }

    @Test func `the cookie is out of reach of scripts, and bound to TLS where there is some`() async throws {
        let plain = try await LoginStage()
        try await plain.user("ann@example.com")
        let open = LoginStage.header(await plain.login("ann@example.com"), "set-cookie") ?? ""
        #expect(open.hasPrefix("parley_session=") && open.contains("; Path=/; "))
        #expect(open.contains("; HttpOnly; SameSite=Strict") && !open.contains("Secure"))

        let sites: [(LoginSite, [(name: String, value: String)])] = [
            (LoginSite(hasTLS: true), []), (LoginSite(publicURL: "https://voice.example.com"), []),
            (LoginSite(trustedProxies: ["192.0.2.1"]), [("x-forwarded-proto", "https")]),
        ]
        for (site, headers) in sites {
            let routes = LoginStage.routes(plain.temporary, site: site)
            let login = await plain.send(
                "POST", "/api/auth/login", ["email": "ann@example.com", "password": .text(LoginStage.password)],
                with: headers, on: routes)
            let cookie = LoginStage.header(login, "set-cookie") ?? ""
            #expect(cookie.hasPrefix("__Host-parley=") && cookie.hasSuffix("; HttpOnly; SameSite=Strict; Secure"))
            let name = LoginStage.cookie(login)
            let weak = name?.replacing("__Host-parley", with: "parley_session")
            #expect(await plain.send("GET", "/api/auth/me", cookie: name, with: headers, on: routes).status == 200)
            #expect(await plain.send("GET", "/api/auth/me", cookie: weak, with: headers, on: routes).status == 401)
        }
        // Who is no proxy of ours says nothing.
        let stranger = await plain.send(
            "POST", "/api/auth/login", ["email": "ann@example.com", "password": .text(LoginStage.password)],
            with: [("x-forwarded-proto", "https")])
        #expect(LoginStage.header(stranger, "set-cookie")?.contains("Secure") == false)
    }

    @Test func `a password is changed by who knows it, and other sessions end`() async throws {
        let stage = try await LoginStage()
        try await stage.user("ann@example.com")
        let mine = LoginStage.cookie(await stage.login("ann@example.com"))
        let other = LoginStage.cookie(await stage.login("ann@example.com"))
        func change(_ current: String, _ new: String) async -> HTTPResponse {
            await stage.send(
                "POST", "/api/auth/password", ["current_password": .text(current), "new_password": .text(new)],
                cookie: mine)
        }

        #expect(await change("no", "an owl looks for mice").status == 422)
        for weak in ["short", "password1234", "aaaaaaaaaaaaaaaa", "ann@example.com1"] {
            let refused = await change(LoginStage.password, weak)
            #expect(refused.status == 422, "\(weak)")
            #expect(String(decoding: refused.body, as: UTF8.self).contains("/new_password"))
        }
        let changed = await change(LoginStage.password, "an owl looks for mice")

        #expect(changed.status == 200)
        #expect(await stage.status(LoginStage.cookie(changed)) == 200)
        #expect(await stage.status(mine) == 401)
        #expect(await stage.status(other) == 401)
        #expect(await stage.login("ann@example.com").status == 401)
        #expect(await stage.login("ann@example.com", "an owl looks for mice").status == 200)
    }

    @Test func `where an issuer makes the tokens, logins are there`() async throws {
        let issuer = TokenIssuer(name: "https://issuer.test", audience: "authenticated") { [] }
        let stage = try await LoginStage(keys: TokenKeys(secret: JWTTests.secret, issuer: issuer))
        try await stage.user("ann@example.com")

        let login = await stage.login("ann@example.com")

        #expect(login.status == 409)
        #expect(String(decoding: login.body, as: UTF8.self).contains("PARLEY_JWKS_URL"))
        let cookie = "parley_session=\(LoginToken.make())"
        #expect(await stage.status(cookie) == 401)
        #expect(await stage.send("GET", "/api/v1/tasks", with: stage.program(.initial, .agent)).status == 200)
    }

    @Test func `nothing that opens anything is in the database, in an answer or in the audit`() async throws {
        let stage = try await LoginStage()
        let id = try await stage.user("ann@example.com", .admin)
        let login = await stage.login("ann@example.com")
        let cookie = LoginStage.cookie(login)
        let invite = try LoginStage.json(
            await stage.send("POST", "/api/v1/users/\(id.uuidString.lowercased())/invite", cookie: cookie))
        let key = try LoginStage.json(
            await stage.send(
                "POST", "/api/v1/api-keys", ["name": "n8n", "role": "agent"], cookie: cookie,
                with: [("idempotency-key", "k")]))
        _ = await stage.send("GET", "/api/v1/tasks", with: [("x-api-key", key["key"]?.text ?? "")])
        let secrets = [
            LoginStage.password, String(cookie?.dropFirst("parley_session=".count) ?? "none"),
            invite["token"]?.text ?? "none", key["key"]?.text ?? "none",
        ]

        let tables = try await stage.temporary.rows(
            """
            select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname in ('public', 'app') and c.relkind in ('r', 'p')
            """
        ).map { try $0.text("name") }
        for table in tables {
            let rows = try await stage.temporary.rows("select t::text as row from \(table) t").map {
                try $0.text("row")
            }
            for secret in secrets {
                #expect(rows.allSatisfy { !$0.contains(secret) }, "\(table)")
            }
        }
        let actions = try await stage.temporary.rows(
            "select action || ' ' || table_name as what from admin_audit where subject = $1 order by created_at",
            [.text(id.uuidString.lowercased())])
        #expect(
            try actions.map { try $0.text("what") } == [
                "POST /api/auth/login user_sessions", "POST /api/v1/users/{id}/invite user_invites",
                "POST /api/v1/api-keys api_keys",
            ])
    }

    @Test func `a stranger's bytes ask the database so often and no more`() async throws {
        let stage = try await LoginStage()
        var statuses: [Int] = []
        for _ in 0..<40 { statuses.append(await stage.status("parley_session=\(LoginToken.make())")) }

        #expect(statuses.prefix(20).allSatisfy { $0 == 401 })
        #expect(statuses.contains(429))
        // What has not even the form of one is refused without a question, and takes nobody's share.
        for odd in ["", "x", String(repeating: "g", count: 64), LoginToken.make() + "0"] {
            #expect(await stage.status("parley_session=\(odd)") == 401, "\(odd)")
        }
    }
}
