/// One HTTP/1.1 request with its whole body. Everything in it is untrusted.
package struct HTTPRequest: Sendable {
    /// Upper case: `GET`, `POST`, …
    package var method: String
    /// Percent-encoding undone; begins with `/`, or is `*`.
    package var path: String
    /// After the `?` as it came; empty when there is none.
    package var query: String
    /// Path and query byte for byte as they came, the `?` included where there was one: what signatures are over.
    package var target: String
    /// Names in lower case.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    /// The body, where its address wants it on disk; ``body`` is empty then.
    package var bodyFile: BodyFile?
    /// The TCP peer's numeric address; behind a proxy, the proxy's.
    package var peerAddress: String

    package init(
        method: String, path: String, query: String = "", target: String? = nil,
        headers: [(name: String, value: String)] = [], body: [UInt8] = [], peerAddress: String = "127.0.0.1"
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.target = target ?? (query.isEmpty ? path : "\(path)?\(query)")
        self.headers = headers
        self.body = body
        self.peerAddress = peerAddress
    }

    /// The header's value, or nil; `name` in any case.
    package func header(_ name: String) -> String? {
        let name = name.lowercased()
        return headers.first { $0.name == name }?.value
    }
}

/// What a request is answered with. `content-length`, `date`-like framing and `connection` are the transport's business.
package struct HTTPResponse: Sendable {
    package var status: Int
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    /// Sent instead of ``body``, piece by piece.
    package var slice: FileSlice?

    package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    package static func empty(_ status: Int) -> HTTPResponse { HTTPResponse(status: status) }

    package static func text(_ text: String, status: Int = 200) -> HTTPResponse {
        make(status, "text/plain; charset=utf-8", Array(text.utf8))
    }

    package static func json(_ body: [UInt8], status: Int = 200) -> HTTPResponse {
        make(status, "application/json", body)
    }

    package static func json(_ text: String, status: Int = 200) -> HTTPResponse {
        json(Array(text.utf8), status: status)
    }

    package static func xml(_ text: String, status: Int = 200) -> HTTPResponse {
        make(status, "text/xml; charset=utf-8", Array(text.utf8))
    }

    private static func make(_ status: Int, _ type: String, _ body: [UInt8]) -> HTTPResponse {
        HTTPResponse(status: status, headers: [(name: "content-type", value: type)], body: body)
    }
}

/// How a request is read and answered, by its address.
package struct RequestTerms: Equatable, Sendable {
    /// A body above this is answered 413; nil: the transport's own limit.
    package var bodyBytesMax: Int?
    /// From the head to the end of the body; then 408. nil: the transport's own limit.
    package var bodySeconds: Int?
    /// From the whole request to the answer; then 503. nil: the transport's own limit.
    package var answerSeconds: Int?
    /// The body goes into ``HTTPRequest/bodyFile`` as it comes, and never into memory as a whole.
    package var goesToDisk: Bool

    package init(
        bodyBytesMax: Int? = nil, bodySeconds: Int? = nil, answerSeconds: Int? = nil, goesToDisk: Bool = false
    ) {
        self.bodyBytesMax = bodyBytesMax
        self.bodySeconds = bodySeconds
        self.answerSeconds = answerSeconds
        self.goesToDisk = goesToDisk
    }
}

/// What to do with a request whose head is there and whose body is not: looked at on the door's thread, so do no slow work.
package enum Admission: Sendable {
    /// Read on.
    case read(RequestTerms)
    /// Answer at once, read no body.
    case refuse(HTTPResponse)

    package static func admit(bodyBytesMax: Int? = nil) -> Admission {
        .read(RequestTerms(bodyBytesMax: bodyBytesMax))
    }
}

/// What to do with a WebSocket handshake that was admitted, decided on the loop that will own the socket: do no slow work
/// here.
package enum UpgradeDecision {
    case accept(any WebSocketHandler)
    case refuse(HTTPResponse)
}

/// The application behind a server.
package struct ServerRoutes: Sendable {
    package var respond: @Sendable (HTTPRequest) async -> HTTPResponse
    package var upgrade: @Sendable (HTTPRequest, MediaLoop) -> UpgradeDecision
    package var admit: @Sendable (HTTPRequest) -> Admission

    /// - Parameters:
    ///   - respond: answers a plain request; runs in a task of its own, off the loop. HEAD comes as GET, and its answer's
    ///     body stays here.
    ///   - upgrade: answers a WebSocket handshake; runs on the loop that will own the socket.
    ///   - admit: looks at path and credentials before the body is read, and before a handshake reaches a loop with calls:
    ///     what it refuses costs those nothing.
    package init(
        respond: @escaping @Sendable (HTTPRequest) async -> HTTPResponse,
        upgrade: @escaping @Sendable (HTTPRequest, MediaLoop) -> UpgradeDecision,
        admit: @escaping @Sendable (HTTPRequest) -> Admission = { _ in .admit() }
    ) {
        self.respond = respond
        self.upgrade = upgrade
        self.admit = admit
    }
}
