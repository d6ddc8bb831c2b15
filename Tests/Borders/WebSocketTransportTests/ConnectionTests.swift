import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import WebSocketTransport

/// Notes which loop each path was served on.
private final class Places: Sendable {
    private let seen = Mutex<[String: Int]>([:])
    func note(_ path: String, _ index: Int) { seen.withLock { $0[path] = index } }
    subscript(path: String) -> Int? { seen.withLock { $0[path] } }
}

@Suite(.serialized) struct ConnectionTests {
    @Test func `a connect that is refused ends with an error, once`() async throws {
        let bench = try Bench.start()
        let client = Recorder()
        let port = try HeldPort.take()

        bench.loop.open(try WebSocketRequest(url: "ws://127.0.0.1:\(port)/"), client)

        let closing = try await client.closing()
        #expect(closing.error != nil)
        #expect(closing.httpStatus == nil)
        await bench.stop()
        #expect(bench.loop.connectionCount == 0)
    }

    @Test func `a name that does not resolve ends with an error that says so`() async throws {
        let bench = try Bench.start()
        let client = Recorder()

        bench.loop.open(try WebSocketRequest(url: "ws://no-such-host.invalid/"), client)

        #expect(try await client.closing().error?.contains("no-such-host.invalid") == true)
        await bench.stop()
    }

    @Test func `localhost is reached although only one address family listens`() async throws {
        let bench = try Bench.start()
        let client = Recorder()

        bench.loop.open(try WebSocketRequest(url: "ws://localhost:\(bench.server.boundPort)/"), client)

        #expect(try await client.next() == .opened)
        await bench.stop()
    }

    @Test func `a server that never answers the handshake costs the connect time-out`() async throws {
        let bench = try Bench.start()
        let client = Recorder()
        let listener = try #require(SilentListener())
        let start = ContinuousClock.now

        bench.loop.open(
            try WebSocketRequest(url: "ws://127.0.0.1:\(listener.port)/", connectTimeoutMs: 300), client)
        let closing = try await client.closing()

        #expect(closing.error?.contains("300 ms") == true)
        #expect(ContinuousClock.now - start >= .milliseconds(300))
        await bench.stop()
    }

