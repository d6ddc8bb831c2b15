import CRM
import CallModel
import Database
import FoundationEssentials
import Telemetry
package import WebSocketTransport

/// Health, metrics, the console's page and the reading API. Everything under `/api/` but the API's own description asks
/// for a token, and shows what belongs to the token's tenant only.
package struct APIRoutes: Sendable {
    private static let requestsPerSecond = 20.0
    private static let requestsBurst = 60.0

    private let dependencies: APIDependencies
    private let limiter = RateLimiter(perSecond: requestsPerSecond, burst: requestsBurst)

    package init(_ dependencies: APIDependencies) { self.dependencies = dependencies }

    /// Nil when the path is not one of ours. A HEAD is answered like a GET: its body is left out where it is sent, and its
    /// length is still told.
    package func respond(to request: HTTPRequest) async -> HTTPResponse? {
        guard let route = Route(path: request.path) else { return nil }
        var response: HTTPResponse
        do {
            if let problem = refusal(of: request) { throw problem }
            response = try await answer(route, request)
        } catch let problem as Problem {
            response = problem.response
        } catch {
            response = Self.failure(error).response
        }
        response.headers.append(("x-content-type-options", "nosniff"))
        return response
    }

    /// What is wrong with a request's path or method, before anything else of it is read; nil when nothing is.
    package func refusal(of request: HTTPRequest) -> Problem? {
        guard let route = Route(path: request.path), route != .unknown else { return Problem.nothingHere }
        guard request.method == "GET" || request.method == "HEAD" else {
            return Problem.methodNotAllowed(allowed: "GET, HEAD")
        }
        return nil
    }

    private func answer(_ route: Route, _ request: HTTPRequest) async throws -> HTTPResponse {
        let known = route.queryNames
        switch route {
        case .alive: return .plain("alive\n")
        case .ready:
            let report = await dependencies.readiness()
            var response = HTTPResponse.json(report.json, status: report.isReady ? 200 : 503)
            response.headers.append(("cache-control", "no-store"))
            if !report.isReady { response.headers.append(("retry-after", "5")) }
            return response
        case .metrics:
            guard let access = dependencies.metricsAccess else { throw Problem.nothingHere }
            try access.check(request, jwtSecret: dependencies.jwtSecret, at: dependencies.now())
            return MetricsPage.response(dependencies.metrics)
        case .console: return Console.response
        case .description:
            _ = try QueryParameters(request.query, known: known)
            return cached(OpenAPI.document, request)
        case .live:
            throw Problem(
                status: 426, title: "Upgrade required", detail: "This address speaks WebSocket.",
                headers: ["upgrade": "websocket"])
        case .unknown: throw Problem.nothingHere
        case .customerContext, .calls, .call, .lead:
            let principal = try authorized(request, needs: .agent)
            let query = try QueryParameters(request.query, known: known)
            return cached(try await read(route, for: principal, query: query), request)
        }
    }

    private func read(
        _ route: Route, for principal: APIPrincipal, query: QueryParameters
    ) async throws -> String {
        let database = dependencies.database
        switch route {
        case .customerContext(let phone):
            guard let number = E164(phone) else {
                throw Problem.badRequest("The path must end in a phone number, best in E.164 form: +14155550100.")
            }
            let context = try await dependencies.customers.context(
                tenant: principal.tenant, phone: number, timeoutMs: 1_000)
            return try Self.json(context)
        case .calls: return try await CallQueries.list(database, principal.tenant, try CallListQuery(query))
        case .call(let id): return try await found(CallQueries.call(database, principal.tenant, id))
        case .lead(let id): return try await found(CallQueries.lead(database, principal.tenant, id))
        default: throw Problem.notFound
        }
    }

    private func found(_ body: String?) throws -> String {
        guard let body else { throw Problem.notFound }
        return body
    }

    private func authorized(_ request: HTTPRequest, needs role: APIRole) throws -> APIPrincipal {
        guard let secret = dependencies.jwtSecret, !secret.isEmpty else { throw Problem.noSecret }
        guard let token = BearerToken.header(of: request) else { throw Problem.noToken }
        let principal: APIPrincipal
        do {
            principal = try JWT.verify(token, secret: secret, at: dependencies.now()).principal
        } catch {
            dependencies.metrics.add("parley_api_refused_total", help: "API requests refused for their token.")
            throw Problem.unauthorized(error.description)
        }
        guard principal.role.includes(role) else {
            throw Problem(status: 403, title: "Forbidden", detail: "This needs the role \(role.rawValue).")
        }
        guard limiter.allows("\(principal.tenant) \(principal.subject)") else {
            throw Problem.tooMany("At most \(Int(Self.requestsPerSecond)) a second.", retryAfterSeconds: 1)
        }
        return principal
    }

    /// A JSON answer with its ETag, or 304 when the client has it already.
    private func cached(_ body: String, _ request: HTTPRequest) -> HTTPResponse {
        let bytes = Array(body.utf8)
        let tag = "\"" + Digest.sha256(bytes).prefix(16).map(Self.hex).joined() + "\""
        let headers: [(name: String, value: String)] = [
            ("etag", tag), ("cache-control", "private, no-cache"), ("vary", "authorization"),
        ]
        let known = EntityTags(request.headers.filter { $0.name == "if-none-match" }.map(\.value))
        if known.includes(tag) { return HTTPResponse(status: 304, headers: headers) }
        var response = HTTPResponse.json(bytes)
        response.headers += headers
        return response
    }

    private static func hex(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }

    private static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private static func failure(_ error: any Error) -> Problem {
        if error is CancellationError { return .unavailable }
        if let error = error as? DatabaseError, error.isRetryable || error == .closed {
            Log.warning("API request without database", ["error": "\(error)"])
            return .unavailable
        }
        Log.error("API request failed", ["error": "\(error)"])
        return .broken
    }
}

extension HTTPResponse {
    fileprivate static func plain(_ text: String) -> HTTPResponse {
        var response = HTTPResponse.text(text)
        response.headers.append(("cache-control", "no-store"))
        return response
    }
}
