import Synchronization

/// What an operation came to within its time.
package enum Bounded<Value: Sendable>: Sendable {
    case finished(Value)
    case failed(any Error)
    case late
    case cancelled

    /// Runs `operation` and waits for it until `deadline` at the latest, or until the calling task is cancelled; it is
    /// then cancelled and no longer waited for, even when it does not heed that.
    package static func run<C: Clock>(
        until deadline: C.Instant, clock: C, _ operation: @escaping @Sendable () async throws -> Value
    ) async -> Bounded where C.Duration == Duration {
        let race = Race<Value>()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                guard race.begin(continuation) else { return }
                let work = Task {
                    do {
                        race.settle(.finished(try await operation()))
                    } catch {
                        race.settle(.failed(error))
                    }
                }
                let timer = Task {
                    do {
                        try await clock.sleep(until: deadline, tolerance: nil)
                        race.settle(.late)
                    } catch {
                        // The race is decided already.
                    }
                }
                race.attach {
                    work.cancel()
                    timer.cancel()
                }
            }
        } onCancel: {
            race.settle(.cancelled)
        }
    }
}

/// The first to settle it decides; everything else is cancelled.
private final class Race<Value: Sendable>: Sendable {
    private struct State {
        var outcome: Bounded<Value>?
        var waiting: CheckedContinuation<Bounded<Value>, Never>?
        var cancel: (@Sendable () -> Void)?
    }
    private let state = Mutex(State())

    /// False when it was settled before: the continuation is resumed then.
    func begin(_ continuation: CheckedContinuation<Bounded<Value>, Never>) -> Bool {
        let outcome = state.withLock { state in
            if state.outcome == nil { state.waiting = continuation }
            return state.outcome
        }
        guard let outcome else { return true }
        continuation.resume(returning: outcome)
        return false
    }

    func attach(_ cancel: @escaping @Sendable () -> Void) {
        let isOver = state.withLock { state in
            if state.outcome == nil { state.cancel = cancel }
            return state.outcome != nil
        }
        if isOver { cancel() }
    }

    func settle(_ outcome: Bounded<Value>) {
        let (waiting, cancel) = state.withLock { state in
            guard state.outcome == nil else {
                return (nil as CheckedContinuation<Bounded<Value>, Never>?, nil as (@Sendable () -> Void)?)
            }
            state.outcome = outcome
            defer {
                state.waiting = nil
                state.cancel = nil
            }
            return (state.waiting, state.cancel)
        }
        cancel?()
        waiting?.resume(returning: outcome)
    }
}
