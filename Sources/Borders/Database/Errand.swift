import Runtime
import Synchronization

/// One asynchronous call on its way through the pool: waiting, then running on a lane, then over. It is answered exactly
/// once, by whoever takes it to `over` first: the lane with a result, the clock at the deadline, or a cancelled task.
final class Errand: Sendable {
    private enum Phase {
        case waiting
        case running(wakeFD: Int32)
        case over
    }

    let startedAt = MonotonicTime.now()
    let urgency: DatabaseUrgency
    let deadline: MonotonicTime
    private let phase = Mutex(Phase.waiting)
    private let work: @Sendable (Errand, Lane) -> Void
    private let fail: @Sendable (any Error) -> Void

    /// - Parameters:
    ///   - work: runs on a lane; ends by answering the caller if ``settle()`` says so.
    ///   - fail: answers the caller with an error.
    init(
        timeoutMs: Int, urgency: DatabaseUrgency, work: @escaping @Sendable (Errand, Lane) -> Void,
        fail: @escaping @Sendable (any Error) -> Void
    ) {
        self.urgency = urgency
        deadline = startedAt.adding(milliseconds: Int64(timeoutMs))
        self.work = work
        self.fail = fail
    }

    var isOver: Bool {
        phase.withLock { phase in
            switch phase {
            case .over: true
            case .waiting, .running: false
            }
        }
    }

    func hasWaited(milliseconds: Int64) -> Bool { MonotonicTime.now().milliseconds(since: startedAt) >= milliseconds }

    /// Runs on `lane` unless it is over already.
    func run(on lane: Lane) {
        let isMine = phase.withLock { phase in
            guard case .waiting = phase else { return false }
            phase = .running(wakeFD: lane.wakeFD)
            return true
        }
        if isMine { work(self, lane) }
    }

    /// True for the one who may answer the caller.
    func settle() -> Bool {
        phase.withLock { phase in
            if case .over = phase { return false }
            phase = .over
            return true
        }
    }

    func refuse(_ error: any Error) {
        if settle() { fail(error) }
    }

    /// The clock reached the deadline.
    func expire(connectionsMax: Int) {
        let waited = Int(MonotonicTime.now().milliseconds(since: startedAt))
        end { phase in
            if case .waiting = phase {
                DatabaseError.poolExhausted(waitedMs: waited, connectionsMax: connectionsMax)
            } else {
                DatabaseError.timedOut(afterMs: waited)
            }
        }
    }

    /// The task that waits was cancelled.
    func cancel() { end { _ in CancellationError() } }

    /// Answers the caller now and wakes the lane, which then cancels the statement.
    private func end(_ reason: (Phase) -> any Error) {
        let error: (any Error)? = phase.withLock { phase in
            let error: any Error
            switch phase {
            case .over: return nil
            case .waiting: error = reason(phase)
            case .running(let wakeFD):
                error = reason(phase)
                // Under the lock: the lane cannot close the descriptor while the errand runs on it.
                Lane.wake(wakeFD)
            }
            phase = .over
            return error
        }
        if let error { fail(error) }
    }
}
