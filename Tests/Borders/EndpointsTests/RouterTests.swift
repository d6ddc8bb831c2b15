import CallModel
import Database
import Encoding
import Foundation
import Synchronization
import Telemetry
import TestSupport
import Testing
import WebSocketTransport

@testable import Endpoints

@Suite struct RouterTests {
    static let ann = APIPrincipal(subject: "ann", tenant: .initial, role: .agent)

    /// A token is a subject and a role: `ann agent`.
    static let user = Gate { request throws(Problem) in
        let words = (request.header("authorization") ?? "").split(separator: " ")
        guard words.count == 3, let role = APIRole(rawValue: String(words[2])) else { throw .unauthorized("Who asks?") }
        let principal = APIPrincipal(subject: String(words[1]), tenant: .initial, role: role)
        return .user(VerifiedToken(principal: principal, expiresAt: .distantFuture))
    }

    static func request(
        _ method: String, _ path: String, query: String = "", as role: APIRole? = .agent, subject: String = "ann",
        _ headers: [(name: String, value: String)] = [], body: String = ""
    ) -> HTTPRequest {
        var headers = headers
        if let role { headers.append(("authorization", "Bearer \(subject) \(role.rawValue)")) }
        if !body.isEmpty {
            headers.append(("content-length", "\(body.utf8.count)"))
            if !headers.contains(where: { $0.name == "content-type" }) {
                headers.append(("content-type", "application/json"))
            }
        }
        return HTTPRequest(method: method, path: path, query: query, headers: headers, body: Array(body.utf8))
    }

    struct Move: EndpointInput {
        enum Stage: String, Codable, CaseIterable { case open, lost }
        var id: Int
        var stage: Stage
        var reason: String?
        var dueAt: Date?
        static let rules: [String: FieldRule] = ["reason": .lengths(1...20, "Why.")]
    }

    struct Moved: Codable { var id: Int; var stage: Move.Stage; var dueAt: Date? }

    struct Page: EndpointInput {
        var limit: Int
        var ids: [Int]?
        var isOpen: Bool?
        static let rules: [String: FieldRule] = ["limit": .range(1...200, standard: 50)]
    }

    static let nowhere = Database(url: "postgresql://nobody@127.0.0.1:1/none")

    static func router(
        _ endpoints: [Endpoint], gates: Gates = Gates(user: user), metrics: Metrics = Metrics()
    ) -> Router {
        Router(endpoints, gates: gates, database: nowhere, metrics: metrics)
    }

    static let move = Endpoint.act(
        .post, "/leads/{id}/stage", id: "moveLead", .role(.manager), "Moves a lead.", Move.self, Moved.self
    ) { _, move in try .value(Moved(id: move.id, stage: move.stage, dueAt: move.dueAt)) }

    static let list = Endpoint.get(
        "/leads", id: "listLeads", .role(.agent), "Leads.", Page.self, [String: JSONValue].self
    ) { _, page in
        try .value([
            "limit": .integer(page.limit), "ids": .list((page.ids ?? []).map { .integer($0) }),
            "open": page.isOpen.map { .bool($0) } ?? .null,
        ])
    }

    static func text(_ response: HTTPResponse) -> String { String(decoding: response.body, as: UTF8.self) }

    @Test func `input comes from path and body, and the answer is the value`() async {
        let router = Self.router([Self.move, Self.list])
        let body = #"{"stage":"lost","reason":"price","due_at":"2026-03-05T10:00:00+01:00"}"#
        let moved = await router.respond(to: Self.request("POST", "/leads/7/stage", as: .admin, body: body))

        #expect(moved.status == 200)
        #expect(Self.text(moved) == #"{"due_at":"2026-03-05T09:00:00Z","id":7,"stage":"lost"}"#)
        #expect(moved.headers.contains { $0 == ("x-content-type-options", "nosniff") })

        let page = await router.respond(to: Self.request("GET", "/leads", query: "ids=1,2&is_open=true"))
        #expect(Self.text(page) == #"{"ids":[1,2],"limit":50,"open":true}"#)
    }

