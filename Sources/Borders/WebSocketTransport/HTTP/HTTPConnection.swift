import CTransport
import Glibc
import Runtime

/// One HTTP/1.1 connection at the door: its requests one at a time, until it ends or becomes a WebSocket elsewhere.
final class HTTPConnection: Peer {
    private enum State {
        case handshaking
        /// Reads a head, or waits for one.
        case reading
        case readingBody(HTTPRequest, expected: Int)
        /// The application has the request.
        case answering(ticket: UInt64)
        case writing
        /// The last answer is out; what the client still sends is thrown away for a while, since closing at once would
        /// reset the connection and could take the answer with it.
        case lingering
        case ended
    }

    /// Whom its unfinished requests are counted for; nil for nobody.
    let budgetKey: UInt64?
    private let door: Door
    private let peerAddress: String
    private var state = State.handshaking
    /// The loop's second in which what the state waits for began.
    private var since: Int
    private var reader: HeadReader
    private var body = BodyPieces()
    private var ticket: DoorBudget.Ticket?
    private var answeredCount = 0
    private var isHead = false
    private var keepsAlive = true
    /// Something that the client sent was not read.
    private var hasUnread = false
    private var outgoing: [UInt8] = []
    private var outgoingNext = 0
    private var lingerTimer: LoopTimer?

    private static let lingerMs: Int64 = 2_000
    private static let lastCallMs: Int64 = 500

    init(door: Door, binding: ServerBinding, wire: Wire, peerAddress: String, budgetKey: UInt64?) {
        self.door = door
        self.peerAddress = peerAddress
        self.budgetKey = budgetKey
        since = door.loop.seconds
        reader = HeadReader(bytesMax: door.loop.limits.httpHeaderBytesMax)
        super.init(loop: door.loop, binding: binding)
        self.wire = wire
    }

    /// A connection that was just accepted.
    func begin() {
        waitForClient()
        wire?.attach(to: self)
    }

    /// Answers at once and ends: a handshake that nobody wanted.
    func refuse(_ response: HTTPResponse) {
        wire?.attach(to: self)
        keepsAlive = false
        answer(response)
    }

    override func wireIsReady(reading: Bool, writing: Bool) {
        switch state {
        case .handshaking: handshake()
        case .reading: if reading { readHead() }
        case .readingBody: if reading { readBody() }
        case .writing: if writing { flush() }
        case .lingering: if reading { linger() }
        case .answering, .ended: break
        }
    }

    private func handshake() {
        switch wire?.handshake() {
        case .done:
            state = .reading
            readHead()
        case .pending: break
        case .failed, nil: doom()
        }
    }

    // MARK: Reading

    private func readHead() {
        while case .reading = state, let wire {
            let buffer = unsafe loop.receiveBuffer
            switch unsafe wire.read(into: buffer, capacity: MediaLoop.receiveBytesMax) {
            case .nothing: return
            case .end, .broken: return doom()
            case .bytes(let count):
                if reader.isEmpty, answeredCount > 0 { since = loop.seconds }
                do throws(RequestHead.Refusal) {
                    let piece = unsafe UnsafeBufferPointer(start: UnsafePointer(buffer), count: count)
                    guard case .complete(let bytes) = try unsafe reader.take(piece) else { continue }
                    let head = try RequestHead(reader.bytes[..<bytes])
                    received(head, rest: reader.bytes[bytes...])
                } catch {
                    hasUnread = true
                    isHead = reader.bytes.starts(with: "HEAD ".utf8)
                    refuseMalformed(error)
                }
            }
        }
    }

    private func refuseMalformed(_ refusal: RequestHead.Refusal) {
        keepsAlive = false
        var response = HTTPResponse.problem(refusal.status, detail: refusal.detail)
        for (name, value) in refusal.headers.sorted(by: { $0.key < $1.key }) { response.headers.append((name, value)) }
        answer(response)
    }

