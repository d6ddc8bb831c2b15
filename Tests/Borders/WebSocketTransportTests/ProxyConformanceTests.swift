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
        return (ConformanceRow.table + families).filter { $0.statuses != [101] }
    }()

    /// Sends `row`, then asks as the next client on connections that may be shared.
    private static func fault(_ row: ConformanceRow, _ number: Int, port: Int) -> String? {
        let client = RawClient(port: port)
        client.send(row.sent)
        client.finishSending()
        let (bytes, _) = client.readBytes(seconds: 0.5)
        let first = HTTPAnswer.all(in: String(decoding: bytes, as: UTF8.self)).first
        if let body = first?.body, body.contains("/next-") { return "\(row.says): another's answer, \(body)" }
        for turn in 0..<2 {
            let next = RawClient(port: port)
            let path = "/next-\(number)-\(turn)"
            next.send("GET \(path) HTTP/1.1\r\nHost: next\r\nConnection: close\r\n\r\n")
            let text = next.read(seconds: 20)
            let answers = HTTPAnswer.all(in: text)
            guard answers.count == 1, answers[0].status == 200, answers[0].body.hasPrefix("GET \(path) []") else {
                return "\(row.says.debugDescription): the next client got \(text.prefix(200).debugDescription)"
            }
        }
        return nil
    }

    @Test(arguments: TestProxy.Kind.allCases)
    func `nothing is smuggled past a proxy, and the next client gets its own answer`(_ kind: TestProxy.Kind)
        async throws
    {
        let application = SeenPaths()
        var limits = TransportLimits()
        limits.trustedProxies = ["127.0.0.1"]
        let bench = try Bench.start(threads: 2, limits: limits, respond: application.respond)
        let proxy = try await TestProxy(kind, before: bench.server.boundPort)
        let (rows, port) = (Self.rows, proxy.port)

        let atOnce = 8
        let faults = await withTaskGroup(of: [String].self) { group in
            for part in 0..<atOnce {
                group.addTask {
                    await onThread {
                        stride(from: part, to: rows.count, by: atOnce).compactMap {
                            Self.fault(rows[$0], $0, port: port)
                        }
                    }
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }

        #expect(faults == [])
        #expect(application.count(of: "/p") > 50)
        #expect(await bench.standingLoops() == [])
        withExtendedLifetime(proxy) {}
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
