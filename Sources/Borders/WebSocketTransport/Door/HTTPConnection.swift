import CTransport
import Glibc
import Runtime

/// One HTTP/1.1 connection at the door: its requests one at a time, until it ends or becomes a WebSocket elsewhere.
final class HTTPConnection: Peer {
    enum State {
        case handshaking
        /// Reads a head, or waits for one.
        case reading
        case readingBody(HTTPRequest, expected: Int)
        /// The application asks somebody whether the body is to be read; with what came behind the head.
        case admitting(HTTPRequest, RequestHead, rest: [UInt8], ticket: UInt64)
        /// The disk has a piece of the body.
        case storing(HTTPRequest, expected: Int, ticket: UInt64)
        /// The application has the request.
        case answering(ticket: UInt64)
        case writing
        /// The disk, or whoever makes the answer, is asked for its next piece.
        case fetching(ticket: UInt64)
        /// The last answer is out; what the client still sends is thrown away for a while, since closing at once would
        /// reset the connection and could take the answer with it.
        case lingering
        case ended
    }

    /// Whom its unfinished requests are counted for; nil for nobody.
    let budgetKey: UInt64?
    let door: Door
    private let peerAddress: String
    var state = State.handshaking
    /// The loop's second in which what the state waits for began.
    var since: Int
    var reader: HeadReader
    var body = BodyPieces()
    /// Bytes of the body that went to disk.
    private var storedBytes = 0
    private var terms = RequestTerms()
    private var ticket: DoorBudget.Ticket?
    var answeredCount = 0
    private(set) var isHead = false
    var keepsAlive = true
    /// Something that the client sent was not read.
    private(set) var hasUnread = false
    var outgoing: [UInt8] = []
    var outgoingNext = 0
    /// What follows ``outgoing``.
    var outgoingBody: [UInt8] = []
    /// What is still to be sent from disk.
    var remaining: FileSlice?
    /// What is still to be made and sent.
    var stream: BodyStream?
    private(set) var takesChunks = true
    var lingerTimer: LoopTimer?

