import Synchronization

/// One server as one loop knows it: how many connections it has there.
///
/// `@unchecked Sendable`: constants and atomics.
final class ServerBinding: @unchecked Sendable {
    private let loop: MediaLoop
    private let connections = Atomic<Int>(0)
    private let draining = Atomic<Bool>(false)

    init(loop: MediaLoop) { self.loop = loop }

    var connectionCount: Int { connections.load(ordering: .relaxed) }
    var isDraining: Bool { draining.load(ordering: .relaxed) }

    func noteComing() { connections.add(1, ordering: .relaxed) }
    func noteGone() { connections.subtract(1, ordering: .relaxed) }

    /// All connections of this server end, politely or at once.
    func endConnections(atOnce: Bool) {
        loop.post { [self] in
            for peer in loop.peers where peer.binding === self {
                if atOnce {
                    peer.wire?.cut()
                    peer.doom()
                } else {
                    peer.goAway()
                }
            }
        }
    }

    func drain() { draining.store(true, ordering: .relaxed) }
}
