internal import CLibWebSockets
import Synchronization

/// One server as one loop knows it: its virtual host there, its routes, and how many connections it has.
///
/// `@unchecked Sendable`: `host` is set once on the loop's thread before any connection exists and used there only;
/// the rest is constant or atomic.
@safe final class ServerBinding: @unchecked Sendable {
    let routes: ServerRoutes
    private let loop: MediaLoop
    private var host: OpaquePointer?
    private let connections = Atomic<Int>(0)
    private let draining = Atomic<Bool>(false)

    init(loop: MediaLoop, routes: ServerRoutes) {
        self.loop = loop
        self.routes = routes
    }

    var connectionCount: Int { connections.load(ordering: .relaxed) }
    var isDraining: Bool { draining.load(ordering: .relaxed) }

    func noteComing() { connections.add(1, ordering: .relaxed) }
    func noteGone() { connections.subtract(1, ordering: .relaxed) }

    /// Loop thread; false when libwebsockets refuses the certificate.
    func open(tls: ServerTLS?) -> Bool {
        unsafe host = LWSContext.serverHost(
            in: loop.context, tls: tls, idleSeconds: loop.limits.httpIdleTimeoutSeconds)
        loop.bindings.append(self)
        return unsafe host != nil
    }

    /// Loop thread; takes over an accepted, non-blocking socket.
    func adopt(_ descriptor: Int32) {
        guard let host = unsafe host, let wsi = unsafe lws_adopt_socket_vhost(host, descriptor) else {
            // libwebsockets has closed the socket.
            loop.noteArriving(-1)
            noteGone()
            return
        }
        let wire = unsafe Wire(wsi: wsi)
        let connection = HTTPConnection(loop: loop, server: self, peerAddress: wire.peerAddress)
        connection.wire = wire
        wire.attach(connection)
        loop.add(connection)
    }

    /// Loop thread: all connections of this server end, politely or at once.
    func endConnections(atOnce: Bool) {
        for peer in loop.peers where peer.binding === self {
            if atOnce {
                peer.wire?.cut()
                peer.doom()
            } else {
                peer.goAway()
            }
        }
    }

    func drain() { draining.store(true, ordering: .relaxed) }
}
