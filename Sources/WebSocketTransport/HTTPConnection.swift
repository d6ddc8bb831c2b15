internal import CLibWebSockets
import CallModel
import Glibc

/// One HTTP/1.1 connection to a server: its requests one after another, until it ends or becomes a WebSocket.
final class HTTPConnection: Peer {
    private enum State {
        /// Waits for a request, since the given second of the loop.
        case waiting(since: Int)
        case readingBody(PendingRequest, since: Int)
        /// The responder has the request.
        case answering(ticket: UInt64, since: Int)
        case writing(since: Int)
        /// The last answer is out; what the client still sends is thrown away for a while, since closing at once would
        /// reset the connection and could take the answer with it.
        case lingering
        case ended
    }

    private struct PendingRequest {
        var request: HTTPRequest
        var expected: Int
    }

    private let server: ServerBinding
    private var state: State
    private var answered = 0
    private var isHead = false
    private var keepsAlive = true
    /// `PARLEY_LWS_PRE` bytes of room, head, body.
    private var outgoing: [UInt8] = []
    private var outgoingNext = 0
    private var lingerTimer: LoopTimer?
    private var lastCallTimer: LoopTimer?
    private let peerAddress: String

    private static let writeBytes = 256 << 10
    private static let lingerMs: Int64 = 2_000
    private static let lastCallMs: Int64 = 500

    init(loop: MediaLoop, server: ServerBinding, peerAddress: String) {
        self.server = server
        self.peerAddress = peerAddress
        state = .waiting(since: loop.seconds)
        super.init(loop: loop, binding: server)
    }

    // MARK: Callbacks