    @Test func `200 connections over two loops all get their own answers`() async throws {
        let bench = try Bench.start(threads: 2)

        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                let loop = bench.loops.loops[number % 2]
                group.addTask {
                    let client = try await bench.client("/\(number)", on: loop)
                    for round in 0..<5 {
                        await loop.run { client.socket?.sendText("\(number).\(round)") }
                        #expect(try await client.next() == .text("\(number).\(round)"))
                    }
                    await loop.run { client.socket?.close(code: 1000, reason: "") }
                    #expect(try await client.closing().code == 1000)
                }
            }
            try await group.waitForAll()
        }

        await bench.stop()
        #expect(bench.loops.loops.map(\.connectionCount) == [0, 0])
    }

    @Test func `connections are spread over the loops`() async throws {
        let places = Places()
        let bench = try Bench.start(
            threads: 2,
            upgrade: { request, loop in
                places.note(request.path, loop.index)
                return .accept(Echo())
            })
        var clients: [Recorder] = []

        for number in 0..<8 { clients.append(try await bench.client("/\(number)")) }

        // The clients themselves are on loop 0, so the less loaded loop 1 gets at least half.
        #expect((0..<8).filter { places["/\($0)"] == 1 }.count >= 4)
        await bench.stop()
    }

    @Test func `a path that names its loop is served there, others anywhere`() async throws {
        let places = Places()
        let bench = try Bench.start(
            threads: 2, routing: .byPathSuffix(prefix: "/twilio/media/"),
            upgrade: { request, loop in
                places.note(request.path + "#" + request.query, loop.index)
                return .accept(Echo())
            })

        for round in 0..<6 {
            _ = try await bench.client("/twilio/media/0?r=\(round)")
            _ = try await bench.client("/twilio/media/1?r=\(round)")
        }
        _ = try await bench.client("/twilio/media/99")
        _ = try await bench.client("/elsewhere")
        let slow = await RawClient.exchange(
            port: bench.server.boundPort, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

        for round in 0..<6 {
            #expect(places["/twilio/media/0#r=\(round)"] == 0)
            #expect(places["/twilio/media/1#r=\(round)"] == 1)
        }
        #expect(places["/twilio/media/99#"] != nil)
        #expect(slow.hasSuffix("ok"))
        await bench.stop()
    }

    @Test func `a client that says nothing does not hold up the door`() async throws {
        let bench = try Bench.start(routing: .byPathSuffix(prefix: "/twilio/media/"))
        let port = bench.server.boundPort
        // One after the other they would take a minute.
        let silent = await onThread { (0..<240).map { _ in RawClient(port: port) } }
        let start = ContinuousClock.now

        _ = try await bench.client("/twilio/media/0")

        #expect(ContinuousClock.now - start < .seconds(30))
        withExtendedLifetime(silent) {}
        await bench.stop()
    }

    @Test(
        arguments: [
            ("/twilio/media/1", 1), ("/twilio/media/0/more", 0), ("/twilio/media/7", nil), ("/twilio/media/", nil),
            ("/twilio/media/1x", nil), ("/twilio/media/+1", nil), ("/elsewhere/1", nil), ("/twilio/media", nil),
            ("/twilio/media/99999999999999999999", nil), ("/twilio/media/\u{0661}", nil),
        ] as [(String, Int?)])
    func `a path names a loop or none`(path: String, loop: Int?) {
        #expect(Door.loopIndex(in: path, prefix: "/twilio/media/", loops: 2) == loop)
    }

    @Test func `shutdown closes open sockets with 1001 and refuses new ones`() async throws {
        let bench = try Bench.start()
        let client = try await bench.client()
        let port = bench.server.boundPort

        await bench.server.shutdown(graceSeconds: 2)

        #expect(try await client.closing().code == 1001)
        #expect(bench.server.connectionCount == 0)
        #expect(await RawClient.exchange(port: port, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").isEmpty)
        await bench.loops.shutdown()
    }

    @Test func `shutdown lets a running request finish and cuts a deaf client after the grace`() async throws {
        let (entered, enter) = AsyncStream.makeStream(of: Void.self)
        let (draining, drain) = AsyncStream.makeStream(of: Void.self)
        var limits = TransportLimits()
        limits.closeTimeoutSeconds = 60
        let bench = try Bench.start(
            limits: limits,
            respond: { _ in
                enter.finish()
                for await _ in draining {}
                return .text("finished")
            })
        let port = bench.server.boundPort
        async let answer = RawClient.exchange(port: port, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        let deaf = await onThread {
            let client = RawClient(port: port)
            client.send(
                "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
            _ = client.read { $0.contains("\r\n\r\n") }
            return client
        }
        for await _ in entered {}

        async let shutDown: Void = bench.server.shutdown(graceSeconds: 5)
        // The close frame that the deaf client ignores is sent when the server drains.
        _ = await onThread { deaf.read { !$0.isEmpty } }
        drain.finish()
        await shutDown

        #expect(await answer.hasSuffix("finished"))
        #expect(await onThread { deaf.sawEnd(seconds: 60) })
        #expect(bench.server.connectionCount == 0)
        await bench.loops.shutdown()
    }

    @Test func `shutdown answers a request that comes on a connection already made`() async throws {
        let bench = try Bench.start(respond: { _ in .text("in time") })
        let port = bench.server.boundPort
        let clients = await onThread { (0..<20).map { _ in RawClient(port: port) } }
        await onThread { for client in clients { client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n") } }

        await bench.server.shutdown(graceSeconds: 30)

        for client in clients {
            let answer = await onThread { client.read() }
            #expect(answer.hasSuffix("in time"))
        }
        #expect(bench.server.connectionCount == 0)
        await bench.loops.shutdown()
    }

    @Test func `a port is free again when shutdown returns`() async throws {
        let port = try HeldPort.take()
        let address = try #require(ListenAddress(parsing: "127.0.0.1:\(port)"))
        let loops = try LoopGroup(threads: 1)
        for _ in 0..<20 {
            let server = try TransportServer(
                loops: loops, listen: address, tls: nil,
                routes: ServerRoutes(respond: { _ in .empty(200) }, upgrade: { _, _ in .refuse(.empty(403)) }))
            await server.shutdown(graceSeconds: 1)
        }
        await loops.shutdown()
    }

    @Test func `ending the loops tells every handler, clients in the middle of connecting included`() async throws {
        let bench = try Bench.start(threads: 2)
        let listener = try #require(SilentListener())
        let connecting = Recorder()
        let open = try await bench.client()
        bench.loop.open(try WebSocketRequest(url: "ws://127.0.0.1:\(listener.port)/"), connecting)
        await bench.loop.run {}

        await bench.loops.shutdown()

        _ = try await open.closing()
        _ = try await connecting.closing()
        bench.server.stopAccepting()
    }

    @Test(arguments: [
        "http://x/", "ws://", "ws:///x", "ws://x:0/", "ws://x:70000/", "ws://a@b/", "ws://x/ y", "ws://x/#f",
        "ws://x:y/",
        "ws://[::1/", "",
    ])
    func `an address that is none is refused`(url: String) {
        #expect(throws: TransportError.self) { try WebSocketRequest(url: url) }
    }

    @Test func `a header that would break the handshake is refused`() {
        for (name, value) in [("a b", "c"), ("", "c"), ("a", "b\r\nc: d"), ("a:", "b")] {
            #expect(throws: TransportError.self) { try WebSocketRequest(url: "ws://x/", headers: [(name, value)]) }
        }
    }

    @Test func `listen addresses parse, and what is none does not`() throws {
        #expect(ListenAddress(parsing: "127.0.0.1:8080") == ListenAddress(host: "127.0.0.1", port: 8_080))
        #expect(ListenAddress(parsing: "[::1]:0") == ListenAddress(host: "::1", port: 0))
        #expect(ListenAddress(parsing: "localhost:1")?.host == "127.0.0.1")
        for text in ["", "8080", ":80", "::1:80", "[::1:80", "a:b", "a:70000", "a:-1"] {
            #expect(ListenAddress(parsing: text) == nil)
        }
    }

    @Test func `an address in use is reported as such`() async throws {
        let bench = try Bench.start()
        let taken = try #require(ListenAddress(parsing: "127.0.0.1:\(bench.server.boundPort)"))

        #expect(throws: TransportError.self) {
            try TransportServer(
                loops: bench.loops, listen: taken, tls: nil,
                routes: ServerRoutes(respond: { _ in .empty(200) }, upgrade: { _, _ in .refuse(.empty(403)) }))
        }
        await bench.stop()
    }
}

/// Listens, and never says a word.
private final class SilentListener: Sendable {
    private let descriptor: Int32
    let port: Int

    init?() {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.descriptor = descriptor
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard bound == 0, listen(descriptor, 8) == 0, let port = SocketAddress.boundPort(of: descriptor) else {
            return nil
        }
        self.port = port
    }

    deinit { Glibc.close(descriptor) }
}
