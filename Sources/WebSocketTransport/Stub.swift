package import CallModel

package final class MediaLoop: Sendable {
    package let index: Int
    init(index: Int) { self.index = index }
    package func post(_ work: @escaping @Sendable () -> Void) { work() }
    package var isCurrent: Bool { false }
    package func makeTimer(_ fire: @escaping () -> Void) -> LoopTimer { LoopTimer() }
    package func connect(_ request: WebSocketRequest, handler: any WebSocketHandler) {}
    package var connectionCount: Int { 0 }
}

package final class LoopTimer {
    package func arm(at moment: MonotonicTime) {}
    package func cancel() {}
    package var isArmed: Bool { false }
}

package final class LoopGroup: Sendable {
    package let loops: [MediaLoop]
    package init(threads: Int, limits: TransportLimits = .init()) throws {
        loops = (0..<threads).map { MediaLoop(index: $0) }
    }
    package func leastLoaded() -> MediaLoop { loops[0] }
    package func shutdown() async {}
}

package final class WebSocket {
    package let loop: MediaLoop
    package let peerAddress: String
    init(loop: MediaLoop, peerAddress: String) {
        self.loop = loop
        self.peerAddress = peerAddress
    }
    package func sendText(_ message: Span<UInt8>) -> SendOutcome { .refused }
    package func sendBinary(_ message: Span<UInt8>) -> SendOutcome { .refused }
    package func close(code: UInt16, reason: String) {}
    package func abort() {}
    package var queuedBytes: Int { 0 }
    package var isOpen: Bool { false }
}

package final class TransportServer: Sendable {
    package let boundPort: Int
    package init(
        loops: LoopGroup, listen: ListenAddress, tls: ServerTLS?, routes: ServerRoutes,
        routing: ListenRouting = .leastLoaded
    ) throws(TransportError) {
        boundPort = listen.port
    }
    package func stopAccepting() {}
    package func shutdown(graceSeconds: Int) async {}
}
