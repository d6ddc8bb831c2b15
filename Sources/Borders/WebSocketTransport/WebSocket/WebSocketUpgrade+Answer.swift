import CTransport

extension WebSocketUpgrade {
    /// Subprotocols that a server here speaks: they carry a client's credential, or name a speech service's dialect. The first
    /// that a client offers is chosen.
    static let subprotocols = ["token", "bearer", "realtime"]

    /// The 101 of a server (RFC 6455, 4.2.2).
    var answer: String {
        var text = "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
        text += "sec-websocket-accept: \(Self.accept(key))\r\n"
        if let chosen = subprotocols.first(where: { Self.subprotocols.contains($0.lowercased()) }) {
            text += "sec-websocket-protocol: \(chosen)\r\n"
        }
        return text + "\r\n"
    }

    /// What proves that a server has read `key`, 24 characters.
    static func accept(_ key: String) -> String {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 29) { text in
            guard let start = text.baseAddress else { return "" }
            unsafe parley_websocket_accept(key, start)
            return unsafe String(cString: start)
        }
    }

    /// A key for a handshake of ours; nil when the system has no randomness.
    static func makeKey() -> String? {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 25) { text in
            guard let start = text.baseAddress, unsafe parley_websocket_key(start) else { return nil }
            return unsafe String(cString: start)
        }
    }
}
