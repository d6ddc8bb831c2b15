import Foundation
import Runtime
import Synchronization
import Testing

@testable import WebSocketTransport

@Suite(.serialized) struct WebSocketTests {
    @Test func `text and binary messages come back whole`() async throws {
        let bench = try Bench.start()
        let client = try await bench.client()

        await bench.loop.run {
            client.socket?.sendText("hello")
            _ = client.socket?.sendBinary([UInt8](repeating: 7, count: 160).span)
            client.socket?.sendText("")
        }

        #expect(try await client.next() == .text("hello"))
        #expect(try await client.next() == .binary(160))
        #expect(try await client.next() == .text(""))
        await bench.stop()
    }

    @Test func `what a server says right behind its handshake is heard on a loop that never rests`() async throws {
        let bench = try Bench.start(upgrade: { _, _ in
            usleep(100_000)
            return .accept(Recorder(onOpen: { $0.sendText("welcome") }))
        })
        let busy = try LoopGroup(threads: 1)
        let loop = busy.loops[0]
        // Long enough turns for handshake and message to be there together when the client reads.
        @Sendable func turn() {
            usleep(20_000)
            loop.post { turn() }
        }
        loop.post { turn() }

        let client = try await bench.client(on: loop)

        // Well before the first ping would wake the connection.
        #expect(try await client.next(within: 10) == .text("welcome"))
        await busy.shutdown()
        await bench.stop()
    }

    @Test func `a frame that was framed and masked by the sender comes between its other messages`() async throws {
        let bench = try Bench.start()
        let client = try await bench.client()
        let mask: [UInt8] = [1, 2, 3, 4]
        let text = zip("hello".utf8, mask + mask).map { $0 ^ $1 }

        await bench.loop.run {
            client.socket?.sendText("before")
            _ = client.socket?.sendFramed(([0x81, 0x85] + mask + text).span)
            client.socket?.sendText("after")
        }

        #expect(try await client.next() == .text("before"))
        #expect(try await client.next() == .text("hello"))
        #expect(try await client.next() == .text("after"))
        await bench.stop()
    }

    @Test(arguments: [1 << 16, 300_000, 1 << 20])
    func `a large message arrives whole`(count: Int) async throws {
        let bench = try Bench.start()
        let client = try await bench.client()

        await bench.loop.run { _ = client.socket?.sendBinary([UInt8](repeating: 7, count: count).span) }

        #expect(try await client.next() == .binary(count))
        await bench.stop()
    }

