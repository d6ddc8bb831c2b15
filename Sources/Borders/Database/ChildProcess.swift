import Foundation
import Glibc
import Runtime
import Synchronization

/// A program this process started, reaped by a thread that does nothing else.
///
/// That thread also starts it and lives as long as it: the kernel's parent-death signal goes by the thread, so that the
/// child ends when this process is killed, and not when some pool thread retires.
final class ChildProcess: Sendable {
    let pid: pid_t
    private let exitStatus = Mutex<Int32?>(nil)

    private init(pid: pid_t) { self.pid = pid }

    /// - Parameters:
    ///   - arguments: the program's absolute path first.
    ///   - log: receives standard output and error, appended; nil throws them away.
    ///   - ended: called once, when the program has ended and was reaped.
    /// - Throws: an errno text when the program cannot be started.
    static func start(
        _ arguments: [String], log: String?, ended: @escaping @Sendable () -> Void = {}
    ) throws -> ChildProcess {
        let started = DispatchSemaphore(value: 0)
        let outcome = Mutex<Result<ChildProcess, DatabaseError>?>(nil)
        NamedThread.start("child-keeper", stackBytes: 1 << 18) {
            MediaFirst.giveWay()
            let result = spawn(arguments, log: log).map(ChildProcess.init(pid:))
            outcome.withLock { $0 = result }
            started.signal()
            guard case .success(let child) = result else { return }
            var status: Int32 = 0
            while unsafe waitpid(child.pid, &status, 0) == -1, errno == EINTR {}
            child.exitStatus.withLock { $0 = status }
            ended()
        }
        started.wait()
        guard let result = outcome.withLock({ $0 }) else { throw DatabaseError.closed }
        return try result.get()
    }

    private static func spawn(_ arguments: [String], log: String?) -> Result<pid_t, DatabaseError> {
        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        var none = sigset_t()
        var all = sigset_t()
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        unsafe sigemptyset(&none)
        unsafe sigfillset(&all)
        defer {
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
        }
        // A process group of its own: Ctrl-C in the terminal is for this process, which then stops its children in order.
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(
            &actions, 1, log ?? "/dev/null", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
        let kept = ProcessInfo.processInfo.environment.filter { ["PATH", "HOME", "TMPDIR"].contains($0.key) }
        let environment = kept.map { "\($0.key)=\($0.value)" } + ["LC_ALL=C.UTF-8", "TZ=UTC"]

        var pid: pid_t = 0
        let failure = unsafe CStrings.withMutable(arguments) { texts in
            unsafe CStrings.withMutable(environment) { environment in
                unsafe posix_spawn(&pid, arguments[0], &actions, &attributes, texts, environment)
            }
        }
        guard failure == 0 else {
            return .failure(.clusterFailed(step: arguments[0], reason: unsafe String(cString: strerror(failure))))
        }
        return .success(pid)
    }

    var isRunning: Bool { exitStatus.withLock { $0 == nil } }

    /// True after it exited with status 0.
    var succeeded: Bool { exitStatus.withLock { $0 == 0 } }

    /// `exit 1`, `signal 9`; empty while it runs.
    var ending: String {
        guard let status = exitStatus.withLock({ $0 }) else { return "" }
        return status & 0x7F == 0 ? "exit \(status >> 8 & 0xFF)" : "signal \(status & 0x7F)"
    }

    func signal(_ number: Int32) {
        exitStatus.withLock { status in
            // Not yet reaped, so the pid is still this child's.
            if status == nil { kill(pid, number) }
        }
    }

    /// Blocks for at most `ms`; true when it has ended.
    func waitForEnd(ms: Int) -> Bool {
        let deadline = MonotonicTime.now().adding(milliseconds: Int64(ms))
        while isRunning {
            if MonotonicTime.now() > deadline { return false }
            usleep(5_000)
        }
        return true
    }

    /// Runs a program to its end.
    static func run(_ arguments: [String], log: String?, timeoutMs: Int = 120_000) throws -> Bool {
        let child = try start(arguments, log: log)
        if !child.waitForEnd(ms: timeoutMs) {
            child.signal(SIGKILL)
            _ = child.waitForEnd(ms: 5_000)
        }
        return child.succeeded
    }
}
