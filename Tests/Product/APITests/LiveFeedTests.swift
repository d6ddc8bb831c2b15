import CallModel
import Endpoints
import Events
import Foundation
import Synchronization
import Testing
import WebSocketTransport

@testable import API

@Suite struct LiveFeedTests {
    static let other = TenantID(UUID())

    /// An address of the feed where nobody is let in.
    static let upgrade = Endpoint.Upgrade(
        refusal: { _ in Problem.nothingHere }, accept: { _, _ throws(Problem) in throw Problem.nothingHere })

    static func sid(_ digit: Character) throws -> CallSid {
        try #require(CallSid("CA" + String(repeating: digit, count: 32)))
    }

    static func event(_ sid: CallSid, tenant: TenantID = .initial, text: String? = nil) -> LiveEvent {
        LiveEvent(callSid: sid, tenant: tenant, atMs: 1_200, kind: .turn, speaker: .caller, text: text)
    }

    @Test func `a watcher sees the events of its tenant and its call only`() async throws {
        let feed = LiveFeed(keys: JWTTests.keys)
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
        let feed = LiveFeed(keys: nil)
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
                == #"{"call_sid":"\#(sid)","at_ms":1200,"kind":"turn","speaker":"caller","text":"say \"hi\"\n"}"#)
        let learned = LiveEvent(
            callSid: sid, tenant: .initial, atMs: 5, kind: .learned, text: "qualification",
            details: ["need": "urgent", "budget": "about \"30\" thousand"])
        #expect(
            learned.json == #"{"call_sid":"\#(sid)","at_ms":5,"kind":"learned","text":"qualification","#
                + #""details":{"budget":"about \"30\" thousand","need":"urgent"}}"#)
    }

    // MARK: Handshakes

    static func handshake(
        _ token: String? = nil, offer: String..., query: String = ""
    ) -> HTTPRequest {
        var headers = token.map { [(name: "authorization", value: "Bearer \($0)")] } ?? []
        for line in offer { headers.append((name: "sec-websocket-protocol", value: line)) }
        return HTTPRequest(method: "GET", path: "/api/v1/live", query: query, headers: headers)
    }

    static func token(
        _ subject: String = "ann", _ tenant: TenantID = .initial, issuedAt: Date = JWTTests.now,
        validSeconds: Int = 3_600
    ) -> String {
        JWT.sign(
            APIPrincipal(subject: subject, tenant: tenant, role: .agent), secret: JWTTests.secret, issuedAt: issuedAt,
            validSeconds: validSeconds)
    }

    static func feed() -> LiveFeed { LiveFeed(keys: JWTTests.keys, now: { JWTTests.now }) }

    @Test func `a handshake brings its token in a header or a subprotocol`() throws {
        let feed = Self.feed()
        let token = Self.token()
        #expect(token.utf8.count > 120)

        _ = try feed.admit(Self.handshake(token))
        for offer in [
            "bearer, \(token)", "bearer,\(token)", " bearer ,\t\(token) ", "parley.v1, bearer, \(token)",
            "Bearer, \(token)",
        ] {
            #expect(throws: Never.self, "\(offer)") { try feed.admit(Self.handshake(offer: offer)) }
        }
        _ = try feed.admit(Self.handshake(offer: "bearer", token))
        _ = try feed.admit(Self.handshake(token, offer: "bearer, x"))
        _ = try feed.admit(Self.handshake(token, offer: "chat"))
    }

