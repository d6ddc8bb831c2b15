import CTransport
import Encoding
import Glibc
import Runtime
import Synchronization
import Telemetry

/// The thread where strangers are met: it accepts, does the TLS handshake, and reads requests until they are complete. Media
/// loops get what has proven to be a WebSocket handshake that the application wants, and nothing else.
///
/// `@unchecked Sendable`: constants and an atomic; the rest belongs to the door's own loop.
@safe final class Door: @unchecked Sendable {
    let loop: MediaLoop
    let routes: ServerRoutes
    private let tls: ServerTLSContext?
    private let loops: [MediaLoop]
    /// One for each of `loops`, then the door's own.
    let bindings: [ServerBinding]
    private let prefix: String?
    private let ended = Atomic<Bool>(false)

    // Below: the door's thread only.
    private let listener: Int32
    private let watcher: UnsafeMutablePointer<ev_io>
    private var listens = true
    private var budget: DoorBudget
    private var unfinished: [DoorBudget.Ticket: HTTPConnection] = [:]
    /// Requests that the application or the disk has, by ticket.
    private var answering: [UInt64: HTTPConnection] = [:]
    private var pause: LoopTimer?
    var clock = HTTPDate()

    private static let acceptedAtOnce = 64
    /// What the kernel keeps of an answer for a client that reads slowly; it doubles this. Left to itself it keeps megabytes.
    private static let sendBytes: Int32 = 128 << 10
    private static let pauseMs: Int64 = 100

    /// Takes over `listener`, a listening, non-blocking socket.
    /// - Parameter prefix: paths that name their loop begin so; nil routes by load alone.
    init(
        listener: Int32, loops: [MediaLoop], tls: ServerTLSContext?, routes: ServerRoutes, prefix: String?
    ) throws(TransportError) {
        self.listener = listener
        self.loops = loops
        self.tls = tls
        self.routes = routes
        self.prefix = prefix
        var limits = loops.first?.limits ?? TransportLimits()
        if let descriptors = Descriptors.raise() { limits = limits.fitting(descriptors: descriptors) }
        loop = try MediaLoop(index: loops.count, duty: .door, limits: limits)
        budget = DoorBudget(limits)
        bindings = (loops + [loop]).map { ServerBinding(loop: $0) }
        unsafe watcher = .allocate(capacity: 1)
        let me = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe parley_ev_io_init(
            watcher,
            { _, watcher, _ in
                guard let data = unsafe watcher?.pointee.data else { return }
                unsafe Unmanaged<Door>.fromOpaque(data).takeUnretainedValue().acceptSome()
            }, listener, Int32(PARLEY_EV_READ), me)
        unsafe ev_io_start(loop.events, watcher)
        pthread_detach(loop.start())
    }

    deinit { unsafe watcher.deallocate() }

    private var binding: ServerBinding { bindings[bindings.count - 1] }
    var isDraining: Bool { binding.isDraining }

    /// The listening socket closes; connections that the kernel has made are still taken in.
    func stop() {
        // Keeps the door until the loop has let go of the listener.
        loop.post { [self] in
            guard listens else { return }
            listens = false
            while acceptOne() {}
            pause?.cancel()
            pause = nil
            unsafe ev_io_stop(loop.events, watcher)
            Glibc.close(listener)
            ended.store(true, ordering: .releasing)
        }
    }

    /// The listening socket is closed, and every connection it accepted is on the books.
    var hasEnded: Bool { ended.load(ordering: .acquiring) }

    /// Ends the thread; connections get a moment to close.
    func endThread() {
        stop()
        loop.stop(graceSeconds: 1)
    }

    // MARK: Accepting

    private func acceptSome() {
        guard listens else { return }
        for _ in 0..<Self.acceptedAtOnce where !acceptOne() { return }
    }

