import CallModel
import Foundation
import Glibc
import Testing
import WebSocketTransport

@testable import Endpoints

/// Endpoints behind a real listener.
@Suite(.serialized) struct ServedTests {
    struct Upload: Codable { var bytes: Int; var first: Int }

    /// Takes a body on disk, and gives it back.
    static let upload = Endpoint(
        .post, "/imports", id: "createImport", .role(.admin), "Takes a file.",
        shape: InputShape(body: .bytes(types: ["text/csv"])),
        answers: [Endpoint.Answer(200, "How much came.", SchemaRecorder.schema(of: Upload.self))],
        terms: RequestTerms(bodyBytesMax: 20 << 20, bodySeconds: 60, goesToDisk: true),
        .answer { context, _ in
            guard let file = context.request.bodyFile else { throw Problem.broken }
            let first = file.read(at: 0, count: 1)?.first.map { Int($0) } ?? -1
            return try Reply.value(Upload(bytes: file.count, first: first)).response
        })

    static func serve(
        _ endpoints: [Endpoint], _ body: (Int) async throws -> Void
    ) async throws {
        let loops = try LoopGroup(threads: 1)
        let router = RouterTests.router(endpoints)
        let server = try TransportServer(
            loops: loops, listen: ListenAddress(host: "127.0.0.1", port: 0), tls: nil,
            routes: ServerRoutes(
                respond: { await router.respond(to: $0) }, upgrade: { router.upgrade($0, $1) },
                admit: { router.admit($0) }))
        do { try await body(server.boundPort) } catch {
            Issue.record(error)
        }
        await server.shutdown(graceSeconds: 1)
        await loops.shutdown()
    }

