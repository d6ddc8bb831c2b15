internal import CLibWebSockets
import CallModel
import Glibc

/// A virtual host for outgoing connections of one kind; nil for plain ones.
typealias ClientHostKey = ClientTLS?

extension MediaLoop {
    /// Opens a WebSocket to a server. The name is resolved off the loop; every end, a failed connect included, arrives
    /// as `webSocketDidClose`, never from inside this call. Loop thread only.
    package func connect(_ request: WebSocketRequest, handler: any WebSocketHandler) {
        assertCurrent()
        let socket = WebSocket(loop: self, binding: nil, handler: handler, peerAddress: "")
        noteArriving(1)
        add(socket)
        socket.connect(Connector(socket: socket, request: request))
    }
}

/// One outgoing connection until it is open: resolves, tries the addresses one after another, keeps the time.
/// Loop thread only; alive while its socket is opening.
final class Connector {
    let request: WebSocketRequest
    private unowned let socket: WebSocket
    private let loop: MediaLoop
    private let deadline: MonotonicTime
    private var timer: LoopTimer?
    private var addresses: [SocketAddress] = []
    private var tls: ClientTLSContext?
    private var isTrying = false
    private(set) var isFinished = false
    private(set) var hasTimedOut = false

    init(socket: WebSocket, request: WebSocketRequest) {
        self.socket = socket
        self.request = request
        loop = socket.loop
        deadline = .now().adding(milliseconds: Int64(request.connectTimeoutMs))
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
        let ticket = loop.register(self)
        Resolver.resolve(request) { answer in
            loop.post { loop.takeConnector(ticket)?.resolved(answer) }
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
        let share = max(250, left / Int64(addresses.count))
        timer?.arm(at: addresses.count == 1 ? deadline : min(deadline, now.adding(milliseconds: share)))
        let address = addresses.removeFirst()
        isTrying = true
        attempt(address)
        if isTrying, socket.wire == nil { attemptEnded() }
    }

    private func attempt(_ address: SocketAddress) {
        guard let host = unsafe clientHost() else {
            socket.note("libwebsockets refused a virtual host for connections to \(request.host)")
            return
        }
        var flags = request.secure ? LCCSCF_USE_SSL.rawValue : 0
        flags |= LCCSCF_HTTP_NO_FOLLOW_REDIRECT.rawValue
        if request.secure, request.tls == .insecureNoVerification {
            flags |= LCCSCF_ALLOW_SELFSIGNED.rawValue | LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK.rawValue
            flags |= LCCSCF_ALLOW_EXPIRED.rawValue | LCCSCF_ALLOW_INSECURE.rawValue
        }
        let offer = request.subprotocols.isEmpty ? nil : request.subprotocols.joined(separator: ", ")
        let strings = [address.host, request.target, request.hostHeader, offer, LWSContext.subprotocols[0], "http/1.1"]
        var made: OpaquePointer?
        unsafe withCStrings(strings) { strings in
            var info = unsafe lws_client_connect_info()
            unsafe info.context = loop.context
            unsafe info.vhost = host
            unsafe info.address = strings[0]
            unsafe info.port = Int32(request.port)
            unsafe info.path = strings[1]
            unsafe info.host = strings[2]
            unsafe info.protocol = strings[3]
            unsafe info.local_protocol_name = strings[4]
            unsafe info.alpn = strings[5]
            unsafe info.ssl_connection = Int32(flags)
            unsafe info.opaque_user_data = Unmanaged<Peer>.passUnretained(socket).toOpaque()
            unsafe made = lws_client_connect_via_info(&info)
        }
        if let made = unsafe made, isTrying { socket.wire = unsafe Wire(wsi: made) }
    }

    /// The connection of the current attempt is gone, or was never made. May be inside a callback of libwebsockets.
    func attemptEnded() {
        guard isTrying, !isFinished else { return }
        isTrying = false
        loop.afterCallbacks { [self] in
            guard !isFinished else { return }
            // A server that has answered will not answer otherwise at another address.
            if addresses.isEmpty || socket.hasServerAnswered { socket.finish() } else { tryNext() }
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

    private func clientHost() -> OpaquePointer? {
        let key: ClientHostKey = request.secure ? request.tls : nil
        if let known = unsafe loop.clientHosts[key] { return unsafe known }
        if request.secure, tls == nil { return nil }
        let host = unsafe LWSContext.clientHost(
            in: loop.context, tls: request.secure ? tls : nil)
        if let host = unsafe host { unsafe loop.clientHosts[key] = host }
        if let tls { loop.keep(tls) }
        return unsafe host
    }
}
