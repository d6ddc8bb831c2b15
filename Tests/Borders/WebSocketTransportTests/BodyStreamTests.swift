import Foundation
import Synchronization
import Testing

@testable import WebSocketTransport

/// Bodies that are made while they are sent.
@Suite(.serialized) struct BodyStreamTests {
    private final class Pieces: Sendable {
        private let left: Mutex<[[UInt8]?]>
        init(_ pieces: [[UInt8]?]) { left = Mutex(pieces) }
        func next() -> [UInt8]? { left.withLock { $0.isEmpty ? [] : $0.removeFirst() } }
    }

    private static func answer(_ pieces: [[UInt8]?], to request: String) async throws -> String {
        let bench = try Bench.start(respond: { _ in
            let source = Pieces(pieces)
            var response = HTTPResponse.text("not this")
            response.stream = BodyStream { source.next() }
            return response
        })
        let port = bench.server.boundPort
        let text = await onThread {
            let client = RawClient(port: port)
            client.send(Array(request.utf8))
            return client.read()
        }
        await bench.stop()
        return text
    }

    private static let get = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

    @Test func `pieces come as chunks, and the last says that it is`() async throws {
        let big = [UInt8](repeating: 0x61, count: 300_000)
        let text = try await Self.answer([Array("one".utf8), big], to: Self.get)

        #expect(text.lowercased().contains("transfer-encoding: chunked\r\n") && !text.contains("content-length"))
        #expect(text.contains("\r\n\r\n3\r\none\r\n493e0\r\naaa") && text.hasSuffix("aaa\r\n0\r\n\r\n"))
    }

    @Test func `where there is no next piece the connection is cut before its end`() async throws {
        let text = try await Self.answer([Array("one".utf8), nil], to: Self.get)

        #expect(text.hasSuffix("3\r\none\r\n"))
    }

    @Test func `who speaks HTTP 1 0 gets the bytes alone, and a HEAD none of them`() async throws {
        let old = try await Self.answer([Array("one".utf8), Array("two".utf8)], to: "GET / HTTP/1.0\r\n\r\n")
        let head = try await Self.answer(
            [Array("one".utf8)], to: "HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

        #expect(old.hasSuffix("\r\n\r\nonetwo") && !old.contains("chunked"))
        #expect(head.contains("chunked") && head.hasSuffix("\r\n\r\n"))
    }
}
