import CTransport
import Glibc

/// A listening socket, plain or TLS: HTTP/1.1 on a thread of its own, WebSockets on the loops of a group.
package final class TransportServer: Sendable {
    /// The port it listens on, also when it was asked for port 0.
    package let boundPort: Int
    private let loops: LoopGroup
    private let door: Door

    /// Listens and accepts from here on. Reads files: not for a loop's thread.
    package init(
        loops: LoopGroup, listen: ListenAddress, tls: ServerTLS?, routes: ServerRoutes,
        routing: ListenRouting = .leastLoaded
    ) throws(TransportError) {
        var context: ServerTLSContext?
        if let tls { context = try ServerTLSContext(tls) }
        let (listener, port) = try Self.listen(on: listen)
        var prefix: String?
        if case .byPathSuffix(let text) = routing { prefix = text }
        do throws(TransportError) {
            door = try Door(listener: listener, loops: loops.loops, tls: context, routes: routes, prefix: prefix)
        } catch {
            Glibc.close(listener)
            throw error
        }
        self.loops = loops
        boundPort = port
    }

    deinit { door.endThread() }

    /// The thread on which requests are read, for a watchdog.
    package var doorLoop: MediaLoop { door.loop }

    /// New connections are refused by the kernel from here on; open ones stay.
    package func stopAccepting() { door.stop() }

    /// Stops accepting, tells WebSockets to go away (1001), lets requests finish, and cuts what is left after
    /// `graceSeconds`. The port is free when this returns.
    package func shutdown(graceSeconds: Int) async {
        stopAccepting()
        while !door.hasEnded { try? await Task.sleep(for: .milliseconds(1)) }
        for binding in door.bindings { binding.drain() }
        end(atOnce: false)
        let steps = max(0, graceSeconds) * 50
        for _ in 0..<steps where hasConnections { try? await Task.sleep(for: .milliseconds(20)) }
        if hasConnections {
            end(atOnce: true)
            for _ in 0..<50 where hasConnections { try? await Task.sleep(for: .milliseconds(20)) }
        }
        door.endThread()
    }

    /// Connections that this server has at the moment.
    package var connectionCount: Int { door.bindings.reduce(0) { $0 + $1.connectionCount } }

    private var hasConnections: Bool { connectionCount > 0 }

    private func end(atOnce: Bool) {
        for binding in door.bindings { binding.endConnections(atOnce: atOnce) }
    }

    private static func listen(on address: ListenAddress) throws(TransportError) -> (descriptor: Int32, port: Int) {
        func failure() -> TransportError {
            .listenFailed(address: "\(address)", reason: TransportError.lastSystemError())
        }
        guard let target = SocketAddress(numeric: address.host, port: address.port) else {
            throw .invalidAddress("\(address)")
        }
        let descriptor = socket(
            target.family, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw failure() }
        var on: Int32 = 1
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        guard unsafe target.withSockaddr({ unsafe Glibc.bind(descriptor, $0, $1) }) == 0,
            Glibc.listen(descriptor, 1_024) == 0,
            let port = SocketAddress.boundPort(of: descriptor)
        else {
            let error = failure()
            Glibc.close(descriptor)
            throw error
        }
        return (descriptor, port)
    }
}
