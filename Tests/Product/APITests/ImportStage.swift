import CallModel
import Database
import Endpoints
import Foundation
import Jobs
import Telemetry
import TestSupport
import Testing
import WebSocketTransport

@testable import API

/// Files brought to an ``APIStage``, and the work on them.
extension APIStage {
    static func importer(_ tenant: TenantID = .initial) -> Person { Person(role: .admin, tenant: tenant) }

    func upload(
        _ bytes: [UInt8], type: String = "text/csv", query: String = "", as person: Person = importer()
    ) async -> HTTPResponse {
        let principal = APIPrincipal(subject: person.subject, tenant: person.tenant, role: person.role)
        let token = JWT.sign(principal, secret: JWTTests.secret, issuedAt: JWTTests.now)
        return await routes.respond(
            to: HTTPRequest(
                method: "POST", path: "/api/v1/imports", query: query,
                headers: [("authorization", "Bearer \(token)"), ("content-type", type)], body: bytes))
    }

    /// A new import, as it is answered.
    func newImport(
        _ text: String, as person: Person = importer(), _ location: SourceLocation = #_sourceLocation
    ) async throws -> JSONValue {
        try await newImport(Array(text.utf8), as: person, location)
    }

    func newImport(
        _ bytes: [UInt8], as person: Person = importer(), _ location: SourceLocation = #_sourceLocation
    ) async throws -> JSONValue {
        let response = await upload(bytes, as: person)
        let body = String(decoding: response.body, as: UTF8.self)
        #expect(response.status == 201, "\(body)", sourceLocation: location)
        return try #require(JSONValue(response.body), "\(body)", sourceLocation: location)
    }

    /// Brings a file, says how it is to be read, starts it and does it.
    ///
    /// - Returns: the import as it is then.
    @discardableResult
    func imported(
        _ text: String, _ change: JSONValue = [:], rowsMax: Int = 3, as person: Person = importer(),
        _ location: SourceLocation = #_sourceLocation
    ) async throws -> JSONValue {
        try await imported(Array(text.utf8), change, rowsMax: rowsMax, as: person, location)
    }

    @discardableResult
    func imported(
        _ bytes: [UInt8], _ change: JSONValue = [:], rowsMax: Int = 3, as person: Person = importer(),
        _ location: SourceLocation = #_sourceLocation
    ) async throws -> JSONValue {
        let id = try #require(try await newImport(bytes, as: person, location)["id"]?.text)
        let path = "/api/v1/imports/\(id)"
        _ = try await json("PATCH", path, as: Self.importer(person.tenant), change, location)
        _ = try await json("POST", path + "/start", as: Self.importer(person.tenant), nil, location)
        try await work(rowsMax: rowsMax)
        return try await json("GET", path, as: Self.importer(person.tenant), nil, location)
    }

    /// Does all imports there are.
    func work(
        rowsMax: Int = 3, slice: Duration = .seconds(30), observe: @escaping @Sendable (ImportStep) -> Void = { _ in }
    ) async throws {
        var settings = JobWorker.Settings()
        settings.pollMs = 10
        let worker = JobWorker(
            database: temporary.database,
            handlers: [
                ImportWorker(
                    database: temporary.database, files: importFiles, rowsMax: rowsMax, slice: slice, observe: observe
                ).handler
            ], settings: settings, metrics: Metrics())
        await worker.start()
        while try await isWaiting() { try await Task.sleep(for: .milliseconds(5)) }
        await worker.stop(timeoutMs: 10_000)
    }

    private func isWaiting() async throws -> Bool {
        try await !temporary.rows("select from jobs where kind = 'import.run' and state in ('waiting', 'running')")
            .isEmpty
    }

    /// A column of all contacts, in the order in which they were made.
    func contacts(_ columns: String, tenant: TenantID = .initial) async throws -> [String] {
        try await temporary.rows(
            "select \(columns) as value from contacts where tenant_id = $1 order by created_at, id",
            [.uuid(tenant.uuid)]
        ).map { try $0.textOrNil("value") ?? "–" }
    }

    /// All that an answer which is made while it is sent has to say; nil where it is cut.
    static func whole(_ response: HTTPResponse) async -> String? {
        guard let stream = response.stream else { return String(decoding: response.body, as: UTF8.self) }
        var bytes: [UInt8] = []
        while let piece = await stream.next() {
            if piece.isEmpty { return String(decoding: bytes, as: UTF8.self) }
            bytes += piece
        }
        return nil
    }
}
