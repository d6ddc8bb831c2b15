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
    /// It asks to become a WebSocket, and may (RFC 6455, 4.2.1). An `Upgrade` to anything else is none of it: such a request is
    /// answered as if it had none (RFC 9110, 7.8).
    package var isHandshake: Bool

    package init(
        method: String, path: String, query: String = "", target: String? = nil,
        headers: [(name: String, value: String)] = [], body: [UInt8] = [], peerAddress: String = "127.0.0.1",
        isHandshake: Bool = false
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.target = target ?? (query.isEmpty ? path : "\(path)?\(query)")
        self.headers = headers
        self.body = body
        self.peerAddress = peerAddress
        self.isHandshake = isHandshake
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
    /// Made and sent instead of ``body``, piece by piece.
    package var stream: BodyStream?

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
