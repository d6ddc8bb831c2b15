import Glibc
import Runtime

/// How long one call may wait, and who may end the wait early. Used on one lane's thread.
struct Patience: Sendable {
    let startedAt: MonotonicTime
    let deadline: MonotonicTime
    /// An eventfd that interrupts a wait, or −1.
    let wakeFD: Int32
    /// True once nobody waits for the answer any more.
    let isOver: @Sendable () -> Bool

    init(ms: Int, wakeFD: Int32 = -1, isOver: @escaping @Sendable () -> Bool = { false }) {
        startedAt = .now()
        deadline = startedAt.adding(milliseconds: Int64(ms))
        self.wakeFD = wakeFD
        self.isOver = isOver
    }

    init(startedAt: MonotonicTime, deadline: MonotonicTime, wakeFD: Int32, isOver: @escaping @Sendable () -> Bool) {
        self.startedAt = startedAt
        self.deadline = deadline
        self.wakeFD = wakeFD
        self.isOver = isOver
    }

    /// Milliseconds left, at least 0, rounded up.
    var remainingMs: Int { Int(max(0, (deadline.nanoseconds - MonotonicTime.now().nanoseconds + 999_999) / 1_000_000)) }

    var timedOut: DatabaseError { .timedOut(afterMs: Int(MonotonicTime.now().milliseconds(since: startedAt))) }

    /// Waits until `socket` can be read or written as `events` says.
    ///
    /// - Throws: ``DatabaseError/timedOut(afterMs:)`` at the deadline, or when the wait was ended from outside.
    func wait(for socket: Int32, _ events: Int32) throws(DatabaseError) {
        while true {
            let remaining = remainingMs
            guard remaining > 0, !isOver() else { throw timedOut }
            var polled = [
                pollfd(fd: socket, events: Int16(events), revents: 0),
                pollfd(fd: wakeFD, events: Int16(POLLIN), revents: 0),
            ]
            let ready = unsafe poll(&polled, 2, Int32(min(remaining, 60_000)))
            if polled[1].revents != 0 {
                var count: UInt64 = 0
                _ = unsafe read(wakeFD, &count, 8)
            }
            if ready > 0, polled[0].revents != 0 { return }
        }
    }
}
