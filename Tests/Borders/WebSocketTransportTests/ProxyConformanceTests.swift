import Foundation
import Synchronization
import Testing

@testable import WebSocketTransport

/// The same requests by way of a proxy, which answers some itself and passes others on over connections that it shares among
/// its clients.
@Suite(.serialized) struct ProxyConformanceTests {
    /// Rows that a proxy passes on in one way or another, and some of each family.
    private static let rows: [ConformanceRow] = {
        let families =
            ConformanceRow.prefixRows.enumerated().filter { $0.offset % 9 == 0 }.map(\.element)
            + ConformanceRow.strayBytes.enumerated().filter { $0.offset % 13 == 0 }.map(\.element)
            + ConformanceRow.methodsAndVersions
        return (ConformanceRow.table + families + ConformanceRow.wrapping).filter { $0.statuses != [101] }
    }()

    /// The way to the proxy: plain, or TLS with an authority's file.
    private struct Way: Sendable {
        var port: Int
        var tls: ClientTLS?

        func client() -> RawClient { RawClient(port: port, tls: tls) }
    }

    /// Sends `row`, the head some time before the rest, then asks as the next client on connections that may be shared.
    private static func fault(_ row: ConformanceRow, _ number: Int, _ way: Way) -> String? {
        let client = way.client()
        let head = row.sent.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound ?? row.sent.endIndex
        client.send(Array(row.sent[..<head]))
        if head < row.sent.endIndex, number % 2 == 0 {
            usleep(lateMicroseconds)
        }
        client.send(Array(row.sent[head...]))
        client.finishSending()
        let (bytes, _) = client.readBytes(seconds: 0.5)
        let first = HTTPAnswer.all(in: String(decoding: bytes, as: UTF8.self)).first
        if let body = first?.body, body.contains("/next-") { return "\(row.says): another's answer, \(body)" }
        for turn in 0..<2 {
            let next = way.client()
            let path = "/next-\(number)-\(turn)"
            next.send("GET \(path) HTTP/1.1\r\nHost: next\r\nConnection: close\r\n\r\n")
            // Longer than the proxy waits, which says of an answer that does not come that it did not.
            let (bytes, ended) = next.readBytes(seconds: 80)
            let text = String(decoding: bytes, as: UTF8.self)
            let answers = HTTPAnswer.all(in: text)
            guard answers.count == 1, answers[0].status == 200, answers[0].body.hasPrefix("GET \(path) []") else {
                return "\(row.says.debugDescription): the next client got \(text.prefix(200).debugDescription), "
                    + "\(ended ? "and the end" : "and no end"), \(next.trouble ?? "no trouble of its own")"
            }
        }
        return nil
    }

    /// So long a body may lag behind its head: an answer given meanwhile must not leave it to be read as a request.
    private static let lateMicroseconds: UInt32 = 30_000

    @Test(arguments: TestProxy.Kind.allCases, [false, true])
    func `nothing is smuggled past a proxy, and the next client gets its own answer`(
        _ kind: TestProxy.Kind, isTLS: Bool
    ) async throws {
        let certificates = isTLS ? try TestCertificates() : nil
        let application = SeenPaths()
        var limits = TransportLimits()
        limits.trustedProxies = ["127.0.0.1"]
        limits.httpIdleTimeoutSeconds = 600
        let bench = try Bench.start(threads: 2, limits: limits, respond: application.respond)
        let proxy = try await TestProxy(kind, before: bench.server.boundPort, certificates: certificates)
        let (rows, way) = (
            Self.rows, Way(port: proxy.port, tls: certificates.map { .caFile($0.authority) })
        )

        let atOnce = 8
        let faults = await withTaskGroup(of: [String].self) { group in
            for part in 0..<atOnce {
                group.addTask {
                    await onThread {
                        stride(from: part, to: rows.count, by: atOnce).compactMap {
                            Self.fault(rows[$0], $0, way)
                        }
                    }
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }

        #expect(faults == [])
        #expect(application.count(of: "/p") > 50)
        #expect(application.count(of: "/smuggled") == 0)
        #expect(await bench.standingLoops() == [])
        withExtendedLifetime((proxy, certificates)) {}
        await bench.stop()
    }

    @Test(arguments: TestProxy.Kind.allCases)
    func `a body that looks like a request is a body behind a proxy too`(_ kind: TestProxy.Kind) async throws {
        let application = SeenPaths()
        let bench = try Bench.start(respond: application.respond)
        let proxy = try await TestProxy(kind, before: bench.server.boundPort)
        let (rows, port) = (
            ConformanceRow.prefixRows.enumerated().filter { $0.offset % 5 == 0 }.map(\.element), proxy.port
        )

        let faults = await onThread {
            rows.compactMap { row -> String? in
                let client = RawClient(port: port)
                client.send(row.sent)
                let text = client.read(seconds: 20)
                guard let part = row.answers, !text.contains(part), !text.hasPrefix("HTTP/1.1 400 ") else { return nil }
                return "\(row.says): \(text.prefix(200).debugDescription)"
            }
        }

        #expect(faults == [])
        #expect(application.count(of: "/hidden") == 0)
        withExtendedLifetime(proxy) {}
        await bench.stop()
    }
}
