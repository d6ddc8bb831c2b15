import Dispatch
import Synchronization

/// Threads of low priority for tasks that compute for long: `Task(executorPreference: BackgroundThreads.afterwards)`. On the
/// threads that all tasks share, such work would keep webhooks waiting.
///
/// Jobs run in order of arrival. The threads start with the first job and last as long as the process.
package final class BackgroundThreads: TaskExecutor {
    /// For consults: the caller hears a sign of life meanwhile.
    package static let consults = BackgroundThreads(name: "consults", count: 2, niceness: 10)
    /// For work after calls, which nobody waits for.
    package static let afterwards = BackgroundThreads(name: "afterwards", count: 2, niceness: 15)
    /// For files that people bring: reading, checking and keeping one takes as long as the disk does.
    package static let files = BackgroundThreads(name: "files", count: 1, niceness: 15)

    /// For passwords, of which each takes 64 MB: somebody waits, but as many as come at once may wait for each other.
    package static let passwords = BackgroundThreads(name: "passwords", count: 2, niceness: 10)

    private struct State {
        var jobs: [UnownedJob] = []
        var isStarted = false
    }

    private let name: String
    private let count: Int
    private let niceness: Int32
    private let state = Mutex(State())
    private let work = DispatchSemaphore(value: 0)

    private init(name: String, count: Int, niceness: Int32) {
        self.name = name
        self.count = count
        self.niceness = niceness
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isFirst = state.withLock { state in
            defer { state.isStarted = true }
            state.jobs.append(job)
            return !state.isStarted
        }
        if isFirst { for _ in 0..<count { startThread() } }
        work.signal()
    }

    private func startThread() {
        NamedThread.start(name) { [self] in
            MediaFirst.giveWay(to: niceness)
            while true {
                work.wait()
                let job = state.withLock { $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }
                if let job { job.runSynchronously(on: asUnownedTaskExecutor()) }
            }
        }
    }
}
