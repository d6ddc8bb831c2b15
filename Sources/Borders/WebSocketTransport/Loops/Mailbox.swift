import CTransport
import Glibc

/// Work that other threads want done on a loop, in order, and the eventfd that wakes the loop for it.
///
/// `@unchecked Sendable`: `waiting` and `closed` are touched under `lock` only; the descriptor never changes.
final class Mailbox: @unchecked Sendable {
    typealias Work = @Sendable () -> Void

    let descriptor: Int32
    private let lock = Lock()
    private var waiting: [Work] = []
    private var closed = false

    init() throws(TransportError) {
        descriptor = eventfd(0, Int32(PARLEY_CLOEXEC_NONBLOCK))
        guard descriptor >= 0 else { throw .loopFailed(reason: "eventfd: \(TransportError.lastSystemError())") }
    }

    deinit { Glibc.close(descriptor) }

    /// Adds one item and returns how many wait, or nil when the loop is gone and the item was dropped.
    func post(_ work: @escaping Work) -> Int? {
        let count: Int? = lock.withLock {
            guard !closed else { return nil }
            waiting.append(work)
            return waiting.count
        }
        // Only the first item after a batch was taken needs to wake the loop.
        if count == 1 { wake() }
        return count
    }

    /// Moves everything that waits into `batch`, which is empty and lends its storage. Loop thread only.
    func take(into batch: inout [Work]) {
        var counter: UInt64 = 0
        _ = unsafe Glibc.read(descriptor, &counter, 8)
        lock.withLock { swap(&waiting, &batch) }
    }

    /// No more work is taken; what still waits is released without being run.
    func close() {
        let dropped = lock.withLock {
            closed = true
            defer { waiting = [] }
            return waiting
        }
        _ = dropped
    }

    private func wake() {
        var one: UInt64 = 1
        _ = unsafe Glibc.write(descriptor, &one, 8)
    }
}

extension TransportError {
    /// What `errno` says, in words.
    static func lastSystemError() -> String { unsafe String(cString: strerror(errno)) }
}
