import Dispatch
import Runtime
import Synchronization
import Telemetry

#if canImport(Glibc)
    import Glibc
#endif

/// Whether the journals' directory takes files: one is made, written and removed every second, on the thread that writes the
/// journals, so that a disk that hangs is noticed like one that refuses.
final class DiskProbe: Sendable {
    private static let everyMs = 1_000
    private static let page = [UInt8](repeating: 0x0A, count: 4_096)

    private struct State {
        var lastGood = MonotonicTime.now()
        var wasWell = true
        var isStopped = false
        /// A call was refused, and then this file.
        var isRefusing = false
    }

    private let directory: String
    private let patienceMs: Int64
    private let queue: DispatchQueue
    private let metrics: Metrics
    private let state = Mutex(State())

    init(directory: String, patienceMs: Int64, queue: DispatchQueue, metrics: Metrics = .shared) {
        self.directory = directory
        self.patienceMs = patienceMs
        self.queue = queue
        self.metrics = metrics
        metrics.adjust(JournalMetrics.active, by: 1)
        probeSoon()
    }

    deinit { stop() }

    /// False once the disk has taken nothing for the time it may be busy, or refused a call and this file too.
    var isWell: Bool { state.withLock { isWell($0) } }

    private func isWell(_ state: State) -> Bool {
        !state.isRefusing && MonotonicTime.now().milliseconds(since: state.lastGood) < patienceMs
    }

    func stop() { state.withLock { $0.isStopped = true } }

    private func probeSoon() {
        guard !state.withLock({ $0.isStopped }) else { return }
        queue.asyncAfter(deadline: .now() + .milliseconds(Self.everyMs)) { [weak self] in self?.probe() }
    }

    /// A call's journal was refused. When the probe is refused as well that is more than a busy moment.
    func callWasRefused() {
        queue.async { [weak self] in self?.look(afterRefusal: true) }
    }

    private func probe() {
        look(afterRefusal: false)
        probeSoon()
    }

    private func look(afterRefusal: Bool) {
        guard !state.withLock({ $0.isStopped }) else { return }
        var failure: JournalError?
        do throws(JournalError) { try touch() } catch { failure = error }
        let news: Bool? = state.withLock { state in
            state.isRefusing = failure != nil && (state.isRefusing || afterRefusal)
            if failure == nil { state.lastGood = .now() }
            let isWell = isWell(state)
            defer { state.wasWell = isWell }
            return isWell == state.wasWell ? nil : isWell
        }
        if let isWell = news { tell(isWell, failure) }
    }

    private func tell(_ isWell: Bool, _ failure: JournalError?) {
        metrics.adjust(JournalMetrics.active, by: isWell ? 1 : -1)
        if isWell {
            Log.info("journals' directory takes files again; new calls are taken", ["directory": directory])
        } else {
            Log.error(
                "journals' directory takes no files; new calls are refused",
                ["directory": directory, "error": failure.map { "\($0)" } ?? "no answer"])
        }
    }

    private func touch() throws(JournalError) {
        let path = directory + "/.probe"
        guard unlink(path) == 0 || errno == ENOENT else { throw JournalFile.failure("removal", path) }
        try JournalFile.make(path, of: Self.page)
        guard unlink(path) == 0 else { throw JournalFile.failure("removal", path) }
    }
}
