import CallModel
package import Database
package import FoundationEssentials
import Runtime
package import Telemetry
package import WebSocketTransport

/// All of a gateway's endpoints behind one door: finds the one that is asked for, finds out who asks, reads the input, has the
/// work done and tells of it.
package struct Router: Sendable {
    private static let requestsPerSecond = 20.0
    private static let requestsBurst = 60.0

    package let endpoints: [Endpoint]
    private let table: RouteTable
    private let gates: Gates
    private let database: Database
    private let limiter = RateLimiter(perSecond: requestsPerSecond, burst: requestsBurst)
    private let metrics: Metrics
    private let now: @Sendable () -> Date

    package init(
        _ endpoints: [Endpoint], gates: Gates, database: Database, metrics: Metrics = .shared,
        now: @escaping @Sendable () -> Date = { Date.now }
    ) {
        self.endpoints = endpoints
        table = RouteTable(endpoints)
        self.gates = gates
        self.database = database
        self.metrics = metrics
        self.now = now
    }

    // MARK: Before the body

    /// Address, method and credential, before a body is read and before a handshake reaches a loop with calls.
    package func admit(_ request: HTTPRequest) -> Admission {
        switch table.match(request.method, request.target) {
        case .nothing: return .refuse(answered(Problem.nothingHere.response))
        case .wrongMethod(let allowed): return .refuse(answered(Self.wrongMethod(request.method, allowed)))
        case .found(let endpoint, _):
            do throws(Problem) {
                return try admission(of: request, endpoint)
            } catch {
                return refused(error, request, endpoint)
            }
        }
    }

    private func admission(of request: HTTPRequest, _ endpoint: Endpoint) throws(Problem) -> Admission {
        if case .upgrade(let upgrade) = endpoint.work {
            guard request.isHandshake else { return .read(endpoint.terms) }
            if let problem = upgrade.refusal(request) { throw problem }
            guard let inquiry = upgrade.inquiry(request) else { return .read(endpoint.terms) }
            return .later { await inquiry().map { refused($0, request, endpoint) } ?? .read(endpoint.terms) }
        }
        guard !request.isHandshake else { throw .nothingHere }
        // Without a body there is nothing to keep from being read: the answer looks at the credential anyway.
        let hasBody = request.header("content-length").map { $0 != "0" } ?? false
        guard hasBody else { return .read(endpoint.terms) }
        let gate = try gates.gate(for: endpoint.access)
        let caller = try gate.head(request)
        guard caller == .claimed else {
            try Gates.check(caller, for: endpoint.access)
            return .read(endpoint.terms)
        }
        return .later {
            do throws(Problem) {
                try Gates.check(try await gate.whole(request), for: endpoint.access)
                return .read(endpoint.terms)
            } catch {
                return refused(error, request, endpoint)
            }
        }
    }

    private func refused(_ problem: Problem, _ request: HTTPRequest, _ endpoint: Endpoint) -> Admission {
        let response = answered(problem.response)
        note(endpoint, request, response, since: .now())
        return .refuse(response)
    }

    /// Decides on a WebSocket handshake that was admitted, on the loop that will own it.
    package func upgrade(_ request: HTTPRequest, _ loop: MediaLoop) -> UpgradeDecision {
        guard case .found(let endpoint, _) = table.match(request.method, request.target),
            case .upgrade(let upgrade) = endpoint.work
        else { return .refuse(Problem.nothingHere.response) }
        do throws(Problem) {
            return .accept(try upgrade.accept(request, loop))
        } catch {
            return .refuse(answered(error.response))
        }
    }

    // MARK: The answer

    package func respond(to request: HTTPRequest) async -> HTTPResponse {
        let started = MonotonicTime.now()
        switch table.match(request.method, request.target) {
        case .nothing: return answered(Problem.nothingHere.response)
        case .wrongMethod(let allowed): return answered(Self.wrongMethod(request.method, allowed))
        case .found(let endpoint, let values):
            let id = Self.requestID(of: request)
            var response: HTTPResponse
            do {
                response = try await answer(endpoint, values, request, id)
            } catch {
                response = Problem.of(error).response
            }
            response.headers.append((name: "x-request-id", value: id))
            note(endpoint, request, response, since: started)
            return answered(response)
        }
    }

    private static func wrongMethod(_ method: String, _ allowed: String) -> HTTPResponse {
        guard method == "OPTIONS" else { return Problem.methodNotAllowed(allowed: allowed).response }
        return HTTPResponse(status: 204, headers: [(name: "allow", value: allowed)])
    }

    private func answered(_ response: HTTPResponse) -> HTTPResponse {
        var response = response
        response.headers.append((name: "x-content-type-options", value: "nosniff"))
        return response
    }

    /// The one a proxy or a client gave it, when it is short and plain; else one of ours.
    private static func requestID(of request: HTTPRequest) -> String {
        let given = request.header("x-request-id")
        let isPlain = given.map { id in
            (1...64).contains(id.utf8.count)
                && id.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\"\\".utf8.contains($0) }
        }
        return isPlain == true ? given ?? "" : UUID().uuidString.lowercased()
    }

    private func answer(
        _ endpoint: Endpoint, _ values: [String], _ request: HTTPRequest, _ id: String
    ) async throws -> HTTPResponse {
        let caller = try await gates.gate(for: endpoint.access).whole(request)
        try Gates.check(caller, for: endpoint.access)
        if case .user(let token) = caller { try limit(token.principal) }
        let input = try endpoint.shape.read(request, values)
        let context = RequestContext(
            request: request, caller: caller, now: now(), route: endpoint.route, requestID: id, database: database)
        switch endpoint.work {
        case .answer(let work):
            let response = try await work(context, input)
            let isWhole = response.status == 200 && response.slice == nil
            return endpoint.isTagged && isWhole ? tagged(response, request) : response
        case .write(let work):
            let response = try await IdempotentWrite(endpoint: endpoint, context: context).run(input, work)
            if case .user(let token) = caller { endpoint.afterwards?(token.principal) }
            return response
        case .upgrade:
            throw Problem(
                status: 426, title: "Upgrade required", detail: "This address speaks WebSocket.",
                headers: ["upgrade": "websocket"])
        }
    }

    private func limit(_ principal: APIPrincipal) throws(Problem) {
        guard limiter.allows("\(principal.tenant) \(principal.subject)") else {
            var problem = Problem.tooMany("At most \(Int(Self.requestsPerSecond)) a second.", retryAfterSeconds: 1)
            problem.headers["ratelimit-limit"] = "\(Int(Self.requestsBurst))"
            problem.headers["ratelimit-remaining"] = "0"
            problem.headers["ratelimit-reset"] = "1"
            throw problem
        }
    }

    /// An answer with its ETag, or 304 when the client has it already.
    private func tagged(_ response: HTTPResponse, _ request: HTTPRequest) -> HTTPResponse {
        let tag = EntityTags.tag(of: response.body)
        let headers: [(name: String, value: String)] = [
            ("etag", tag), ("cache-control", "private, no-cache"), ("vary", "authorization, cookie, x-api-key"),
        ]
        let known = EntityTags(request.headers.filter { $0.name == "if-none-match" }.map(\.value))
        if known.includes(tag) { return HTTPResponse(status: 304, headers: headers) }
        var response = response
        response.headers += headers
        return response
    }

    // MARK: What is told of it

    private func note(
        _ endpoint: Endpoint, _ request: HTTPRequest, _ response: HTTPResponse, since started: MonotonicTime
    ) {
        let seconds = Double(MonotonicTime.now().nanoseconds - started.nanoseconds) / 1e9
        let kind = Self.kind(response.status)
        metrics.add(EndpointMetrics.requests[endpoint.route, kind])
        metrics.observe(EndpointMetrics.seconds[endpoint.route], seconds: seconds)
        // Health and metrics are asked for all day long.
        guard endpoint.access != .anybody, endpoint.access != .metrics else { return }
        Log.info(
            "request",
            [
                "route": endpoint.route, "status": response.status, "took_ms": Int(seconds * 1_000),
                "bytes": response.slice?.count ?? response.body.count,
                "peer": request.peerAddress,
                "request.id": response.headers.last { $0.name == "x-request-id" }?.value ?? "",
            ], from: response.status < 400 ? .own : .strangers)
    }

    private static let kinds = ["2xx", "3xx", "4xx", "5xx"]

    private static func kind(_ status: Int) -> String {
        switch status {
        case ..<300: "2xx"
        case ..<400: "3xx"
        case ..<500: "4xx"
        default: "5xx"
        }
    }

    /// The series of all endpoints, at 0.
    package var series: [Metrics.Series] {
        endpoints.flatMap { endpoint in
            Self.kinds.flatMap { EndpointMetrics.requests[endpoint.route, $0].series }
                + EndpointMetrics.seconds[endpoint.route].series
        }
    }
}
