import Synchronization
import Testing
import WebSocketTransport

@testable import PublicHTTP

@Suite struct PublicPostTests {
    /// Answers as a test says, on a free port of loopback.
    private final class Receiver: Sendable {
        private final class Taken: Sendable { let requests = Mutex<[HTTPRequest]>([]) }

        private let loops: LoopGroup
        private let server: TransportServer
        private let taken = Taken()

        init(_ answer: @escaping @Sendable (HTTPRequest) async -> HTTPResponse) throws {
            loops = try LoopGroup(threads: 1)
            server = try TransportServer(
                loops: loops, listen: ListenAddress(host: "127.0.0.1", port: 0), tls: nil,
                routes: ServerRoutes(
                    respond: { [taken] request in
                        taken.requests.withLock { $0.append(request) }
                        return await answer(request)
                    }, upgrade: { _, _ in .refuse(.empty(404)) }))
        }

        var all: [HTTPRequest] { taken.requests.withLock { $0 } }
        var port: Int { server.boundPort }

        func stop() async {
            await server.shutdown(graceSeconds: 0)
            await loops.shutdown()
        }
    }

    private let inside = PublicPost(AddressRules(allowsPrivate: true))
    private let outside = PublicPost(AddressRules(allowsPrivate: false))

    @Test func `a message arrives as it was written, and the status comes back`() async throws {
        let receiver = try Receiver { _ in .empty(204) }
        let body = Array("{\"type\":\"lead.created\"}".utf8)

        let answer = await inside.send(
            body, to: "http://127.0.0.1:\(receiver.port)/hook?a=b",
            headers: [("content-type", "application/json"), ("webhook-id", "1")], within: .seconds(60))

        #expect(answer == .status(204, retryAfterSeconds: nil))
        let request = try #require(receiver.all.first)
        #expect(request.method == "POST" && request.path == "/hook" && request.query == "a=b" && request.body == body)
        #expect(request.header("content-type") == "application/json" && request.header("webhook-id") == "1")
        await receiver.stop()
    }

    @Test func `nobody is asked whose name leads inside`() async throws {
        let receiver = try Receiver { _ in .empty(204) }

        for host in ["127.0.0.1", "localhost", "127.1", "[::ffff:127.0.0.1]"] {
            let answer = await outside.send(
                [], to: "http://\(host):\(receiver.port)/", headers: [], within: .seconds(60))
            #expect(answer == .refused, "\(host)")
        }
        #expect(receiver.all.isEmpty)
        await receiver.stop()
    }

    @Test func `a redirect is an answer and is not followed`() async throws {
        let receiver = try Receiver { _ in HTTPResponse(status: 302, headers: [(name: "location", value: "/other")]) }

        let answer = await inside.send([1], to: "http://127.0.0.1:\(receiver.port)/", headers: [], within: .seconds(60))

        #expect(answer == .status(302, retryAfterSeconds: nil) && receiver.all.count == 1)
        await receiver.stop()
    }

    @Test func `a server says how long it wants to be left alone, a day at most`() async throws {
        let receiver = try Receiver { request in
            HTTPResponse(status: 503, headers: [(name: "retry-after", value: request.query)])
        }
        for (text, seconds) in [("120", 120), ("0", nil), ("999999999999", 86_400), ("soon", nil)] as [(String, Int?)] {
            let answer = await inside.send(
                [], to: "http://127.0.0.1:\(receiver.port)/?\(text)", headers: [], within: .seconds(60))
            #expect(answer == .status(503, retryAfterSeconds: seconds), "\(text)")
        }
        await receiver.stop()
    }

    @Test func `an endless answer is cut off, and counts`() async throws {
        let receiver = try Receiver { _ in .text(String(repeating: "x", count: 1 << 20)) }

        let answer = await inside.send([], to: "http://127.0.0.1:\(receiver.port)/", headers: [], within: .seconds(60))

        #expect(answer == .status(200, retryAfterSeconds: nil))
        await receiver.stop()
    }

    @Test func `who does not answer is given up on, who is not there has failed, and both say why`() async throws {
        let receiver = try Receiver { _ in
            try? await Task.sleep(for: .seconds(20))
            return .empty(204)
        }
        let url = "http://127.0.0.1:\(receiver.port)/"
        guard case .failed(let slow) = await inside.send([], to: url, headers: [], within: .milliseconds(200)) else {
            Issue.record("it has answered")
            return
        }
        #expect(!slow.isEmpty)
        await receiver.stop()
        for url in [url, "http://", "gopher://127.0.0.1/", "file:///etc/passwd", "not an address"] {
            guard case .failed(let reason) = await inside.send([], to: url, headers: [], within: .seconds(60)) else {
                Issue.record("\(url) has answered")
                continue
            }
            #expect(!reason.isEmpty, "\(url)")
        }
    }

    @Test func `a task that is cancelled waits for nobody`() async throws {
        let receiver = try Receiver { _ in
            try? await Task.sleep(for: .seconds(60))
            return .empty(204)
        }
        let url = "http://127.0.0.1:\(receiver.port)/"
        let task = Task { await inside.send([], to: url, headers: [], within: .seconds(600)) }
        while receiver.all.isEmpty { await Task.yield() }
        task.cancel()
        guard case .failed = await task.value else {
            Issue.record("it has answered")
            return
        }
        await receiver.stop()
    }
}
