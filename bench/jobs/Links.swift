import CallModel
import Database
import Foundation
import Jobs
import Synchronization

/// Chains of jobs: each writes its number into `app.effects`, which has no key of any kind, and enqueues the next.
struct Link: JobKind {
    static let kind = "bench.link"
    static let policy = {
        var policy = JobPolicy()
        // A node's death is an attempt, and here nodes do nothing but die.
        policy.attemptsMax = 1_000
        policy.backoff = .milliseconds(1) ... .milliseconds(10)
        policy.placesMax = 3
        return policy
    }()

    var chain: Int
    var number: Int
    var last: Int

    static let handler = JobHandler(Link.self) { link, run in
        await Task.yield()
        return { tx in
            try tx.execute(
                "insert into app.effects (chain, number) values ($1, $2)", [.int(link.chain), .int(link.number)])
            guard link.number < link.last else { return }
            try tx.enqueue(Link(chain: link.chain, number: link.number + 1, last: link.last))
        }
    }
}

/// Fired for each tenant, every second.
struct Tick: JobKind {
    static let kind = "bench.tick"
    static let handler = JobHandler(writing: Tick.self) { _, _, _ in }
}

/// A node that does nothing but jobs, until it is killed: by whoever started it, or by its own hand at a given step.
enum LinkNode {
    /// - Parameter arguments: URL of the application role; the step at which it dies, from 1, or 0; milliseconds of a lease.
    static func run(_ arguments: [String]) async throws {
        guard arguments.count == 3, let dieAt = Int(arguments[1]), let leaseMs = Int(arguments[2]) else {
            throw Failure(description: "not for use by hand: \(arguments)")
        }
        let steps = Steps(dieAt: dieAt)
        var settings = JobWorker.Settings()
        settings.leaseMs = leaseMs
        settings.pollMs = 10
        settings.periodicMs = 50
        let worker = JobWorker(
            database: Database(url: arguments[0]), handlers: [Link.handler, Tick.handler],
            periodic: [try PeriodicJob(Tick(), everySeconds: 1)], settings: settings, observe: { _ in steps.count() })
        await worker.start()
        let parent = getppid()
        while getppid() == parent { try await Task.sleep(for: .milliseconds(200)) }
    }
}

/// Counts a node's steps.
private final class Steps: Sendable {
    private let dieAt: Int
    private let done = Mutex(0)

    init(dieAt: Int) { self.dieAt = dieAt }

    func count() {
        let step = done.withLock { done in
            done += 1
            return done
        }
        if step == dieAt { kill(getpid(), SIGKILL) }
    }
}
