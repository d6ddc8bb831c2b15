import Foundation
import Testing

@testable import WebSocketTransport

@Suite(.serialized) struct HTTPServerTests {
    /// Answers with what it was asked.
    private static let mirror: @Sendable (HTTPRequest) async -> HTTPResponse = { request in
        .text(
            "\(request.method) \(request.path) [\(request.query)] \(request.body.count) "
                + (request.header("X-Twilio-Signature") ?? "-") + " " + (request.header("authorization") ?? "-"))
    }

    @Test func `a GET carries path, query and headers to the responder`() async throws {
        let bench = try Bench.start(respond: Self.mirror)

        let answer = await RawClient.exchange(
            port: bench.server.boundPort,
            """
            GET /voice/in%20coming?a=1&b=x%26y+z HTTP/1.1\r
            Host: localhost\r
            X-Twilio-Signature: abc=\r
            Authorization: Bearer t0ken\r
            Connection: close\r
            \r

            """)

        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(answer.hasSuffix("GET /voice/in coming [a=1&b=x%26y+z] 0 abc= Bearer t0ken"))
        await bench.stop()
    }

    @Test func `a POST body that comes in pieces arrives whole`() async throws {
        let bench = try Bench.start(respond: Self.mirror)
        let port = bench.server.boundPort

        let answer = await onThread {
            let client = RawClient(port: port)
            client.send("POST /hook HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\nConnection: close\r\n\r\n")
            for _ in 0..<9 {
                client.send([UInt8](repeating: 65, count: 1_000))
                usleep(3_000)
            }
            return client.read()
        }

        #expect(answer.hasSuffix("POST /hook [] 9000 - -"))
        await bench.stop()
    }

