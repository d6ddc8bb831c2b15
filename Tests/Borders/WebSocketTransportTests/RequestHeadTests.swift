import Foundation
import Testing

@testable import WebSocketTransport

@Suite struct RequestHeadTests {
    private static let handshake =
        "GET /ws?a=1 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        + "Sec-WebSocket-Protocol: bearer, abc\r\n\r\n"

    private static let good = [
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /hook%20a?b=c+d&e=%2f HTTP/1.1\r\nHost: [::1]:80\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nhost:x\r\nX-Empty:\r\nX-Tab:\t a\tb \t\r\n\r\n",
        "HEAD http://a.example:81?q HTTP/1.0\r\n\r\n", handshake,
    ]

    private static let bad = [
        "\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", "\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
        " GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\r\n",
        "GET / HTTP/1.1\r\n folded\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\nHost: x\n\n", "GET / HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n", "\0", "\r\r", "\u{16}\u{3}\u{1}",
        "GET / HTTP/1.1\r\n\r\n", "BREW / HTTP/1.1\r\nHost: x\r\n\r\n", "GET / HTTP/2.0\r\nHost: x\r\n\r\n",
        "GET /" + String(repeating: "a", count: 9_000) + " HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nX: " + String(repeating: "a", count: 17_000) + "\n\r\n",
        String(repeating: "a", count: 17_000) + "\n",
        "GET / HTTP/1.1\r\nHost: x\r\n" + String(repeating: "X: y\r\n", count: 100) + "\r\n",
    ]

    @Test(arguments: good)
    func `a head that is not whole is waited for, and read the same however it was cut`(text: String) {
        let bytes = Array(text.utf8)
        let whole = HeadReading(bytes + [1, 2, 3])

        #expect(whole.status == 200)
        for end in bytes.indices {
            #expect(HeadReading(Array(bytes[..<end])).status == 0)
            #expect(HeadReading(bytes + [1, 2, 3], cuts: [end]).summary == whole.summary)
        }
        #expect(HeadReading(bytes + [1, 2, 3], cuts: Array(1..<bytes.count)).summary == whole.summary)
    }

    @Test(arguments: bad)
    func `what is no head is refused with the same status however it was cut`(text: String) {
        let bytes = Array(text.utf8)
        let whole = HeadReading(bytes)

        #expect(whole.status >= 400)
        for end in stride(from: 0, to: bytes.count, by: bytes.count > 1_000 ? 997 : 1) {
            #expect(HeadReading(bytes, cuts: [end]).status == whole.status, "cut at \(end)")
        }
        #expect(HeadReading(bytes, cuts: Array(1..<bytes.count)).status == whole.status)
    }

    /// Each byte, with `before` and `after` around it.
    private static func statuses(_ before: String, _ after: String) -> [Int] {
        (0...255).map { HeadReading(Array(before.utf8) + [UInt8($0)] + Array(after.utf8)).status }
    }

    private static func expected(_ status: (UInt8) -> Int) -> [Int] { (0...255).map { status(UInt8($0)) } }

    private static let tokens = Set("!#$%&'*+-.^_`|~".utf8).union(0x30...0x39).union(0x41...0x5A).union(0x61...0x7A)
    private static let pathBytes = Set("-._~!$&'()*+,;=:@/".utf8).union(0x30...0x39).union(0x41...0x5A).union(
        0x61...0x7A)

