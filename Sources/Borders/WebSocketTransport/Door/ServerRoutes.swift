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
    /// It takes a question to somebody else, a database above all: nothing more is read meanwhile. What is asked last decides:
    /// another `later` is a refusal.
    case later(@Sendable () async -> Admission)

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
