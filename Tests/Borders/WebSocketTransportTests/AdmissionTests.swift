import Foundation
import Synchronization
import Testing

@testable import WebSocketTransport

/// Requests about which somebody has to be asked before their body is read.
@Suite(.serialized) struct AdmissionTests {
    private static let mirror: @Sendable (HTTPRequest) async -> HTTPResponse = { request in
        .text("\(request.method) \(request.path) \(request.body.count)")
    }

    /// Answers late, by the path.
    private static func later(_ asked: AsyncStream<Void>.Continuation? = nil) -> @Sendable (HTTPRequest) -> Admission {
        { request in
            .later {
                asked?.yield()
                await Task.yield()
                switch request.path {
                case "/no": return .refuse(.problem(401, detail: "Who asks?"))
                case "/again": return .later { .admit() }
                default: return .admit(bodyBytesMax: 1_000)
                }
            }
        }
    }

    @Test(arguments: ["whole", "in pieces", "empty"])
    func `a body is read once the answer is there, however it comes`(_ how: String) async throws {
        let bench = try Bench.start(respond: Self.mirror, admit: Self.later())
        let port = bench.server.boundPort
        let length = how == "empty" ? 0 : 900

        let answer = await onThread {
            let client = RawClient(port: port)
            let head = "POST /yes HTTP/1.1\r\nHost: x\r\nContent-Length: \(length)\r\n\r\n"
            let body = [UInt8](repeating: 65, count: length)
            if how == "whole" {
                client.send(Array(head.utf8) + body)
            } else {
                client.send(head)
                for piece in 0..<3 where length > 0 { client.send(Array(body[(piece * 300)..<(piece * 300 + 300)])) }
            }
            let first = client.read { $0.hasSuffix("/yes \(length)") }
            // The connection goes on with the next request.
            client.send("GET /yes HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            return first + client.read()
        }

        #expect(answer.contains("POST /yes \(length)"))
        #expect(answer.hasSuffix("GET /yes 0"))
        await bench.stop()
    }

    @Test func `who is refused is answered before a byte of the body was read`() async throws {
        let bench = try Bench.start(respond: Self.mirror, admit: Self.later())
        let port = bench.server.boundPort
        func ask(_ path: String, _ length: Int) async -> String {
            await onThread {
                let client = RawClient(port: port)
                client.send("POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: \(length)\r\n\r\n")
                return client.read()
            }
        }

        let refused = await ask("/no", 900)
        #expect(refused.hasPrefix("HTTP/1.1 401") && refused.contains("connection: close"))
        #expect(await ask("/again", 900).hasPrefix("HTTP/1.1 503"))
        #expect(await ask("/yes", 1_001).hasPrefix("HTTP/1.1 413"))
        await bench.stop()
    }

    @Test func `an expectation of 100 waits for the answer too`() async throws {
        let bench = try Bench.start(respond: Self.mirror, admit: Self.later())
        let port = bench.server.boundPort
        func ask(_ path: String) async -> String {
            await onThread {
                let client = RawClient(port: port)
                client.send(
                    "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n"
                        + "Connection: close\r\n\r\n")
                let go = client.read { $0.hasSuffix("\r\n\r\n") || $0.contains("401") }
                if go.hasPrefix("HTTP/1.1 100") { client.send("abc") }
                return go + client.read()
            }
        }

        #expect(await ask("/yes").hasPrefix("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK"))
        #expect(await ask("/no").hasPrefix("HTTP/1.1 401"))
        await bench.stop()
    }

    @Test func `a client that goes away meanwhile leaves nothing behind`() async throws {
        let (stream, asked) = AsyncStream<Void>.makeStream()
        let bench = try Bench.start(respond: Self.mirror, admit: Self.later(asked))
        let port = bench.server.boundPort
        await onThread {
            for _ in 0..<20 {
                let client = RawClient(port: port)
                client.send("POST /yes HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n")
            }
        }
        var count = 0
        for await _ in stream {
            count += 1
            if count == 20 { break }
        }

        let answer = await RawClient.exchange(
            port: port, "GET /yes HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

        #expect(answer.hasSuffix("GET /yes 0"))
        await bench.stop()
    }
}
