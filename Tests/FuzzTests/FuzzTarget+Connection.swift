import Dispatch
import Glibc
import Synchronization

@testable import WebSocketTransport

extension FuzzTarget {
    /// Between the pieces that a client sends one after the other; no byte of HTTP.
    private static let pause: UInt8 = 0xFF
    private static let bodyBytesMax = 4_096

    /// What a client sends on one connection, in pieces: the application sees the requests that are there, in their order, each
    /// once and with its own body. Nothing that belongs to one is ever another.
    static func checkConnection(_ input: [UInt8]) {
        guard let server = listening else { return }
        let pieces = input.split(separator: pause, maxSplits: 40)
        let whole = pieces.flatMap { $0 }
        let seen = server.turn.withLock { server.send(pieces.map(Array.init), from: &$0) }
        let there = requests(in: whole)
        hold(seen.count <= there.count && Array(there.prefix(seen.count)) == seen, "of \(there) was seen \(seen)")
    }

    /// The requests that the application may see, by the lengths that their heads say.
    private static func requests(in bytes: [UInt8]) -> [String] {
        var found: [String] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            var reader = HeadReader(bytesMax: 16_384)
            do throws(RequestHead.Refusal) {
                let piece = Array(rest)
                let read = try piece.withUnsafeBufferPointer { (piece) throws(RequestHead.Refusal) in
                    try reader.take(piece)
                }
                guard case .complete(let count) = read else { return found }
                let head = try RequestHead(reader.bytes[..<count])
                let body = rest.dropFirst(piece.count - reader.bytes.count + count)
                guard head.upgrade == nil else { return found }
                if head.target.path == "*" || FuzzServer.isRefused(head.target.path) {
                    // Who is answered before the body was read is not heard any more.
                    guard head.bodyBytes == 0 else { return found }
                } else {
                    guard head.bodyBytes <= min(bodyBytesMax, body.count) else { return found }
                    let method = head.method == "HEAD" ? "GET" : head.method
                    found.append(FuzzServer.summary(method, head.target.raw, Array(body.prefix(head.bodyBytes))))
                }
                guard head.keepsAlive else { return found }
                rest = body.dropFirst(head.bodyBytes)
            } catch {
                return found
            }
        }
        return found
    }

    private static let listening = FuzzServer(bodyBytesMax: bodyBytesMax)
}

/// A server of ours on loopback, and what its application has seen.
private final class FuzzServer: Sendable {
    /// One connection at a time; how many there were.
    let turn = Mutex<UInt32>(0)
    private let server: TransportServer
    private let sink: Sink

    private final class Sink: Sendable { let seen = Mutex<[(peer: String, summary: String)]>([]) }

    static func isRefused(_ path: String) -> Bool { path.hasPrefix("/refused") || path.hasPrefix("/later") }

    static func summary(_ method: String, _ target: String, _ body: [UInt8]) -> String {
        "\(method) \(target) \(String(decoding: body, as: UTF8.self))"
    }

    init?(bodyBytesMax: Int) {
        let sink = Sink()
        var limits = TransportLimits()
        limits.httpBodyBytesMax = bodyBytesMax
        let routes = ServerRoutes(
            respond: { request in
                let summary = Self.summary(request.method, request.target, request.body)
                sink.seen.withLock { $0.append((request.peerAddress, summary)) }
                return .text("ok")
            }, upgrade: { _, _ in .refuse(.empty(404)) },
            admit: { request in
                guard Self.isRefused(request.path) else { return .admit() }
                return request.path.hasPrefix("/later") ? .later { .refuse(.empty(401)) } : .refuse(.empty(401))
            })
        guard let loops = try? LoopGroup(threads: 1, limits: limits),
            let address = ListenAddress(parsing: "127.0.0.1:0"),
            let server = try? TransportServer(loops: loops, listen: address, tls: nil, routes: routes)
        else { return nil }
        self.server = server
        self.sink = sink
    }

    /// Sends the pieces, each when the door has had its turn with the one before, and waits for the end of the connection.
    ///
    /// - Parameter turn: counts up; each connection comes from an address of its own, so that what an earlier one sent and was
    ///   not waited for is not taken for its.
    /// - Returns: what the application has seen.
    func send(_ pieces: [[UInt8]], from turn: inout UInt32) -> [String] {
        turn &+= 1
        let source = "127.\(1 + turn >> 16 & 0x7F).\(turn >> 8 & 0xFF).\(turn & 0xFF)"
        let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(client) }
        // The address alone: a port that is bound by name is nobody else's for a minute after.
        var on: Int32 = 1
        setsockopt(client, Int32(IPPROTO_IP), IP_BIND_ADDRESS_NO_PORT, &on, socklen_t(MemoryLayout<Int32>.size))
        let isBound = SocketAddress(numeric: source, port: 0)?.withSockaddr { bind(client, $0, $1) == 0 }
        FuzzTarget.hold(isBound == true, "a client's address: \(source)")
        let isConnected = SocketAddress(numeric: "127.0.0.1", port: server.boundPort)?.withSockaddr {
            connect(client, $0, $1) == 0
        }
        // libFuzzer has a clock of its own, whose signal may come in between.
        if isConnected == false, errno == EINTR { return [] }
        FuzzTarget.hold(isConnected == true, "the door takes a connection: \(String(cString: strerror(errno)))")
        for piece in pieces {
            guard Glibc.send(client, piece, piece.count, Int32(MSG_NOSIGNAL)) == piece.count else { break }
            for _ in 0..<3 { server.doorLoop.turn() }
        }
        shutdown(client, Int32(SHUT_WR))
        var room = [UInt8](repeating: 0, count: 65_536)
        while recv(client, &room, room.count, 0) > 0 {}
        return sink.seen.withLock { seen in
            defer { seen = [] }
            return seen.filter { $0.peer == source }.map(\.summary)
        }
    }
}

extension MediaLoop {
    /// Waits until the loop has done what it was at.
    fileprivate func turn() {
        let done = DispatchSemaphore(value: 0)
        post { done.signal() }
        FuzzTarget.hold(done.wait(timeout: .now() + .seconds(8)) == .success, "the door turns")
    }
}
