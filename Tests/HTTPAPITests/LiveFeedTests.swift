import CallModel
import Foundation
import Testing
import WebSocketTransport

@testable import HTTPAPI

@Suite struct LiveFeedTests {
    static let other = TenantID(UUID())

    static func sid(_ digit: Character) throws -> CallSid {
        try #require(CallSid("CA" + String(repeating: digit, count: 32)))
    }

    static func event(_ sid: CallSid, tenant: TenantID = .initial, text: String? = nil) -> LiveEvent {
        LiveEvent(callSid: sid, tenant: tenant, atMs: 1_200, kind: .turn, speaker: .caller, text: text)
    }

    @Test func `a watcher sees the events of its tenant and its call only`() async throws {
        let feed = LiveFeed(jwtSecret: JWTTests.secret)
        let (one, two) = (try Self.sid("1"), try Self.sid("2"))
        let all = try #require(feed.subscribe(tenant: .initial))
        let some = try #require(feed.subscribe(tenant: .initial, callSid: two))
        feed.publish(Self.event(one, tenant: Self.other))
        feed.publish(Self.event(one))
        feed.publish(Self.event(two))

        var (seenAll, seenSome) = (all.makeAsyncIterator(), some.makeAsyncIterator())
        #expect(await seenAll.next()?.callSid == one)
        #expect(await seenAll.next()?.callSid == two)
        #expect(await seenSome.next()?.callSid == two)
    }

    @Test func `a watcher who does not read loses the oldest, and leaving frees its place`() async throws {
        let feed = LiveFeed(jwtSecret: nil)
        let sid = try Self.sid("1")
        do {
            let stream = try #require(feed.subscribe(tenant: .initial))
            for number in 0..<1_000 { feed.publish(Self.event(sid, text: "\(number)")) }
            var iterator = stream.makeAsyncIterator()
            #expect(await iterator.next()?.text == "744")
        }
        let full = try (0..<200).map { _ in try #require(feed.subscribe(tenant: .initial)) }
        #expect(full.count == 200 && feed.subscribe(tenant: .initial) == nil)
    }

    @Test func `an event is one line of JSON without the tenant`() throws {
        let sid = try Self.sid("a")
        let event = Self.event(sid, text: "say \"hi\"\n")

        #expect(
            event.json
                == #"{"call_sid":"\#(sid)","at_ms":1200,"kind":"turn","speaker":"caller","text":"say \"hi\"\u000a"}"#)
    }

    @Test func `a handshake brings its token in a header, a subprotocol or the query`() throws {
        let feed = LiveFeed(jwtSecret: JWTTests.secret)
        let token = RouteTests.token
        func tenant(_ headers: [(name: String, value: String)], query: String = "") -> TenantID? {
            let request = HTTPRequest(method: "GET", path: "/api/v1/live", query: query, headers: headers)
            return feed.authorize(request, at: JWTTests.now)
        }

        #expect(tenant([("authorization", "Bearer \(token)")]) == .initial)
        #expect(tenant([("sec-websocket-protocol", "bearer, \(token)")]) == .initial)
        #expect(tenant([], query: "call=x&token=\(token)") == .initial)
        #expect(tenant([]) == nil && tenant([], query: "token=") == nil)
        #expect(tenant([("sec-websocket-protocol", "bearer, x.y.z")]) == nil)
        #expect(
            LiveFeed(jwtSecret: nil).authorize(HTTPRequest(method: "GET", path: "/", query: "token=\(token)")) == nil)
        let request = HTTPRequest(method: "GET", path: "/api/v1/live", query: "call=\(try Self.sid("b"))")
        #expect(LiveFeed.callSid(of: request) == (try Self.sid("b")))
    }
}