    private static let storedAtOnce = 256 << 10
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
        case .admitting, .storing, .answering, .fetching, .ended: break
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
        takesChunks = head.takesChunks
        let request = HTTPRequest(
            method: isHead ? "GET" : head.method, path: head.target.path, query: head.target.query,
            target: head.target.raw, headers: head.fields, peerAddress: peerAddress, isHandshake: head.upgrade != nil)
        // One request at a time: what came behind it is not read, and the connection ends with its answer.
        if rest.count > head.bodyBytes { (keepsAlive, hasUnread) = (false, true) }
        if request.path == "*" { return answerUnread(Self.methodsOfAll, head) }
        if head.upgrade != nil, hasUnread {
            return refuseMalformed(.malformed("Nothing may follow a WebSocket handshake before its answer."))
        }
        if head.upgrade != nil, door.isDraining {
            return answerUnread(Self.unavailable("This server is going away."), head)
        }
        switch door.routes.admit(request) {
        case .later(let question):
            wire?.watchReading(false)
            since = loop.seconds
            let ticket = door.ask(question, for: self)
            state = .admitting(request, head, rest: Array(rest), ticket: ticket)
        case let admission: admitted(request, head, rest, admission)
        }
    }

    /// What was asked about the head is answered.
    func admitted(_ admission: Admission, ticket: UInt64) {
        guard !isDoomed, case .admitting(let request, let head, let rest, ticket) = state else { return }
        since = loop.seconds
        wire?.watchReading(true)
        admitted(request, head, rest[...], admission)
    }

    private func admitted(
        _ request: HTTPRequest, _ head: RequestHead, _ rest: ArraySlice<UInt8>, _ admission: Admission
    ) {
        var request = request
        switch admission {
        case .later: return answerUnread(Self.unavailable("There is no answer to this."), head)
        case .refuse(let response): return answerUnread(response, head)
        case .read(let terms):
            self.terms = terms
            let limit = terms.bodyBytesMax ?? loop.limits.httpBodyBytesMax
            guard head.bodyBytes <= limit else {
                return answerUnread(.problem(413, detail: "The request's body is above \(limit) bytes."), head)
            }
        }
        if let upgrade = head.upgrade {
            complete()
            state = .ended
            // The loop lets go of this connection outside of its callbacks only.
            return loop.afterCallbacks { [self] in leave(request, upgrade) }
        }
        storedBytes = 0
        guard head.bodyBytes > rest.count || terms.goesToDisk && head.bodyBytes > 0 else {
            request.body = Array(rest.prefix(head.bodyBytes))
            return ask(request)
        }
        body = BodyPieces()
        unsafe rest.prefix(head.bodyBytes).withUnsafeBufferPointer { unsafe body.append($0) }
        since = loop.seconds
        state = .readingBody(request, expected: head.bodyBytes)
        if let ticket, !terms.goesToDisk { door.holds(rest.count, ticket) }
        if head.expectsContinue, rest.isEmpty, case .readingBody = state { sendNow("HTTP/1.1 100 Continue\r\n\r\n") }
        readBody()
    }

    /// Answers a request whose body stays unread. A connection that went on would take that body for a request: one of whoever
    /// comes next by the same proxy.
    private func answerUnread(_ response: HTTPResponse, _ head: RequestHead) {
        if head.bodyBytes > 0 { (keepsAlive, hasUnread) = (false, true) }
        answer(response)
    }

    private func readBody() {
        guard !isDoomed, case .readingBody(var request, let expected) = state else { return }
        while let wire, storedBytes + body.count < expected {
            if terms.goesToDisk, body.count >= Self.storedAtOnce { return store(request, expected) }
            let buffer = unsafe loop.receiveBuffer
            switch unsafe wire.read(into: buffer, capacity: MediaLoop.receiveBytesMax) {
            case .nothing: return
            case .end, .broken: return doom()
            case .bytes(let count):
                let wanted = min(count, expected - storedBytes - body.count)
                unsafe body.append(UnsafeBufferPointer(start: buffer, count: wanted))
                if wanted < count { (keepsAlive, hasUnread) = (false, true) }
                if let ticket, !terms.goesToDisk { door.holds(wanted, ticket) }
                guard !isDoomed else { return }
            }
        }
        if terms.goesToDisk { return store(request, expected) }
        request.body = body.take()
        ask(request)
    }

    /// Nothing more is read until the disk has what is there.
    private func store(_ request: HTTPRequest, _ expected: Int) {
        wire?.watchReading(false)
        let piece = body.take()
        storedBytes += piece.count
        let (file, directory) = (request.bodyFile, loop.limits.bodyDirectory)
        let ticket = door.perform(for: self) { () -> BodyFile? in
            let file = file ?? (try? BodyFile(temporaryIn: directory))
            return file?.append(piece) == true ? file : nil
        } then: {
            $0.stored(in: $1, ticket: $2)
        }
        state = .storing(request, expected: expected, ticket: ticket)
    }

    private func stored(in file: BodyFile?, ticket: UInt64) {
        guard !isDoomed, case .storing(var request, let expected, ticket) = state else { return }
        guard let file else {
            (keepsAlive, hasUnread) = (false, true)
            return answer(Self.unavailable("There is no room for the request's body."))
        }
        request.bodyFile = file
        guard storedBytes < expected else { return ask(request) }
        state = .readingBody(request, expected: expected)
        wire?.watchReading(true)
        readBody()
    }

    /// The request is there: it no longer counts as unfinished.
    func complete() {
        if let ticket { door.isComplete(ticket) }
        ticket = nil
    }

    /// It is the client's turn, to send or to take: such connections are counted, and give way where there are too many.
    func waitForClient() { if ticket == nil { ticket = door.waits(self) } }

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
        case .readingBody, .storing:
            if waited > terms.bodySeconds ?? limits.handshakeTimeoutSeconds { giveUp() }
        case .admitting(_, _, _, let ticket):
            guard waited > limits.httpResponseTimeoutSeconds else { return }
            door.forget(ticket)
            (keepsAlive, hasUnread) = (false, true)
            answer(Self.unavailable("There was no answer in time."))
        case .answering(let ticket):
            guard waited > terms.answerSeconds ?? limits.httpResponseTimeoutSeconds else { return }
            door.forget(ticket)
            keepsAlive = false
            answer(Self.unavailable("There was no answer in time."))
        case .writing, .fetching:
            if waited > limits.httpResponseTimeoutSeconds { doom() }
        case .lingering, .ended:
            return
        }
    }

    /// The request did not come in time.
    private func giveUp() {
        if case .storing(_, _, let ticket) = state { door.forget(ticket) }
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
        switch state {
        case .answering(let ticket), .storing(_, _, let ticket), .fetching(let ticket), .admitting(_, _, _, let ticket):
            door.forget(ticket)
        default: break
        }
        complete()
        state = .ended
        body = BodyPieces()
        (remaining, stream) = (nil, nil)
        lingerTimer?.cancel()
        lingerTimer = nil
        loop.remove(self)
        binding?.noteGone()
    }
}