    private func received(_ head: RequestHead, rest: ArraySlice<UInt8>) {
        isHead = head.method == "HEAD"
        keepsAlive = head.keepsAlive && !door.isDraining
        var request = HTTPRequest(
            method: isHead ? "GET" : head.method, path: head.target.path, query: head.target.query,
            target: head.target.raw, headers: head.fields, peerAddress: peerAddress)
        // One request at a time: what came behind it is not read, and the connection ends with its answer.
        if rest.count > head.bodyBytes { (keepsAlive, hasUnread) = (false, true) }
        if request.path == "*" {
            return answer(
                HTTPResponse(
                    status: 204, headers: [(name: "allow", value: RequestHead.methods.sorted().joined(separator: ", "))]
                ))
        }
        if head.upgrade != nil, hasUnread {
            return refuseMalformed(.malformed("Nothing may follow a WebSocket handshake before its answer."))
        }
        if head.upgrade != nil, door.isDraining { return answer(Self.unavailable("This server is going away.")) }
        switch door.routes.admit(request) {
        case .refuse(let response):
            if head.bodyBytes > 0 { (keepsAlive, hasUnread) = (false, true) }
            return answer(response)
        case .admit(let limit):
            let limit = limit ?? loop.limits.httpBodyBytesMax
            guard head.bodyBytes <= limit else {
                (keepsAlive, hasUnread) = (false, true)
                return answer(.problem(413, detail: "The request's body is above \(limit) bytes."))
            }
        }
        if let upgrade = head.upgrade {
            complete()
            state = .ended
            // The loop lets go of this connection outside of its callbacks only.
            return loop.afterCallbacks { [self] in leave(request, upgrade) }
        }
        guard head.bodyBytes > rest.count else {
            request.body = Array(rest.prefix(head.bodyBytes))
            return ask(request)
        }
        body = BodyPieces()
        unsafe rest.withUnsafeBufferPointer { unsafe body.append($0) }
        since = loop.seconds
        state = .readingBody(request, expected: head.bodyBytes)
        if let ticket { door.holds(rest.count, ticket) }
        if head.expectsContinue, rest.isEmpty, case .readingBody = state { sendNow("HTTP/1.1 100 Continue\r\n\r\n") }
        readBody()
    }

    private func readBody() {
        guard !isDoomed, case .readingBody(var request, let expected) = state else { return }
        while let wire, body.count < expected {
            let buffer = unsafe loop.receiveBuffer
            switch unsafe wire.read(into: buffer, capacity: MediaLoop.receiveBytesMax) {
            case .nothing: return
            case .end, .broken: return doom()
            case .bytes(let count):
                let wanted = min(count, expected - body.count)
                unsafe body.append(UnsafeBufferPointer(start: buffer, count: wanted))
                if wanted < count { (keepsAlive, hasUnread) = (false, true) }
                if let ticket { door.holds(wanted, ticket) }
                guard !isDoomed else { return }
            }
        }
        request.body = body.take()
        ask(request)
    }

    /// The request is there: it no longer counts as unfinished.
    private func complete() {
        if let ticket { door.isComplete(ticket) }
        ticket = nil
    }

    /// It is the client's turn, to send or to take: such connections are counted, and give way where there are too many.
    private func waitForClient() { if ticket == nil { ticket = door.waits(self) } }

    private func ask(_ request: HTTPRequest) {
        complete()
        // What comes behind the request stays in the kernel until this one is answered.
        wire?.watchReading(false)
        since = loop.seconds
        state = .answering(ticket: door.ask(request, for: self))
    }

    /// Becomes a WebSocket on another loop.
    private func leave(_ request: HTTPRequest, _ upgrade: WebSocketUpgrade) {
        guard let wire, !isDoomed else { return }
        wire.detach()
        self.wire = nil
        wireGone()
        loop.noteDeparture()
        door.handOver(Handshake(request: request, upgrade: upgrade, wire: wire))
    }

    // MARK: Answering

    func answered(_ response: HTTPResponse, ticket: UInt64) {
        guard case .answering(ticket) = state else { return }
        answer(response)
    }

    private func answer(_ response: HTTPResponse) {
        complete()
        body = BodyPieces()
        if door.isDraining { keepsAlive = false }
        outgoing = render(response)
        outgoingNext = 0
        since = loop.seconds
        state = .writing
        flush()
    }

    private func flush() {
        guard let wire else { return }
        let count = outgoing.count - outgoingNext
        let written = unsafe outgoing.withUnsafeBufferPointer { bytes -> Int? in
            guard let base = bytes.baseAddress else { return 0 }
            return unsafe wire.write(base + outgoingNext, count: count)
        }
        guard let written else { return doom() }
        outgoingNext += written
        if written > 0 { since = loop.seconds }
        guard outgoingNext == outgoing.count else {
            waitForClient()
            wire.watchReading(false)
            return wire.watchWriting(true)
        }
        outgoing = []
        answeredCount += 1
        guard keepsAlive else { return beginLingering() }
        reader = HeadReader(bytesMax: loop.limits.httpHeaderBytesMax)
        since = loop.seconds
        state = .reading
        complete()
        waitForClient()
        wire.watchReading(true)
        // TLS may hold a part of the next request already, where no event tells of it.
        if wire.isTLS { wire.readAgain() }
    }

