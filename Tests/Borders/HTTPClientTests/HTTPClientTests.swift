import HTTPClient
import Synchronization
import TestSupport
import Testing
import WebSocketTransport

@Suite struct HTTPClientTests {
    @Test func `a request arrives as it was written and its answer comes back whole`() async throws {
        let server = try RemoteServer { request in
            var answer = HTTPResponse.text("\(request.method) \(request.path)?\(request.query) \(request.body.count)")
            answer.headers.append((name: "X-Kept", value: request.header("x-request-id") ?? ""))
            return answer
        }
        let client = HTTPClient(answerBytesMax: 1_000)

        let answer = try await client.send(
            OutgoingRequest(
                "POST", server.url + "/there?a=b", headers: [(name: "X-Request-Id", value: "value")],
                body: Array(repeating: 7, count: 300)), within: .seconds(60))

        #expect(answer.status == 200)
        #expect(String(decoding: answer.body, as: UTF8.self) == "POST /there?a=b 300")
        #expect(answer.header("x-kept") == "value")
        await server.stop()
    }

    @Test func `one client serves many requests at a time`() async throws {
        let server = try RemoteServer { .text($0.path) }
        let client = HTTPClient(answerBytesMax: 100)
        let url = server.url

        let paths = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<40 {
                group.addTask {
                    let answer = try await client.send(OutgoingRequest("GET", "\(url)/\(number)"), within: .seconds(10))
                    return String(decoding: answer.body, as: UTF8.self)
                }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }

        #expect(paths == Set((0..<40).map { "/\($0)" }))
        await server.stop()
    }

    @Test(arguments: ["Basic realm=\"x\"", "Bearer", "Digest realm=\"x\", nonce=\"y\"", nil])
    func `a refusal is an answer and keeps nobody waiting`(_ challenge: String?) async throws {
        let server = try RemoteServer { _ in
            var answer = HTTPResponse.text("who are you?", status: 401)
            if let challenge { answer.headers.append((name: "WWW-Authenticate", value: challenge)) }
            return answer
        }
        let client = HTTPClient(answerBytesMax: 1_000)

        let answer = try await client.send(OutgoingRequest("GET", server.url), within: .seconds(60))

        #expect(answer.status == 401)
        #expect(String(decoding: answer.body, as: UTF8.self) == "who are you?")
        await server.stop()
    }

    @Test func `a redirect is an answer and is not followed`() async throws {
        let server = try RemoteServer { request in
            guard request.path == "/from" else { return .text("followed") }
            return HTTPResponse(status: 302, headers: [(name: "Location", value: "/to")])
        }
        let client = HTTPClient(answerBytesMax: 1_000)

        let answer = try await client.send(OutgoingRequest("GET", server.url + "/from"), within: .seconds(60))

        #expect(answer.status == 302)
        #expect(answer.header("location") == "/to")
        #expect(server.paths == ["/from"])
        await server.stop()
    }

    @Test func `an answer of the allowed size is taken, one byte more is not`() async throws {
        let server = try RemoteServer { .text(String(repeating: "x", count: Int($0.query) ?? 0)) }
        let client = HTTPClient(answerBytesMax: 50_000)

        let fits = try await client.send(OutgoingRequest("GET", server.url + "/?50000"), within: .seconds(60))
        await #expect(throws: HTTPClientError.tooLong(host: server.host, bytesMax: 50_000)) {
            try await client.send(OutgoingRequest("GET", server.url + "/?50001"), within: .seconds(60))
        }

        #expect(fits.body.count == 50_000)
        await server.stop()
    }

    @Test func `a server that says nothing is given up on at the deadline`() async throws {
        let server = try RemoteServer { _ in
            try? await Task.sleep(for: .seconds(20))
            return .text("late")
        }
        let client = HTTPClient(answerBytesMax: 1_000)

        await #expect(throws: HTTPClientError.timedOut(host: server.host, after: .milliseconds(200))) {
            try await client.send(OutgoingRequest("GET", server.url), within: .milliseconds(200))
        }
        await server.stop()
    }

    @Test func `a cancelled task and a client shut down ask nobody`() async throws {
        let server = try RemoteServer { _ in .text("asked") }
        let client = HTTPClient(answerBytesMax: 1_000)
        let url = server.url
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await client.send(OutgoingRequest("GET", url), within: .seconds(60))
        }
        task.cancel()

        await #expect(throws: HTTPClientError.cancelled(host: server.host)) { try await task.value }
        client.shutdown()
        client.shutdown()
        await #expect(throws: HTTPClientError.cancelled(host: server.host)) {
            try await client.send(OutgoingRequest("GET", url), within: .seconds(60))
        }

        #expect(server.paths.isEmpty)
        await server.stop()
    }

    @Test func `a shutdown ends what is under way`() async throws {
        let server = try RemoteServer { _ in
            try? await Task.sleep(for: .seconds(20))
            return .text("late")
        }
        let client = HTTPClient(answerBytesMax: 1_000)
        let url = server.url
        let task = Task { try await client.send(OutgoingRequest("GET", url), within: .seconds(60)) }
        while server.paths.isEmpty { try await Task.sleep(for: .milliseconds(5)) }

        client.shutdown()

        await #expect(throws: HTTPClientError.cancelled(host: server.host)) { try await task.value }
        await server.stop()
    }

    @Test func `an error names the host and none of the secrets in the address`() async throws {
        let host = "127.0.0.1:\(try HeldPort.take())"
        let client = HTTPClient(answerBytesMax: 1_000)

        let error = await #expect(throws: HTTPClientError.self) {
            try await client.send(
                OutgoingRequest("GET", "http://user:word@\(host)/path?key=hidden"), within: .seconds(60))
        }

        let text = try #require(error.map { "\($0)" })
        #expect(text == "\(host) cannot be reached: it takes no connection.")
    }

    @Test(arguments: ["", "there", "ftp://host/", "http://", "file:///etc/passwd", "http:// host/"])
    func `what is no address of a web server is refused`(_ address: String) async {
        let client = HTTPClient(answerBytesMax: 1_000)

        await #expect(throws: HTTPClientError.notAnAddress) {
            try await client.send(OutgoingRequest("GET", address), within: .seconds(1))
        }
    }
}

/// A real server on a free port of loopback.
private final class RemoteServer: Sendable {
    private final class Log: Sendable { let paths = Mutex<[String]>([]) }

    private let loops: LoopGroup
    private let server: TransportServer
    private let log: Log

    init(_ respond: @escaping @Sendable (HTTPRequest) async -> HTTPResponse) throws {
        let log = Log()
        self.log = log
        loops = try LoopGroup(threads: 1)
        server = try TransportServer(
            loops: loops, listen: ListenAddress(host: "127.0.0.1", port: 0), tls: nil,
            routes: ServerRoutes(
                respond: { request in
                    log.paths.withLock { $0.append(request.path) }
                    return await respond(request)
                }, upgrade: { _, _ in .refuse(.empty(404)) }))
    }

    var host: String { "127.0.0.1:\(server.boundPort)" }
    var url: String { "http://\(host)" }
    var paths: [String] { log.paths.withLock { $0 } }

    func stop() async {
        await server.shutdown(graceSeconds: 0)
        await loops.shutdown()
    }
}
