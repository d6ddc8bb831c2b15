import CTransport
import Glibc
import Runtime

extension MediaLoop {
    /// Opens a WebSocket to a server. The name is resolved off the loop; every end, a failed connect included, arrives
    /// as `webSocketDidClose`, never from inside this call. Loop thread only.
    package func connect(_ request: WebSocketRequest, handler: any WebSocketHandler) {
        assertCurrent()
        let socket = WebSocket(loop: self, binding: nil, handler: handler, peerAddress: "")
        noteArriving(1)
        add(socket)
        let connector = Connector(socket: socket, request: request)
        socket.connector = connector
        connector.start()
    }
}

/// One outgoing connection until it is open: resolves, tries the addresses one after another, keeps the time.
/// Loop thread only; alive while its socket is opening.
final class Connector {
    /// Of one attempt.
    private enum Phase { case connecting, securing, asking, listening }

    private static let answerBytesMax = 16 << 10

    let request: WebSocketRequest
    private unowned let socket: WebSocket
    private let loop: MediaLoop
    private let deadline: MonotonicTime
    private var timer: LoopTimer?
    private var addresses: [SocketAddress] = []
    private var tls: ClientTLSContext?
    private var isTrying = false
    private var phase = Phase.connecting
    private var outgoing: [UInt8] = []
    private var outgoingNext = 0
    private var reader = HeadReader(bytesMax: answerBytesMax)
    private var key = ""
    private var hasAnswered = false
    private(set) var isFinished = false
    private(set) var hasTimedOut = false

    init(socket: WebSocket, request: WebSocketRequest) {
        self.socket = socket
        self.request = request
        loop = socket.loop
        deadline = .now().adding(milliseconds: Int64(clamping: request.connectTimeoutMs))
    }

    func start() {
        let timer = loop.makeTimer { [unowned self] in timePassed() }
        self.timer = timer
        timer.arm(at: deadline)
        if let address = SocketAddress(numeric: request.host, port: request.port), !request.secure {
            addresses = [address]
            loop.afterCallbacks { [self] in tryNext() }
            return
        }
        let (loop, request) = (loop, request)
        let ticket = loop.keep(self)
        Resolver.resolve(request) { answer in
            loop.post { (loop.handBack(ticket) as? Connector)?.resolved(answer) }
        }
    }

    private func resolved(_ answer: Result<Resolver.Answer, Resolver.Failure>) {
        guard !isFinished else { return }
        switch answer {
        case .failure(let failure):
            socket.note(failure.reason)
            socket.finish()
        case .success(let answer):
            addresses = answer.addresses
            tls = answer.tls
            tryNext()
        }
    }

    private func tryNext() {
        guard !isFinished else { return }
        let now = MonotonicTime.now()
        guard !addresses.isEmpty, now < deadline else {
            socket.note("no address of \(request.host) answers")
            socket.finish()
            return
        }
        // One address that swallows packets must not use up the time of the others.
        let left = max(1, deadline.milliseconds(since: now))
        let share = max(250, left / Int64(clamping: addresses.count))
        timer?.arm(at: addresses.count == 1 ? deadline : min(deadline, now.adding(milliseconds: share)))
        let address = addresses.removeFirst()
        isTrying = true
        attempt(address)
        if isTrying, socket.wire == nil { attemptEnded() }
    }

    private func attempt(_ address: SocketAddress) {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = Glibc.socket(address.family, kind, 0)
        guard descriptor >= 0 else { return socket.note("no socket: \(TransportError.lastSystemError())") }
        var on: Int32 = 1
        unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        guard unsafe address.withSockaddr({ unsafe Glibc.connect(descriptor, $0, $1) }) == 0 || errno == EINPROGRESS
        else {
            note(TransportError.lastSystemError())
            Glibc.close(descriptor)
            return
        }
        let wire: Wire? =
            if request.secure, let tls {
                .client(descriptor, tls, host: request.host, isNumeric: isNumeric)
            } else {
                .plain(descriptor)
            }
        guard let wire else { return note("no memory for TLS") }
        phase = .connecting
        reader = HeadReader(bytesMax: Self.answerBytesMax)
        outgoing = []
        outgoingNext = 0
        socket.wire = wire
        wire.attach(to: socket)
        wire.watchWriting(true)
    }

    private var isNumeric: Bool { SocketAddress(numeric: request.host, port: request.port) != nil }

