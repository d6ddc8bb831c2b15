import Foundation
import Testing

@testable import WebSocketTransport

@Suite(.serialized) struct TLSTests {
    private func request(_ bench: Bench, host: String, _ tls: ClientTLS) throws -> WebSocketRequest {
        try WebSocketRequest(url: "wss://\(host):\(bench.server.boundPort)/x", tls: tls)
    }

    @Test(arguments: ["localhost", "127.0.0.1"])
    func `messages travel over TLS when authority and name fit`(host: String) async throws {
        let certificates = try TestCertificates()
        let bench = try Bench.start(tls: certificates.server)
        let client = Recorder()

        bench.loop.open(try request(bench, host: host, .caFile(certificates.authority)), client)
        #expect(try await client.next() == .opened)
        await bench.loop.run {
            client.socket?.sendText("secret")
            _ = client.socket?.sendBinary([UInt8](repeating: 1, count: 200_000).span)
        }

        #expect(try await client.next() == .text("secret"))
        #expect(try await client.next() == .binary(200_000))
        await bench.stop()
    }

    @Test func `a certificate of another authority is refused`() async throws {
        let certificates = try TestCertificates()
        let others = try TestCertificates()
        let bench = try Bench.start(tls: certificates.server)

        for tls in [ClientTLS.caFile(others.authority), .systemTrust] {
            let client = Recorder()
            bench.loop.open(try request(bench, host: "localhost", tls), client)
            let event = try await client.next()
            guard case .closed(let closing) = event else {
                Issue.record("connected with \(tls)")
                continue
            }
            #expect(closing.error != nil)
            #expect(closing.code == nil)
        }
        await bench.stop()
    }

    @Test func `a certificate for another name is refused, unless nothing is checked`() async throws {
        let certificates = try TestCertificates(names: "DNS:elsewhere.example.test")
        let bench = try Bench.start(tls: certificates.server)
        let strict = Recorder()
        let lax = Recorder()

        bench.loop.open(try request(bench, host: "localhost", .caFile(certificates.authority)), strict)
        let refused = try await strict.next()
        bench.loop.open(try request(bench, host: "localhost", .insecureNoVerification), lax)

        guard case .closed = refused else {
            Issue.record("connected to a wrong name")
            return
        }
        #expect(try await lax.next() == .opened)
        await bench.stop()
    }

    @Test func `further connections to a server resume its session`() async throws {
        let certificates = try TestCertificates()
        let bench = try Bench.start(tls: certificates.server)
        let tls = ClientTLS.caFile(certificates.authority)
        func visit() async throws {
            let client = Recorder()
            bench.loop.open(try request(bench, host: "localhost", tls), client)
            #expect(try await client.next() == .opened)
            // The server's tickets come before its answer.
            await bench.loop.run { _ = client.socket?.sendText("hello") }
            #expect(try await client.next() == .text("hello"))
        }

        for _ in 0..<3 { try await visit() }

        #expect(try ClientTLSContext.shared(for: tls).resumedCount == 2)
        await bench.stop()
    }

    @Test func `a session of a connection that checked nothing is not resumed by one that checks`() async throws {
        let certificates = try TestCertificates(names: "DNS:elsewhere.example.test")
        let bench = try Bench.start(tls: certificates.server)
        let lax = Recorder()
        let strict = Recorder()

        bench.loop.open(try request(bench, host: "localhost", .insecureNoVerification), lax)
        #expect(try await lax.next() == .opened)
        await bench.loop.run { _ = lax.socket?.sendText("hello") }
        #expect(try await lax.next() == .text("hello"))
        bench.loop.open(try request(bench, host: "localhost", .caFile(certificates.authority)), strict)

        guard case .closed = try await strict.next() else {
            Issue.record("connected to a wrong name")
            return
        }
        await bench.stop()
    }

    @Test func `a missing authority file fails the connect, not the loop`() async throws {
        let bench = try Bench.start()
        let client = Recorder()

        bench.loop.open(try request(bench, host: "localhost", .caFile("/nonexistent/ca.pem")), client)

        #expect(try await client.closing().error?.contains("/nonexistent/ca.pem") == true)
        await bench.stop()
    }

    @Test func `a server with a broken certificate or another's key does not start`() async throws {
        let certificates = try TestCertificates()
        let others = try TestCertificates()
        let mixed = ServerTLS(certificatePath: certificates.server.certificatePath, keyPath: others.server.keyPath)
        let missing = ServerTLS(certificatePath: "/nonexistent/server.pem", keyPath: others.server.keyPath)

        #expect(throws: TransportError.self) { try Bench.start(tls: mixed) }
        #expect(throws: TransportError.self) { try Bench.start(tls: missing) }
    }

    @Test func `a plain request to a TLS port ends that connection only`() async throws {
        let certificates = try TestCertificates()
        let bench = try Bench.start(tls: certificates.server)

        let answer = await RawClient.exchange(port: bench.server.boundPort, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        let client = Recorder()
        bench.loop.open(try request(bench, host: "localhost", .caFile(certificates.authority)), client)

        #expect(!answer.contains("200 OK"))
        #expect(try await client.next() == .opened)
        await bench.stop()
    }

    @Test func `old TLS versions are refused, 1.2 and 1.3 are not`() async throws {
        let certificates = try TestCertificates()
        let bench = try Bench.start(tls: certificates.server)
        let port = bench.server.boundPort
        func connect(_ arguments: [String]) async -> Int32 {
            await onThread {
                runOpenSSL(
                    ["s_client", "-connect", "localhost:\(port)", "-CAfile", certificates.authority] + arguments)
            }
        }

        #expect(await connect(["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"]) != 0)
        #expect(await connect(["-tls1_2", "-verify_return_error"]) == 0)
        #expect(await connect(["-tls1_3", "-verify_return_error"]) == 0)
        await bench.stop()
    }
}
