import WebSocketTransport

/// Where a request carries its token. Never in its address: proxies write addresses into their logs.
enum BearerToken {
    /// The first of our subprotocols; a token follows it.
    private static let scheme = "bearer"

    static func header(of request: HTTPRequest) -> String? {
        guard let value = request.header("authorization") else { return nil }
        let words = value.split(separator: " ")
        return words.count == 2 && words[0].lowercased() == scheme ? String(words[1]) : nil
    }

    /// A browser's WebSocket sets no headers: `Sec-WebSocket-Protocol: bearer, <jwt>` stands in.
    static func handshake(of request: HTTPRequest) -> String? {
        let lines = request.headers.filter { $0.name == "sec-websocket-protocol" }.map(\.value)
        let offers = lines.joined(separator: ",").split(separator: ",").map { offer in
            String(offer.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" })
        }
        let at = offers.firstIndex { $0.lowercased() == scheme }
        let offered = at.flatMap { at in at + 1 < offers.count ? offers[at + 1] : nil }
        return header(of: request) ?? offered
    }
}
