/// A URL taken apart just far enough to write it as Twilio may have signed it: user info and fragment gone, the port
/// there or not. Path and query stay as they are, byte for byte.
struct SignedURL {
    let scheme: Substring
    let host: Substring
    let port: Substring?
    /// From the first `/` or `?` after the host, without fragment.
    let rest: Substring

    /// Nil without scheme or host.
    init?(_ url: String) {
        let bare = url[..<(url.firstIndex(of: "#") ?? url.endIndex)]
        guard let colon = bare.firstIndex(of: ":"), bare[colon...].hasPrefix("://") else { return nil }
        scheme = bare[..<colon]
        let afterScheme = bare[colon...].dropFirst(3)
        let end = afterScheme.firstIndex { $0 == "/" || $0 == "?" } ?? afterScheme.endIndex
        rest = afterScheme[end...]
        var authority = afterScheme[..<end]
        if let at = authority.lastIndex(of: "@") { authority = authority[authority.index(after: at)...] }
        // The colons inside the brackets of an IPv6 address are not the port's.
        let searched = authority.lastIndex(of: "]").map { authority[$0...] } ?? authority
        if let portColon = searched.lastIndex(of: ":") {
            host = authority[..<portColon]
            port = authority[authority.index(after: portColon)...]
        } else {
            host = authority
            port = nil
        }
        guard !scheme.isEmpty, !host.isEmpty else { return nil }
    }

    /// Without port, and with the one given or else the scheme's own.
    var callbackCandidates: [String] {
        let own = scheme == "https" || scheme == "wss" ? "443" : "80"
        return ["\(scheme)://\(host)\(rest)", "\(scheme)://\(host):\(port ?? own[...])\(rest)"]
    }

    /// The same, and `:443`, each also with a slash at its end. None for a scheme other than `wss` or `ws`.
    var webSocketCandidates: [String] {
        guard scheme == "wss" || scheme == "ws" else { return [] }
        var candidates = callbackCandidates
        let standard = "\(scheme)://\(host):443\(rest)"
        if scheme == "wss", !candidates.contains(standard) { candidates.append(standard) }
        guard !rest.contains("?"), !rest.hasSuffix("/") else { return candidates }
        return candidates + candidates.map { $0 + "/" }
    }
}
