import Foundation
import Testing

@testable import WebSocketTransport

/// Malformed, pipelined and smuggled requests against the server itself.
@Suite(.serialized) struct ConformanceTests {
    /// What is wrong with what came back for `row`; nil when all is right.
    static func fault(_ row: ConformanceRow, port: Int, tls: ClientTLS? = nil) -> String? {
        let client = RawClient(port: port, tls: tls)
        client.send(row.sent)
        let isHead = row.sent.starts(with: "HEAD ".utf8)
        let (bytes, ended) = client.readBytes(seconds: 20) { heard in
            !row.closes && heard.firstRange(of: Array("\r\n\r\n".utf8)) != nil
        }
        let text = String(decoding: bytes, as: UTF8.self)
        let answers = HTTPAnswer.all(in: text, toHead: isHead)
        func wrong(_ what: String) -> String {
            "\(row.says.debugDescription): \(what), \(text.prefix(150).debugDescription)"
        }

        guard answers.count == 1, let answer = answers.first else { return wrong("\(answers.count) answers") }
        guard row.statuses.contains(answer.status) else { return wrong("not \(row.statuses)") }
        if let part = row.answers, !answer.body.contains(part) { return wrong("no \(part)") }
        if answer.status == 101 { return nil }
        guard answer.headers["date"]?.hasSuffix(" GMT") == true else { return wrong("no date") }
        if answer.status >= 400, !isHead {
            guard answer.headers["content-type"] == "application/problem+json",
                answer.body.contains(#""status":\#(answer.status),"#)
            else { return wrong("no problem") }
        }
        if row.closes {
            guard ended, answer.headers["connection"]?.contains("close") == true else { return wrong("not closed") }
        } else {
            client.send("GET /next HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            guard client.read(seconds: 20).contains("GET /next ") else { return wrong("no next answer") }
        }
        return nil
    }

    private static let atOnce = 12

    private func faults(_ rows: [ConformanceRow], tls: TestCertificates? = nil) async throws -> [String] {
        let application = SeenPaths()
        let bench = try Bench.start(threads: 2, tls: tls?.server, respond: application.respond)
        let port = bench.server.boundPort
        let check: ClientTLS? = tls.map { .caFile($0.authority) }

        var faults = await withTaskGroup(of: [String].self) { group in
            for part in 0..<Self.atOnce {
                let rows = rows.indices.filter { $0 % Self.atOnce == part }.map { rows[$0] }
                group.addTask { await onThread { rows.compactMap { Self.fault($0, port: port, tls: check) } } }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        for path in ["/hidden", "/second"] where application.count(of: path) > 0 { faults.append("\(path) was seen") }
        faults += await bench.standingLoops()
        await bench.stop()
        return faults
    }

    @Test func `the table and its families are of a size`() {
        #expect(ConformanceRow.table.count >= 300)
        #expect(ConformanceRow.prefixes.count >= 300)
        #expect(ConformanceRow.families.count >= 1_500)
    }

    @Test func `every row of the table is answered as the RFCs want it`() async throws {
        let faults = try await faults(ConformanceRow.table)

        #expect(faults == [])
    }

    @Test func `every row of every family is answered as the RFCs want it`() async throws {
        let faults = try await faults(ConformanceRow.families)

        #expect(faults == [])
    }

    @Test(arguments: [false, true], [Admission.admit(), .refuse(.empty(401)), .later { .refuse(.empty(401)) }])
    func `a body that comes behind its head is never taken for the next request`(isTLS: Bool, _ admission: Admission)
        async throws
    {
        let application = SeenPaths()
        let certificates = isTLS ? try TestCertificates() : nil
        let bench = try Bench.start(
            threads: 2, tls: certificates?.server, respond: application.respond, admit: { _ in admission })
        let (port, tls) = (bench.server.boundPort, certificates.map { ClientTLS.caFile($0.authority) })

        let faults = await withTaskGroup(of: String?.self) { group in
            for row in ConformanceRow.wrapping {
                group.addTask {
                    await onThread {
                        let client = RawClient(port: port, tls: tls)
                        guard let head = row.sent.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound else { return nil }
                        client.send(Array(row.sent[..<head]))
                        // Whoever answers before the body has come does so now.
                        let (early, _) = client.readBytes(seconds: 0.1) { !$0.isEmpty }
                        client.send(Array(row.sent[head...]))
                        client.finishSending()
                        let (late, _) = client.readBytes(seconds: 20)
                        let text = String(decoding: early + late, as: UTF8.self)
                        let count = text.components(separatedBy: "HTTP/1.1 ").count - 1
                        return count <= 1 ? nil : "\(row.says): \(text)"
                    }
                }
            }
            return await group.reduce(into: [String]()) { found, fault in if let fault { found.append(fault) } }
        }

        #expect(faults == [])
        #expect(application.count(of: "/smuggled") == 0)
        withExtendedLifetime(certificates) {}
        await bench.stop()
    }

    @Test func `over TLS a request is read as over TCP`() async throws {
        let some = ConformanceRow.families.indices.filter { $0 % 11 == 0 }.map { ConformanceRow.families[$0] }
        let faults = try await faults(ConformanceRow.table + some, tls: try TestCertificates())

        #expect(faults == [])
    }
}
