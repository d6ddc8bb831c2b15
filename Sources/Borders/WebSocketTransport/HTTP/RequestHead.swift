import Encoding

/// Request line and header fields of one HTTP/1.1 request, parsed strictly (RFC 9112): what two parsers could read in two
/// ways is refused, so nothing can be smuggled past a proxy in front of us.
struct RequestHead {
    var method: String
    var target: RequestTarget
    var fields: FieldLines.Fields
    /// Bytes of body that follow; 0 when none are announced.
    var bodyBytes: Int
    /// The client may send another request on this connection.
    var keepsAlive: Bool
    /// The client knows bodies in chunks: all but those of HTTP/1.0.
    var takesChunks: Bool
    /// The client waits for our word before it sends its body.
    var expectsContinue: Bool
    /// `Upgrade: websocket` with all that belongs to it.
    var upgrade: WebSocketUpgrade?

    /// Why a request is not one, and the status that says so.
    struct Refusal: Error, Equatable {
        var status: Int
        var detail: String
        var headers: [String: String] = [:]

        static func malformed(_ detail: String) -> Refusal { Refusal(status: 400, detail: detail) }
    }

    /// Those that some address takes.
    static let methods: Set<String> = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    /// Those that are passed on: an address that takes no TRACE says what it takes (RFC 9110, 15.5.6).
    static let known = methods.union(["TRACE", "QUERY"])
    private static let methodBytesMax = 32

    /// - Parameter bytes: from the request's first byte to the CRLF of its empty line, both included.
    init(_ bytes: ArraySlice<UInt8>) throws(Refusal) {
        var rest = bytes
        guard let line = FieldLines.cutLine(&rest), rest.suffix(2).elementsEqual([0x0D, 0x0A]) else {
            throw .malformed("The request line does not end in CRLF.")
        }
        let parts = line.split(separator: 0x20, omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[0].isEmpty, parts[0].count <= Self.methodBytesMax,
            parts[0].allSatisfy(FieldLines.isTokenByte), line.allSatisfy({ $0 > 0x1F && $0 < 0x7F })
        else { throw .malformed("The request line is not `method target HTTP/1.1`.") }
        method = String(decoding: parts[0], as: UTF8.self)
        let isOld = try Self.isHTTP10(parts[2])
        guard Self.known.contains(method) else {
            throw Refusal(status: 501, detail: "This method is not known here.")
        }
        do throws(RequestTarget.Refusal) {
            target = try RequestTarget(parts[1], method: method)
        } catch {
            switch error {
            case .malformed: throw .malformed("The request target is malformed.")
            case .tooLong: throw Refusal(status: 414, detail: "The request target is above 8,192 bytes.")
            }
        }
        do throws(FieldLines.Refusal) {
            fields = try FieldLines.parse(rest.dropLast(2))
        } catch {
            switch error {
            case .malformed: throw .malformed("A header line is malformed.")
            case .tooMany: throw Refusal(status: 431, detail: "There are more than 100 header lines.")
            }
        }
        try Self.checkHost(fields, isOld: isOld)
        if let authority = target.authority {
            // The Host field counts no more (RFC 9112, 3.2.2).
            fields.removeAll { $0.name == "host" }
            fields.append((name: "host", value: authority))
        }
        bodyBytes = try Self.bodyBytes(fields, isOld: isOld)
        let connection = FieldLines.list("connection", in: fields)
        keepsAlive = !isOld && !connection.contains("close")
        takesChunks = !isOld
        expectsContinue = false
        let expectations = FieldLines.list("expect", in: fields)
        if !isOld, !expectations.isEmpty {
            guard expectations == ["100-continue"] else {
                throw Refusal(status: 417, detail: "The only expectation known here is 100-continue.")
            }
            expectsContinue = true
        }
        upgrade = nil
        if !isOld, connection.contains("upgrade"), FieldLines.list("upgrade", in: fields).contains("websocket") {
            upgrade = try WebSocketUpgrade(method: method, bodyBytes: bodyBytes, fields: fields)
        }
    }

    private static func isHTTP10(_ version: ArraySlice<UInt8>) throws(Refusal) -> Bool {
        let text = Array(version)
        guard text.count == 8, text.starts(with: "HTTP/".utf8), text[6] == UInt8(ascii: "."),
            text[5].isASCIIDigit, text[7].isASCIIDigit
        else { throw .malformed("The request line is not `method target HTTP/1.1`.") }
        guard text[5] == UInt8(ascii: "1") else { throw Refusal(status: 505, detail: "Only HTTP/1.1 is spoken here.") }
        return text[7] == UInt8(ascii: "0")
    }

    private static func checkHost(_ fields: FieldLines.Fields, isOld: Bool) throws(Refusal) {
        let hosts = fields.filter { $0.name == "host" }
        guard hosts.count == 1 || isOld && hosts.isEmpty else {
            throw .malformed("A request has exactly one Host header.")
        }
        for host in hosts where !HostField.isValid(Array(host.value.utf8)[...]) {
            throw .malformed("The Host header is malformed.")
        }
    }

    /// RFC 9112, 6.3. A body without a length in front of it is refused: 411 where the client can mend that.
    private static func bodyBytes(_ fields: FieldLines.Fields, isOld: Bool) throws(Refusal) -> Int {
        let lengths = fields.filter { $0.name == "content-length" }
        if fields.contains(where: { $0.name == "transfer-encoding" }) {
            let codings = FieldLines.list("transfer-encoding", in: fields)
            guard lengths.isEmpty, !isOld, codings.last == "chunked", codings.filter({ $0 == "chunked" }).count == 1
            else { throw .malformed("The length of the body is not clear.") }
            guard codings == ["chunked"] else {
                throw Refusal(status: 501, detail: "This transfer coding is not known here.")
            }
            throw Refusal(status: 411, detail: "Send a Content-Length instead of Transfer-Encoding.")
        }
        guard let length = lengths.first else { return 0 }
        guard lengths.count == 1, !length.value.isEmpty, length.value.utf8.allSatisfy(\.isASCIIDigit)
        else { throw .malformed("The Content-Length is malformed.") }
        // More digits than fit are a body above any limit.
        return Int(length.value, radix: 10) ?? .max
    }
}

/// What a WebSocket handshake says besides its request (RFC 6455, 4.2.1).
struct WebSocketUpgrade: Equatable {
    /// 24 characters of Base64.
    var key: String
    /// As offered, in order.
    var subprotocols: [String]