    /// false when there is nobody at the moment.
    private func acceptOne() -> Bool {
        guard let (descriptor, peer) = SocketAddress.accept(from: listener) else {
            switch errno {
            case EINTR, ECONNABORTED: return true
            case EMFILE, ENFILE, ENOMEM, ENOBUFS:
                makeRoom()
                return false
            default: return false
            }
        }
        var on: Int32 = 1
        var sendBytes = Self.sendBytes
        unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &sendBytes, socklen_t(MemoryLayout<Int32>.size))
        guard loop.connectionCount < loop.limits.connectionsMax else {
            turnAway(descriptor)
            return true
        }
        guard let wire = tls.map({ Wire.server(descriptor, $0) }) ?? .plain(descriptor) else { return true }
        let name = peer.peerName
        let counted = loop.limits.trustedProxies.contains(name) ? nil : peer.budgetKey
        let connection = HTTPConnection(door: self, binding: binding, wire: wire, peerAddress: name, budgetKey: counted)
        binding.noteComing()
        loop.noteArriving(1)
        loop.add(connection)
        connection.begin()
        return true
    }

    /// No descriptor is left: the connection that has waited longest goes, and the next is accepted a little later.
    private func makeRoom() {
        Log.error(
            "no file descriptor left for a new connection; raise the limit (`ulimit -n`, LimitNOFILE=)",
            from: .strangers)
        if let ticket = budget.oldest() { evict(ticket) }
        unsafe ev_io_stop(loop.events, watcher)
        let timer =
            pause
            ?? loop.makeTimer { [unowned self] in
                if listens { unsafe ev_io_start(loop.events, watcher) }
            }
        pause = timer
        timer.arm(at: .now().adding(milliseconds: Self.pauseMs))
    }

    /// Answers on a connection for which there is no room. Over TLS there is none for the handshake either.
    private func turnAway(_ descriptor: Int32) {
        defer { Glibc.close(descriptor) }
        guard tls == nil else { return }
        let problem = HTTPResponse.problem(503, detail: "There is no room for another connection.")
        var head = "HTTP/1.1 503 \(HTTPStatus.reason(503))\r\ndate: \(clock.now())\r\nretry-after: 5\r\n"
        for (name, value) in problem.headers { head += "\(name): \(value)\r\n" }
        head += "content-length: \(problem.body.count)\r\nconnection: close\r\n\r\n"
        let full = Array(head.utf8) + problem.body
        _ = unsafe full.withUnsafeBytes { bytes in
            unsafe bytes.baseAddress.map { unsafe parley_socket_send(descriptor, $0, bytes.count) }
        }
    }

    // MARK: Requests that are not complete

    func waits(_ connection: HTTPConnection) -> DoorBudget.Ticket {
        let ticket = loop.nextTicket()
        unfinished[ticket] = connection
        if let leaving = budget.enter(ticket, of: connection.budgetKey) { evict(leaving) }
        return ticket
    }

    func isComplete(_ ticket: DoorBudget.Ticket) {
        unfinished[ticket] = nil
        budget.leave(ticket)
    }

    func holds(_ bytes: Int, _ ticket: DoorBudget.Ticket) {
        var next = budget.hold(bytes, for: ticket)
        while let leaving = next {
            evict(leaving)
            next = budget.overweight()
        }
    }

    private func evict(_ ticket: DoorBudget.Ticket) {
        budget.leave(ticket)
        guard let connection = unfinished.removeValue(forKey: ticket) else { return }
        Metrics.shared.add(TransportMetrics.evicted)
        connection.giveWay()
    }

    // MARK: Complete requests

    /// Gives a whole request to the application; its answer comes back as posted work.
    func ask(_ request: HTTPRequest, for connection: HTTPConnection) -> UInt64 {
        let ticket = loop.nextTicket()
        answering[ticket] = connection
        let respond = routes.respond
        Task { [self] in
            let response = await respond(request)
            loop.post { [self] in answering.removeValue(forKey: ticket)?.answered(response, ticket: ticket) }
        }
        return ticket
    }

    /// Has the application ask whether a body is to be read; its answer comes back as posted work.
    func ask(_ question: @escaping @Sendable () async -> Admission, for connection: HTTPConnection) -> UInt64 {
        let ticket = loop.nextTicket()
        answering[ticket] = connection
        Task { [self] in
            let admission = await question()
            loop.post { [self] in answering.removeValue(forKey: ticket)?.admitted(admission, ticket: ticket) }
        }
        return ticket
    }

    /// Has something done for a connection, off this thread; what comes of it is posted back with the ticket.
    func perform<T: Sendable>(
        for connection: HTTPConnection, _ work: @escaping @Sendable () async -> T,
        then: @escaping @Sendable (HTTPConnection, T, UInt64) -> Void
    ) -> UInt64 {
        let ticket = loop.nextTicket()
        answering[ticket] = connection
        Task { [self] in
            let result = await work()
            loop.post { [self] in
                if let connection = answering.removeValue(forKey: ticket) { then(connection, result, ticket) }
            }
        }
        return ticket
    }

    func forget(_ ticket: UInt64) { answering[ticket] = nil }

    /// Hands a handshake to the loop that its path names, or to the least loaded one.
    func handOver(_ handshake: Handshake) {
        let index = Self.loopIndex(in: handshake.request.path, prefix: prefix, loops: loops.count) ?? leastLoaded()
        let (target, binding) = (loops[index], bindings[index])
        guard target.connectionCount < target.limits.connectionsMax else {
            let full = HTTPResponse.problem(503, detail: "There is no room for another connection.")
            return takeBack(handshake, full)
        }
        target.noteArriving(1)
        binding.noteComing()
        let (door, upgrade) = (self, routes.upgrade)
        target.post {
            switch upgrade(handshake.request, target) {
            case .accept(let handler):
                WebSocket.begin(handshake, on: target, binding: binding, handler: handler)
            case .refuse(let response):
                target.noteArriving(-1)
                binding.noteGone()
                door.loop.post { door.takeBack(handshake, response) }
            }
        }
    }

    /// Answers a handshake that no loop wanted.
    private func takeBack(_ handshake: Handshake, _ response: HTTPResponse) {
        let connection = HTTPConnection(
            door: self, binding: binding, wire: handshake.wire, peerAddress: handshake.request.peerAddress,
            budgetKey: nil)
        binding.noteComing()
        loop.noteArriving(1)
        loop.add(connection)
        connection.refuse(response)
    }

    /// Which loop a path names: `prefix` and a number, and perhaps more behind a slash.
    static func loopIndex(in path: String, prefix: String?, loops: Int) -> Int? {
        guard let prefix, path.hasPrefix(prefix) else { return nil }
        let digits = path.dropFirst(prefix.count).prefix { $0 != "/" }
        guard (1...4).contains(digits.utf8.count), digits.utf8.allSatisfy(\.isASCIIDigit),
            let index = Int(digits, radix: 10), index < loops
        else { return nil }
        return index
    }

    private func leastLoaded() -> Int {
        loops.indices.min { loops[$0].connectionCount < loops[$1].connectionCount } ?? 0
    }
}
