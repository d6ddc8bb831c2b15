import Encoding

/// A WebSocket to be opened by us.
package struct WebSocketRequest: Sendable {
    package let url: String
    package let headers: [(String, String)]
    package let subprotocols: [String]
    package let connectTimeoutMs: Int
    package let tls: ClientTLS

    let secure: Bool
    /// Without brackets when it is an IPv6 address.
    let host: String
    let port: Int
    /// Path and query, beginning with `/`.
    let target: String

    private static let textBytesMax = 8 << 10

    /// - Parameters:
    ///   - url: `ws://` or `wss://`, host, optional port, path and query. No user information, no fragment.
    ///   - headers: sent with the handshake (`Authorization`).
    ///   - connectTimeoutMs: from ``MediaLoop/connect(_:handler:)`` to the 101, name resolution and TLS included.
    package init(
        url: String, headers: [(String, String)] = [], subprotocols: [String] = [], connectTimeoutMs: Int = 5_000,
        tls: ClientTLS = .systemTrust
    ) throws(TransportError) {
        self.url = url
        self.headers = headers
        self.subprotocols = subprotocols
        self.connectTimeoutMs = connectTimeoutMs
        self.tls = tls
        for (name, value) in headers where !Self.isToken(name) || !Self.isFieldValue(value) {
            throw .invalidHeader(name: name)
        }
        for name in subprotocols where name.isEmpty || name.contains(",") || !Self.isFieldValue(name) {
            throw .invalidHeader(name: "Sec-WebSocket-Protocol")
        }
        var rest: Substring
        if url.hasPrefix("ws://") {
            secure = false
            rest = url.dropFirst(5)
        } else if url.hasPrefix("wss://") {
            secure = true
            rest = url.dropFirst(6)
        } else {
            throw .invalidURL(url)
        }
        guard url.utf8.count <= Self.textBytesMax, url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            !url.contains("#")
        else { throw .invalidURL(url) }
        let authorityEnd = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let authority = rest[..<authorityEnd]
        rest = rest[authorityEnd...]
        target = rest.isEmpty ? "/" : rest.hasPrefix("/") ? String(rest) : "/" + rest
        guard let (host, port) = Self.split(authority, defaultPort: secure ? 443 : 80) else { throw .invalidURL(url) }
        self.host = host
        self.port = port
    }

    /// Value of the Host header.
    var hostHeader: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (secure ? 443 : 80) ? name : "\(name):\(port)"
    }

    private static func split(_ authority: Substring, defaultPort: Int) -> (String, Int)? {
        guard !authority.contains("@") else { return nil }
        var host = authority
        var port = defaultPort
        if authority.hasPrefix("[") {
            guard let close = authority.firstIndex(of: "]") else { return nil }
            host = authority[authority.index(after: authority.startIndex)..<close]
            let tail = authority[authority.index(after: close)...]
            guard tail.isEmpty || tail.hasPrefix(":") else { return nil }
            if !tail.isEmpty {
                guard let number = Int(tail.dropFirst(), radix: 10) else { return nil }
                port = number
            }
        } else if let colon = authority.firstIndex(of: ":") {
            host = authority[..<colon]
            guard let number = Int(authority[authority.index(after: colon)...], radix: 10) else { return nil }
            port = number
        }
        guard !host.isEmpty, host.utf8.count <= 253, (1...65_535).contains(port) else { return nil }
        return (String(host), port)
    }

    private static func isToken(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 128
            && name.utf8.allSatisfy { byte in
                byte.isASCIILetterOrDigit
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            }
    }

    private static func isFieldValue(_ value: String) -> Bool {
        value.utf8.count <= textBytesMax && value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }
}
