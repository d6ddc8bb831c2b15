import CTransport
import Glibc

/// A numeric IPv4 or IPv6 address with a port.
struct SocketAddress {
    private var storage = sockaddr_storage()
    private var length: socklen_t = 0

    var family: Int32 { Int32(clamping: storage.ss_family) }

    private init() {}

    /// nil when `host` is a name.
    init?(numeric host: String, port: Int) {
        guard let found = Self.lookUp(host, port: port, numericOnly: true).first else { return nil }
        self = found
    }

    private init(_ info: addrinfo) {
        length = unsafe info.ai_addrlen
        guard let address = unsafe info.ai_addr else { return }
        let count = min(Int(clamping: length), MemoryLayout<sockaddr_storage>.size)
        unsafe withUnsafeMutableBytes(of: &storage) { target in
            unsafe target.copyMemory(from: UnsafeRawBufferPointer(start: address, count: count))
        }
    }

    /// `getaddrinfo`: blocks unless `numericOnly`. At most 8 addresses, families in turn, in the system's order.
    static func lookUp(_ host: String, port: Int, numericOnly: Bool) -> [SocketAddress] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = numericOnly ? AI_NUMERICHOST | AI_NUMERICSERV : AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, "\(port)", &hints, &list) == 0 else { return [] }
        defer { unsafe freeaddrinfo(list) }
        var found: [SocketAddress] = []
        var next = unsafe list
        while let entry = unsafe next, found.count < 32 {
            unsafe found.append(SocketAddress(entry.pointee))
            unsafe next = entry.pointee.ai_next
        }
        return interleaved(found)
    }

    private static func interleaved(_ addresses: [SocketAddress]) -> [SocketAddress] {
        guard let first = addresses.first?.family else { return [] }
        var same = addresses.filter { $0.family == first }[...]
        var other = addresses.filter { $0.family != first }[...]
        var out: [SocketAddress] = []
        while out.count < 8, !same.isEmpty || !other.isEmpty {
            if let next = same.popFirst() { out.append(next) }
            if let next = other.popFirst() { out.append(next) }
        }
        return out
    }

    /// The address as text, without the port.
    var host: String {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(NI_MAXHOST)) { text in
            guard let start = text.baseAddress else { return "" }
            let status = unsafe withSockaddr {
                unsafe getnameinfo($0, $1, start, socklen_t(NI_MAXHOST), nil, 0, NI_NUMERICHOST)
            }
            return unsafe status == 0 ? String(cString: start) : ""
        }
    }

    /// Accepts one connection: its descriptor, non-blocking, and who it comes from. nil and errno when there is none.
    static func accept(from listener: Int32) -> (descriptor: Int32, peer: SocketAddress)? {
        var peer = SocketAddress()
        let descriptor = unsafe parley_accept(listener, &peer.storage, &peer.length)
        return descriptor < 0 ? nil : (descriptor, peer)
    }

    /// The address as text, an IPv4 address in IPv6 clothes as IPv4.
    var peerName: String {
        let host = host
        return host.hasPrefix("::ffff:") && host.contains(".") ? String(host.dropFirst(7)) : host
    }

    /// Whom connections are counted for: an IPv4 address, or the network of 64 bits that one IPv6 customer has.
    var budgetKey: UInt64 {
        unsafe withUnsafeBytes(of: storage) { bytes in
            // sockaddr_in: port at 2, address at 4; sockaddr_in6: port at 2, flow at 4, address at 8.
            if family == AF_INET {
                return unsafe 0xFFFF_0000_0000
                    | UInt64(clamping: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
            }
            let high = unsafe bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
            let low = unsafe bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
            // ::ffff:a.b.c.d
            if high == 0, UInt32(truncatingIfNeeded: low) == 0xFFFF_0000 { return 0xFFFF_0000_0000 | low >> 32 }
            return high
        }
    }

    func withSockaddr<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        unsafe withUnsafePointer(to: storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, length) }
        }
    }

    static func boundPort(of descriptor: Int32) -> Int? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let status = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor, $0, &length)
            }
        }
        guard status == 0 else { return nil }
        // The port is at the same place for both families, in network order.
        return unsafe withUnsafeBytes(of: storage) { unsafe Int(clamping: $0[2]) << 8 | Int(clamping: $0[3]) }
    }
}
