import Foundation
import Glibc

@testable import WebSocketTransport

/// Runs blocking work on a thread of its own: the two threads of Swift's pool are for the server under test.
func onThread<T: Sendable>(_ work: @escaping @Sendable () -> T) async -> T {
    await withCheckedContinuation { done in
        Thread.detachNewThread { done.resume(returning: work()) }
    }
}

/// A TCP client that sends exactly what it is told to, over TLS if wanted. Blocking, with a time limit on every read.
final class RawClient: @unchecked Sendable {  // used by one thread at a time
    private let descriptor: Int32
    private var wire: Wire?
    /// What went wrong on this side.
    private(set) var trouble: String?

    /// - Parameters:
    ///   - tls: how the server's certificate is checked; nil for plain TCP.
    ///   - source: the address of this machine to connect from; nil for the usual one.
    init(port: Int, tls: ClientTLS? = nil, source: String? = nil) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        // The address alone: a port that is bound by name is nobody else's for a minute after.
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_IP), IP_BIND_ADDRESS_NO_PORT, &on, socklen_t(MemoryLayout<Int32>.size))
        if let source = source.flatMap({ SocketAddress(numeric: $0, port: 0) }) {
            _ = source.withSockaddr { bind(descriptor, $0, $1) }
        }
        if SocketAddress(numeric: "127.0.0.1", port: port)?.withSockaddr({ connect(descriptor, $0, $1) }) != 0 {
            trouble = "connect: \(String(cString: strerror(errno)))"
        }
        guard let tls, let context = try? ClientTLSContext.shared(for: tls) else { return }
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        wire = .client(descriptor, context, host: "localhost", isNumeric: false)
        while case .pending? = wire?.handshake() {
            guard isReady(Int16(POLLIN), seconds: 60) else {
                trouble = "no end of the handshake"
                return
            }
        }
    }

    deinit { if let wire { wire.close() } else { Glibc.close(descriptor) } }

    private func isReady(_ events: Int16, seconds: Double) -> Bool {
        var polled = pollfd(fd: descriptor, events: events, revents: 0)
        while true {
            let count = poll(&polled, 1, Int32(seconds * 1_000))
            if count >= 0 || errno != EINTR { return count > 0 }
        }
    }

    /// What has arrived, waiting for `seconds`; empty at the end, nil when nothing comes.
    private func receive(seconds: Double) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            guard let wire else {
                guard isReady(Int16(POLLIN), seconds: seconds) else { return nil }
                let count = recv(descriptor, &buffer, buffer.count, 0)
                if count < 0 { trouble = "recv: \(String(cString: strerror(errno)))" }
                return Array(buffer[..<max(0, count)])
            }
            switch wire.read(into: &buffer, capacity: buffer.count) {
            case .bytes(let count): return Array(buffer[..<count])
            case .end, .broken: return []
            case .nothing: guard isReady(Int16(POLLIN), seconds: seconds) else { return nil }
            }
        }
    }

    /// Nothing more will be sent.
    func finishSending() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

    @discardableResult func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    @discardableResult func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { (room) -> Int in
                guard let wire, let base = room.bindMemory(to: UInt8.self).baseAddress else {
                    return Glibc.send(descriptor, room.baseAddress, room.count, Int32(MSG_NOSIGNAL))
                }
                return wire.write(base, count: room.count) ?? -1
            }
            if wire != nil, count == 0, isReady(Int16(POLLOUT), seconds: 10) { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Reads until the other side closes, `enough` says so, or nothing comes for `seconds`.
    func read(seconds: Double = 60, until enough: (String) -> Bool = { _ in false }) -> String {
        String(
            decoding: readBytes(seconds: seconds) { enough(String(decoding: $0, as: UTF8.self)) }.bytes, as: UTF8.self)
    }

    /// As ``read(seconds:until:)``, and whether the other side has closed.
    func readBytes(seconds: Double = 60, until enough: ([UInt8]) -> Bool = { _ in false }) -> (
        bytes: [UInt8], ended: Bool
    ) {
        var out: [UInt8] = []
        while let piece = receive(seconds: seconds) {
            if piece.isEmpty { return (out, true) }
            out += piece
            if enough(out) { break }
        }
        return (out, false)
    }

    /// Whether the other side has closed within `seconds`.
    func sawEnd(seconds: Double) -> Bool {
        var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let end = Date.now.addingTimeInterval(seconds)
        var byte: UInt8 = 0
        while Date.now < end {
            if poll(&polled, 1, 50) > 0, recv(descriptor, &byte, 1, 0) <= 0 { return true }
        }
        return false
    }

    /// One request on a connection of its own; the answer up to its end of connection.
    static func exchange(port: Int, _ request: String, seconds: Double = 60) async -> String {
        await onThread {
            let client = RawClient(port: port)
            client.send(request)
            return client.read(seconds: seconds)
        }
    }
}
