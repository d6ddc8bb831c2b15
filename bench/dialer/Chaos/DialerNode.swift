import CallModel
import Campaigns
import Database
import Dialing
import Encoding
import Foundation
import Jobs
import LiveCalls
import Synchronization
import TwilioProtocol
import WebSocketTransport

/// A node that does nothing but dial, until it is killed: by whoever started it, or by its own hand at a given step.
enum DialerNode {
    /// So long after a node's death its jobs are another's.
    private static let leaseMs = 300

    /// - Parameter arguments: URL of the application role, the carrier's, the step at which it dies (`placement.requested`) or a dash, and
    ///   at which time that it comes to it.
    static func run(_ arguments: [String]) async throws {
        guard arguments.count == 4, let time = Int(arguments[3]) else {
            throw Failure(description: "not for use by hand: \(arguments)")
        }
        let steps = FatalStep(arguments[2], time: time)
        let database = Database(url: arguments[0], connectionsMax: 6)
        let carrier = LocalCarrier.account(at: arguments[1])
        let placement = CallPlacement(
            database: database, carrier: carrier, urls: PublicURLs(base: "http://127.0.0.1"),
            asksCarrierWhoAnswers: false, observe: { steps.note("placement.\($0.rawValue)") }, open: { _ in })
        var settings = JobWorker.Settings()
        (settings.leaseMs, settings.pollMs) = (leaseMs, 20)
        let worker = JobWorker(
            database: database,
            handlers: [
                placement.handler, MoveOn.handler, DropCall.handler(database, carrier),
                FollowCalls.handler(database, carrier),
            ], settings: settings, observe: { steps.note("job.\($0.rawValue)") })
        var pace = CampaignDialer.Settings(callsMax: 100)
        pace.pollMs = 20
        let dialer = CampaignDialer(
            database: database, settings: pace, observe: { steps.note("dialer.\($0.rawValue)") })
        let loops = try LoopGroup(threads: 1)
        let server = try TransportServer(
            loops: loops, listen: ListenAddress(host: "127.0.0.1", port: 0), tls: nil,
            routes: ServerRoutes(
                respond: { await status($0, database, steps) }, upgrade: { _, _ in .refuse(.empty(404)) }))
        print(server.boundPort)
        fflush(nil)
        await worker.start()
        await dialer.start()
        let parent = getppid()
        while getppid() == parent { try await Task.sleep(for: .milliseconds(100)) }
        exit(0)
    }

    /// `/twilio/status`, without a signature.
    private static func status(_ request: HTTPRequest, _ database: Database, _ steps: FatalStep) async -> HTTPResponse {
        steps.note("callback.received")
        guard let fields = try? FormURLEncoded.decode(query: request.query),
            let form = try? FormURLEncoded.decode(request.body), let callback = try? CallStatusCallback(form: form),
            let tenant = fields["tenant"].flatMap({ TenantID($0) }),
            let attempt = fields["attempt"].flatMap({ UUID(uuidString: $0) })
        else { return .empty(400) }
        do {
            try await DialProgress.note(callback, of: DialledCall(tenant: tenant, attempt: attempt), in: database)
        } catch { return .empty(503) }
        steps.note("callback.noted")
        return .empty(204)
    }
}

/// The step at which a process dies.
final class FatalStep: Sendable {
    static let all: [String] =
        DialerStep.allCases.map { "dialer.\($0.rawValue)" } + PlacementStep.allCases.map { "placement.\($0.rawValue)" }
        + [JobStep.claiming, .claimed, .started, .worked, .committing, .committed, .renewing].map {
            "job.\($0.rawValue)"
        }
        + ["callback.received", "callback.noted", "carrier.asked", "carrier.placed"]

    private let step: String
    private let time: Int
    private let seen = Mutex(0)

    init(_ step: String, time: Int) {
        self.step = step
        self.time = time
    }

    func note(_ name: String) {
        guard name == step else { return }
        let times = seen.withLock { seen in
            seen += 1
            return seen
        }
        if times == time { kill(getpid(), SIGKILL) }
    }
}