    @Test func `HEAD has the length but not the body`() async throws {
        let bench = try Bench.start()

        let answer = await RawClient.exchange(
            port: bench.server.boundPort, "HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

        #expect(answer.contains("content-length: 2\r\n"))
        #expect(answer.hasSuffix("\r\n\r\n"))
        await bench.stop()
    }

    @Test func `a connection is kept for the next request`() async throws {
        let bench = try Bench.start(respond: Self.mirror)
        let port = bench.server.boundPort

        let answer = await onThread {
            let client = RawClient(port: port)
            client.send("POST /one HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")
            let first = client.read { $0.contains("/one") }
            client.send("GET /two HTTP/1.1\r\nHost: x\r\n\r\n")
            return first + client.read { $0.contains("/two") }
        }

        #expect(answer.contains("POST /one [] 3 - -"))
        #expect(answer.hasSuffix("GET /two [] 0 - -"))
        #expect(!answer.contains("connection: close"))
        await bench.stop()
    }

    @Test(arguments: [
        "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", "POST /one HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc",
    ])
    func `what comes in one piece behind a request is not read, and the connection ends with its answer`(
        first: String
    ) async throws {
        let bench = try Bench.start(respond: Self.mirror)
        let behind = "POST /two HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n"

        for rest in [behind + "hello", behind, behind + "he", "\r\n", "\0"] {
            let answer = await RawClient.exchange(port: bench.server.boundPort, first + rest)
            #expect(answer.hasPrefix("HTTP/1.1 200 "))
            #expect(answer.contains("connection: close\r\n"))
            #expect(!answer.contains("/two"))
        }
        // The loop still turns, and so does the door.
        let after = await RawClient.exchange(
            port: bench.server.boundPort, "GET /after HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        #expect(after.hasSuffix("GET /after [] 0 - -"))
        await bench.stop()
    }

    @Test func `a body above the limit is answered with 413`() async throws {
        let bench = try Bench.start(respond: Self.mirror)
        let port = bench.server.boundPort

        let answer = await onThread {
            let client = RawClient(port: port)
            client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n")
            client.send([UInt8](repeating: 65, count: 3_000_000))
            return client.read()
        }

        #expect(answer.hasPrefix("HTTP/1.1 413 "))
        await bench.stop()
    }

    @Test(arguments: [
        ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "411"),
        ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\nhello", "400"),
        ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", "400"),
        ("GET / HTTP/1.1\r\nHost: x\r\nX-Request-Id: LONG\r\n\r\n", "431"),
        ("GET / HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nConnection: Upgrade, close\r\n\r\n", "200"),
        ("GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n", "400"),
        (
            "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", "426"
        ),
    ])
    func `a request that cannot be served is refused with its status`(request: String, status: String) async throws {
        let bench = try Bench.start(respond: Self.mirror)

        let answer = await RawClient.exchange(
            port: bench.server.boundPort, request.replacing("LONG", with: String(repeating: "a", count: 17_000)))

        #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer.prefix(80))")
        await bench.stop()
    }

    @Test func `a POST without a length is taken as empty, not waited for`() async throws {
        let bench = try Bench.start(respond: Self.mirror)

        let answer = await RawClient.exchange(
            port: bench.server.boundPort, "POST /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

        #expect(answer.hasSuffix("POST /x [] 0 - -"))
        await bench.stop()
    }

    @Test func `garbage and unknown upgrades end their own connection only`() async throws {
        let bench = try Bench.start()
        let port = bench.server.boundPort
        let client = try await bench.client()
        var noise = SystemRandomNumberGenerator()
        let garbage = (0..<40).map { _ in (0..<300).map { _ in UInt8.random(in: 0...255, using: &noise) } }

        await onThread {
            for bytes in garbage {
                let raw = RawClient(port: port)
                raw.send(bytes)
                raw.send("\r\n\r\n")
            }
            for upgrade in ["teapot", "", "websocket, h2c"] {
                let raw = RawClient(port: port)
                raw.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: \(upgrade)\r\n\r\n")
                _ = raw.read(seconds: 0.2)
            }
        }
        await bench.loop.run { client.socket?.sendText("still here") }

        #expect(try await client.next() == .text("still here"))
        await bench.stop()
    }

    @Test func `a client that dribbles its headers is cut off with 408`() async throws {
        var limits = TransportLimits()
        limits.handshakeTimeoutSeconds = 1
        let bench = try Bench.start(limits: limits)
        let port = bench.server.boundPort

        let answer = await onThread {
            let client = RawClient(port: port)
            client.send("GET / HTTP/1.1\r\nHo")
            return client.read()
        }

        #expect(answer.hasPrefix("HTTP/1.1 408 "))
        await bench.stop()
    }

    @Test func `a responder that never answers costs a 503, and its late answer is dropped`() async throws {
        var limits = TransportLimits()
        limits.httpResponseTimeoutSeconds = 1
        let (waiting, goOn) = AsyncStream.makeStream(of: Void.self)
        let (answered, end) = AsyncStream.makeStream(of: Void.self)
        let bench = try Bench.start(
            limits: limits,
            respond: { _ in
                for await _ in waiting {}
                defer { end.finish() }
                return .text("late")
            })
        let port = bench.server.boundPort

        let answer = await onThread {
            let client = RawClient(port: port)
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            let first = client.read { $0.hasPrefix("HTTP/1.1 503 ") && $0.hasSuffix("}") }
            goOn.finish()
            return first + client.read()
        }
        for await _ in answered {}
        await bench.loop.run {}

        #expect(answer.hasPrefix("HTTP/1.1 503 "))
        #expect(answer.contains("content-type: application/problem+json\r\n"))
        #expect(!answer.contains("late"))
        await bench.stop()
    }

    @Test func `a client that leaves before its answer harms nobody`() async throws {
        let bench = try Bench.start(
            respond: { _ in
                try? await Task.sleep(for: .milliseconds(50))
                return .text("ok")
            })
        let port = bench.server.boundPort

        await onThread { for _ in 0..<20 { RawClient(port: port).send("GET / HTTP/1.1\r\nHost: x\r\n\r\n") } }
        let answer = await RawClient.exchange(
            port: port, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

        #expect(answer.hasSuffix("ok"))
        await bench.stop()
    }

    @Test func `a large answer arrives whole`() async throws {
        let bench = try Bench.start(respond: { _ in
            HTTPResponse(status: 200, body: .init(repeating: 65, count: 3_000_000))
        })

        let answer = await RawClient.exchange(
            port: bench.server.boundPort, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

        #expect(answer.hasSuffix(String(repeating: "A", count: 3_000_000)))
        await bench.stop()
    }

    @Test func `an answer cannot be split by line breaks in a header`() async throws {
        let bench = try Bench.start(
            respond: { _ in
                HTTPResponse(
                    status: 200, headers: [(name: "x-a", value: "1\r\nset-cookie: b"), (name: "x-b", value: "2")])
            })

        let answer = await RawClient.exchange(
            port: bench.server.boundPort, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

        #expect(!answer.contains("set-cookie"))
        #expect(answer.contains("x-b: 2\r\n"))
        await bench.stop()
    }

    @Test func `a browser-like expectation of 100 is answered`() async throws {
        let bench = try Bench.start(respond: Self.mirror)
        let port = bench.server.boundPort

        let answer = await onThread {
            let client = RawClient(port: port)
            client.send(
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n")
            let go = client.read { $0.hasSuffix("\r\n\r\n") }
            client.send("abc")
            return go + client.read()
        }

        #expect(answer.hasPrefix("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK"))
        await bench.stop()
    }
}