    @Test func `without a good token, and with one in the address, nobody watches`() {
        let feed = Self.feed()
        let token = Self.token()
        let old = Self.token(issuedAt: JWTTests.now.addingTimeInterval(-7_200))
        let refused: [(HTTPRequest, Int)] = [
            (Self.handshake(), 401), (Self.handshake("x"), 401), (Self.handshake(old), 401),
            (Self.handshake(offer: "bearer, x.y.z"), 401), (Self.handshake(offer: "bearer"), 401),
            (Self.handshake(offer: token), 401), (Self.handshake(offer: "\(token), bearer"), 401),
            (Self.handshake(query: "token=\(token)"), 401), (Self.handshake(token, query: "token=\(token)"), 400),
            (Self.handshake(token, query: "calls=x"), 400), (Self.handshake(token, query: "call=CA1"), 400),
            (Self.handshake(token, query: "call=%zz"), 400), (Self.handshake(token, query: "call="), 400),
        ]

        for (request, status) in refused {
            let problem = #expect(throws: Problem.self) { _ = try feed.admit(request) }
            #expect(problem?.status == status, "\(request.query) \(request.headers)")
        }
        #expect(throws: Problem.noSecret) { _ = try LiveFeed(keys: nil).admit(Self.handshake(token)) }
        #expect(feed.subscriberCount == 0)
    }

    @Test func `a handshake may ask for one call`() async throws {
        let feed = Self.feed()
        let (one, two) = (try Self.sid("1"), try Self.sid("2"))
        let watch = try feed.admit(Self.handshake(Self.token(), query: "call=\(two)"))
        feed.publish(Self.event(one))
        feed.publish(Self.event(two))

        var seen = watch.makeAsyncIterator()
        #expect(await seen.next()?.callSid == two)
    }

    @Test(.timeLimit(.minutes(1))) func `a watch ends when its token does`() async throws {
        let feed = LiveFeed(keys: JWTTests.keys)
        // A token's seconds are whole ones.
        let watch = try feed.admit(Self.handshake(Self.token(issuedAt: .now, validSeconds: 2)))
        feed.publish(Self.event(try Self.sid("1")))

        var seen = 0
        for await _ in watch { seen += 1 }

        #expect(seen == 1 && feed.subscriberCount == 0)
    }

    /// The calls whose events wait to be read: a task that is cancelled reads what is there and waits for no more.
    private static func waiting(in watch: AsyncStream<LiveEvent>) async -> [CallSid?] {
        await Task {
            withUnsafeCurrentTask { $0?.cancel() }
            var calls: [CallSid?] = []
            for await event in watch { calls.append(event.callSid) }
            return calls
        }.value
    }

    @Test func `nothing is said to a watch whose token has expired`() async throws {
        let moment = Mutex(JWTTests.now)
        let feed = LiveFeed(keys: JWTTests.keys, now: { moment.withLock { $0 } })
        let (one, two) = (try Self.sid("1"), try Self.sid("2"))
        let short = try feed.admit(Self.handshake(Self.token(validSeconds: 60)))
        let long = try feed.admit(Self.handshake(Self.token(validSeconds: 3_600)))
        feed.publish(Self.event(one))

        moment.withLock { $0 += 60 }
        feed.publish(Self.event(two))

        #expect(await Self.waiting(in: short) == [one])
        #expect(await Self.waiting(in: long) == [one, two])
    }

    @Test func `who has taken all their places takes none of others`() throws {
        let feed = Self.feed()
        let stranger = TenantID(UUID())
        var watches: [AsyncStream<LiveEvent>] = []
        while let watch = try? feed.admit(Self.handshake(Self.token())) { watches.append(watch) }

        let refusal = #expect(throws: Problem.self) { _ = try feed.admit(Self.handshake(Self.token())) }
        #expect(refusal?.status == 429 && refusal?.headers["retry-after"] != nil)
        #expect(watches.count == LiveFeed.placesOfSubject)

        for number in 0..<1_000 {
            guard let watch = try? feed.admit(Self.handshake(Self.token("bob\(number)"))) else { break }
            watches.append(watch)
        }
        #expect(watches.count == LiveFeed.placesOfTenant)
        #expect(throws: Never.self) { watches.append(try feed.admit(Self.handshake(Self.token("ann", stranger)))) }

        watches.removeAll()
        #expect(feed.subscriberCount == 0)
        #expect(throws: Never.self) { _ = try feed.admit(Self.handshake(Self.token())) }
    }
}
