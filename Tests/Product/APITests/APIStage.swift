import CRM
import CallModel
import Database
import Encoding
import Endpoints
import Foundation
import Synchronization
import Telemetry
import TestSupport
import Testing
import WebSocketTransport

@testable import API

/// A gateway's API over a database of its own, and people who ask it.
struct APIStage: Sendable {
    let temporary: TemporaryDatabase
    let routes: Router
    let importFiles: ImportFiles
    let doNotCallFiles: ImportFiles

    static func make(importLimits: ImportFiles.Limits = ImportFiles.Limits()) async throws -> APIStage {
        let temporary = try await TemporaryDatabase.make()
        let clock = Mutex(0.0)
        var dependencies = APIDependencies(
            database: temporary.database, customers: CustomerDirectory(database: temporary.database),
            keys: JWTTests.keys, readiness: { ReadinessReport(checks: []) }, metrics: Metrics(),
            // What is asked later is later.
            now: {
                clock.withLock { ticks in
                    ticks += 0.001
                    return JWTTests.now.addingTimeInterval(ticks)
                }
            })
        // The run's own folder, which goes with it.
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-test-\(getpid())")
            .appending(path: "imports-\(temporary.name)")
        dependencies.importFiles = ImportFiles(directory: folder.path, limits: importLimits)
        dependencies.doNotCallFiles = ImportFiles(directory: folder.path + "-do-not-call", limits: importLimits)
        return APIStage(
            temporary: temporary, routes: APIRoutes.router(dependencies, live: LiveFeedTests.upgrade),
            importFiles: dependencies.importFiles, doNotCallFiles: dependencies.doNotCallFiles)
    }

    /// Somebody with a role, who is a user of the tenant or a program that is none.
    struct Person: Sendable {
        var subject = UUID().uuidString.lowercased()
        var role: APIRole
        var tenant = TenantID.initial

        static var manager: Person { Person(role: .manager) }
        static var admin: Person { Person(role: .admin) }
        /// No user: a program with an agent's key.
        static var stranger: Person { Person(role: .agent) }
    }

    func user(_ name: String, role: APIRole = .agent, tenant: TenantID = .initial) async throws -> Person {
        let id = UUID()
        _ = try await temporary.rows(
            "insert into users (tenant_id, id, email, full_name, role) values ($1, $2, $3, $4, $5)",
            [
                .uuid(tenant.uuid), .uuid(id), .text("\(name.lowercased())@x.test"), .text(name), .text(role.rawValue),
            ])
        return Person(subject: id.uuidString.lowercased(), role: role, tenant: tenant)
    }

    /// A body in text is sent as it is. Who asks again and again is nobody in particular: there is a limit a second.
    func send(
        _ method: String, _ path: String, query: String = "", as person: Person = .manager,
        with headers: [(name: String, value: String)] = [], _ body: JSONValue? = nil
    ) async -> HTTPResponse {
        let principal = APIPrincipal(subject: person.subject, tenant: person.tenant, role: person.role)
        let token = JWT.sign(principal, secret: JWTTests.secret, issuedAt: JWTTests.now)
        var headers = headers + [(name: "authorization", value: "Bearer \(token)")]
        if body != nil { headers.append((name: "content-type", value: "application/json")) }
        return await routes.respond(
            to: HTTPRequest(
                method: method, path: path, query: query, headers: headers, body: Array((body?.json ?? "").utf8)))
    }

    /// The answer as JSON, which has this status.
    func json(
        _ method: String, _ path: String, query: String = "", as person: Person = .manager, _ body: JSONValue? = nil,
        is status: Int = 200, _ location: SourceLocation = #_sourceLocation
    ) async throws -> JSONValue {
        let response = await send(method, path, query: query, as: person, body)
        let text = String(decoding: response.body, as: UTF8.self)
        #expect(response.status == status, "\(method) \(path)?\(query): \(text)", sourceLocation: location)
        return try #require(JSONValue(response.body), "\(text)", sourceLocation: location)
    }

    func status(
        _ method: String, _ path: String, query: String = "", as person: Person = .manager, _ body: JSONValue? = nil
    ) async -> Int {
        await send(method, path, query: query, as: person, body).status
    }

    /// A new lead's id.
    func lead(_ fields: JSONValue = [:], as person: Person = .manager) async throws -> String {
        try #require(try await json("POST", "/api/v1/leads", as: person, fields, is: 201)["id"]?.text)
    }
}

extension JSONValue {
    /// Of a page.
    var rows: [JSONValue] { self["data"]?.list ?? [] }
    func texts(_ field: String) -> [String] { rows.compactMap { $0[field]?.text } }
}
