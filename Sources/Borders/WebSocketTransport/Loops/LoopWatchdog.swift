import CTransport
import Glibc
import Runtime
import Synchronization

/// Looks after event loops from a thread of its own: calls on a loop that stands are silent, and nothing on it will ever say
/// so. A loop that works on one and the same thing for ``standingMs`` is reported, once.
///
/// Time counts only while the watchdog itself wakes on time, so that a machine, or a process, that was stopped as a whole is
/// no reason; nor is a loop that wants to run and gets no processor.
package final class LoopWatchdog: Sendable {
    /// A loop that stands.
    package struct Standing: Sendable {
        /// Of its thread: `media-0`, `door`.
        package let name: String
        fileprivate let thread: UInt

        /// Ends the process with what the loop's thread was doing: as a fault of that thread.
        package func endProcess() {
            LoopWatchdog.reportFaults()
            pthread_kill(pthread_t(thread), SIGABRT)
            // A thread that the kernel holds in a call may not take it.
            sleep(2)
            Glibc.abort()
        }
    }

    private struct Watch {
        let loop: MediaLoop
        var progress: UInt64 = 0
        var standsMs: Int64 = 0
        var processorMs: Int64 = 0
        var isReported = false
    }

    package static let standingMs: Int64 = 2_000
    private static let periodMs: Int64 = 250
    /// A loop that runs has at least so much of the time that it is said to stand.
    private static let runningShare = 4

    private let stopping = Atomic<Bool>(false)

    /// - Parameter report: called on the watchdog's thread.
    package init(
        _ loops: [MediaLoop], standingMs: Int64 = LoopWatchdog.standingMs,
        report: @escaping @Sendable (Standing) -> Void
    ) {
        let watches = loops.map { Watch(loop: $0) }
        NamedThread.start("watchdog") { [weak self] in
            MediaFirst.goFirst()
            var watches = watches
            while self?.stopping.load(ordering: .relaxed) == false {
                let start = MonotonicTime.now()
                usleep(UInt32(Self.periodMs) * 1_000)
                let passed = MonotonicTime.now().milliseconds(since: start)
                guard passed < Self.periodMs * 2 else { continue }
                for index in watches.indices { Self.look(at: &watches[index], after: passed, standingMs, report) }
            }
        }
    }

    package func stop() { stopping.store(true, ordering: .relaxed) }

    private static func look(
        at watch: inout Watch, after passedMs: Int64, _ standingMs: Int64, _ report: (Standing) -> Void
    ) {
        let progress = watch.loop.progress
        guard progress % 2 == 1, progress == watch.progress, let thread = watch.loop.threadHandle else {
            watch.progress = progress
            watch.standsMs = 0
            watch.processorMs = processorMs(of: watch.loop)
            return
        }
        watch.standsMs += passedMs
        guard watch.standsMs >= standingMs, !watch.isReported else { return }
        let used = processorMs(of: watch.loop) - watch.processorMs
        guard used * Int64(runningShare) >= watch.standsMs || !wantsProcessor(watch.loop) else { return }
        watch.isReported = true
        report(Standing(name: watch.loop.name, thread: UInt(thread)))
    }

    /// Milliseconds of a processor that the loop's thread has had.
    static func processorMs(of loop: MediaLoop) -> Int64 {
        var time = timespec()
        // By the kernel's number: a handle of a thread that has ended must not be asked.
        guard loop.kernelThread > 0, unsafe clock_gettime(parley_thread_clock(loop.kernelThread), &time) == 0 else {
            return 0
        }
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// Runs or waits to run, as the kernel has it (`R` in proc(5)); a thread that sleeps in the middle of its work does not.
    private static func wantsProcessor(_ loop: MediaLoop) -> Bool {
        // Not by `fopen`, which waits for a lock of the C library's that a thread may hold while it waits for a reader.
        let file = unsafe open("/proc/self/task/\(loop.kernelThread)/stat", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 128)
        let count = unsafe Glibc.read(file, &bytes, bytes.count)
        guard count > 0 else { return false }
        // `number (name) state …`: the name is ours, without a parenthesis.
        guard let end = bytes.prefix(count).lastIndex(of: UInt8(ascii: ")")), end + 2 < count else { return false }
        return bytes[end + 2] == UInt8(ascii: "R")
    }
}

extension LoopWatchdog {
    /// A fault of any thread is told on standard error with its stack, before it ends the process. Where Swift's own
    /// backtraces are on (`SWIFT_BACKTRACE=enable=yes`), those are left to it: they name functions and lines.
    package static func reportFaults() {
        let setting = unsafe getenv("SWIFT_BACKTRACE").map { unsafe String(cString: $0) } ?? ""
        guard !setting.contains("enable=yes"), !setting.contains("enable=on"), !setting.contains("enable=true") else {
            return
        }
        parley_report_faults()
    }
}