    @Test(arguments: [
        (#"{"stage":"lost","odd":1}"#, 422, "/odd"), (#"{"stage":"won"}"#, 422, "/stage"), (#"{}"#, 422, "/stage"),
        (#"{"stage":"lost","reason":""}"#, 422, "/reason"), (#"{"stage":"lost","due_at":"tomorrow"}"#, 422, "/due_at"),
        (#"{"stage":"lost","id":8}"#, 422, "/id"), (#"{"stage":"lost""#, 400, "JSON"), ("[]", 400, "object"),
    ])
    func `a body that does not fit is refused with the place of what is wrong`(
        _ body: String, _ status: Int, _ place: String
    ) async {
        let response = await Self.router([Self.move]).respond(
            to: Self.request("POST", "/leads/7/stage", as: .admin, body: body))

        #expect(response.status == status, "\(Self.text(response))")
        #expect(Self.text(response).contains(place))
        #expect(response.headers.contains { $0 == ("content-type", "application/problem+json") })
    }

    @Test func `a body of another kind is a 415, and a value of the path that is none a 404`() async {
        let router = Self.router([Self.move])
        for kind in ["text/plain", "application/xml", "application/jsonx", ""] {
            let request = Self.request(
                "POST", "/leads/7/stage", as: .admin, [("content-type", kind)], body: #"{"stage":"lost"}"#)
            #expect(await router.respond(to: request).status == 415, "\(kind)")
        }
        for kind in ["application/json; charset=utf-8", "Application/JSON", "application/merge-patch+json"] {
            let request = Self.request(
                "POST", "/leads/7/stage", as: .admin, [("content-type", kind)], body: #"{"stage":"lost"}"#)
            #expect(await router.respond(to: request).status == 200, "\(kind)")
        }
        for id in ["x", "", "7.0", "+7", "99999999999999999999", "7%2F8"] {
            let request = Self.request("POST", "/leads/\(id)/stage", as: .admin, body: #"{"stage":"lost"}"#)
            #expect(await router.respond(to: request).status == 404, "\(id)")
        }
        #expect(
            await router.respond(to: Self.request("POST", "/leads/7/stage", query: "x=1", as: .admin)).status == 400)
    }

    @Test func `a role that is too low, and nobody, pass nowhere, before a body is read`() async throws {
        let router = Self.router([Self.move, Self.list])
        for (role, status) in [(APIRole?.none, 401), (.agent, 403), (.manager, 0), (.superAdmin, 0)] {
            let request = Self.request("POST", "/leads/7/stage", as: role, body: #"{"stage":"lost"}"#)
            switch router.admit(request) {
            case .refuse(let response): #expect(response.status == status, "\(String(describing: role))")
            case .read(let terms):
                #expect(status == 0 && terms.bodyBytesMax == Endpoint.bodyBytesStandard, "\(String(describing: role))")
            case .later: Issue.record("\(String(describing: role)) is asked after")
            }
            #expect(await router.respond(to: request).status == (status == 0 ? 200 : status))
        }
        // Where a gate is missing, nobody passes.
        let shut = Self.router([Self.move], gates: Gates())
        let request = Self.request("POST", "/leads/7/stage", as: .superAdmin, body: #"{"stage":"lost"}"#)
        #expect(await shut.respond(to: request).status == 404)
    }

    @Test func `who only claims to be somebody is looked up before a body is read, and nobody else is`() async {
        let asked = Mutex(0)
        let gate = Gate(
            head: { request throws(Problem) in
                guard request.header("x-api-key") != nil else { throw .unauthorized("Who asks?") }
                return .claimed
            },
            whole: { request async throws(Problem) in
                asked.withLock { $0 += 1 }
                guard let role = APIRole(rawValue: request.header("x-api-key") ?? "") else {
                    throw .unauthorized("No.")
                }
                let principal = APIPrincipal(subject: "key", tenant: .initial, role: role)
                return .user(VerifiedToken(principal: principal, expiresAt: .distantFuture))
            })
        let router = Self.router([Self.move], gates: Gates(user: gate))
        for (key, status) in [("nobody", 401), ("agent", 403), ("manager", 0)] {
            let request = Self.request(
                "POST", "/leads/7/stage", as: nil, [("x-api-key", key)], body: #"{"stage":"lost"}"#)
            guard case .later(let question) = router.admit(request) else {
                Issue.record("\(key) is admitted, or refused, by the head")
                continue
            }
            switch await question() {
            case .refuse(let response): #expect(response.status == status, "\(key)")
            case .read(let terms):
                #expect(status == 0 && terms.bodyBytesMax == Endpoint.bodyBytesStandard, "\(key)")
            case .later: Issue.record("\(key) is asked after again")
            }
            #expect(await router.respond(to: request).status == (status == 0 ? 200 : status))
        }
        #expect(asked.withLock(\.self) == 6)

        let stranger = Self.request("POST", "/leads/7/stage", as: nil, body: #"{"stage":"lost"}"#)
        guard case .refuse(let refusal) = router.admit(stranger) else {
            Issue.record("a stranger is asked after")
            return
        }
        #expect(refusal.status == 401 && asked.withLock(\.self) == 6)

        // Where nobody looks up who it is, it is nobody.
        let credulous = Self.router([Self.move], gates: Gates(user: Gate { _ throws(Problem) in .claimed }))
        let claim = Self.request("POST", "/leads/7/stage", as: .superAdmin, body: #"{"stage":"lost"}"#)
        #expect(await credulous.respond(to: claim).status == 404)
    }

    @Test func `a session is no token, and a token no session`() async {
        let endpoint = Endpoint.act(
            .post, "/logout", id: "logout", .session(.agent), "Ends the session.", NoInput.self, Nothing.self,
            status: 204
        ) { _, _ in .done }
        let session = Gate { request throws(Problem) in
            guard request.header("cookie") == "parley_session=ann" else { throw .unauthorized("Log in.") }
            return .user(VerifiedToken(principal: Self.ann, expiresAt: .distantFuture))
        }
        let router = Self.router([endpoint, Self.list], gates: Gates(user: Self.user, session: session))
        let cookie = [(name: "cookie", value: "parley_session=ann")]

        #expect(await router.respond(to: Self.request("POST", "/logout", as: nil, cookie)).status == 204)
        #expect(await router.respond(to: Self.request("POST", "/logout")).status == 401)
        #expect(await router.respond(to: Self.request("GET", "/leads", as: nil, cookie)).status == 401)
    }

    @Test func `the carrier is asked for its signature by the head, and for the form by the whole request`() async {
        let seen = Mutex<[FormField]>([])
        let endpoint = Endpoint(
            .post, "/twilio/voice", id: "voice", .carrier, "A call rings.",
            shape: InputShape(query: nil, body: .bytes(types: ["application/x-www-form-urlencoded"])),
            answers: [Endpoint.Answer(200, "TwiML", type: "text/xml")], terms: RequestTerms(bodyBytesMax: 100),
            .answer { context, _ in
                if case .carrier(let form) = context.caller { seen.withLock { $0 = form } }
                return .xml("<Response/>")
            })
        let gate = Gate(
            head: { request throws(Problem) in
                guard request.header("x-twilio-signature") != nil else { throw Problem(status: 403, detail: "No.") }
                return .nobody
            },
            whole: { request throws(Problem) in
                guard request.header("x-twilio-signature") == "\(request.body.count)",
                    let form = try? FormURLEncoded.decode(request.body)
                else { throw Problem(status: 403, detail: "No.") }
                return .carrier(form)
            })
        let router = Self.router([endpoint], gates: Gates(carrier: gate))
        func request(_ signature: String?) -> HTTPRequest {
            Self.request(
                "POST", "/twilio/voice", as: nil, signature.map { [("x-twilio-signature", $0)] } ?? [],
                body: "CallSid=x")
        }

        guard case .refuse(let refusal) = router.admit(request(nil)),
            case .read(let terms) = router.admit(request("1"))
        else {
            Issue.record("the head does not decide")
            return
        }
        #expect(refusal.status == 403 && terms.bodyBytesMax == 100)
        #expect(await router.respond(to: request("1")).status == 403)
        #expect(await router.respond(to: request("9")).status == 200)
        #expect(seen.withLock { $0["CallSid"] } == "x")
        let document = OpenAPIDocument(title: "x", version: "1", description: "", [endpoint]).value
        #expect(document["paths"] == .object([:]), "the carrier's addresses are nobody else's business")
    }

    @Test func `what has not changed is not sent again, and a HEAD is told the same`() async throws {
        let router = Self.router([Self.list])
        let first = await router.respond(to: Self.request("GET", "/leads"))
        let tag = try #require(first.headers.first { $0.name == "etag" }?.value)

        let same = await router.respond(to: Self.request("GET", "/leads", [("if-none-match", "W/\(tag)")]))
        let other = await router.respond(to: Self.request("GET", "/leads", query: "limit=3", [("if-none-match", tag)]))

        #expect(same.status == 304 && same.body.isEmpty && other.status == 200)
        #expect(await router.respond(to: Self.request("HEAD", "/leads")).body == first.body)
    }

    @Test func `metrics are kept by template, whatever is asked for`() async {
        let metrics = Metrics()
        let router = Self.router([Self.move, Self.list], metrics: metrics)
        metrics.declare(router.series)
        let before = metrics.exposition().split(separator: "\n").filter { $0.hasPrefix("parley_http") }.count
        for number in 0..<50 {
            _ = await router.respond(
                to: Self.request(
                    "POST", "/leads/\(number)/stage", as: .admin, subject: "s\(number)", body: #"{"stage":"lost"}"#))
            _ = await router.respond(to: Self.request("GET", "/nothing/\(number)"))
        }
        let lines = metrics.exposition().split(separator: "\n").filter { $0.hasPrefix("parley_http") }

        #expect(lines.count == before, "no request makes a new series")
        #expect(
            lines.contains(#"parley_http_requests_total{route="POST /leads/{id}/stage",status="2xx"} 50"#))
    }

    @Test func `a user may ask only so often, and another is not kept from it`() async {
        let router = Self.router([Self.list])
        var answered = 0
        var last = HTTPResponse.empty(200)
        // On a slow machine some of what was used has come back meanwhile.
        while last.status == 200, answered < 5_000 {
            last = await router.respond(to: Self.request("GET", "/leads"))
            answered += 1
        }

        #expect(answered > 60 && last.status == 429)
        #expect(last.headers.contains { $0 == ("retry-after", "1") })
        #expect(last.headers.contains { $0 == ("ratelimit-remaining", "0") })
        #expect(await router.respond(to: Self.request("GET", "/leads", subject: "bob")).status == 200)
    }

    @Test func `the document says what an endpoint takes, answers and refuses`() throws {
        let document = OpenAPIDocument(title: "Parley", version: "1", description: "x", [Self.move, Self.list]).value
        let post = document["paths"]?["/leads/{id}/stage"]?["post"]
        let get = document["paths"]?["/leads"]?["get"]

        #expect(
            post?["requestBody"]?["content"]?["application/json"]?["schema"]?["$ref"] == "#/components/schemas/Move")
        let move = document["components"]?["schemas"]?["Move"]
        #expect(move?["required"] == ["stage"])
        #expect(move?["properties"]?["stage"]?["enum"] == ["open", "lost"])
        #expect(move?["properties"]?["reason"]?["maxLength"] == 20)
        #expect(move?["properties"]?["reason"]?["description"] == "Why.")
        #expect(move?["properties"]?["id"] == nil, "it stands in the path")
        guard case .object(let responses)? = post?["responses"], case .list(let parameters)? = get?["parameters"] else {
            Issue.record("no responses or parameters")
            return
        }
        #expect(
            Set(responses.keys) == ["200", "400", "401", "403", "404", "413", "414", "415", "422", "429", "431", "503"])
        #expect(parameters.compactMap { $0["name"]?.text } == ["limit", "ids", "is_open", "If-None-Match"])
        #expect(parameters.first?["schema"]?["default"] == 50)
    }
}