    private func beginLingering() {
        guard let wire else { return }
        var byte: UInt8 = 0
        let waiting = unsafe parley_socket_peek(wire.descriptor, &byte, 1)
        wire.finishWriting()
        guard hasUnread || waiting > 0 else { return doom() }
        state = .lingering
        waitForClient()
        wire.watchReading(true)
        let timer = loop.makeTimer { [unowned self] in doom() }
        lingerTimer = timer
        timer.arm(at: .now().adding(milliseconds: Self.lingerMs))
    }

    private func linger() {
        switch wire?.discard() {
        case .end, .broken, nil: doom()
        case .nothing, .bytes: break
        }
    }

    private func sendNow(_ text: String) {
        let bytes = Array(text.utf8)
        _ = unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe bytes.baseAddress.flatMap { unsafe wire?.write($0, count: bytes.count) }
        }
    }

    private func render(_ response: HTTPResponse) -> [UInt8] {
        let hasBody = response.status >= 200 && response.status != 204 && response.status != 304
        var head = "HTTP/1.1 \(response.status) \(HTTPStatus.reason(response.status))\r\ndate: \(door.clock.now())\r\n"
        for (name, value) in response.headers where HTTPStatus.isSafe(name: name, value: value) {
            head += "\(name): \(value)\r\n"
        }
        if hasBody { head += "content-length: \(response.body.count)\r\n" }
        let offersUpgrade = response.headers.contains { $0.name == "upgrade" }
        let options = [offersUpgrade ? "upgrade" : nil, keepsAlive ? nil : "close"].compactMap { $0 }
        if !options.isEmpty { head += "connection: \(options.joined(separator: ", "))\r\n" }
        head += "\r\n"
        var out = Array(head.utf8)
        if hasBody, !isHead { out += response.body }
        return out
    }

    private static func unavailable(_ detail: String) -> HTTPResponse {
        var response = HTTPResponse.problem(503, detail: detail)
        response.headers.append((name: "retry-after", value: "5"))
        return response
    }

    // MARK: Time and end

    override func tick() {
        let limits = loop.limits
        let waited = loop.seconds - since
        switch state {
        case .handshaking:
            if waited > limits.handshakeTimeoutSeconds { doom() }
        case .reading:
            let isIdle = answeredCount > 0 && reader.isEmpty
            guard waited > (isIdle ? limits.httpIdleTimeoutSeconds : limits.handshakeTimeoutSeconds) else { return }
            if isIdle { doom() } else { giveUp() }
        case .readingBody:
            if waited > limits.handshakeTimeoutSeconds { giveUp() }
        case .answering(let ticket):
            guard waited > limits.httpResponseTimeoutSeconds else { return }
            door.forget(ticket)
            keepsAlive = false
            answer(Self.unavailable("There was no answer in time."))
        case .writing:
            if waited > limits.httpResponseTimeoutSeconds { doom() }
        case .lingering, .ended:
            return
        }
    }

    /// The request did not come in time.
    private func giveUp() {
        (keepsAlive, hasUnread) = (false, true)
        answer(.problem(408, detail: "The request did not come in time."))
    }

    /// Another connection needs this one's place.
    func giveWay() {
        ticket = nil
        keepsAlive = false
        // Now, not when the loop's turn is over: others read on in the same turn.
        body = BodyPieces()
        // An answer would be read by nobody who only holds the connection open; one that is cut may try again.
        doom()
    }

    /// A connection that waits for its next request ends. One that was just made, or has bytes to read, gets a moment
    /// for its request first: whoever sent it could not know.
    override func goAway() {
        keepsAlive = false
        switch state {
        case .handshaking, .reading: break
        default: return
        }
        guard let wire, lingerTimer == nil else { return }
        var byte: UInt8 = 0
        let unread = unsafe parley_socket_peek(wire.descriptor, &byte, 1)
        guard answeredCount == 0 || unread > 0 || !reader.isEmpty else { return doom() }
        let timer = loop.makeTimer { [weak self] in
            guard let self else { return }
            switch state {
            case .handshaking, .reading: doom()
            default: break
            }
        }
        lingerTimer = timer
        timer.arm(at: .now().adding(milliseconds: Self.lastCallMs))
    }

    override func wireGone() {
        if case .answering(let ticket) = state { door.forget(ticket) }
        complete()
        state = .ended
        body = BodyPieces()
        lingerTimer?.cancel()
        lingerTimer = nil
        loop.remove(self)
        binding?.noteGone()
    }
}
