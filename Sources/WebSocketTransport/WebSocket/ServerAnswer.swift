/// What a server answers to a WebSocket handshake of ours, parsed strictly.
enum ServerAnswer: Equatable {
    case accepted
    /// Another status than 101.
    case refused(status: Int)
    /// Not what RFC 6455, 4.1 asks for; the sentence says why.
    case malformed(String)

    /// - Parameters:
    ///   - bytes: status line, header fields, empty line.
    ///   - key: what the handshake sent as Sec-WebSocket-Key.
    init(_ bytes: ArraySlice<UInt8>, key: String, offered: [String]) {
        var rest = bytes
        guard let line = FieldLines.cutLine(&rest), rest.suffix(2).elementsEqual([0x0D, 0x0A]), line.count >= 12,
            line.starts(with: "HTTP/1.".utf8),
            let status = Int(String(decoding: line.dropFirst(9).prefix(3), as: UTF8.self)),
            (100...999).contains(status)
        else {
            self = .malformed("the server's answer is not HTTP")
            return
        }
        guard status == 101 else {
            self = .refused(status: status)
            return
        }
        guard let fields = try? FieldLines.parse(rest.dropLast(2)) else {
            self = .malformed("the server's answer has a malformed header")
            return
        }
        func values(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }
        guard FieldLines.list("upgrade", in: fields) == ["websocket"],
            FieldLines.list("connection", in: fields).contains("upgrade"),
            values("sec-websocket-accept") == [WebSocketUpgrade.accept(key)]
        else {
            self = .malformed("the server's answer is not that of a WebSocket")
            return
        }
        let chosen = values("sec-websocket-protocol")
        guard values("sec-websocket-extensions").isEmpty, chosen.count <= 1, chosen.allSatisfy({ offered.contains($0) })
        else {
            self = .malformed("the server chose an extension or a subprotocol that was not offered")
            return
        }
        self = .accepted
    }
}
