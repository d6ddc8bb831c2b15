import CRM
import Database
import Encoding
import Endpoints
import Foundation
import Runtime
import Synchronization
import Telemetry
import TestSupport
import Testing
import WebSocketTransport

@testable import API

@Suite struct RouteTests {
    /// Routes over a database that nobody serves.
    static func routes(
        secret: [UInt8]? = JWTTests.secret,
        readiness: ReadinessReport = ReadinessReport(checks: [.init("database", isReady: true)])
    ) -> Router {
        let database = Database(url: "postgresql://nobody@127.0.0.1:1/none")
        return APIRoutes.router(
            APIDependencies(
                database: database, customers: CustomerDirectory(database: database), keys: TokenKeys(secret: secret),
                readiness: { readiness }, metrics: Metrics(), now: { JWTTests.now }), live: LiveFeedTests.upgrade)
    }

    static func get(_ path: String, token: String? = nil, query: String = "") -> HTTPRequest {
        let headers = token.map { [(name: "authorization", value: "Bearer \($0)")] } ?? []
        return HTTPRequest(method: "GET", path: path, query: query, headers: headers)
    }

    static let token = JWT.sign(JWTTests.ann, secret: JWTTests.secret, issuedAt: JWTTests.now)

    @Test func `health and readiness need no token, and a failed check is a 503`() async throws {
        let routes = Self.routes()
        #expect(await routes.respond(to: Self.get("/healthz")).status == 200)
        #expect(await routes.respond(to: Self.get("/readyz")).status == 200)

        let checks = [
            ReadinessReport.Check("database", isReady: true),
            ReadinessReport.Check("agent", isReady: false, detail: "no \"answer\""),
        ]
        let response = await Self.routes(readiness: ReadinessReport(checks: checks)).respond(to: Self.get("/readyz"))
        #expect(response.status == 503)
        let body = String(decoding: response.body, as: UTF8.self)
        let agent = #""agent":{"ready":false,"detail":"no \"answer\""}"#
        #expect(body == #"{"ready":false,"checks":{"database":{"ready":true},\#(agent)}}"#)
    }

    @Test func `other paths are nobody's`() async {
        let routes = Self.routes()
        for path in ["/twilio/voice", "/healthz/", "/index.html", "", "/apix", "//api/v1/calls"] {
            let response = await routes.respond(to: Self.get(path))
            #expect(response.status == 404, "\(path)")
            #expect(response.headers.contains { $0 == ("content-type", "application/problem+json") })
            guard case .refuse(let refusal) = routes.admit(Self.get(path)) else {
                Issue.record("\(path) is admitted")
                continue
            }
            #expect(refusal.status == 404, "\(path)")
        }
    }

    @Test func `without a token, with a bad one, and without a secret nothing is read`() async throws {
        let expired = JWT.sign(
            JWTTests.ann, secret: JWTTests.secret, issuedAt: JWTTests.now.addingTimeInterval(-7_200))
        let paths = [
            "/api/v1/calls", "/api/v1/calls/CA00000000000000000000000000000000", "/api/customer-context/+14155550100",
            "/api/v1/leads/11111111-1111-4111-8111-111111111111",
        ]
        for path in paths {
            for token in [nil, expired, "x", "a.b.c", Self.token + "A"] {
                let response = await Self.routes().respond(to: Self.get(path, token: token))
                #expect(response.status == 401, "\(path)")
                #expect(response.headers.contains { $0.name == "www-authenticate" })
                #expect(response.headers.contains { $0 == ("content-type", "application/problem+json") })
                #expect(response.headers.contains { $0 == ("cache-control", "no-store") })
            }
            for secret: [UInt8]? in [nil, []] {
                let response = await Self.routes(secret: secret).respond(to: Self.get(path, token: Self.token))
                #expect(response.status == 503)
            }
        }
        // A token in the query is for WebSockets alone.
        let query = "token=\(Self.token)"
        #expect(await Self.routes().respond(to: Self.get("/api/v1/calls", query: query)).status == 401)
    }