    init(method: String, bodyBytes: Int, fields: FieldLines.Fields) throws(RequestHead.Refusal) {
        func values(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }
        guard method == "GET", bodyBytes == 0 else { throw .malformed("A WebSocket handshake is a GET without body.") }
        let versions = values("sec-websocket-version")
        guard !versions.isEmpty else { throw .malformed("A WebSocket handshake names its version.") }
        guard versions == ["13"] else {
            throw RequestHead.Refusal(
                status: 426, detail: "WebSocket version 13 is spoken here.",
                headers: ["sec-websocket-version": "13", "upgrade": "websocket"])
        }
        let keys = values("sec-websocket-key")
        guard keys.count == 1, Self.isKey(Array(keys[0].utf8)) else {
            throw .malformed("The Sec-WebSocket-Key is not one of 16 bytes in Base64.")
        }
        key = keys[0]
        subprotocols = values("sec-websocket-protocol").flatMap { value in
            value.split(separator: ",").map { String(decoding: FieldLines.trimmed(Array($0.utf8)[...]), as: UTF8.self) }
        }
        guard subprotocols.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(FieldLines.isTokenByte) }) else {
            throw .malformed("The Sec-WebSocket-Protocol is malformed.")
        }
    }

    /// 22 characters of Base64, the last with four zero bits at its end, and `==`.
    private static func isKey(_ bytes: [UInt8]) -> Bool {
        func isBase64(_ byte: UInt8) -> Bool {
            byte.isASCIILetterOrDigit
                || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "/")
        }
        return bytes.count == 24 && bytes[..<22].allSatisfy(isBase64) && bytes[22...].elementsEqual("==".utf8)
            && "AQgw".utf8.contains(bytes[21])
    }
}
