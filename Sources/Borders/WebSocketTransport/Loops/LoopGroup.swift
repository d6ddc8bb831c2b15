import Glibc
import Runtime
import Synchronization
import Telemetry

/// The media loops of a process, usually one a core. End it with ``shutdown()``; dropping it leaves the threads running.
package final class LoopGroup: Sendable {
    package let loops: [MediaLoop]
    private let threads: [UInt]
    private let isShutDown = Atomic<Bool>(false)

    private static let graceSeconds = 2

    /// - Parameter threads: loops, each with a thread of its own; at least 1.
    /// - Throws: ``TransportError``.
    package init(threads: Int, limits: TransportLimits = .init()) throws {
        precondition(threads > 0, "a loop group of \(threads) threads")
        _ = signal(SIGPIPE, SIG_IGN)
        Self.checkDescriptors(needed: limits.connectionsMax * threads)
        var loops: [MediaLoop] = []
        for index in 0..<threads { loops.append(try MediaLoop(index: index, limits: limits)) }
        self.loops = loops
        self.threads = loops.map { UInt($0.start()) }
    }

    /// The loop with the fewest connections.
    package func leastLoaded() -> MediaLoop {
        var best = loops[0]
        for loop in loops.dropFirst() where loop.connectionCount < best.connectionCount { best = loop }
        return best
    }

    /// Closes what is open, ends the threads and waits for them. Not from a loop's thread.
    package func shutdown() async {
        guard !isShutDown.exchange(true, ordering: .relaxed) else { return }
        for loop in loops { loop.stop(graceSeconds: Self.graceSeconds) }
        let threads = threads
        await withCheckedContinuation { done in
            // pthread_join blocks, which a task must not.
            NamedThread.start("loops-end") {
                for thread in threads { pthread_join(pthread_t(thread), nil) }
                done.resume()
            }
        }
    }

    /// As many descriptors as this process may have; a connection needs one.
    private static func checkDescriptors(needed: Int) {
        guard let limit = Descriptors.raise(), limit < needed else { return }
        Log.warning(
            "few file descriptors: raise the limit (`ulimit -n`, LimitNOFILE=) or lower the connection limit",
            ["limit": limit, "connections_max": needed])
    }
}
