internal import CLibWebSockets
import Glibc
import Synchronization
import Telemetry

/// A listening socket whose connections live on the loops of a group: HTTP/1.1 and WebSockets, plain or TLS.
package final class TransportServer: Sendable {
    /// The port it listens on, also when it was asked for port 0.
    package let boundPort: Int
    private let loops: LoopGroup
    private let bindings: [ServerBinding]
    private let acceptor: Acceptor

    /// Listens and accepts from here on. Blocks for some milliseconds; not for a loop's thread.
    package init(
        loops: LoopGroup, listen: ListenAddress, tls: ServerTLS?, routes: ServerRoutes,
        routing: ListenRouting = .leastLoaded
    ) throws(TransportError) {
        if let tls { try Self.check(tls) }
        let (listener, port) = try Self.listen(on: listen)
        let bindings = loops.loops.map { ServerBinding(loop: $0, routes: routes) }
        do throws(TransportError) {
            for (loop, binding) in zip(loops.loops, bindings) {
                let isOpen = Self.wait(on: loop) { binding.open(tls: tls) }
                guard isOpen else {
                    throw tls.map { .tlsFailed(path: $0.certificatePath, reason: "libwebsockets refused it") }
                        ?? .loopFailed(reason: "libwebsockets refused a virtual host")
                }
            }
            var prefix: String?
            if tls == nil, case .byPathSuffix(let text) = routing { prefix = text }
            acceptor = try Acceptor(listener: listener, loops: loops.loops, bindings: bindings, prefix: prefix)
        } catch {
            Glibc.close(listener)
            throw error
        }
        self.loops = loops
        self.bindings = bindings
        boundPort = port
    }

    deinit { acceptor.stop() }

    /// New connections are refused by the kernel from here on; open ones stay.
    package func stopAccepting() { acceptor.stop() }

    /// Stops accepting, tells WebSockets to go away (1001), lets requests finish, and cuts what is left after
    /// `graceSeconds`. The port is free when this returns.
    package func shutdown(graceSeconds: Int) async {
        stopAccepting()
        // What it has accepted it hands to the loops before it ends, so that they answer it.
        while !acceptor.hasEnded { try? await Task.sleep(for: .milliseconds(1)) }
        for binding in bindings { binding.drain() }
        end(atOnce: false)
        let steps = max(0, graceSeconds) * 50
        for _ in 0..<steps where hasConnections { try? await Task.sleep(for: .milliseconds(20)) }
        guard hasConnections else { return }
        end(atOnce: true)
        for _ in 0..<50 where hasConnections { try? await Task.sleep(for: .milliseconds(20)) }
    }

    /// Connections that this server has at the moment.
    package var connectionCount: Int { bindings.reduce(0) { $0 + $1.connectionCount } }

    private var hasConnections: Bool { connectionCount > 0 }

    private func end(atOnce: Bool) {
        for (loop, binding) in zip(loops.loops, bindings) { loop.post { binding.endConnections(atOnce: atOnce) } }
    }

    private static func wait(on loop: MediaLoop, for work: @escaping @Sendable () -> Bool) -> Bool {
        precondition(!loop.isCurrent, "a server is made outside of loops, since it waits for them")
        let gate = Gate()
        loop.post { gate.open(work()) }
        return gate.wait()
    }

    private static func check(_ tls: ServerTLS) throws(TransportError) {
        for path in [tls.certificatePath, tls.keyPath] where unsafe access(path, R_OK) != 0 {
            throw .tlsFailed(path: path, reason: TransportError.lastSystemError())
        }
        guard unsafe parley_server_tls_check(tls.certificatePath, tls.keyPath) == 0 else {
            throw .tlsFailed(path: tls.certificatePath, reason: TransportError.lastTLSError())
        }
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

/// Lets one thread wait for a verdict of another.
@safe private final class Gate: @unchecked Sendable {  // the semaphore orders the write before the read
    private let semaphore: UnsafeMutablePointer<sem_t>
    private var verdict = false

    init() {
        unsafe semaphore = .allocate(capacity: 1)
        unsafe semaphore.initialize(to: sem_t())
        unsafe sem_init(semaphore, 0, 0)
    }

    deinit {
        unsafe sem_destroy(semaphore)
        unsafe semaphore.deallocate()
    }

    func open(_ verdict: Bool) {
        self.verdict = verdict
        unsafe sem_post(semaphore)
    }

    func wait() -> Bool {
        while unsafe sem_wait(semaphore) != 0 {}
        return verdict
    }
}
