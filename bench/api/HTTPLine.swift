import Glibc

/// A blocking connection to this machine, for requests one after the other; of an answer it reads the status and as many bytes
/// as it says it has.
final class HTTPLine {
    private let descriptor: Int32
    private var buffer = [UInt8](repeating: 0, count: 1 << 18)
    private var filled = 0

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let connected = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard descriptor >= 0, connected == 0 else {
            throw Clients.Failure(description: "no connection to port \(port): \(errno)")
        }
        var on: Int32 = 1
        unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    func close() { Glibc.close(descriptor) }

    /// - Returns: the status of the answer.
    func exchange(_ request: [UInt8]) throws -> Int {
        var sent = 0
        while sent < request.count {
            let count = unsafe request.withUnsafeBytes { bytes in
                unsafe send(
                    descriptor, bytes.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Clients.Failure(description: "the gateway took no request: \(errno)") }
            sent += count
        }
        filled = 0
        var head: (status: Int, end: Int, body: Int)?
        while true {
            if head == nil { head = Self.head(buffer[..<filled]) }
            if let head, filled >= head.end + head.body { return head.status }
            if filled == buffer.count { buffer += [UInt8](repeating: 0, count: buffer.count) }
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe recv(descriptor, bytes.baseAddress?.advanced(by: filled), bytes.count - filled, 0)
            }
            guard count > 0 else { throw Clients.Failure(description: "the gateway closed the connection: \(errno)") }
            filled += count
        }
    }

    /// Nil until the blank line is there.
    private static func head(_ bytes: ArraySlice<UInt8>) -> (status: Int, end: Int, body: Int)? {
        guard bytes.count > 16 else { return nil }
        var at = 3
        while at < bytes.count, !(bytes[at] == 10 && bytes[at - 1] == 13 && bytes[at - 2] == 10 && bytes[at - 3] == 13)
        { at += 1 }
        guard at < bytes.count else { return nil }
        let lines = String(decoding: bytes[..<at], as: UTF8.self).split(separator: "\r\n")
        let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        let length = lines.first { $0.lowercased().hasPrefix("content-length:") }
            .flatMap { Int($0.split(separator: ":")[1].drop { $0 == " " }) }
        return (status, at + 1, length ?? 0)
    }
}