    @Test func `a hostile path is not found and never reaches the database`() async {
        let routes = Self.routes()
        let paths = [
            "/api/", "/api/v1", "/api/v1/calls/", "/api/v1/calls/../leads", "/api/v1/calls/'; drop table calls; --",
            "/api/v1/calls/CA0000000000000000000000000000000g", "/api/v1/leads/1", "/api/v1/leads/%00",
            "/api/v2/calls", "/api/v1/calls/a/b", "/api/" + String(repeating: "a/", count: 5_000),
        ]
        for path in paths {
            #expect(await routes.respond(to: Self.get(path, token: Self.token)).status == 404, "\(path.prefix(60))")
        }
        for phone in ["", "abc", "+1' or 1=1", String(repeating: "1", count: 60)] {
            let path = "/api/customer-context/\(phone)"
            #expect(await routes.respond(to: Self.get(path, token: Self.token)).status == 400, "\(path)")
        }
    }

    @Test func `only reading is allowed, and whoever does more is told what is`() async throws {
        for path in [
            "/", "/healthz", "/metrics", "/api/v1/calls/stats", "/api/v1/live", "/api/v1/openapi.json", "/api/v1/docs",
        ] {
            for method in ["POST", "PUT", "DELETE", "TRACE", "QUERY", "PROPFIND", "get"] {
                let request = HTTPRequest(method: method, path: path)
                let response = await Self.routes().respond(to: request)
                #expect(response.status == 405, "\(method) \(path)")
                #expect(response.headers.contains { $0 == ("allow", "GET, HEAD, OPTIONS") })
                #expect(response.headers.contains { $0 == ("content-type", "application/problem+json") })
            }
            let options = await Self.routes().respond(to: HTTPRequest(method: "OPTIONS", path: path))
            #expect(options.status == 204 && options.headers.contains { $0 == ("allow", "GET, HEAD, OPTIONS") })
        }
        let nowhere = HTTPRequest(method: "POST", path: "/api/v1/nothing")
        #expect(await Self.routes().respond(to: nowhere).status == 404)
    }

    @Test func `a HEAD is answered like a GET, length and all`() async throws {
        for path in ["/", "/healthz", "/api/v1/openapi.json", "/api/v1/calls", "/api/none"] {
            let head = await Self.routes().respond(to: HTTPRequest(method: "HEAD", path: path))
            let get = await Self.routes().respond(to: HTTPRequest(method: "GET", path: path))
            #expect(head.status == get.status && head.body == get.body, "\(path)")
        }
    }

    @Test(arguments: [
        ("limit=0", "limit"), ("limit=201", "limit"), ("limit=x", "limit"), ("limit=", "limit"), ("limit", "limit"),
        ("limit=%2B5", "limit"), ("limit=-5", "limit"), ("limit=5%20", "limit"), ("limit=5&limit=6", "limit"),
        ("limit=0x10", "limit"), ("limit=99999999999999999999", "limit"), ("limit=5;status=failed", "limit"),
        ("cursor=x", "cursor"), ("cursor=", "cursor"), ("status=odd", "status"), ("status=%00", "status"),
        ("outcome=won", "outcome"), ("Limit=5", "Limit"), ("offset=50", "offset"), ("page=2", "page"),
        ("limit=5&sort=-created_at", "sort"), ("filter[status]=failed", "filter[status]"), ("token=x", "token"),
    ])
    func `a bad or unknown query parameter is refused by name`(_ query: String, _ name: String) async throws {
        let response = await Self.routes().respond(to: Self.get("/api/v1/calls", token: Self.token, query: query))

        #expect(response.status == 400)
        #expect(String(decoding: response.body, as: UTF8.self).contains("`\(name)`"))
    }

    @Test func `a query that is none is refused, and what the client sent is not repeated`() async throws {
        for query in ["cursor=%zz", "%", "a=%", "limit=%ff", "<script>=1", "=1", String(repeating: "a", count: 65)] {
            let response = await Self.routes().respond(to: Self.get("/api/v1/calls", token: Self.token, query: query))
            let text = String(decoding: response.body, as: UTF8.self)
            #expect(response.status == 400 && !text.contains("script") && !text.contains("aaa"), "\(query)")
        }
        // An address that takes none says so; where anybody may add one, none is looked at.
        let id = "11111111-1111-4111-8111-111111111111"
        for path in ["/api/v1/leads/\(id)", "/api/v1/calls/\(id)", "/api/customer-context/+14155550100"] {
            let request = Self.get(path, token: Self.token, query: "fields=id")
            #expect(await Self.routes().respond(to: request).status == 400, "\(path)")
            #expect(await Self.routes().respond(to: Self.get(path, query: "fields=id")).status == 401, "\(path)")
        }
        let description = await Self.routes().respond(to: Self.get("/api/v1/openapi.json", query: "v=3"))
        #expect(description.status == 400)
        for path in ["/healthz", "/readyz", "/"] {
            #expect(await Self.routes().respond(to: Self.get(path, query: "at=1&at=%")).status == 200, "\(path)")
        }
        for query in ["", "&", "limit=5&", "limit=%35", "limit=007"] {
            let response = await Self.routes().respond(to: Self.get("/api/v1/calls", token: Self.token, query: query))
            #expect(response.status == 503, "\(query) reaches the database, which is away")
        }
    }

