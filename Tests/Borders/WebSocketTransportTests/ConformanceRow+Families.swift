@testable import WebSocketTransport

extension ConformanceRow {
    private static let end = "Connection: close\r\n\r\n"

    /// Names that parsers of our kind know by heart. What begins like one is another header.
    private static let knownNames = [
        "Accept-Charset", "Accept-Encoding", "Accept-Language", "Accept-Ranges", "Access-Control-Allow-Origin",
        "Access-Control-Request-Headers", "Age", "Allow", "Authorization", "Cache-Control", "Connection",
        "Content-Disposition",
        "Content-Encoding", "Content-Language", "Content-Length", "Content-Location", "Content-Range", "Content-Type",
        "Cookie", "Date",
        "ETag", "Expect", "Expires", "Forwarded", "From", "Host", "If-Match", "If-Modified-Since", "If-None-Match",
        "If-Range",
        "If-Unmodified-Since", "Keep-Alive", "Last-Modified", "Link", "Location", "Max-Forwards", "Origin", "Pragma",
        "Proxy-Authenticate", "Proxy-Authorization", "Range", "Referer", "Retry-After", "Sec-WebSocket-Accept",
        "Sec-WebSocket-Extensions", "Sec-WebSocket-Key", "Sec-WebSocket-Protocol", "Sec-WebSocket-Version", "Server",
        "Set-Cookie",
        "Strict-Transport-Security", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "User-Agent", "Vary", "Via",
        "Warning",
        "WWW-Authenticate", "X-Auth-Token", "X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP", "X-Twilio-Signature",
        "I-Twilio-Idempotency-Token", "Replay-Nonce", "DNT", "Priority",
    ]

    /// Every proper prefix of a known name that is not a name with a meaning here itself.
    static let prefixes: [String] = {
        let meant = Set([
            "host", "te", "expect", "connection", "upgrade", "content-length", "transfer-encoding", "authorization",
        ])
        let all = Set(knownNames.flatMap { name in (1..<name.count).map { String(name.prefix($0)) } })
        return all.filter { !meant.contains($0.lowercased()) }.sorted()
    }()

    /// A header of such a name where the next line counts: before the length of a body that looks like a request, before a
    /// credential, and last.
    static let prefixRows = prefixes.flatMap { name in
        let inner = "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n"
        let length = "Content-Length: \(inner.utf8.count)\r\n"
        let token = "Authorization: Bearer good\r\n"
        let line = "\(name): a\r\n"
        let answer = "POST /p [] \(inner.utf8.count) bytes, Bearer good"
        return [
            "Host: x\r\n\(token)\(line)\(length)Connection: close\r\n",
            "Host: x\r\n\(length)\(line)\(token)Connection: close\r\n",
            "\(line)Host: x\r\n\(length)\(token)Connection: close\r\n",
            "Host: x\r\n\(token)\(length)Connection: close\r\n\(line)",
        ].map {
            ConformanceRow(
                "\(name) among \($0.prefix(60))", "POST /p HTTP/1.1\r\n\($0)\r\n\(inner)", 200, answers: answer)
        }
    }

    /// A byte that no head can have, put in at every place of one.
    static let strayBytes = {
        let head = Array("POST /p?a=b HTTP/1.1\r\nHost: x\r\nX: y\r\nContent-Length: 3\r\n\(end)".utf8)
        return head.indices.flatMap { place in
            [0x00, 0x0A, 0x0B, 0x0C, 0x0D, 0x1B, 0x7F].map { (byte: UInt8) in
                var sent = head
                sent.insert(byte, at: place)
                // A line feed before the last one ends the head where it stands; the rest is the body.
                let isEnd = byte == 0x0A && place == head.count - 1
                return ConformanceRow("byte \(byte) at \(place)", sent + Array("abc\r\n\r\n".utf8), [isEnd ? 200 : 400])
            }
        }
    }()

    /// A line end that is none, in place of each line end of a head.
    static let lineEnds = {
        let lines = ["GET /p HTTP/1.1", "Host: x", "X: y", "Connection: close", ""]
        return lines.indices.flatMap { place in
            ["\n", "\r", "\n\r", "\r\r\n", "\r\n\n", "\u{B}", "\r\n\r"].compactMap { wrong -> ConformanceRow? in
                // In place of the last line end some of these stand behind a whole head.
                guard place < lines.count - 1 || ["\n", "\n\r"].contains(wrong) else { return nil }
                let text = lines.indices.map { lines[$0] + ($0 == place ? wrong : "\r\n") }.joined() + "\r\n\r\n"
                return ConformanceRow("\(wrong.debugDescription) behind line \(place)", text, 400)
            }
        }
    }()

    static let methodsAndVersions = [
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY", "CONNECT", "GETX", "Get", "PRI",
    ]
    .flatMap { method in
        ["HTTP/1.1", "HTTP/1.0", "HTTP/1.9", "HTTP/2.0", "HTTP/3.0", "HTTP/0.9", "HTTP/1", "XTTP/1.1", ""].map {
            version in
            let isKnown = RequestHead.known.contains(method)
            let status =
                switch version {
                case "HTTP/1.1", "HTTP/1.0", "HTTP/1.9": isKnown ? 200 : 501
                case "HTTP/2.0", "HTTP/3.0", "HTTP/0.9": 505
                default: 400
                }
            return ConformanceRow("\(method) \(version)", "\(method) /mv \(version)\r\nHost: x\r\n\(end)", status)
        }
    }

    /// A header whose value has a stray white space or comma somewhere: lists may, lengths and hosts may not.
    static let listForms = [
        "close", " close", "close ", "\tclose\t", ",close", "close,", ",,close,,", "a,close", "close,a",
        "a , close , b", "CLOSE",
    ]
    .map {
        ConformanceRow(
            "Connection: \($0.debugDescription)", "GET /l HTTP/1.1\r\nHost: x\r\nConnection: \($0)\r\n\r\n", 200)
    }

    static let families = prefixRows + strayBytes + lineEnds + methodsAndVersions + listForms
}
