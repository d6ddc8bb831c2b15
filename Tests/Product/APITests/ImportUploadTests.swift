import Endpoints
import Foundation
import Glibc
import TestSupport
import Testing
import WebSocketTransport

@testable import API

/// Files that come over a real connection, and those that never come to their end.
@Suite(.serialized) struct ImportUploadTests {
    private static let file = "name,phone\nAnn,+14155550101\n"

    private func serve(_ limits: ImportFiles.Limits, _ body: (APIStage, Int) async throws -> Void) async throws {
        let stage = try await APIStage.make(importLimits: limits)
        let loops = try LoopGroup(threads: 1)
        let router = stage.routes
        let server = try TransportServer(
            loops: loops, listen: ListenAddress(host: "127.0.0.1", port: 0), tls: nil,
            routes: ServerRoutes(
                respond: { await router.respond(to: $0) }, upgrade: { router.upgrade($0, $1) },
                admit: { router.admit($0) }))
        do { try await body(stage, server.boundPort) } catch { Issue.record(error) }
        await server.shutdown(graceSeconds: 1)
        await loops.shutdown()
    }

    /// - Parameter bytes: that the body is said to have.
    private static func head(_ bytes: Int) -> String {
        let person = APIStage.importer()
        let admin = APIPrincipal(subject: person.subject, tenant: person.tenant, role: person.role)
        let token = JWT.sign(admin, secret: JWTTests.secret, issuedAt: JWTTests.now)
        return
            "POST /api/v1/imports HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(token)\r\nContent-Type: text/csv\r\n"
            + "Content-Length: \(bytes)\r\nConnection: close\r\n\r\n"
    }

    /// What comes back; nothing where the client hangs up as soon as it has sent.
    private static func exchange(_ port: Int, _ text: String, hangsUp: Bool = false) async -> String {
        await withCheckedContinuation { done in
            Thread.detachNewThread {
                let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
                defer { close(descriptor) }
                var address = sockaddr_in()
                address.sin_family = sa_family_t(AF_INET)
                address.sin_port = in_port_t(UInt16(truncatingIfNeeded: port).bigEndian)
                address.sin_addr.s_addr = inet_addr("127.0.0.1")
                _ = withUnsafePointer(to: &address) { pointer in
                    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                    }
                }
                let bytes = Array(text.utf8)
                _ = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                var answer: [UInt8] = []
                var buffer = [UInt8](repeating: 0, count: 65_536)
                while !hangsUp {
                    var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                    guard poll(&polled, 1, 20_000) > 0 else { break }
                    let count = recv(descriptor, &buffer, buffer.count, 0)
                    guard count > 0 else { break }
                    answer += buffer[..<count]
                }
                done.resume(returning: String(decoding: answer, as: UTF8.self))
            }
        }
    }

    private static func left(_ stage: APIStage) async throws -> (imports: Int, files: [String]) {
        let rows = try await stage.temporary.rows("select from imports")
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: stage.importFiles.directory)) ?? []
        return (rows.count, names.filter { $0.contains(".") })
    }

    @Test func `a file that never ends is given up with 408 when its time is over, and leaves nothing`() async throws {
        var limits = ImportFiles.Limits()
        limits.uploadSeconds = 1
        try await serve(limits) { stage, port in
            let answer = await Self.exchange(port, Self.head(1_000_000) + Self.file)

            #expect(answer.hasPrefix("HTTP/1.1 408 "), "\(answer)")
            let left = try await Self.left(stage)
            #expect(left.imports == 0 && left.files.isEmpty, "\(left)")
        }
    }

    @Test func `a file that is larger than files may be is refused with 413 before it is read`() async throws {
        var limits = ImportFiles.Limits()
        limits.fileBytesMax = 100
        try await serve(limits) { stage, port in
            let over = await Self.exchange(port, Self.head(101))
            let full = Self.file + String(repeating: " ", count: 100 - Self.file.utf8.count)
            let exact = await Self.exchange(port, Self.head(100) + full)

            #expect(over.hasPrefix("HTTP/1.1 413 "), "\(over)")
            #expect(exact.hasPrefix("HTTP/1.1 201 "), "\(exact)")
        }
    }

    @Test func `a client that hangs up on the way leaves nothing`() async throws {
        try await serve(ImportFiles.Limits()) { stage, port in
            for _ in 0..<3 { _ = await Self.exchange(port, Self.head(1_000_000) + Self.file, hangsUp: true) }
            let whole = await Self.exchange(port, Self.head(Self.file.utf8.count) + Self.file)

            #expect(whole.hasPrefix("HTTP/1.1 201 "), "\(whole)")
            let left = try await Self.left(stage)
            #expect(left.imports == 1 && left.files.count == 2, "\(left)")
        }
    }
}
