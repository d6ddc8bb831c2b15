import Endpoints
import WebSocketTransport

/// What a request brings to say who asks. One is enough, and a header goes before the cookie, which a browser adds by itself.
enum Credential: Hashable, Sendable {
    /// A JSON Web Token.
    case token(String)
    /// The digest of a program's key.
    case key(digest: String)
    /// The digest of a session's token.
    case session(digest: String)

    /// Nil when there is none. Nothing is looked up here: what is no key, and a write that another page had a browser send, is
    /// refused by its looks.
    static func read(_ request: HTTPRequest, _ site: LoginSite) throws(Problem) -> Credential? {
        let key = request.header("x-api-key")
        if request.header("authorization") != nil {
            guard key == nil else { throw .unauthorized("Send one credential: `Authorization` or `X-API-Key`.") }
            guard let token = BearerToken.header(of: request) else { throw .noToken }
            return .token(token)
        }
        if let key {
            guard KeyText.isOne(key) else { throw .unauthorized("`X-API-Key` is no key of ours.") }
            return .key(digest: Secrets.digest(key))
        }
        return try session(request, site)
    }

    /// Of a WebSocket's handshake: a browser may bring its token as a subprotocol, and adds the cookie whatever page asks, so that
    /// one is taken from our own pages alone: where a GET's answer stays out of another page's reach, what a socket says does not.
    /// Every browser names the page in `Origin`.
    static func handshake(_ request: HTTPRequest, _ site: LoginSite) throws(Problem) -> Credential? {
        if let token = BearerToken.handshake(of: request) {
            guard request.header("x-api-key") == nil else {
                throw .unauthorized("Send one credential: a token or `X-API-Key`.")
            }
            return .token(token)
        }
        let credential = try read(request, site)
        if case .session? = credential, !site.isOwnPage(request) { throw .foreignOrigin }
        return credential
    }

    /// The cookie's.
    static func session(_ request: HTTPRequest, _ site: LoginSite) throws(Problem) -> Credential? {
        guard let token = SessionCookie.token(of: request, site) else { return nil }
        // Their answers can be read by our own pages alone, and they change nothing.
        let isRead = ["GET", "HEAD"].contains(request.method)
        guard isRead || site.origin(request) == .ours else { throw .foreignOrigin }
        return .session(digest: Secrets.digest(token))
    }
}

extension Problem {
    static let foreignOrigin = Problem(
        status: 403, title: "Forbidden",
        detail: "A session writes and watches from this gateway's own pages only; programs send a token or a key.")
}
