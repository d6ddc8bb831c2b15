import Testing

@testable import WebSocketTransport

@Suite struct ServerAnswerTests {
    private static let key = "dGhlIHNhbXBsZSBub25jZQ=="
    private static let proof = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
    private static let rest = "Upgrade: WebSocket\r\nConnection: upgrade\r\n" + proof

    private func answer(_ text: String, offered: [String] = ["token"]) -> ServerAnswer {
        ServerAnswer(Array(text.utf8)[...], key: Self.key, offered: offered)
    }

    @Test(arguments: [
        "HTTP/1.1 101 Switching Protocols\r\n" + rest + "\r\n", "HTTP/1.1 101\r\n" + rest + "\r\n",
        "HTTP/1.1 101 \r\n" + rest + "\r\n", "HTTP/1.1 101 x\r\n" + rest + "Sec-WebSocket-Protocol: token\r\n\r\n",
        "HTTP/1.1 101 x\r\nUpgrade:websocket\r\nConnection: a, Upgrade\r\n" + proof + "\r\n",
    ])
    func `the answer of RFC 6455 opens the socket`(text: String) {
        #expect(answer(text) == .accepted)
    }

    @Test(arguments: [
        ("HTTP/1.1 403 Forbidden\r\n\r\n", 403), ("HTTP/1.0 503\r\nX: y\r\n\r\n", 503),
        ("HTTP/1.1 200 OK\r\n" + rest + "\r\n", 200), ("HTTP/1.1 100 Continue\r\n\r\n", 100),
        ("HTTP/1.1 999 x\r\n\r\n", 999),
    ])
    func `another status is told`(text: String, status: Int) {
        #expect(answer(text) == .refused(status: status))
    }

    @Test(arguments: [
        "\r\n", "HTTP/1.1\r\n\r\n", "HTTP/1.1 \r\n\r\n", "HTTP/1.1 10\r\n\r\n", "HTTP/1.1 abc\r\n\r\n",
        "HTTP/1.1 +10 x\r\n\r\n",
        "HTTP/1.1 1012 x\r\n" + rest + "\r\n", "HTTP/1.1x101 x\r\n" + rest + "\r\n",
        "HTTP/1.1  101 x\r\n" + rest + "\r\n",
        "HTTP/1.0 101 x\r\n" + rest + "\r\n", "HTTP/2.0 101 x\r\n" + rest + "\r\n",
        "HTTP/1.1 099 x\r\n" + rest + "\r\n",
        "http/1.1 101 x\r\n" + rest + "\r\n", "ICY 200 OK\r\n\r\n",
        "HTTP/1.1 101 x\r\nUpgrade: websocket\r\n" + proof + "\r\n",
        "HTTP/1.1 101 x\r\nConnection: upgrade\r\n" + proof + "\r\n", "HTTP/1.1 101 x\r\n\r\n",
        "HTTP/1.1 101 x\r\nUpgrade: h2c\r\nConnection: upgrade\r\n" + proof + "\r\n",
        "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
        "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n",
        "HTTP/1.1 101 x\r\n" + rest + proof + "\r\n",
        "HTTP/1.1 101 x\r\n" + rest + "Sec-WebSocket-Extensions: x\r\n\r\n",
        "HTTP/1.1 101 x\r\n" + rest + "Sec-WebSocket-Protocol: other\r\n\r\n",
        "HTTP/1.1 101 x\r\n" + rest + "Sec-WebSocket-Protocol: token\r\nSec-WebSocket-Protocol: token\r\n\r\n",
        "HTTP/1.1 101 x\r\n" + rest + "no colon\r\n\r\n", "HTTP/1.1 101 x\r\n" + rest + " fold\r\n\r\n",
        "HTTP/1.1 101 x\r\nUpgrade : websocket\r\nConnection: upgrade\r\n" + proof + "\r\n",
    ])
    func `what does not prove that a WebSocket server answers is malformed`(text: String) {
        let answer = answer(text)
        guard case .malformed(let why) = answer else {
            Issue.record("\(answer) for \(text.debugDescription)")
            return
        }
        #expect(!why.isEmpty)
    }

    @Test func `an answer cut at any byte traps nowhere and opens nothing`() {
        let whole = Array(("HTTP/1.1 101 Switching Protocols\r\n" + Self.rest + "\r\n").utf8)

        for end in whole.indices {
            #expect(ServerAnswer(whole[..<end], key: Self.key, offered: []) != .accepted)
        }
    }

    // MARK: Close frames

    @Test func `a close code is one of RFC 6455, of the registry, or of an application`() {
        let allowed = Set<UInt16>(1_000...1_003).union(1_007...1_014).union(3_000...4_999)

        for code in UInt16.min...UInt16.max {
            let payload = [UInt8(code >> 8), UInt8(code & 255)]
            let said = try? CloseFrame(payload: payload)
            #expect((said?.code == code) == allowed.contains(code), "\(code)")
        }
    }

    @Test func `a close frame is empty, or a code and UTF-8`() throws {
        #expect(try CloseFrame(payload: []) == nil)
        #expect(throws: CloseFrame.Refusal.malformed) { try CloseFrame(payload: [3]) }
        #expect(try CloseFrame(payload: [3, 232] + Array("Grüße".utf8)) == CloseFrame(code: 1000, reason: "Grüße"))
        for text in [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC0, 0xAF], [0x61, 0x80]] {
            #expect(throws: CloseFrame.Refusal.notUTF8) { try CloseFrame(payload: [3, 232] + text.map { UInt8($0) }) }
        }
    }

    @Test func `a reason is cut at a character, to what a control frame holds`() {
        for prefix in 0...4 {
            let reason = String(repeating: "a", count: prefix) + String(repeating: "🙂é", count: 60)
            let payload = CloseFrame(code: 4_999, reason: reason).payload

            #expect(payload.count <= 125)
            #expect(payload.count > 120)
            #expect((try? CloseFrame(payload: payload)).flatMap { $0 }.map { reason.hasPrefix($0.reason) } == true)
        }
    }
}