    @Test func `a cursor is one of ours to the letter`() {
        let cursor = TimeCursor(micros: 1_800_000_000_123_456, id: UUID())
        #expect(TimeCursor(cursor.text) == cursor)
        for text in ["+1.\(cursor.id)", "01.\(cursor.id)", "1.\(cursor.id.uuidString)", "-1.x", "1"] {
            #expect(TimeCursor(Base64URL.encode(Array(text.utf8))) == nil, "\(text)")
        }
    }

    @Test func `one of the listed entity tags is enough, however they are listed`() {
        let tag = #""0f1e""#
        for lines in [
            [tag], ["W/\(tag)"], [#""x",\#(tag) , "y""#], [#""x"  ,\#t\#(tag)"#], [#"W/"x",W/\#(tag),"y""#],
            [",, \(tag),"],
            [#""a,b", \#(tag)"#], [#""x""#, tag], ["*"], [" * "], [#"x, \#(tag)"#], [#""a"b", \#(tag)"#],
        ] {
            #expect(EntityTags(lines).includes(tag), "\(lines)")
        }
        for lines in [
            [], [""], ["0f1e"], [#""x", "y""#], [#""x, \#(tag)"#], ["*, \"x\""], [#""0f1""#], [#"w/\#(tag)"#],
            [#"\#(tag)x"#], ["\""], ["W/"],
        ] {
            #expect(!EntityTags(lines).includes(tag), "\(lines)")
        }
    }

    @Test func `a database that is away is a 503 that says when to come back`() async throws {
        let response = await Self.routes().respond(to: Self.get("/api/v1/calls", token: Self.token))

        #expect(response.status == 503)
        #expect(response.headers.contains { $0.name == "retry-after" })
    }

    @Test func `one token may ask only so often`() async throws {
        let limiter = RateLimiter(perSecond: 20, burst: 60)
        let start = MonotonicTime(milliseconds: 1_000)
        let early = (0..<100).filter { _ in limiter.allows("ann", at: start) }.count
        let later = (0..<100).filter { _ in limiter.allows("ann", at: start.adding(milliseconds: 1_000)) }.count

        #expect(early == 60 && later == 20)
        #expect(limiter.allows("bob", at: start))
        limiter.giveBack("ann")
        limiter.giveBack("nobody")
        let now = start.adding(milliseconds: 1_000)
        #expect(limiter.allows("ann", at: now) && !limiter.allows("ann", at: now), "what was given back is there, once")
    }

    @Test func `the description names exactly the endpoints there are`() async throws {
        struct Description: Decodable {
            var openapi: String
            var paths: [String: [String: Operation]]
            struct Operation: Decodable { var operationId: String }
        }
        let routes = Self.routes()
        let body = await routes.respond(to: Self.get("/api/v1/openapi.json")).body
        let document = try JSONDecoder().decode(Description.self, from: Data(body))

        #expect(document.openapi == "3.1.0")
        let described = document.paths.flatMap { path, operations in
            operations.map { "\($0.key.uppercased()) \(path) \($0.value.operationId)" }
        }
        #expect(Set(described) == Set(routes.endpoints.map { "\($0.route) \($0.id)" }))
        // What programs of others ask for, and dashboards: none of it goes away.
        let promised = try Checkout.text("Tests/Product/APITests/fixtures/addresses.txt").split(separator: "\n")
        let addresses = Set(routes.endpoints.map(\.route))
        #expect(promised.count > 130 && promised.filter { !addresses.contains(String($0)) } == [])
    }
}
