import Encoding

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
        guard let line = FieldLines.cutLine(&rest), rest.suffix(2).elementsEqual([0x0D, 0x0A]),
            let status = Self.status(line)
        else {
            self = .malformed("the server's answer is not HTTP")
            return
        }
        guard status == 101 else {
            self = .refused(status: status)
            return
        }
        guard line.starts(with: "HTTP/1.1".utf8) else {
            self = .malformed("the server's answer is of HTTP/1.0, which has no upgrade")
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

    /// The three digits of `HTTP/1.1 101 Switching Protocols`; the words behind them may be missing (RFC 9112, 4).
    private static func status(_ line: ArraySlice<UInt8>) -> Int? {
        let (version, rest) = (line.prefix(9), line.dropFirst(9))
        let (digits, words) = (rest.prefix(3), rest.dropFirst(3))
        guard version.elementsEqual("HTTP/1.1 ".utf8) || version.elementsEqual("HTTP/1.0 ".utf8), digits.count == 3,
            digits.allSatisfy(\.isASCIIDigit), words.isEmpty || words.first == 0x20,
            let status = Int(String(decoding: digits, as: UTF8.self), radix: 10), status >= 100
        else { return nil }
        return status
    }
}
