/// Where a server listens: a numeric address and a port; port 0 takes a free one.
package struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    package let host: String
    package let port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// `127.0.0.1:8080`, `[::]:8080`, `localhost:8080`; nil when it is none of these.
    package init?(parsing text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...], radix: 10),
            (0...65_535).contains(port)
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("[") {
            guard host.hasSuffix("]") else { return nil }
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty else { return nil }
        self.init(host: host == "localhost" ? "127.0.0.1" : String(host), port: port)
    }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// Certificate chain and private key of a TLS server, both PEM files.
package struct ServerTLS: Sendable, Hashable {
    package var certificatePath: String
    package var keyPath: String

    package init(certificatePath: String, keyPath: String) {
        self.certificatePath = certificatePath
        self.keyPath = keyPath
    }
}

/// Which loop takes a WebSocket.
package enum ListenRouting: Sendable, Hashable {
    case leastLoaded
    /// A WebSocket whose path is `prefix` + n goes to loop n, so that both legs of a call share a loop; every other one to the
    /// least loaded.
    case byPathSuffix(prefix: String)
}
