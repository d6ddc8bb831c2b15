import Foundation
import Synchronization
import Testing

@testable import WebSocketTransport

/// Bodies that go to disk, answers that come from there, and the time an address gives them.
@Suite(.serialized) struct BodyFileTests {
    /// Repeats after a prime number of bytes: no two pieces of a body are alike. Made of copies: byte by byte it would take a
    /// sanitizer half a minute, in the middle of a request.
    private static let pattern = {
        var bytes = Data((0..<9_973).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) })
        while bytes.count < 3_000_001 { bytes.append(bytes) }
        return [UInt8](bytes)
    }()

    static func bytes(_ count: Int) -> [UInt8] { Array(pattern.prefix(count)) }

    /// Answers with how much came, and whether it is what was sent.
    static let weigh: @Sendable (HTTPRequest) async -> HTTPResponse = { request in
        guard let file = request.bodyFile, let all = file.read(at: 0, count: max(1, file.count)) else {
            return .text("memory \(request.body.count)")
        }
        let isWhole = Data(all) == Data(bytes(file.count))
        return .text("disk \(file.count) \(isWhole ? "whole" : "other") \(request.body.count)")
    }

    static func post(_ count: Int, _ rest: String = "Connection: close\r\n") -> String {
        "POST /import HTTP/1.1\r\nHost: x\r\nContent-Length: \(count)\r\n\(rest)\r\n"
    }

    @Test(arguments: [1, 255 << 10, 256 << 10, 1_500_003])
    func `a body goes to disk as it comes, whole and in order`(_ count: Int) async throws {
        let bench = try Bench.start(
            respond: Self.weigh,
            admit: { _ in .read(RequestTerms(bodyBytesMax: 10 << 20, goesToDisk: true)) })
        let port = bench.server.boundPort

        let answer = await onThread {
            let client = RawClient(port: port)
            client.send(Array(Self.post(count).utf8) + Self.bytes(count))
            return client.read()
        }

        #expect(answer.hasSuffix("disk \(count) whole 0"))
        await bench.stop()
    }

    @Test func `over TLS as well, and two of them on one connection`() async throws {
        let certificates = try TestCertificates()
        let bench = try Bench.start(
            tls: certificates.server, respond: Self.weigh,
            admit: { _ in .read(RequestTerms(bodyBytesMax: 10 << 20, goesToDisk: true)) })
        let port = bench.server.boundPort
        let count = 700_001

        let answer = await onThread {
            let client = RawClient(port: port, tls: .insecureNoVerification)
            client.send(Array(Self.post(count, "").utf8) + Self.bytes(count))
            let first = client.read { $0.contains("disk") }
            client.send(Array(Self.post(3).utf8) + Self.bytes(3))
            return first + client.read()
        }

        #expect(answer.contains("disk \(count) whole 0"))
        #expect(answer.hasSuffix("disk 3 whole 0"))
        await bench.stop()
    }

    @Test func `a body that is too large for its address is refused before it is read`() async throws {
        let bench = try Bench.start(
            respond: Self.weigh, admit: { _ in .read(RequestTerms(bodyBytesMax: 1_000, goesToDisk: true)) })

        let answer = await RawClient.exchange(port: bench.server.boundPort, Self.post(1_001))

        #expect(answer.hasPrefix("HTTP/1.1 413 "))
        await bench.stop()
    }

    @Test func `where the disk takes nothing the client is told so`() async throws {
        var limits = TransportLimits()
        limits.bodyDirectory = "/nonexistent"
        let bench = try Bench.start(
            limits: limits, respond: Self.weigh, admit: { _ in .read(RequestTerms(goesToDisk: true)) })

        let answer = await RawClient.exchange(port: bench.server.boundPort, Self.post(3) + "abc")

        #expect(answer.hasPrefix("HTTP/1.1 503 "))
        await bench.stop()
    }

    @Test func `an address gives a body and an answer the time it says, and others theirs`() async throws {
        let bench = try Bench.start(
            respond: { request in
                if request.path == "/slow" { try? await Task.sleep(for: .seconds(20)) }
                return .text("ok")
            },
            admit: { request in
                .read(
                    request.path == "/patient"
                        ? RequestTerms()
                        : RequestTerms(bodySeconds: 1, answerSeconds: 1, goesToDisk: request.path == "/disk"))
            })
        let port = bench.server.boundPort
        func begin(_ path: String) -> String { "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc" }

        async let hurried = RawClient.exchange(port: port, begin("/hurried"), seconds: 6)
        async let disk = RawClient.exchange(port: port, begin("/disk"), seconds: 6)
        async let patient = RawClient.exchange(port: port, begin("/patient"), seconds: 6)
        async let slow = RawClient.exchange(port: port, "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n", seconds: 6)

        let answers = await (hurried, disk, patient, slow)
        #expect(answers.0.hasPrefix("HTTP/1.1 408 ") && answers.1.hasPrefix("HTTP/1.1 408 "))
        #expect(answers.2.isEmpty, "the transport's own limit is ten seconds")
        #expect(answers.3.hasPrefix("HTTP/1.1 503 "))
        await bench.stop()
    }

    static func stored(_ bytes: [UInt8]) throws -> BodyFile {
        let file = try BodyFile(temporaryIn: NSTemporaryDirectory())
        #expect(file.append(bytes))
        return file
    }

    @Test func `an answer from disk is sent whole, and a HEAD is told its length`() async throws {
        let bytes = Self.bytes(3_000_001)
        let file = try Self.stored(bytes)
        let bench = try Bench.start(respond: { _ in
            var response = HTTPResponse(status: 200)
            response.slice = FileSlice(file)
            return response
        })
        let port = bench.server.boundPort

        let (answer, ended) = await onThread {
            let client = RawClient(port: port)
            client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            return client.readBytes()
        }
        let head = await RawClient.exchange(port: port, "HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

        let end = try #require(Data(answer).range(of: Data("\r\n\r\n".utf8))?.upperBound)
        #expect(ended && Array(answer[end...]) == bytes)
        #expect(head.contains("content-length: 3000001\r\n") && head.hasSuffix("\r\n\r\n"))
        await bench.stop()
    }

    @Test func `a part of a file is that part, and what is missing at its end cuts the connection`() async throws {
        let file = try Self.stored(Array("0123456789".utf8))
        let bench = try Bench.start(respond: { request in
            var response = HTTPResponse(status: 200)
            response.slice = FileSlice(file, offset: 3, count: request.path == "/long" ? 100 : 4)
            return response
        })
        let port = bench.server.boundPort

        let part = await RawClient.exchange(port: port, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        let long = await RawClient.exchange(port: port, "GET /long HTTP/1.1\r\nHost: x\r\n\r\n")

        #expect(part.hasSuffix("\r\n\r\n3456") && part.contains("content-length: 4\r\n"))
        #expect(long.contains("content-length: 100\r\n") && long.hasSuffix("3456789"))
        await bench.stop()
    }

    @Test func `a file is a regular one, and reads end where it does`() throws {
        for path in ["/nonexistent", "/tmp", "/dev/null"] {
            #expect(throws: TransportError.self, "\(path)") { _ = try BodyFile(path: path) }
        }
        let file = try Self.stored([1, 2, 3])
        #expect(file.count == 3 && file.read(at: 1, count: 9) == [2, 3] && file.read(at: 3, count: 1) == [])
        #expect(file.read(at: 4, count: 1) == nil && file.read(at: -1, count: 1) == nil)
        #expect(file.append([4]) && file.read(at: 0, count: 9) == [1, 2, 3, 4])
    }
}
