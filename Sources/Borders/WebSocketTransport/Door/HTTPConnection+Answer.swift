import CTransport
import Glibc
import Runtime

extension HTTPConnection {
    private static let lingerMs: Int64 = 2_000
    private static let fetchedAtOnce = 256 << 10
    /// Longer bodies are sent from where they stand, which may be the same place for many clients.
    private static let copiedMax = 64 << 10

    func answered(_ response: HTTPResponse, ticket: UInt64) {
        guard case .answering(ticket) = state else { return }
        answer(response)
    }

    func answer(_ response: HTTPResponse) {
        complete()
        body = BodyPieces()
        // To who knows no chunks, the end of the connection is the end of the body.
        if door.isDraining || response.stream != nil && !takesChunks { keepsAlive = false }
        let isSent = !isHead && Self.hasBody(response)
        let isLarge = response.body.count > Self.copiedMax
        outgoing = render(response, withBody: isSent && !isLarge)
        outgoingNext = 0
        outgoingBody = isSent && isLarge ? response.body : []
        (remaining, stream) = isSent ? (response.slice, response.stream) : (nil, nil)
        since = loop.seconds
        state = .writing
        flush()
    }

    func flush() {
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
        if !outgoingBody.isEmpty {
            swap(&outgoing, &outgoingBody)
            outgoingNext = 0
            return flush()
        }
        if let remaining, remaining.count > 0 { return fetch(remaining) }
        remaining = nil
        if let stream { return pull(stream) }
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

    /// The next piece of an answer from disk.
    private func fetch(_ slice: FileSlice) {
        let ticket = door.perform(for: self) {
            slice.file.read(at: slice.offset, count: min(slice.count, Self.fetchedAtOnce))
        } then: {
            $0.fetched($1, ticket: $2)
        }
        state = .fetching(ticket: ticket)
    }

    private func fetched(_ bytes: [UInt8]?, ticket: UInt64) {
        guard !isDoomed, case .fetching(ticket) = state, var slice = remaining else { return }
        // Fewer bytes than were promised: the connection's end is what tells the client so.
        guard let bytes, !bytes.isEmpty else { return doom() }
        slice.offset += bytes.count
        slice.count -= bytes.count
        (remaining, outgoing, outgoingNext) = (slice, bytes, 0)
        since = loop.seconds
        state = .writing
        flush()
    }

    /// The next piece of an answer that is made while it is sent.
    private func pull(_ stream: BodyStream) {
        let ticket = door.perform(for: self) {
            await stream.next()
        } then: {
            $0.pulled($1, ticket: $2)
        }
        state = .fetching(ticket: ticket)
    }

    private func pulled(_ piece: [UInt8]?, ticket: UInt64) {
        guard !isDoomed, case .fetching(ticket) = state else { return }
        guard let piece else { return doom() }
        if piece.isEmpty { stream = nil }
        (outgoing, outgoingNext) = (takesChunks ? BodyStream.chunk(piece) : piece, 0)
        since = loop.seconds
        state = .writing
        flush()
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

    func linger() {
        switch wire?.discard() {
        case .end, .broken, nil: doom()
        case .nothing, .bytes: break
        }
    }

    func sendNow(_ text: String) {
        let bytes = Array(text.utf8)
        _ = unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe bytes.baseAddress.flatMap { unsafe wire?.write($0, count: bytes.count) }
        }
    }

    private static func hasBody(_ response: HTTPResponse) -> Bool {
        response.status >= 200 && response.status != 204 && response.status != 304
    }

    private func render(_ response: HTTPResponse, withBody: Bool) -> [UInt8] {
        let hasBody = Self.hasBody(response)
        var head = "HTTP/1.1 \(response.status) \(HTTPStatus.reason(response.status))\r\ndate: \(door.clock.now())\r\n"
        for (name, value) in response.headers where HTTPStatus.isSafe(name: name, value: value) {
            head += "\(name): \(value)\r\n"
        }
        if hasBody, response.stream == nil {
            head += "content-length: \(response.slice?.count ?? response.body.count)\r\n"
        } else if hasBody, takesChunks {
            head += "transfer-encoding: chunked\r\n"
        }
        let offersUpgrade = response.headers.contains { $0.name == "upgrade" }
        let options = [offersUpgrade ? "upgrade" : nil, keepsAlive ? nil : "close"].compactMap { $0 }
        if !options.isEmpty { head += "connection: \(options.joined(separator: ", "))\r\n" }
        head += "\r\n"
        var out = Array(head.utf8)
        if withBody, response.slice == nil, response.stream == nil { out += response.body }
        return out
    }

    /// To `OPTIONS *`.
    static let methodsOfAll = HTTPResponse(
        status: 204, headers: [(name: "allow", value: RequestHead.methods.sorted().joined(separator: ", "))])

    static func unavailable(_ detail: String) -> HTTPResponse {
        var response = HTTPResponse.problem(503, detail: detail)
        response.headers.append((name: "retry-after", value: "5"))
        return response
    }
}
