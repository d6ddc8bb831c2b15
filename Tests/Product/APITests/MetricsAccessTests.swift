import CRM
import CallModel
import Database
import Endpoints
import Foundation
import Telemetry
import Testing
import WebSocketTransport

@testable import API

@Suite struct MetricsAccessTests {
    static let token = "0123456789abcdef0123"

    static func request(
        peer: String = "127.0.0.1", token: String? = nil, _ headers: [(name: String, value: String)] = []
    ) -> HTTPRequest {
        let given = token.map { [(name: "authorization", value: "Bearer \($0)")] } ?? []
        return HTTPRequest(method: "GET", path: "/metrics", headers: headers + given, peerAddress: peer)
    }

    static func status(_ access: MetricsAccess?, _ request: HTTPRequest) async -> Int? {
        let database = Database(url: "postgresql://nobody@127.0.0.1:1/none")
        let routes = APIRoutes.router(
            APIDependencies(
                database: database, customers: CustomerDirectory(database: database), keys: JWTTests.keys,
                readiness: { ReadinessReport(checks: []) }, metrics: Metrics(), metricsAccess: access,
                now: { JWTTests.now }), live: LiveFeedTests.upgrade)
        return await routes.respond(to: request).status
    }

    static func apiToken(_ role: APIRole) -> String {
        let principal = APIPrincipal(subject: "ann", tenant: .initial, role: role)
        return JWT.sign(principal, secret: JWTTests.secret, issuedAt: JWTTests.now)
    }

    @Test func `this machine reads the metrics, and nobody for whom it asks`() async {
        let access = MetricsAccess(token: nil, trustsThisMachine: true)
        for peer in ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"] {
            #expect(await Self.status(access, Self.request(peer: peer)) == 200, "\(peer)")
        }
        for host in ["localhost:8080", "127.0.0.1", "[::1]:8080", "LOCALHOST"] {
            #expect(await Self.status(access, Self.request([("host", host)])) == 200, "\(host)")
        }
        for peer in ["10.0.0.1", "192.0.2.7", "2001:db8::1", "128.0.0.1", "", "127.evil", "127.0.0.1.example.com"] {
            #expect(await Self.status(access, Self.request(peer: peer)) == 401, "\(peer)")
        }
        for header in [
            ("x-forwarded-for", "127.0.0.1"), ("x-forwarded-proto", "https"), ("forwarded", "for=192.0.2.1"),
            ("via", "1.1 proxy"), ("x-real-ip", "192.0.2.1"), ("host", "voice.example.com"), ("host", "127.evil.com"),
            ("host", "localhost.example.com"),
        ] {
            #expect(await Self.status(access, Self.request([header])) == 401, "\(header)")
        }
    }

    @Test func `elsewhere a token opens them: the one for them, or an API token of a super_admin`() async {
        let access = MetricsAccess(token: Self.token, trustsThisMachine: true)
        let none = MetricsAccess(token: nil, trustsThisMachine: true)

        #expect(await Self.status(access, Self.request()) == 401, "with a token set, this machine needs one as well")
        #expect(await Self.status(access, Self.request(peer: "10.0.0.1", token: Self.token)) == 200)
        for wrong in ["another", "", String(Self.token.dropLast()), Self.token + "4"] {
            #expect(await Self.status(access, Self.request(peer: "10.0.0.1", token: wrong)) == 401, "\(wrong)")
        }
        for role in APIRole.allCases {
            let expected = role == .superAdmin ? 200 : 403
            let request = Self.request(peer: "10.0.0.1", token: Self.apiToken(role))
            #expect(await Self.status(access, request) == expected, "\(role)")
            #expect(await Self.status(none, request) == expected, "\(role)")
        }
    }

    @Test func `with an address of their own they are found there only, and nothing else is`() async {
        let open = MetricsPage(metrics: Metrics(), access: nil, keys: nil)
        let locked = MetricsPage(
            metrics: Metrics(), access: MetricsAccess(token: "0123456789abcdef", trustsThisMachine: false),
            keys: nil)

        #expect(await Self.status(nil, Self.request()) == 404)
        #expect(open.respond(to: Self.request(peer: "10.0.0.1")).status == 200)
        #expect(locked.respond(to: Self.request()).status == 401)
        #expect(locked.respond(to: Self.request(token: "0123456789abcdef")).status == 200)
        #expect(open.respond(to: HTTPRequest(method: "GET", path: "/api/v1/calls")).status == 404)
        let posted = open.respond(to: HTTPRequest(method: "POST", path: "/metrics"))
        #expect(posted.status == 405 && posted.headers.contains { $0 == ("allow", "GET, HEAD") })
    }
}
