import Dispatch
import Glibc
import Runtime
import Synchronization
import Telemetry

/// Keeps the server of a private cluster running: one that ends by itself is started again, after pauses that grow while it
/// does not stay; and when another process that ran it lets go of the data directory, this one takes it over.
final class ClusterKeeper: Sendable {
    private struct State {
        var server: ChildProcess?
        var startedAt = MonotonicTime.now()
        var isStopping = false
    }

    /// The pause before a start that follows a failure; doubled each time up to the longest.
    private static let pauseMs = 100
    private static let pauseMsMax = 3_000
    /// A server that has run so long is healthy: the next start does not wait.
    private static let healthyMs: Int64 = 10_000
    /// How often a server that runs is looked at.
    private static let lookMs = 1_000
    /// How often a visitor looks whether the data directory is free.
    private static let visitorMs = 250

    private let server: ClusterServer
    private let lockFD: Int32
    private let state = Mutex(State())
    private let wake = DispatchSemaphore(value: 0)

    /// Starts the server, or visits the one another process runs, and keeps watch from then on.
    init(_ server: ClusterServer) throws {
        self.server = server
        lockFD = unsafe open(server.location.lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lockFD >= 0 else {
            throw DatabaseError.clusterFailed(
                step: "open \(server.location.lock)", reason: unsafe String(cString: strerror(errno)))
        }
        if holdsDirectory() { try start(again: false) } else { try server.waitUntilReady(msMax: 10_000, child: nil) }
        NamedThread.start("cluster-keeper", stackBytes: 1 << 20) {
            MediaFirst.giveWay()
            self.keepWatch()
        }
    }

    deinit { close(lockFD) }

    var isOurs: Bool { state.withLock { $0.server != nil } }

    /// Fast shutdown: open transactions are rolled back, everything committed is on disk. A visitor just leaves. Harmless
    /// when repeated.
    func stop() {
        let running = state.withLock { state in
            state.isStopping = true
            return state.server
        }
        wake.signal()
        guard let running else { return }
        ClusterServer.end(running)
        releaseDirectory()
    }

    func signal(_ number: Int32) { state.withLock { $0.server }?.signal(number) }

    func releaseDirectory() { flock(lockFD, LOCK_UN) }

    private func holdsDirectory() -> Bool { flock(lockFD, LOCK_EX | LOCK_NB) == 0 }

    private func start(again: Bool) throws {
        let wake = wake
        let launched = try server.launch(again: again, ended: { wake.signal() })
        let isWanted = state.withLock { state in
            guard !state.isStopping else { return false }
            state.server = launched
            state.startedAt = .now()
            return true
        }
        do {
            guard isWanted else { throw DatabaseError.closed }
            try server.settle(launched)
        } catch {
            ClusterServer.end(launched)
            throw error
        }
    }

    /// Sleeps, unless it is told to stop.
    private func rest(ms: Int) {
        let until = DispatchTime.now() + .milliseconds(ms)
        while !state.withLock({ $0.isStopping }), wake.wait(timeout: until) == .success {}
    }

    private func keepWatch() {
        var pauseMs = 0
        var wasWell = true
        var endedAt = MonotonicTime.now()
        while true {
            let (running, startedAt, isStopping) = state.withLock { ($0.server, $0.startedAt, $0.isStopping) }
            if isStopping { return }
            if let running, running.isRunning {
                // Asked to stop by somebody else, it would refuse new connections as long as our own ones last.
                if server.isShuttingDown { running.signal(SIGINT) }
                _ = wake.wait(timeout: .now() + .milliseconds(ClusterKeeper.lookMs))
                continue
            }
            guard holdsDirectory() else {
                rest(ms: ClusterKeeper.visitorMs)
                continue
            }
            if wasWell {
                endedAt = .now()
                if endedAt.milliseconds(since: startedAt) >= ClusterKeeper.healthyMs { pauseMs = 0 }
                report(ended: running)
            }
            rest(ms: pauseMs)
            pauseMs = max(ClusterKeeper.pauseMs, min(pauseMs * 2, ClusterKeeper.pauseMsMax))
            if state.withLock({ $0.isStopping }) { return }
            wasWell = startAgain(endedAt, pauseMs)
        }
    }

    private func report(ended running: ChildProcess?) {
        guard let running else { return Log.info("private database taken over from a process that left") }
        Log.error(
            "private database ended by itself; starting it again",
            ["pid": Int(running.pid), "ending": running.ending])
    }

    private func startAgain(_ endedAt: MonotonicTime, _ pauseMs: Int) -> Bool {
        do {
            try start(again: true)
            Metrics.shared.add(DatabaseMetrics.privateStarts)
            Log.info(
                "private database is back", ["after_ms": Int(MonotonicTime.now().milliseconds(since: endedAt))])
            return true
        } catch {
            if !state.withLock({ $0.isStopping }) {
                Log.error("private database does not start", ["error": error, "again_in_ms": pauseMs])
            }
            return false
        }
    }
}