    @Test func `a method is a token, and no other byte stands in one`() {
        let behind = " / HTTP/1.1\r\nHost: x\r\n\r\n"

        #expect(
            Self.statuses("G", "T" + behind)
                == Self.expected { $0 == 0x45 ? 200 : Self.tokens.contains($0) ? 501 : 400 })
        #expect(
            Self.statuses("", "ET" + behind)
                == Self.expected { $0 == 0x47 ? 200 : Self.tokens.contains($0) ? 501 : 400 })
        #expect(HeadReading(String(repeating: "G", count: 33) + behind).status == 400)
    }

    @Test func `a path has the bytes that RFC 3986 gives it, and no other`() {
        let behind = "c HTTP/1.1\r\nHost: x\r\n\r\n"
        let query = UInt8(ascii: "?")

        #expect(
            Self.statuses("GET /a", behind)
                == Self.expected { Self.pathBytes.contains($0) || $0 == query ? 200 : 400 })
        #expect(
            Self.statuses("GET ", "c HTTP/1.1\r\nHost: x\r\n\r\n")
                == Self.expected { $0 == UInt8(ascii: "/") ? 200 : 400 })
    }

    @Test func `a query keeps what clients send in one, and no space, control or delimiter`() {
        let refused = Set("\"#<>%\u{7F}".utf8)

        #expect(
            Self.statuses("GET /?a", "c HTTP/1.1\r\nHost: x\r\n\r\n")
                == Self.expected { $0 > 0x20 && $0 < 0x80 && !refused.contains($0) ? 200 : 400 })
    }

    @Test func `a version is HTTP, a slash and two digits, the first of them 1`() {
        let version = Array("HTTP/1.1".utf8)
        for place in version.indices {
            for byte in UInt8.min...UInt8.max {
                var changed = version
                changed[place] = byte
                let isDigit = (0x30...0x39).contains(byte)
                let expected = changed == version || place == 7 && isDigit ? 200 : place == 5 && isDigit ? 505 : 400

                let status = HeadReading(Array("GET / ".utf8) + changed + Array("\r\nHost: x\r\n\r\n".utf8)).status

                #expect(status == expected, "\(byte) at \(place)")
            }
        }
        for version in ["", "HTTP/1", "HTTP/1.10", "HTTP/1.1 ", "HTTP/11", "HTTP/01.1", "HTTPS/1.1", "1.1"] {
            #expect(HeadReading("GET / \(version)\r\nHost: x\r\n\r\n").status == 400)
        }
    }

    @Test func `a header's name is a token that touches its colon`() {
        let head = "GET / HTTP/1.1\r\nHost: x\r\n"
        let colon = UInt8(ascii: ":")

        #expect(
            Self.statuses(head + "X", "Y: v\r\n\r\n")
                == Self.expected { Self.tokens.contains($0) || $0 == colon ? 200 : 400 })
        #expect(Self.statuses(head, "Y: v\r\n\r\n") == Self.expected { Self.tokens.contains($0) ? 200 : 400 })
        #expect(
            Self.statuses(head + "X", ": v\r\n\r\n")
                == Self.expected {
                    Self.tokens.contains($0) || $0 == colon ? 200 : 400
                })
    }

    @Test func `a header's value has no control but the tab`() {
        let allowed = { (byte: UInt8) in byte >= 0x20 && byte != 0x7F || byte == 0x09 }

        #expect(
            Self.statuses("GET / HTTP/1.1\r\nHost: x\r\nX: a", "c\r\n\r\n")
                == Self.expected { allowed($0) ? 200 : 400 })
        #expect(
            Self.statuses("GET / HTTP/1.1\r\nHost: x\r\nX:", "\r\n\r\n")
                == Self.expected { allowed($0) ? 200 : 400 })
    }

    @Test func `a host has the bytes of a name, and no other`() {
        let names = Self.pathBytes.subtracting("@/:".utf8)

        // A comma stands in names by RFC 3986.
        #expect(
            Self.statuses("GET / HTTP/1.1\r\nHost: a", "c\r\n\r\n") == Self.expected { names.contains($0) ? 200 : 400 })
        #expect(
            Self.statuses("GET / HTTP/1.1\r\nHost: a:8", "1\r\n\r\n")
                == Self.expected { (0x30...0x39).contains($0) ? 200 : 400 })
    }

    @Test func `a length is digits and nothing else`() {
        #expect(
            Self.statuses("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1", "2\r\n\r\n")
                == Self.expected { (0x30...0x39).contains($0) ? 200 : 400 })
        guard
            case .head(let head, _) = HeadReading(
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\n")
        else {
            Issue.record("refused")
            return
        }
        #expect(head.bodyBytes == .max)
    }

    @Test func `letters that look like ASCII to Unicode are no ASCII in a list`() {
        // U+212A, the sign of a kelvin, becomes a k in lower case.
        for handshake in ["Upgrade: websoc\u{212A}et\r\nConnection: Upgrade\r\n"] {
            guard case .head(let head, _) = HeadReading("GET / HTTP/1.1\r\nHost: x\r\n\(handshake)\r\n") else {
                Issue.record("refused")
                continue
            }
            #expect(head.upgrade == nil)
        }
        let coding = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chun\u{212A}ed\r\n\r\n"
        #expect(HeadReading(coding).status == 400)
        #expect(FieldLines.list("a", in: [("a", "B\u{212A}, C ,, d\u{130}")]) == ["b\u{212A}", "c", "d\u{130}"])
    }

    @Test func `a hundred header lines are read, one more is not`() {
        let line = "X: y\r\n"
        func status(_ count: Int) -> Int {
            HeadReading("GET / HTTP/1.1\r\nHost: x\r\n\(String(repeating: line, count: count))\r\n").status
        }

        #expect(status(99) == 200)
        #expect(status(100) == 431)
    }

    @Test func `a head of the largest size is read, and a byte more is not`() {
        let fixed = "GET / HTTP/1.1\r\nHost: x\r\nX: \r\n\r\n".utf8.count
        func status(_ size: Int, cuts: [Int] = []) -> Int {
            HeadReading(
                "GET / HTTP/1.1\r\nHost: x\r\nX: \(String(repeating: "a", count: size - fixed))\r\n\r\n", cuts: cuts
            ).status
        }

        #expect(status(16 << 10) == 200)
        #expect(status(16 << 10, cuts: [1, 9_000, 16_383]) == 200)
        #expect(status(16 << 10 + 1) == 431)
        #expect(status(16 << 10 + 1, cuts: [16 << 10]) == 431)
    }

    @Test func `an absolute target's authority stands where Host was`() {
        guard case .head(let head, _) = HeadReading("GET http://a.example:81/x HTTP/1.1\r\nHost: b.example\r\n\r\n")
        else {
            Issue.record("refused")
            return
        }

        #expect(head.fields.filter { $0.name == "host" }.map(\.value) == ["a.example:81"])
        #expect(head.target.path == "/x")
    }
}
