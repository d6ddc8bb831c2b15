import CallModel
import Dispatch
import Foundation
import Synchronization

/// A bounded queue of jobs, served in order by at most `connectionsMax` lanes, each on a thread of its own that is started
/// when the ones there are busy.
final class ConnectionPool: Sendable {
    private struct State {
        var waiting: [Job] = []
        var lanes = 0
        var idleLanes = 0
        var isClosed = false
    }

    /// Calls that may wait for a lane; more are refused at once.
    static let waitingMax = 1_024

    let connectionsMax: Int
    private let url: String
    private let applicationName: String
    private let state = Mutex(State())
    private let work = DispatchSemaphore(value: 0)
    private let lanesGone = DispatchGroup()
    private let clock = DispatchQueue(label: "parley.database.deadlines")

    init(url: String, connectionsMax: Int, applicationName: String) {
        precondition(connectionsMax > 0, "connectionsMax is \(connectionsMax)")
        self.url = url
        self.connectionsMax = connectionsMax
        self.applicationName = applicationName
    }

    func submit(_ job: Job) {
        enum Verdict { case queued, queuedForNewLane, full, closed }
        let verdict: Verdict = state.withLock { state in
            if state.isClosed { return .closed }
            if state.waiting.count >= ConnectionPool.waitingMax { state.waiting.removeAll { $0.isOver } }
            guard state.waiting.count < ConnectionPool.waitingMax else { return .full }
            state.waiting.append(job)
            if state.idleLanes < state.waiting.count, state.lanes < connectionsMax {
                state.lanes += 1
                lanesGone.enter()
                return .queuedForNewLane
            }
            return .queued
        }
        switch verdict {
        case .closed: return job.refuse(DatabaseError.closed)
        case .full: return job.refuse(DatabaseError.poolExhausted(waitedMs: 0, connectionsMax: connectionsMax))
        case .queuedForNewLane: startLane()
        case .queued: break
        }
        let remaining = max(0, job.deadline.nanoseconds - MonotonicTime.now().nanoseconds)
        clock.asyncAfter(deadline: .now() + .nanoseconds(Int(remaining))) { [weak job, connectionsMax] in
            job?.expire(connectionsMax: connectionsMax)
        }
        work.signal()
    }

    private func startLane() {
        let thread = Thread { [self] in
            MediaFirst.giveWay()
            let lane = Lane(url: url, applicationName: applicationName)
            while let job = next() { job.run(on: lane) }
            lane.hangUp()
            lanesGone.leave()
        }
        thread.name = "parley-db"
        thread.stackSize = 1 << 20
        thread.start()
    }

    /// The next job, in order of arrival; nil once the pool is closed and nothing waits.
    private func next() -> Job? {
        while true {
            state.withLock { $0.idleLanes += 1 }
            work.wait()
            let (job, isClosed) = state.withLock { state in
                state.idleLanes -= 1
                return (state.waiting.isEmpty ? nil : state.waiting.removeFirst(), state.isClosed)
            }
            if let job { return job }
            if isClosed { return nil }
        }
    }

    /// Refuses what waits and lets what runs finish by its deadline.
    func shutDown() {
        let (refused, lanes) = state.withLock { state in
            defer { state.waiting = [] }
            state.isClosed = true
            return (state.waiting, state.lanes)
        }
        for job in refused { job.refuse(DatabaseError.closed) }
        for _ in 0..<lanes { work.signal() }
    }

    func lanesEnded() async {
        await withCheckedContinuation { done in lanesGone.notify(queue: .global()) { done.resume() } }
    }
}
