@testable import WebSocketTransport

extension ConformanceRow {
    private static let end = "Connection: close\r\n\r\n"
    private static func get(_ target: String, _ lines: String = "") -> String {
        "GET \(target) HTTP/1.1\r\nHost: x\r\n\(lines)\(end)"
    }
    private static let key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    private static let version = "Sec-WebSocket-Version: 13\r\n"
    private static let upgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\n"

    /// Row by row; families made by rule stand in their own file.
    static let table: [ConformanceRow] = lines + targets + hosts + lengths + codings + expectations + upgrades + behind

    private static let lines = [
        ConformanceRow("a plain request", get("/"), 200, answers: "GET / [] 0 bytes"),
        ConformanceRow("an empty line before it", "\r\n" + get("/"), 200),
        ConformanceRow("two empty lines before it", "\r\n\r\n" + get("/"), 400),
        ConformanceRow("a line feed before it", "\n" + get("/"), 400),
        ConformanceRow("a space before it", " " + get("/"), 400),
        ConformanceRow("a method in lower case", "get / HTTP/1.1\r\nHost: x\r\n\r\n", 501),
        // The application's to refuse: it knows what the address takes.
        ConformanceRow("TRACE", "TRACE / HTTP/1.1\r\nHost: x\r\n\r\n", 200, closes: false),
        ConformanceRow("PROPFIND", "PROPFIND / HTTP/1.1\r\nHost: x\r\n\r\n", 405, 501),
        ConformanceRow("CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", 400, 405, 501),
        ConformanceRow("HTTP/2's preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, 501, 505),
        ConformanceRow("no version", "GET /\r\n\r\n", 400),
        ConformanceRow("HTTP/0.9", "GET / HTTP/0.9\r\n\r\n", 505),
        ConformanceRow("HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", 200),
        ConformanceRow("HTTP/1.2", "GET / HTTP/1.2\r\nHost: x\r\n\(end)", 200),
        ConformanceRow("HTTP/2.0", "GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505),
        ConformanceRow("HTTP/1.10", "GET / HTTP/1.10\r\nHost: x\r\n\r\n", 400),
        ConformanceRow("http/1.1", "GET / http/1.1\r\nHost: x\r\n\r\n", 400),
        ConformanceRow("two spaces", "GET  / HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ConformanceRow("a tab", "GET\t/\tHTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ConformanceRow("a space behind the version", "GET / HTTP/1.1 \r\nHost: x\r\n\r\n", 400),
        ConformanceRow("a header without colon", get("/", "Nonsense\r\n"), 400),
        ConformanceRow("a header without name", get("/", ": x\r\n"), 400),
        ConformanceRow("a fold", get("/", "X: a\r\n b\r\n"), 400),
        ConformanceRow("a fold before any header", "GET / HTTP/1.1\r\n X: a\r\nHost: x\r\n\r\n", 400),
        ConformanceRow("a space before a colon", get("/", "X : a\r\n"), 400),
        ConformanceRow("a space in a name", get("/", "X Y: a\r\n"), 400),
        ConformanceRow("a name in quotes", get("/", "\"X\": a\r\n"), 400),
        ConformanceRow("a bare CR in a value", get("/", "X: a\rb\r\n"), 400),
        ConformanceRow("a bare LF in a value", get("/", "X: a\nY: b\r\n"), 400),
        ConformanceRow("a NUL in a value", get("/", "X: a\0b\r\n"), 400),
        ConformanceRow("bytes above 127 in a value", get("/", "X: \u{E9}\r\n"), 200),
        ConformanceRow("line feeds only", "GET / HTTP/1.1\nHost: x\n\n", 400),
        ConformanceRow("100 more headers", get("/", String(repeating: "X: y\r\n", count: 100)), 431),
        ConformanceRow("a header of 17,000 bytes", get("/", "X: \(String(repeating: "y", count: 17_000))\r\n"), 431),
        ConformanceRow("TLS to a plain port", [0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0], [400]),
        ConformanceRow("SSH", "SSH-2.0-OpenSSH_9\r\n\r\n", 400),
        ConformanceRow("HEAD", "HEAD /h HTTP/1.1\r\nHost: x\r\n\(end)", 200),
        ConformanceRow(
            "a kept connection", "GET /k HTTP/1.1\r\nHost: x\r\n\r\n", 200, closes: false, answers: "GET /k"),
        ConformanceRow(
            "keep-alive spelled out", "GET / HTTP/1.1\r\nHost: x\r\nConnection: Keep-Alive\r\n\r\n", 200, closes: false),
        ConformanceRow("CLOSE", "GET / HTTP/1.1\r\nHost: x\r\nConnection: foo , CLOSE\r\n\r\n", 200),
        ConformanceRow("OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\(end)", 200, 204),
        ConformanceRow("GET *", get("*"), 400),
    ]

    private static let targets = [
        ConformanceRow("absolute-form", get("http://a.example/p?q"), 200, answers: "GET /p [q]"),
        ConformanceRow("absolute-form, https", get("https://a.example:443/p"), 200),
        ConformanceRow("absolute-form without path", get("http://a.example"), 200, answers: "GET / []"),
        ConformanceRow("absolute-form with user", get("http://u:p@a.example/"), 400),
        ConformanceRow("absolute-form without host", get("http:///p"), 400),
        ConformanceRow("another scheme", get("ftp://a.example/"), 400),
        ConformanceRow("authority-form", get("a.example:80"), 400),
        ConformanceRow("no slash", get("p"), 400),
        ConformanceRow("%0d in the path", get("/metrics%0d"), 200, 404, answers: "GET /metrics\r ["),
        ConformanceRow("%00 in the path", get("/metrics%00"), 400),
        ConformanceRow("%00 in the query", get("/?a=%00"), 400),
        ConformanceRow("a broken escape in the path", get("/%zz"), 400),
        ConformanceRow("a broken escape in the query", get("/?a=%"), 400),
        ConformanceRow("a path that is not UTF-8", get("/%ff"), 400),
        ConformanceRow("a fragment", get("/a#b"), 400),
        ConformanceRow("a backslash", get("/a\\b"), 400),
        ConformanceRow("bytes above 127", get("/\u{E9}"), 400),
        ConformanceRow("brackets in a query", get("/?a[]=1&b;c=d"), 200, answers: "[a[]=1&b;c=d]"),
        ConformanceRow("a query with an address", get("/?next=https://x/y"), 200, answers: "[next=https://x/y]"),
        ConformanceRow("a bare question mark", get("/p?"), 200, answers: "GET /p []"),
        ConformanceRow("a target of 9,000 bytes", get("/" + String(repeating: "a", count: 9_000)), 414),
        ConformanceRow("a target without end", "GET /" + String(repeating: "a", count: 20_000), 414),
    ]

    private static let hosts =
        [
            ConformanceRow("no Host", "GET / HTTP/1.1\r\n\(end)", 400),
            ConformanceRow("two Hosts", get("/", "Host: x\r\n"), 400),
            ConformanceRow("two Hosts, other case", get("/", "HOST: y\r\n"), 400),
            ConformanceRow("no Host beside an absolute target", "GET http://a/ HTTP/1.1\r\n\(end)", 400),
            ConformanceRow("HTTP/1.0 with two Hosts", "GET / HTTP/1.0\r\nHost: x\r\nHost: x\r\n\r\n", 400),
        ]
        + ["", "a b", "a@b", "a/b", "a:b", "a:99999", "http://a", "a,b c", "[::1", "::1", "a\"", "a?b", "%", "a\u{E9}"]
        .map {
            ConformanceRow("Host: \($0)", "GET / HTTP/1.1\r\nHost: \($0)\r\n\(end)", 400)
        }
        + ["a", "a:1", "a.b.example:8080", "127.0.0.1", "[::1]", "[2001:db8::1]:80", "A_b-c.d"].map {
            ConformanceRow("Host: \($0)", "GET / HTTP/1.1\r\nHost: \($0)\r\n\(end)", 200)
        }

    private static func post(_ lines: String, _ body: String) -> String {
        "POST /p HTTP/1.1\r\nHost: x\r\n\(lines)\(end)\(body)"
    }

    private static let lengths =
        [
            ConformanceRow("a body", post("Content-Length: 5\r\n", "hello"), 200, answers: "POST /p [] 5 bytes"),
            ConformanceRow("leading zeros", post("Content-Length: 005\r\n", "hello"), 200, answers: "5 bytes"),
            ConformanceRow("no length", post("", ""), 200, answers: "0 bytes"),
            ConformanceRow("two lengths", post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello"), 400),
            ConformanceRow(
                "the same length twice", post("Content-Length: 5\r\ncontent-length: 5\r\n", "hello"), 400, 200),
            ConformanceRow("above the limit", post("Content-Length: 2000000\r\n", "hello"), 413),
            ConformanceRow("above any number", post("Content-Length: 99999999999999999999\r\n", "hello"), 413),
            ConformanceRow("2^64", post("Content-Length: 18446744073709551616\r\n", "hello"), 413),
            ConformanceRow(
                "a body with GET", "GET /p HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\(end)abc", 200,
                answers: "GET /p [] 3"),
        ]
        + ["-5", "+5", "5,5", "5, 6", "0x5", "5.0", "five", "", "5 5", "5;", "\u{B}5", "\u{665}", "1e1", "5h", "\"5\""]
        .map {
            ConformanceRow("Content-Length: \($0)", post("Content-Length: \($0)\r\n", "hello"), 400)
        }
        + ["Content-Length : 5", "Content-Length\t: 5", " Content-Length: 5", "Content-Length\u{B}: 5"].map {
            ConformanceRow($0, post($0 + "\r\n", "hello"), 400)
        }

    private static let hidden = "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n"

    private static let codings =
        [
            ConformanceRow("chunked", post("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n"), 411),
            ConformanceRow("CHUNKED", post("Transfer-Encoding: CHUNKED\r\n", "0\r\n\r\n"), 411),
            ConformanceRow("gzip, chunked", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 501),
            ConformanceRow(
                "gzip and chunked in two",
                post("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 501),
            ConformanceRow(
                "chunked of HTTP/1.0", "POST /p HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
            ConformanceRow("chunked with GET", get("/", "Transfer-Encoding: chunked\r\n") + "0\r\n\r\n" + hidden, 411),
        ]
        + [
            "chunked, chunked", "chunked, gzip", "identity", "gzip", "", "xchunked", "chunked;a=b", "chunked chunked",
            "\"chunked\"",
            "chunked\u{E9}", "chun\u{212A}ed", "'chunked'", "chunked, identity",
        ].map {
            ConformanceRow("Transfer-Encoding: \($0)", post("Transfer-Encoding: \($0)\r\n", "0\r\n\r\n"), 400)
        }
        + [
            "Transfer-Encoding : chunked", " Transfer-Encoding: chunked", "Transfer-Encoding\t:chunked",
            "Transfer-Encoding:\u{B}chunked",
            "Transfer-Encoding: chunked\0", "Transfer-Encoding:\n chunked", "X: y\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r",
            "Transfer\u{0}Encoding: chunked", "Transfer-Encoding: a\r\n chunked",
            "Foo: bar\r\n\rTransfer-Encoding: chunked",
        ].flatMap { line in
            ["", "Content-Length: 5\r\n"].map {
                ConformanceRow(line + " " + $0, post("\(line)\r\n\($0)", "0\r\n\r\n" + hidden), 400)
            }
        }
        + [
            "Transfer_Encoding: chunked", "X-Transfer-Encoding: chunked", "Transfer-Encodin: chunked", "TE: chunked",
            "Trailer: x",
        ].map {
            ConformanceRow(
                "\($0) is another header", post("\($0)\r\nContent-Length: 5\r\n", "0\r\n\r\n"), 200, answers: "5 bytes")
        }
        + ["chunked", "CHUNKED", "gzip, chunked", "identity", "x", "chunked, x", "", "chunked,"].flatMap { coding in
            ["5", "0", "-1", "x", "5\r\nContent-Length: 6"].flatMap { length in
                [true, false].map { first in
                    let (coding, length) = ("Transfer-Encoding: \(coding)\r\n", "Content-Length: \(length)\r\n")
                    return ConformanceRow(
                        "\(coding) and \(length)",
                        post(first ? coding + length : length + coding, "0\r\n\r\n" + hidden), 400)
                }
            }
        }

    private static let expectations =
        [
            ConformanceRow(
                "100-continue", post("Expect: 100-continue\r\nContent-Length: 2\r\n", "ab"), 200, answers: "2 bytes"),
            ConformanceRow("100-Continue", post("Expect: 100-Continue\r\nContent-Length: 2\r\n", "ab"), 200),
            ConformanceRow("no body to wait for", get("/", "Expect: 100-continue\r\n"), 200),
            ConformanceRow(
                "HTTP/1.0", "POST /p HTTP/1.0\r\nExpect: x\r\nContent-Length: 2\r\n\r\nab", 200, answers: "2 bytes"),
        ]
        + ["200-ok", "100-continue, x", "100-continue;a", "100-continue, 100-continue", "x=y"].map {
            ConformanceRow("Expect: \($0)", post("Expect: \($0)\r\nContent-Length: 2\r\n", "ab"), 417)
        }

    private static let upgrades =
        ["h2c", "HTTP/2.0", "TLS/1.0", "websocket/13", "web socket", "x, y", "", "websoc\u{212A}et"].map {
            ConformanceRow(
                "Upgrade: \($0)",
                "GET /u HTTP/1.1\r\nHost: x\r\nUpgrade: \($0)\r\nConnection: Upgrade, close\r\n"
                    + "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n", 200, answers: "GET /u")
        }
        + [
            ConformanceRow(
                "a handshake", "GET /w HTTP/1.1\r\nHost: x\r\n\(upgrade)\(version)\(key)\r\n", 101, closes: false),
            ConformanceRow(
                "a handshake among others",
                "GET /w HTTP/1.1\r\nHost: x\r\nUpgrade: h2c, WebSocket\r\nConnection: keep-alive, upgrade\r\n\(version)\(key)\r\n",
                101, closes: false),
            ConformanceRow(
                "no Connection: Upgrade", "GET /w HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\(version)\(key)\(end)",
                200),
            ConformanceRow("HTTP/1.0", "GET /w HTTP/1.0\r\nHost: x\r\n\(upgrade)\(version)\(key)\r\n", 200),
            ConformanceRow("POST", "POST /w HTTP/1.1\r\nHost: x\r\n\(upgrade)\(version)\(key)\r\n", 400),
            ConformanceRow(
                "a body", "GET /w HTTP/1.1\r\nHost: x\r\n\(upgrade)\(version)\(key)Content-Length: 2\r\n\r\nab", 400),
            ConformanceRow(
                "something behind it", "GET /w HTTP/1.1\r\nHost: x\r\n\(upgrade)\(version)\(key)\r\nab", 400),
            ConformanceRow(
                "a request behind it", "GET /w HTTP/1.1\r\nHost: x\r\n\(upgrade)\(version)\(key)\r\n\(hidden)", 400),
            ConformanceRow("no key", "GET /w HTTP/1.1\r\nHost: x\r\n\(upgrade)\(version)\r\n", 400),
            ConformanceRow("two keys", "GET /w HTTP/1.1\r\nHost: x\r\n\(upgrade)\(version)\(key)\(key)\r\n", 400),
            ConformanceRow("no version", "GET /w HTTP/1.1\r\nHost: x\r\n\(upgrade)\(key)\r\n", 400, 426),
            ConformanceRow(
                "two versions", "GET /w HTTP/1.1\r\nHost: x\r\n\(upgrade)\(version)\(version)\(key)\r\n", 400, 426),
        ]
        + ["8", "0", "14", "13, 8", "x", "013", "+13", ""].map {
            ConformanceRow(
                "version \($0)", "GET /w HTTP/1.1\r\nHost: x\r\n\(upgrade)Sec-WebSocket-Version: \($0)\r\n\(key)\r\n",
                400, 426)
        }
        + [
            "", "x", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZR==",
            "dGhlIHNhbXBsZSBub25jZ===",
            "dGhlIHNhbXBsZSBub25jZQ==a", "dGhlIHNhbXBsZSBub25j Q==", "dGhl!HNhbXBsZSBub25jZQ==",
        ].map {
            ConformanceRow(
                "key \($0)", "GET /w HTTP/1.1\r\nHost: x\r\n\(upgrade)\(version)Sec-WebSocket-Key: \($0)\r\n\r\n", 400)
        }
        + ["a b", "a/b", "a,\"b\"", "\u{E9}"].map {
            ConformanceRow(
                "subprotocol \($0)",
                "GET /w HTTP/1.1\r\nHost: x\r\n\(upgrade)\(version)\(key)Sec-WebSocket-Protocol: \($0)\r\n\r\n", 400)
        }

    /// Requests with another request for a body.
    static let wrapping: [ConformanceRow] = {
        let inner = "GET /smuggled HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        let rows = RequestHead.methods.sorted().map { ($0, "/wrap") } + [("OPTIONS", "*")]
        return rows.flatMap { method, target in
            [inner.utf8.count, inner.utf8.count + 1_000, 9_000_000_000].map { length in
                ConformanceRow(
                    "\(method) \(target) around another, \(length) bytes",
                    "\(method) \(target) HTTP/1.1\r\nHost: x\r\nContent-Length: \(length)\r\n\r\n\(inner)", 200, 204,
                    413,
                    closes: false)
            }
        }
    }()

    /// What stands behind a whole request in the same segment.
    private static let behind = [
        "GET /f HTTP/1.1\r\nHost: x\r\n\r\n", "POST /f HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc",
        "HEAD /f HTTP/1.1\r\nHost: x\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
    ].flatMap { first in
        [
            "GET /second HTTP/1.1\r\nHost: x\r\n\r\n",
            "POST /second HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
            "POST /second HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhe",
            "POST /second HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n",
            "GET /second HTT", "G", "\r\n", "\r\n\r\n", "\0", "\n", "garbage",
            "GET /second HTTP/1.1\r\nHost: x\r\n\(upgrade)\(version)\(key)\r\n",
            String(repeating: "GET /second HTTP/1.1\r\nHost: x\r\n\r\n", count: 200),
        ].map {
            ConformanceRow("\(first.prefix(6)) and behind it \($0.prefix(70))", first + $0, 200, 204)
        }
    }
}
