import Runtime
import Telemetry

/// What every node does for itself again and again: on its own disk, with its own connections. What one of them does for
/// all is a ``PeriodicJob``.
package struct Chore: Sendable {
    let name: String
    let every: Duration
    let work: @Sendable () async throws -> Void

    package init(_ name: String, every: Duration, _ work: @escaping @Sendable () async throws -> Void) {
        precondition(every > .zero, "\(name) every \(every)")
        self.name = name
        self.every = every
        self.work = work
    }
}

/// Does chores until it is told to stop, each on its own, for the first time after one interval.
package final class Chores: Sendable {
    private let tasks: [Task<Void, Never>]

    package init(_ chores: [Chore]) {
        tasks = chores.map { chore in
            Task(executorPreference: BackgroundThreads.afterwards) {
                while (try? await Task.sleep(for: chore.every)) != nil {
                    do { try await chore.work() } catch {
                        Log.warning(
                            "chore failed; it is tried again at its time", ["chore": chore.name, "error": error])
                    }
                }
            }
        }
    }

    package func stop() { for task in tasks { task.cancel() } }
}
