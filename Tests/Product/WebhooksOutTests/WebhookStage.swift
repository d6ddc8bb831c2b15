import CallModel
import Database
import Foundation
import Jobs
import PublicHTTP
import Synchronization
import Telemetry
import TestSupport
import WebSocketTransport

@testable import WebhooksOut

/// A tenant with an endpoint, a worker that delivers, and the server that the endpoint is.
final class WebhookStage: Sendable {
    static let endpoint = "77777777-7777-4777-8777-777777777777"
    static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    let temporary: TemporaryDatabase
    let port: Int
    let metrics = Metrics()
    private let loops: LoopGroup
    private let server: TransportServer
    private let worker: JobWorker
    private let taken = Taken()

    private final class Taken: Sendable { let requests = Mutex<[HTTPRequest]>([]) }

    /// - Parameter answer: to each request, with its number from 0.
    init(
        events: [WebhookEventType] = [], allowsPrivate: Bool = true,
        _ answer: @escaping @Sendable (Int) -> HTTPResponse = { _ in .empty(204) }
    ) async throws {
        temporary = try await TemporaryDatabase.make()
        loops = try LoopGroup(threads: 1)
        server = try TransportServer(
            loops: loops, listen: ListenAddress(host: "127.0.0.1", port: 0), tls: nil,
            routes: ServerRoutes(
                respond: { [taken] request in
                    let number = taken.requests.withLock { requests in
                        requests.append(request)
                        return requests.count - 1
                    }
                    return answer(number)
                }, upgrade: { _, _ in .refuse(.empty(404)) }))
        port = server.boundPort
        var settings = JobWorker.Settings()
        settings.pollMs = 20
        let delivery = WebhookDelivery(
            database: temporary.database, rules: AddressRules(allowsPrivate: allowsPrivate), metrics: metrics)
        worker = JobWorker(
            database: temporary.database,
            handlers: [delivery.handler, TellOfDueFollowUps.handler, PruneWebhookEvents.handler], settings: settings,
            metrics: Metrics())
        let names = events.map(\.rawValue)
        let url = "http://127.0.0.1:\(port)/hook"
        try await temporary.database.transaction(tenant: .initial) { tx in
            try tx.execute(
                "insert into webhook_endpoints (tenant_id, id, url, events, secret) values ($1, $2, $3, $4, $5)",
                [
                    .uuid(TenantID.initial.uuid), .uuid(UUID(uuidString: Self.endpoint)), .text(url),
                    .textArray(names), .text(Self.secret),
                ])
        }
        await worker.start()
    }

    var requests: [HTTPRequest] { taken.requests.withLock { $0 } }

    /// Types of the events that have arrived, in no order.
    var told: [String] {
        requests.compactMap { request in
            let object = try? JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any]
            return object?["type"] as? String
        }.sorted()
    }

    func run(_ sql: String, as tenant: TenantID = .initial) async throws {
        try await temporary.database.transaction(tenant: tenant) { _ = try $0.query(sql, [.uuid(tenant.uuid)]) }
    }

    func rows(_ sql: String) async throws -> [Row] { try await temporary.rows(sql) }

    struct TookTooLong: Error {}

    func until(_ condition: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now.advanced(by: .seconds(120))
        while try await !condition() {
            guard ContinuousClock.now < deadline else { throw TookTooLong() }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Until no job is due.
    func untilQuiet() async throws {
        try await until {
            try await rows(
                "select from jobs where state = 'running' or state = 'waiting' and due_at <= now() limit 1"
            ).isEmpty
        }
    }

    /// What waits for its time is due now.
    func hurry() async throws {
        _ = try await rows("update jobs set due_at = now() where state = 'waiting'")
        try await untilQuiet()
    }

    func stop() async {
        await worker.stop(timeoutMs: 5_000)
        await server.shutdown(graceSeconds: 0)
        await loops.shutdown()
    }
}
