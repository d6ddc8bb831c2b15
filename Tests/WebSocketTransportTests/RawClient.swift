import Foundation
import Glibc

/// Runs blocking work on a thread of its own: the two threads of Swift's pool are for the server under test.
func onThread<T: Sendable>(_ work: @escaping @Sendable () -> T) async -> T {
    await withCheckedContinuation { done in
        Thread.detachNewThread { done.resume(returning: work()) }
    }
}

/// A TCP client that sends exactly what it is told to. Blocking, with a time limit on every read.
final class RawClient: Sendable {
    private let descriptor: Int32

    init(port: Int) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    deinit { Glibc.close(descriptor) }

    @discardableResult func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    @discardableResult func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Reads until the other side closes, `enough` says so, or nothing comes for `seconds`.
    func read(seconds: Double = 60, until enough: (String) -> Bool = { _ in false }) -> String {
        var out: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&polled, 1, Int32(seconds * 1_000)) > 0 else { break }
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            out += buffer[..<count]
            if enough(String(decoding: out, as: UTF8.self)) { break }
        }
        return String(decoding: out, as: UTF8.self)
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