    /// What comes back for exactly these bytes, until the other side closes or nothing comes for ten seconds.
    static func exchange(_ port: Int, _ head: String, body: [UInt8] = []) async -> String {
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
                var rest = (Array(head.utf8) + body)[...]
                while !rest.isEmpty {
                    let sent = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                    guard sent > 0 else { break }
                    rest = rest.dropFirst(sent)
                }
                var answer: [UInt8] = []
                var buffer = [UInt8](repeating: 0, count: 65_536)
                while true {
                    var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                    guard poll(&polled, 1, 10_000) > 0 else { break }
                    let count = recv(descriptor, &buffer, buffer.count, 0)
                    guard count > 0 else { break }
                    answer += buffer[..<count]
                }
                done.resume(returning: String(decoding: answer, as: UTF8.self))
            }
        }
    }

    static func post(_ path: String, _ count: Int, as role: String?, type: String = "text/csv") -> String {
        let token = role.map { "Authorization: Bearer ann \($0)\r\n" } ?? ""
        return "POST \(path) HTTP/1.1\r\nHost: x\r\n\(token)Content-Type: \(type)\r\nContent-Length: \(count)\r\n"
            + "Connection: close\r\n\r\n"
    }

    @Test func `who may not is told so before a byte of the body has come`() async throws {
        try await Self.serve([Self.upload]) { port in
            // Ten megabytes are announced and none is sent.
            let nobody = await Self.exchange(port, Self.post("/imports", 10 << 20, as: nil))
            let agent = await Self.exchange(port, Self.post("/imports", 10 << 20, as: "agent"))
            let nowhere = await Self.exchange(port, Self.post("/import", 10 << 20, as: "admin"))
            let tooLarge = await Self.exchange(port, Self.post("/imports", 21 << 20, as: "admin"))

            #expect(nobody.hasPrefix("HTTP/1.1 401 ") && agent.hasPrefix("HTTP/1.1 403 "))
            #expect(nowhere.hasPrefix("HTTP/1.1 404 ") && tooLarge.hasPrefix("HTTP/1.1 413 "))
            #expect(nobody.contains("application/problem+json") && nobody.contains("x-content-type-options: nosniff"))
        }
    }

    @Test func `a large body goes to disk, and its endpoint finds it there`() async throws {
        try await Self.serve([Self.upload]) { port in
            let body = [UInt8](repeating: 65, count: 9 << 20)
            let answer = await Self.exchange(port, Self.post("/imports", body.count, as: "admin"), body: body)

            #expect(answer.hasPrefix("HTTP/1.1 200 ") && answer.hasSuffix(#"{"bytes":\#(body.count),"first":65}"#))
        }
    }

    @Test func `an address that upgrades wants a handshake, and others take none`() async throws {
        let refused = Endpoint.Upgrade(
            refusal: { request in request.header("authorization") == nil ? Problem.unauthorized("Who asks?") : nil },
            accept: { _, _ throws(Problem) in throw Problem.notFound })
        let live = Endpoint(
            .get, "/live", id: "live", .handshake, "Events.", answers: [], .upgrade(refused))
        let handshake =
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
        try await Self.serve([live, RouterTests.list]) { port in
            func get(_ path: String, _ lines: String) async -> String {
                await Self.exchange(port, "GET \(path) HTTP/1.1\r\nHost: x\r\n\(lines)\r\n")
            }
            let plain = await get("/live", "Connection: close\r\n")
            let nobody = await get("/live", handshake)
            let late = await get("/live", handshake + "Authorization: Bearer ann agent\r\n")
            let elsewhere = await get("/leads", handshake + "Authorization: Bearer ann agent\r\n")

            #expect(plain.hasPrefix("HTTP/1.1 426 ") && nobody.hasPrefix("HTTP/1.1 401 "))
            #expect(late.hasPrefix("HTTP/1.1 404 ") && elsewhere.hasPrefix("HTTP/1.1 404 "))
        }
    }

    @Test(arguments: [
        "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQ\r\n",
        "Upgrade: websocket\r\n", "Upgrade: TLS/1.3\r\nConnection: upgrade\r\n", "Upgrade: h2c, x/1\r\n",
    ])
    func `an upgrade to anything but a WebSocket is passed over`(_ lines: String) async throws {
        let live = Endpoint(
            .get, "/live", id: "live", .handshake, "Events.", answers: [],
            .upgrade(
                Endpoint.Upgrade(
                    refusal: { _ in Problem.unauthorized("Who asks?") },
                    accept: { _, _ throws(Problem) in throw Problem.notFound })))
        try await Self.serve([live, RouterTests.list]) { port in
            func get(_ path: String) async -> String {
                await Self.exchange(
                    port, "GET \(path) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ann agent\r\n\(lines)\r\n")
            }
            let (leads, wanting) = (await get("/leads"), await get("/live"))

            #expect(leads.hasPrefix("HTTP/1.1 200 "), "\(leads.prefix(60))")
            #expect(wanting.hasPrefix("HTTP/1.1 426 "), "\(wanting.prefix(60))")
        }
    }

    @Test func `methods, HEAD and OPTIONS are answered from the table`() async throws {
        try await Self.serve([RouterTests.list, RouterTests.move]) { port in
            func ask(_ method: String, _ path: String) async -> String {
                await Self.exchange(
                    port,
                    "\(method) \(path) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ann agent\r\nConnection: close\r\n\r\n"
                )
            }
            let get = await ask("GET", "/leads")
            let head = await ask("HEAD", "/leads")
            let options = await ask("OPTIONS", "/leads/7/stage")
            let put = await ask("PUT", "/leads")

            #expect(get.hasPrefix("HTTP/1.1 200 ") && get.contains("etag: "))
            #expect(head.hasPrefix("HTTP/1.1 200 ") && head.hasSuffix("\r\n\r\n"))
            #expect(options.hasPrefix("HTTP/1.1 204 ") && options.contains("allow: POST, OPTIONS\r\n"))
            #expect(put.hasPrefix("HTTP/1.1 405 ") && put.contains("allow: GET, HEAD, OPTIONS\r\n"))
        }
    }
}