    private func note(_ reason: String) { socket.note("cannot connect to \(request.host):\(request.port): \(reason)") }

    private func fail(_ reason: String) {
        note(reason)
        socket.doom()
    }

    // MARK: One attempt

    func wireIsReady(reading: Bool, writing: Bool) {
        guard isTrying, let wire = socket.wire else { return }
        switch phase {
        case .connecting:
            let error = parley_socket_error(wire.descriptor)
            guard error == 0 else { return fail(unsafe String(cString: strerror(error))) }
            guard writing else { return }
            phase = .securing
            secure(wire)
        case .securing: secure(wire)
        case .asking: ask(wire)
        case .listening: listen(wire)
        }
    }

    private func secure(_ wire: Wire) {
        switch wire.handshake() {
        case .pending: return
        case .failed: return fail(wire.certificateProblem ?? TransportError.lastTLSError())
        case .done: break
        }
        guard let key = WebSocketUpgrade.makeKey() else { return fail("the system has no randomness") }
        self.key = key
        var head = "GET \(request.target) HTTP/1.1\r\nHost: \(request.hostHeader)\r\nUpgrade: websocket\r\n"
        head += "Connection: Upgrade\r\nSec-WebSocket-Key: \(key)\r\nSec-WebSocket-Version: 13\r\n"
        if !request.subprotocols.isEmpty {
            head += "Sec-WebSocket-Protocol: \(request.subprotocols.joined(separator: ", "))\r\n"
        }
        for (name, value) in request.headers { head += "\(name): \(value)\r\n" }
        outgoing = Array((head + "\r\n").utf8)
        phase = .asking
        ask(wire)
    }

    private func ask(_ wire: Wire) {
        let (start, count) = (outgoingNext, outgoing.count - outgoingNext)
        let written = unsafe outgoing.withUnsafeBufferPointer { bytes -> Int? in
            guard let base = bytes.baseAddress else { return 0 }
            return unsafe wire.write(base + start, count: count)
        }
        guard let written else { return fail("the connection broke off") }
        outgoingNext += written
        guard outgoingNext == outgoing.count else { return wire.watchWriting(true) }
        outgoing = []
        phase = .listening
        // TLS may hold what the server said together with the end of its handshake.
        listen(wire)
    }

    private func listen(_ wire: Wire) {
        while isTrying, case .listening = phase {
            let buffer = unsafe loop.receiveBuffer
            switch unsafe wire.read(into: buffer, capacity: MediaLoop.receiveBytesMax) {
            case .nothing: return
            case .end, .broken: return fail("the server closed the connection before it answered")
            case .bytes(let count):
                do throws(RequestHead.Refusal) {
                    let piece = unsafe UnsafeBufferPointer(start: UnsafePointer(buffer), count: count)
                    guard case .complete(let bytes) = try unsafe reader.take(piece) else { continue }
                    heard(
                        ServerAnswer(reader.bytes[..<bytes], key: key, offered: request.subprotocols),
                        rest: reader.bytes[bytes...])
                    return
                } catch {
                    return fail("the server's answer is not HTTP")
                }
            }
        }
    }

    private func heard(_ answer: ServerAnswer, rest: ArraySlice<UInt8>) {
        hasAnswered = true
        switch answer {
        case .accepted: socket.established(early: rest)
        case .refused(let status):
            socket.closing.httpStatus = status
            fail("the server answered \(status) instead of 101")
        case .malformed(let why): fail(why)
        }
    }

    /// The connection of the current attempt is gone, or was never made. May be inside a callback of the connection.
    func attemptEnded() {
        guard isTrying, !isFinished else { return }
        isTrying = false
        loop.afterCallbacks { [self] in
            guard !isFinished else { return }
            // A server that has answered will not answer otherwise at another address.
            if addresses.isEmpty || hasAnswered { socket.finish() } else { tryNext() }
        }
    }

    private func timePassed() {
        guard !isFinished else { return }
        if MonotonicTime.now() >= deadline {
            hasTimedOut = true
            socket.note("no WebSocket from \(request.host) within \(request.connectTimeoutMs) ms", replacing: true)
            addresses = []
        }
        guard let wire = socket.wire else {
            if addresses.isEmpty { socket.finish() }
            return
        }
        wire.cut()
        socket.doom()
    }

    /// Open or given up: forget the timer and answers still to come.
    func finish() {
        isFinished = true
        timer?.cancel()
        timer = nil
    }
}