    @Test func `a message in fragments is put together, a ping in between notwithstanding`() async throws {
        let bench = try Bench.start()
        let port = bench.server.boundPort

        let answer = await onThread {
            let client = RawClient(port: port)
            client.send(
                "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
            _ = client.read { $0.contains("\r\n\r\n") }
            // Masked with zeros: text "ab" not final, ping, continuation "cd" not final, continuation "ef" final.
            client.send([0x01, 0x82, 0, 0, 0, 0] + Array("ab".utf8))
            client.send([0x89, 0x80, 0, 0, 0, 0])
            client.send([0x00, 0x82, 0, 0, 0, 0] + Array("cd".utf8))
            client.send([0x80, 0x82, 0, 0, 0, 0] + Array("ef".utf8))
            return client.read { $0.contains("abcdef") }
        }

        #expect(answer.contains("abcdef"))
        await bench.stop()
    }

    @Test func `a message above the limit closes with 1009`() async throws {
        var limits = TransportLimits()
        limits.webSocketMessageBytesMax = 10_000
        let bench = try Bench.start(limits: limits)
        let client = try await bench.client()

        await bench.loop.run { _ = client.socket?.sendBinary([UInt8](repeating: 7, count: 10_001).span) }

        #expect(try await client.closing().code == 1009)
        await bench.stop()
    }

    @Test func `a peer that does not read fills its own queue and disturbs nobody`() async throws {
        let serverSide = Mutex<SendOutcome?>(nil)
        final class Flood: WebSocketHandler {
            let report: @Sendable (SendOutcome) -> Void
            init(_ report: @escaping @Sendable (SendOutcome) -> Void) { self.report = report }
            func webSocketDidOpen(_ socket: WebSocket) {
                let chunk = [UInt8](repeating: 1, count: 32_000)
                for _ in 0..<2_000 where socket.sendBinary(chunk.span) == .refused {
                    report(.refused)
                    #expect(socket.queuedBytes <= socket.loop.limits.sendQueueBytesMax)
                    return
                }
            }
            func webSocket(_ socket: WebSocket, receivedText message: Span<UInt8>) {}
            func webSocket(_ socket: WebSocket, receivedBinary message: Span<UInt8>) {}
            func webSocketDidClose(_ socket: WebSocket?, _ closing: WebSocketClosing) {}
        }
        let bench = try Bench.start(
            upgrade: { request, _ in
                request.path == "/flood"
                    ? .accept(Flood { outcome in serverSide.withLock { $0 = outcome } }) : .accept(Echo())
            })
        let port = bench.server.boundPort

        let deaf = await onThread {
            let client = RawClient(port: port)
            client.send(
                "GET /flood HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
            return client
        }
        let other = try await bench.client("/echo")
        await bench.loop.run { other.socket?.sendText("undisturbed") }

        #expect(try await other.next() == .text("undisturbed"))
        for _ in 0..<6_000 where serverSide.withLock({ $0 }) == nil { try await Task.sleep(for: .milliseconds(10)) }
        #expect(serverSide.withLock { $0 } == .refused)
        withExtendedLifetime(deaf) {}
        await bench.stop()
    }

    @Test func `what was queued for a slow peer arrives in order once it reads`() async throws {
        var limits = TransportLimits()
        limits.closeTimeoutSeconds = 120
        let bench = try Bench.start(
            threads: 2, limits: limits,
            upgrade: { _, _ in
                .accept(
                    Recorder(onOpen: { socket in
                        var number = 0
                        while socket.sendText("\(number)" + String(repeating: " ", count: 4_000)) != .refused {
                            number += 1
                        }
                        socket.close(code: 1000, reason: "\(number)")
                    }))
            })
        let client = try await bench.client()

        var expected = 0
        var event = try await client.next()
        while case .text(let text) = event {
            #expect(text.hasPrefix("\(expected) "))
            expected += 1
            event = try await client.next()
        }

        #expect(event == .closed(WebSocketClosing(code: 1000, reason: "\(expected)")))
        await bench.stop()
    }

    @Test(arguments: [403, 503, 429])
    func `an upgrade is refused with the status that the application chose`(status: Int) async throws {
        let bench = try Bench.start(
            upgrade: { _, _ in
                .refuse(HTTPResponse(status: status, headers: [(name: "retry-after", value: "7")], body: [65]))
            })
        let client = Recorder()
        bench.loop.open(try bench.request(), client)
        let raw = await RawClient.exchange(
            port: bench.server.boundPort,
            "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")

        let closing = try await client.closing()

        #expect(closing.httpStatus == status)
        #expect(closing.code == nil)
        #expect(raw.hasPrefix("HTTP/1.1 \(status) "))
        #expect(raw.contains("retry-after: 7\r\n"))
        await bench.stop()
    }

    @Test func `the handshake carries our headers, and a subprotocol is only echoed when offered`() async throws {
        let seen = Mutex<[HTTPRequest]>([])
        let bench = try Bench.start(
            upgrade: { request, _ in
                seen.withLock { $0.append(request) }
                return .accept(Echo())
            })
        let plain = Recorder()
        let deepgram = Recorder()

        bench.loop.open(
            try bench.request("/a?x=1", headers: [("Authorization", "Token k"), ("X-Api-Key", "v")]), plain)
        #expect(try await plain.next() == .opened)
        bench.loop.open(try bench.request("/b", subprotocols: ["token", "0123456789abcdef"]), deepgram)
        #expect(try await deepgram.next() == .opened)

        let requests = seen.withLock { $0 }
        #expect(requests[0].path == "/a")
        #expect(requests[0].query == "x=1")
        #expect(requests[0].header("authorization") == "Token k")
        #expect(requests[0].header("x-api-key") == "v")
        #expect(requests[0].header("host") == "127.0.0.1:\(bench.server.boundPort)")
        #expect(requests[0].header("sec-websocket-protocol") == nil)
        #expect(requests[1].header("sec-websocket-protocol")?.replacing(" ", with: "") == "token,0123456789abcdef")
        await bench.stop()
    }

    @Test func `closing tells the peer code and reason, and nothing else comes after`() async throws {
        let bench = try Bench.start(
            upgrade: { _, _ in
                .accept(
                    Recorder(onText: { socket, _ in
                        socket.sendText("before")
                        socket.close(code: 4001, reason: "enough")
                        #expect(socket.sendText("after") == .refused)
                        #expect(!socket.isOpen)
                    }))
            })
        let client = try await bench.client()

        await bench.loop.run {
            client.socket?.sendText("go")
            client.socket?.sendText("go")
        }

        #expect(try await client.next() == .text("before"))
        #expect(try await client.next() == .closed(WebSocketClosing(code: 4001, reason: "enough")))
        await bench.stop()
    }

    @Test func `abort drops the connection without a close frame, from inside a callback too`() async throws {
        let bench = try Bench.start(upgrade: { _, _ in .accept(Recorder(onText: { socket, _ in socket.abort() })) })
        let client = try await bench.client()

        await bench.loop.run { client.socket?.sendText("drop me") }

        let closing = try await client.closing()
        #expect(closing.code == nil)
        #expect(closing.error != nil)
        await bench.stop()
    }

    @Test func `a peer that only listens is kept, for it answers pings`() async throws {
        /// Sends a little every half second, so that the listener never has a reason to ping.
        final class Talker: WebSocketHandler {
            private var timer: LoopTimer?
            func webSocketDidOpen(_ socket: WebSocket) {
                timer = socket.loop.makeTimer { [weak self] in
                    socket.sendText("tick")
                    self?.timer?.arm(at: MonotonicTime.now().adding(milliseconds: 500))
                }
                timer?.arm(at: .now())
            }
            func webSocket(_ socket: WebSocket, receivedText message: Span<UInt8>) {}
            func webSocket(_ socket: WebSocket, receivedBinary message: Span<UInt8>) {}
            func webSocketDidClose(_ socket: WebSocket?, _ closing: WebSocketClosing) { timer?.cancel() }
        }
        var limits = TransportLimits()
        limits.pingAfterIdleSeconds = 1
        limits.silenceTimeoutSeconds = 3
        let bench = try Bench.start(limits: limits, upgrade: { _, _ in .accept(Talker()) })
        let listener = try await bench.client()

        await #expect(throws: TestFailure.self, "closed though it answers") {
            try await withTimeout(5) { try await listener.closing(within: 60) }
        }

        await bench.stop()
    }

    @Test func `a silent peer is pinged, and dropped when it stays silent`() async throws {
        var limits = TransportLimits()
        limits.pingAfterIdleSeconds = 1
        limits.silenceTimeoutSeconds = 3
        let handlers = Mutex<[Recorder]>([])
        let bench = try Bench.start(
            limits: limits,
            upgrade: { _, _ in
                let recorder = Recorder()
                handlers.withLock { $0.append(recorder) }
                return .accept(recorder)
            })
        let port = bench.server.boundPort
        let hello =
            "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"

        let silent = await onThread {
            let client = RawClient(port: port)
            client.send(hello)
            _ = client.read { $0.contains("\r\n\r\n") }
            return client
        }
        let pinged = await onThread { silent.read { !$0.isEmpty } }
        let closing = try await handlers.withLock { $0[0] }.closing()

        #expect(!pinged.isEmpty)
        #expect(closing.error?.contains("silent") == true)
        await bench.stop()
    }
}
