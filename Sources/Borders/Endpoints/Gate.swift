package import Encoding
import FoundationEssentials
package import WebSocketTransport

/// Who may use an address.
package enum Access: Equatable, Sendable {
    case anybody
    /// Who speaks for a user with this role at least: by token, key or session.
    case role(APIRole)
    /// A browser's session, and neither token nor key.
    case session(APIRole)
    /// The carrier, by its signature over address and body.
    case carrier
    /// This machine, or the metrics' own token.
    case metrics
    /// What a WebSocket handshake brings, which its address looks at itself.
    case handshake
}

/// Who was found to be asking.
package enum Caller: Equatable, Sendable {
    case nobody
    case user(VerifiedToken)
    /// Somebody with a credential in good form, whose it is has to be looked up.
    case claimed
    /// With its form: of a POST the body, of a GET the query.
    case carrier([FormField])
}

/// Finds out who asks: by the head, before a byte of the body is read, and by the whole request where a signature covers it.
package struct Gate: Sendable {
    /// On the door's thread: asks nobody, waits for nothing.
    package var head: @Sendable (HTTPRequest) throws(Problem) -> Caller
    /// May ask the database.
    package var whole: @Sendable (HTTPRequest) async throws(Problem) -> Caller

    package init(
        head: @escaping @Sendable (HTTPRequest) throws(Problem) -> Caller,
        whole: (@Sendable (HTTPRequest) async throws(Problem) -> Caller)? = nil
    ) {
        self.head = head
        self.whole = whole ?? head
    }

    static let open = Gate { _ throws(Problem) in .nobody }
}

/// The gates of one gateway. Without the one that an address asks for, nobody passes.
package struct Gates: Sendable {
    /// Tokens and keys.
    package var user: Gate?
    package var session: Gate?
    package var carrier: Gate?
    package var metrics: Gate?

    package init(user: Gate? = nil, session: Gate? = nil, carrier: Gate? = nil, metrics: Gate? = nil) {
        self.user = user
        self.session = session
        self.carrier = carrier
        self.metrics = metrics
    }

    func gate(for access: Access) throws(Problem) -> Gate {
        let gate: Gate? =
            switch access {
            case .anybody, .handshake: .open
            case .role: user
            case .session: session
            case .carrier: carrier
            case .metrics: metrics
            }
        guard let gate else { throw .nothingHere }
        return gate
    }

    /// Whether what was found is enough: who only claims to be somebody is nobody.
    static func check(_ caller: Caller, for access: Access) throws(Problem) {
        switch access {
        case .anybody, .handshake, .carrier, .metrics: return
        case .role(let role), .session(let role):
            guard case .user(let token) = caller else { throw .nothingHere }
            guard token.principal.role.includes(role) else { throw .forbidden(role) }
        }
    }
}
