import CLibPQ
import CallModel
import Glibc
import Runtime
import Synchronization
import Telemetry

/// Hears what is notified on one channel: with a connection of its own, on a thread of its own, made again when it breaks.
///
/// A notification only wakes; whoever must not miss anything asks again and again beside. Behind a pooler that lends sessions
/// for a transaction none ever comes, which is found out at the first connection.
package final class NotificationListener: Sendable {
    private static let pauseMs = 1_000...30_000
    /// A connection that says nothing for so long is asked whether it is there.
    private static let silenceMs = 60_000

    private let url: String
    private let applicationName: String
    private let channel: String
    private let notified: @Sendable () -> Void
    private let wakeFD: Int32
    private let isClosed = Atomic(false)

    init(url: String, applicationName: String, channel: String, notified: @escaping @Sendable () -> Void) {
        self.url = url
        self.applicationName = applicationName
        self.channel = channel
        self.notified = notified
        wakeFD = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
        NamedThread.start("notifications", stackBytes: 1 << 20) { [self] in
            MediaFirst.giveWay()
            listen()
        }
    }

    deinit { Glibc.close(wakeFD) }

    package func close() {
        isClosed.store(true, ordering: .releasing)
        Lane.wake(wakeFD)
    }

    private var isOver: Bool { isClosed.load(ordering: .acquiring) }

    private func patience(_ ms: Int) -> Patience { Patience(ms: ms, wakeFD: wakeFD, isOver: { [self] in isOver }) }

    private func listen() {
        var pauseMs = Self.pauseMs.lowerBound
        while !isOver {
            do {
                let connection = try PostgresConnection(
                    url: url, applicationName: applicationName, patience: patience(10_000))
                guard connection.keepsPlans else {
                    return Log.info("notifications do not come through a pooler; the database is asked instead")
                }
                _ = try connection.run("listen \(channel)", [], patience(10_000), remember: .never)
                pauseMs = Self.pauseMs.lowerBound
                // Something may have come before there was anybody to hear it.
                notified()
                while !isOver {
                    if try connection.waitForNotification(patience(Self.silenceMs)) {
                        notified()
                    } else if !isOver {
                        _ = try connection.run("select 1", [], patience(10_000), remember: .never)
                    }
                }
            } catch {
                guard !isOver else { return }
                Log.debug("notifications are interrupted", ["error": error])
                // Ends early when it is closed.
                try? patience(pauseMs).wait(for: -1, POLLIN)
                pauseMs = min(pauseMs * 2, Self.pauseMs.upperBound)
            }
        }
    }
}

extension Database {
    /// Calls `notified` for what is notified on a channel, several at once as one, until the listener is closed.
    ///
    /// - Parameters:
    ///   - channel: a name of ours: it becomes part of a statement.
    ///   - notified: on the listener's thread; brief.
    package func listen(to channel: StaticString, _ notified: @escaping @Sendable () -> Void) -> NotificationListener {
        NotificationListener(
            url: pool.url, applicationName: pool.applicationName, channel: "\(channel)", notified: notified)
    }
}
