import Dispatch
import Foundation
import Runtime
import Synchronization

/// A bounded queue of errands, served by at most `connectionsMax` lanes, each on a thread of its own that is started when the
/// ones there are busy. What a call waits for goes first; work after calls has at most one lane while there is such work, and
/// one in any case when it has waited for long.
final class ConnectionPool: Sendable {
    private struct State {
        /// In order of arrival.
        var waiting: [DatabaseUrgency: [Errand]] = [.live: [], .afterwards: []]
        var running: [DatabaseUrgency: Int] = [.live: 0, .afterwards: 0]
        var lanes = 0
        var idleLanes = 0
        var isClosed = false
        /// Errands that lanes are at.
        var underWay: [Errand] = []
        /// One alarm for all, at the earliest deadline: what is due is looked for when it rings. One for each errand would keep
        /// memory for each until its deadline, long after it was answered.
        let alarm: any DispatchSourceTimer
        var alarmAt = MonotonicTime.distantFuture

        /// Rings no later than `moment`.
        mutating func wake(at moment: MonotonicTime) {
            guard moment < alarmAt else { return }
            alarmAt = moment
            alarm.schedule(
                deadline: .now() + .nanoseconds(Int(max(0, moment.nanoseconds - MonotonicTime.now().nanoseconds))))
        }

        /// The errands that are past their deadline; the alarm is set for the next of the others.
        mutating func overdue() -> [Errand] {
            alarmAt = .distantFuture
            let now = MonotonicTime.now()
            let unfinished = (waiting.values.joined() + underWay).filter { !$0.isOver }
            if let next = unfinished.map(\.deadline).filter({ $0 > now }).min() { wake(at: next) }
            return unfinished.filter { $0.deadline <= now }
        }

        var waitingCount: Int { waiting.values.reduce(0) { $0 + $1.count } }

        /// The next errand for a lane; nil when there is none, or none that may run now.
        mutating func take() -> Errand? {
            let isLiveWork = waiting[.live]?.isEmpty == false
            let isAlone = running[.afterwards] == 0
            let later = waiting[.afterwards]?.first
            let isOverdue = isAlone && later?.hasWaited(milliseconds: ConnectionPool.overdueMs) == true
            let urgency: DatabaseUrgency = isLiveWork && !isOverdue ? .live : .afterwards
            guard urgency == .live || (later != nil && (isAlone || running[.live] == 0)) else { return nil }
            running[urgency, default: 0] += 1
            let errand = waiting[urgency]?.removeFirst()
            if let errand { underWay.append(errand) }
            return errand
        }
    }

    /// Work after calls that has waited so long is no longer put off.
    private static let overdueMs: Int64 = 4_000
    /// Calls that may wait for a lane; more are refused at once.
    static let waitingMax = 1_024

    let connectionsMax: Int
    let url: String
    let applicationName: String
    private let state: Mutex<State>
    private let work = DispatchSemaphore(value: 0)
    private let lanesGone = DispatchGroup()

    init(url: String, connectionsMax: Int, applicationName: String) {
        precondition(connectionsMax > 0, "connectionsMax is \(connectionsMax)")
        self.url = url
        self.connectionsMax = connectionsMax
        self.applicationName = applicationName
        let clock = DispatchQueue(label: "parley.database.deadlines")
        state = Mutex(State(alarm: DispatchSource.makeTimerSource(queue: clock)))
        state.withLock { state in
            state.alarm.setEventHandler { [weak self] in self?.deadlinePassed() }
            state.alarm.activate()
        }
    }

    deinit { state.withLock { $0.alarm.cancel() } }

    private func deadlinePassed() {
        let late = state.withLock { $0.overdue() }
        for errand in late { errand.expire(connectionsMax: connectionsMax) }
    }

    func submit(_ errand: Errand) {
        enum Verdict { case queued, queuedForNewLane, full, closed }
        let verdict: Verdict = state.withLock { state in
            if state.isClosed { return .closed }
            if state.waitingCount >= ConnectionPool.waitingMax {
                for urgency in DatabaseUrgency.allCases { state.waiting[urgency]?.removeAll { $0.isOver } }
            }
            guard state.waitingCount < ConnectionPool.waitingMax else { return .full }
            state.waiting[errand.urgency, default: []].append(errand)
            state.wake(at: errand.deadline)
            if state.idleLanes < state.waitingCount, state.lanes < connectionsMax {
                state.lanes += 1
                lanesGone.enter()
                return .queuedForNewLane
            }
            return .queued
        }
        switch verdict {
        case .closed: return errand.refuse(DatabaseError.closed)
        case .full: return errand.refuse(DatabaseError.poolExhausted(waitedMs: 0, connectionsMax: connectionsMax))
        case .queuedForNewLane: startLane()
        case .queued: break
        }
        work.signal()
    }

    private func startLane() {
        NamedThread.start("database", stackBytes: 1 << 20) { [self] in
            MediaFirst.giveWay()
            let lane = Lane(url: url, applicationName: applicationName)
            var done: Errand?
            while let errand = next(after: done) {
                errand.run(on: lane)
                done = errand
            }
            lane.hangUp()
            lanesGone.leave()
        }
    }

    /// The next errand of a lane that has done `errand`; nil once the pool is closed and nothing waits.
    private func next(after errand: Errand?) -> Errand? {
        state.withLock { state in
            if let errand {
                state.running[errand.urgency, default: 0] -= 1
                state.underWay.removeAll { $0 === errand }
            }
            state.idleLanes += 1
        }
        var mayTakeAtOnce = errand != nil
        while true {
            // What this lane has just done may be what others waited for: it looks before it sleeps, and wakes the next.
            if !mayTakeAtOnce { work.wait() }
            mayTakeAtOnce = false
            let (next, isMore, isClosed) = state.withLock { state in
                let next = state.take()
                if next != nil { state.idleLanes -= 1 }
                return (next, state.waitingCount > 0, state.isClosed)
            }
            if let next {
                if isMore { work.signal() }
                return next
            }
            if isClosed, !isMore { return nil }
        }
    }

    /// Refuses what waits and lets what runs finish by its deadline.
    func shutDown() {
        let (refused, lanes) = state.withLock { state in
            defer { state.waiting = [:] }
            state.isClosed = true
            return (state.waiting.values.flatMap { $0 }, state.lanes)
        }
        for errand in refused { errand.refuse(DatabaseError.closed) }
        for _ in 0..<lanes { work.signal() }
    }

    func lanesEnded() async {
        await withCheckedContinuation { done in lanesGone.notify(queue: .global()) { done.resume() } }
    }
}