    func headersComplete() -> Int32 {
        guard let wire, case .waiting = state else { return -1 }
        wire.disarmTimeout()
        let lines = unsafe HTTPHeaders(wsi: wire.wsi)
        guard let method = lines.method, let path = lines.path else { return refuse(.empty(400)) }
        let (headers, bytes) = lines.all()
        isHead = method == "HEAD"
        var request = HTTPRequest(
            method: method, path: path, query: lines.query, headers: headers, peerAddress: peerAddress)
        keepsAlive =
            lines.value(WSI_TOKEN_HTTP)?.hasSuffix("1.1") == true
            && request.header("connection")?.lowercased().contains("close") != true && !server.isDraining
        guard bytes <= loop.limits.httpHeaderBytesMax else {
            return refuse(.text("request headers above \(loop.limits.httpHeaderBytesMax) bytes\n", status: 431))
        }
        guard request.header("transfer-encoding") == nil else {
            return refuse(.text("send a content-length instead of transfer-encoding\n", status: 411))
        }
        var expected = 0
        if let text = request.header("content-length") {
            guard text.utf8.count <= 12, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let length = Int(text)
            else { return refuse(.text("malformed content-length\n", status: 400)) }
            expected = length
        } else if ["POST", "PUT", "PATCH"].contains(method) {
            // libwebsockets now waits for a body without end; we do not.
            keepsAlive = false
        }
        guard expected <= loop.limits.httpBodyBytesMax else {
            return refuse(.text("request body above \(loop.limits.httpBodyBytesMax) bytes\n", status: 413))
        }
        guard expected > 0 else {
            hand(request)
            return 0
        }
        if request.header("expect")?.lowercased() == "100-continue" {
            writeNow(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))
        }
        request.body.reserveCapacity(expected)
        state = .readingBody(PendingRequest(request: request, expected: expected), since: loop.seconds)
        return 0
    }

    func bodyPiece(_ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int32 {
        guard case .readingBody(var pending, _) = state else { return 0 }
        state = .ended
        unsafe pending.request.body.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
        guard pending.request.body.count <= pending.expected else { return -1 }
        state = .readingBody(pending, since: loop.seconds)
        return 0
    }

    func bodyComplete() -> Int32 {
        guard case .readingBody(let pending, _) = state else { return 0 }
        hand(pending.request)
        return 0
    }

    func becameWritable() -> Int32 {
        guard let wire, case .writing = state else { return 0 }
        let count = min(outgoing.count - outgoingNext, Self.writeBytes)
        if count > 0 {
            let start = outgoingNext
            let written = unsafe outgoing.withUnsafeMutableBufferPointer { bytes in
                guard let base = bytes.baseAddress else { return false }
                return unsafe wire.write(base + start, count: count, as: .http)
            }
            guard written else { return -1 }
            outgoingNext += count
            state = .writing(since: loop.seconds)
        }
        if outgoingNext < outgoing.count {
            wire.askWritable()
            return 0
        }
        outgoing = []
        answered += 1
        guard keepsAlive else { return -1 }
        state = .waiting(since: loop.seconds)
        return unsafe lws_http_transaction_completed(wire.wsi) == 0 ? 0 : -1
    }

    /// A WebSocket handshake, or another upgrade: 0 lets libwebsockets go on to the 101, 1 says that it is answered.
    func confirmUpgrade() -> Int32 {
        guard let wire, case .waiting = state else { return -1 }
        wire.disarmTimeout()
        let lines = unsafe HTTPHeaders(wsi: wire.wsi)
        // libwebsockets has already answered an upgrade it does not know, and its strings are gone.
        guard lines.isPresent, lines.length(WSI_TOKEN_UPGRADE) > 0 else { return -1 }
        keepsAlive = false
        let (headers, bytes) = lines.all()
        guard let path = lines.path else { return answerUpgrade(.empty(400)) }
        let request = HTTPRequest(
            method: lines.method ?? "", path: path, query: lines.query, headers: headers, peerAddress: peerAddress)
        guard bytes <= loop.limits.httpHeaderBytesMax else { return answerUpgrade(.empty(431)) }
        guard let problem = handshakeProblem(request) else {
            guard !server.isDraining else {
                return answerUpgrade(HTTPResponse(status: 503, headers: [(name: "retry-after", value: "5")]))
            }
            switch server.routes.upgrade(request, loop) {
            case .refuse(let response):
                return answerUpgrade(response)
            case .accept(let handler):
                let socket = WebSocket(loop: loop, binding: server, handler: handler, peerAddress: peerAddress)
                state = .ended
                loop.replace(self, by: socket)
                return 0
            }
        }
        return answerUpgrade(problem)
    }

    private func handshakeProblem(_ request: HTTPRequest) -> HTTPResponse? {
        guard request.method == "GET", request.header("upgrade")?.lowercased() == "websocket",
            request.header("connection")?.lowercased().contains("upgrade") == true,
            request.header("host")?.isEmpty == false, request.header("sec-websocket-key")?.utf8.count == 24
        else { return .text("not a WebSocket handshake\n", status: 400) }
        guard request.header("sec-websocket-version") == "13" else {
            return HTTPResponse(status: 426, headers: [(name: "sec-websocket-version", value: "13")])
        }
        if let offered = request.header("sec-websocket-protocol") {
            let names = offered.split(separator: ",").map { $0.drop { $0 == " " } }
            guard offered.utf8.count < 120, names.contains(where: { LWSContext.subprotocols.contains(String($0)) })
            else { return .text("no known subprotocol offered\n", status: 400) }
        }
        return nil
    }

    // MARK: Answers

    /// Gives a whole request to the responder; its answer comes back as posted work.
    private func hand(_ request: HTTPRequest) {
        let ticket = loop.nextTicket()
        state = .answering(ticket: ticket, since: loop.seconds)
        // Pipelined requests stay in the kernel until this one is answered.
        wire?.letRead(false)
        loop.exchanges[ticket] = self
        let (loop, respond) = (loop, server.routes.respond)
        Task {
            let response = await respond(request)
            loop.post { loop.exchanges.removeValue(forKey: ticket)?.answer(response, ticket: ticket) }
        }
    }

    private func answer(_ response: HTTPResponse, ticket: UInt64) {
        guard case .answering(ticket, _) = state, let wire else { return }
        if server.isDraining { keepsAlive = false }
        outgoing = render(response)
        outgoingNext = Int(PARLEY_LWS_PRE)
        state = .writing(since: loop.seconds)
        // Writability is not reported to a connection whose reading is held back.
        wire.letRead(true)
        wire.askWritable()
    }

    /// An answer to what never becomes a request: write, then linger, then close.
    private func refuse(_ response: HTTPResponse) -> Int32 {
        keepsAlive = false
        guard let wire, writeNow(Array(render(response).dropFirst(Int(PARLEY_LWS_PRE)))) else { return -1 }
        state = .lingering
        wire.letRead(false)
        if !wire.isTLS { Glibc.shutdown(wire.descriptor, Int32(SHUT_WR)) }
        let end = MonotonicTime.now().adding(milliseconds: Self.lingerMs)
        let timer = loop.makeTimer { [unowned self] in linger(until: end) }
        lingerTimer = timer
        timer.arm(at: .now().adding(milliseconds: 5))
        return 0
    }

    private func linger(until end: MonotonicTime) {
        guard let wire else { return }
        var budget = 64
        var count = 1
        while count > 0, budget > 0 {
            count = parley_socket_discard(wire.descriptor, 64 << 10)
            budget -= 1
        }
        // 0: the client has closed; below: nothing there at the moment, or broken.
        if count == 0 || (count < 0 && errno != EAGAIN) || MonotonicTime.now() >= end {
            doom()
        } else {
            lingerTimer?.arm(at: .now().adding(milliseconds: 20))
        }
    }

    private func answerUpgrade(_ response: HTTPResponse) -> Int32 {
        state = .ended
        return writeNow(Array(render(response).dropFirst(Int(PARLEY_LWS_PRE)))) ? 1 : -1
    }

    @discardableResult private func writeNow(_ bytes: [UInt8]) -> Bool {
        guard let wire, !wire.isPartial, bytes.count <= MediaLoop.sendBytesMax else { return false }
        let start = unsafe loop.sendBuffer + Int(PARLEY_LWS_PRE)
        for (index, byte) in bytes.enumerated() { unsafe start[index] = byte }
        return unsafe wire.write(start, count: bytes.count, as: .http)
    }

    private func render(_ response: HTTPResponse) -> [UInt8] {
        let hasBody = response.status >= 200 && response.status != 204 && response.status != 304
        var head = "HTTP/1.1 \(response.status) \(HTTPStatus.reason(response.status))\r\n"
        for (name, value) in response.headers where HTTPStatus.isSafe(name: name, value: value) {
            head += "\(name): \(value)\r\n"
        }
        if hasBody { head += "content-length: \(response.body.count)\r\n" }
        head += keepsAlive ? "\r\n" : "connection: close\r\n\r\n"
        var out = [UInt8](repeating: 0, count: Int(PARLEY_LWS_PRE))
        out.reserveCapacity(out.count + head.utf8.count + response.body.count)
        out += Array(head.utf8)
        if hasBody, !isHead { out += response.body }
        return out
    }

    // MARK: Time and end

    override func tick() {
        let limits = loop.limits
        switch state {
        case .waiting(let since):
            let patience = answered == 0 ? limits.handshakeTimeoutSeconds : limits.httpIdleTimeoutSeconds
            guard loop.seconds - since > patience else { return }
            if answered == 0 { sendTimeout() }
            doom()
        case .readingBody(_, let since):
            guard loop.seconds - since > limits.handshakeTimeoutSeconds else { return }
            sendTimeout()
            doom()
        case .answering(let ticket, let since):
            guard loop.seconds - since > limits.httpResponseTimeoutSeconds else { return }
            loop.exchanges.removeValue(forKey: ticket)
            keepsAlive = false
            answer(HTTPResponse(status: 503, headers: [(name: "retry-after", value: "5")]), ticket: ticket)
        case .writing(let since):
            if loop.seconds - since > limits.httpResponseTimeoutSeconds { doom() }
        case .lingering, .ended:
            return
        }
    }

    private func sendTimeout() {
        guard let wire, !wire.isTLS else { return }
        let bytes = Array("HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".utf8)
        _ = unsafe bytes.withUnsafeBytes { bytes in
            unsafe bytes.baseAddress.map { unsafe parley_socket_send(wire.descriptor, $0, bytes.count) }
        }
    }

    /// A connection that waits for its next request ends. One that was just made, or has bytes to read, gets a moment
    /// for its request first: whoever sent it could not know.
    override func goAway() {
        keepsAlive = false
        guard case .waiting = state, let wire, lastCallTimer == nil else { return }
        var byte: UInt8 = 0
        let unread = unsafe parley_socket_peek(wire.descriptor, &byte, 1)
        guard answered == 0 || unread > 0 else { return doom() }
        let timer = loop.makeTimer { [weak self] in
            guard let self, case .waiting = state else { return }
            doom()
        }
        lastCallTimer = timer
        timer.arm(at: .now().adding(milliseconds: Self.lastCallMs))
    }

    override func wireGone() {
        if case .answering(let ticket, _) = state { loop.exchanges.removeValue(forKey: ticket) }
        state = .ended
        lingerTimer?.cancel()
        lingerTimer = nil
        lastCallTimer?.cancel()
        lastCallTimer = nil
        loop.remove(self)
        binding?.noteGone()
    }
}
