import WebSocketTransport

/// How browsers reach the gateway, as far as cookies, origins and shares go by it.
package struct LoginSite: Sendable {
    /// No trailing slash; nil: as the request says.
    package var publicURL: String?
    /// TLS ends here.
    package var hasTLS: Bool
    /// What these say of whom they ask for is believed.
    package var trustedProxies: Set<String>

    package init(publicURL: String? = nil, hasTLS: Bool = false, trustedProxies: Set<String> = []) {
        self.publicURL = publicURL
        self.hasTLS = hasTLS
        self.trustedProxies = trustedProxies
    }

    /// Whether the browser's own connection has TLS: to us, to a proxy that says so, or to our public name.
    func isSecure(_ request: HTTPRequest) -> Bool {
        if hasTLS { return true }
        if trustedProxies.contains(request.peerAddress),
            let scheme = Self.listed(request, "x-forwarded-proto").last
        {
            return scheme.lowercased() == "https"
        }
        guard let publicURL, publicURL.hasPrefix("https://"), let host = request.header("host") else { return false }
        return publicURL.dropFirst("https://".count).prefix { $0 != "/" }.lowercased() == host.lowercased()
    }

    /// Whose share is used up: the peer, or whom a trusted proxy asks for.
    func peer(_ request: HTTPRequest) -> String {
        guard trustedProxies.contains(request.peerAddress) else { return request.peerAddress }
        // What stands left of our proxies' own entries is the client's word.
        let asked = Self.listed(request, "x-forwarded-for").last { !trustedProxies.contains($0) }
        guard let asked, asked.utf8.count <= 64 else { return request.peerAddress }
        return asked
    }

    enum Origin: Equatable {
        case ours, foreign
        /// The request does not say: no browser sent it, or it is a plain navigation.
        case unsaid
    }

    /// Which page had a browser send this.
    func origin(_ request: HTTPRequest) -> Origin {
        if let site = request.header("sec-fetch-site") {
            if site == "same-origin" { return .ours }
            if site != "none" { return .foreign }
        }
        guard request.header("origin") != nil else { return .unsaid }
        return isOwnPage(request) ? .ours : .foreign
    }

    /// Whether `Origin` names a page of the gateway's own.
    func isOwnPage(_ request: HTTPRequest) -> Bool {
        guard let origin = request.header("origin")?.lowercased() else { return false }
        var ours: Set<String> = []
        if let publicURL { ours.insert(Self.origin(of: publicURL)) }
        if let host = request.header("host") {
            ours.insert(Self.origin(of: "https://\(host)"))
            if !isSecure(request) { ours.insert(Self.origin(of: "http://\(host)")) }
        }
        return ours.contains(origin)
    }

    /// As browsers write it: without a path, and without the port that its scheme has anyway.
    package static func origin(of url: String) -> String {
        let scheme = url.prefix { $0 != ":" }.lowercased()
        let host = url.dropFirst(scheme.count + 3).prefix { $0 != "/" }.lowercased()
        let usual = scheme == "https" ? ":443" : ":80"
        return "\(scheme)://\(host.hasSuffix(usual) ? String(host.dropLast(usual.count)) : host)"
    }

    /// The entries of a list in headers, all lines of it.
    private static func listed(_ request: HTTPRequest, _ name: String) -> [String] {
        request.headers.filter { $0.name == name }.map(\.value).joined(separator: ",").split(separator: ",").map {
            String($0.drop { $0 == " " }.prefix { $0 != " " })
        }
    }
}

/// Where a browser keeps its session: out of scripts' reach, sent to us alone, and from our own pages alone.
enum SessionCookie {
    /// A browser takes `__Host-` over TLS only, for this host only: nobody can plant one from beside it.
    static func name(isSecure: Bool) -> String { isSecure ? "__Host-parley" : "parley_session" }

    /// The session's token, of a request that has one in good form.
    static func token(of request: HTTPRequest, _ site: LoginSite) -> String? {
        let start = name(isSecure: site.isSecure(request)) + "="
        for line in request.headers where line.name == "cookie" {
            for pair in line.value.split(separator: ";") {
                let pair = pair.drop { $0 == " " }
                guard pair.hasPrefix(start) else { continue }
                let token = String(pair.dropFirst(start.count))
                return LoginToken.isOne(token) ? token : nil
            }
        }
        return nil
    }

    /// - Parameter seconds: 0 takes it back.
    static func header(_ token: String, seconds: Int, isSecure: Bool) -> (name: String, value: String) {
        (
            "set-cookie",
            "\(name(isSecure: isSecure))=\(token); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Strict"
                + (isSecure ? "; Secure" : "")
        )
    }
}
