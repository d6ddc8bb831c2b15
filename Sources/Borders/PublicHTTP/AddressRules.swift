#if canImport(Glibc)
    import Glibc
#endif

/// Which addresses may be connected to on behalf of somebody who names one: those of the public internet, and none by which
/// a server could be made to ask itself or its neighbours.
package struct AddressRules: Sendable {
    /// Private and reserved ranges, and this machine, are allowed as well.
    package let allowsPrivate: Bool
    private let own: Set<[UInt8]>

    package init(allowsPrivate: Bool) {
        self.allowsPrivate = allowsPrivate
        own = allowsPrivate ? [] : Self.ownAddresses()
    }

    /// - Parameter address: 4 or 16 bytes, as they go over the wire.
    package func allows(_ address: [UInt8]) -> Bool {
        allowsPrivate || Self.isPublic(address) && !own.contains(Self.inner(address))
    }

    /// Of a host as it stands in a URL: nil for a name, which has no address before it is looked up.
    package func allows(host: String) -> Bool? {
        let name = host.lowercased().hasSuffix(".") ? String(host.lowercased().dropLast()) : host.lowercased()
        if name == "localhost" || name.hasSuffix(".localhost") { return allowsPrivate }
        return Self.address(name).map(allows)
    }

    /// Not reserved for anything but the public internet (IANA's registries of special-purpose addresses).
    static func isPublic(_ address: [UInt8]) -> Bool {
        let inner = inner(address)
        let ranges = inner.count == 4 ? reserved4 : reserved6
        return [4, 16].contains(inner.count) && !ranges.contains { $0.holds(inner) }
    }

    /// The IPv4 address that one of IPv6 stands for: mapped, translated, 6to4.
    private static func inner(_ address: [UInt8]) -> [UInt8] {
        guard address.count == 16 else { return address }
        for range in [mapped, compatible, translated] where range.holds(address) { return Array(address[12...]) }
        return sixToFour.holds(address) ? Array(address[2..<6]) : address
    }

    private struct Range {
        let bytes: [UInt8]
        let bits: Int

        init(_ bytes: [UInt8], _ bits: Int) {
            self.bytes = bytes
            self.bits = bits
        }

        func holds(_ address: [UInt8]) -> Bool {
            for index in 0..<address.count where index * 8 < bits {
                let own = index < bytes.count ? bytes[index] : 0
                let mask = UInt8(truncatingIfNeeded: 0xFF00 >> min(8, bits - index * 8))
                if (own ^ address[index]) & mask != 0 { return false }
            }
            return true
        }
    }

    private static let mapped = Range([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], 96)
    private static let compatible = Range([], 96)
    private static let translated = Range([0, 0x64, 0xFF, 0x9B], 96)
    private static let sixToFour = Range([0x20, 0x02], 16)

    private static let reserved4 = [
        Range([0], 8), Range([10], 8), Range([100, 64], 10), Range([127], 8), Range([169, 254], 16),
        Range([172, 16], 12), Range([192, 0, 0], 24), Range([192, 0, 2], 24), Range([192, 88, 99], 24),
        Range([192, 168], 16), Range([198, 18], 15), Range([198, 51, 100], 24), Range([203, 0, 113], 24),
        Range([224], 4), Range([240], 4),
    ]
    /// All but what is given out (2000::/3) is reserved, and some of that.
    private static let reserved6 = [
        Range([0], 3), Range([0x40], 2), Range([0x80], 1), Range([0x20, 0x01, 0], 23),
        Range([0x20, 0x01, 0x0D, 0xB8], 32),
        Range([0x3F, 0xFF], 20),
    ]

    /// As `getaddrinfo` reads it without asking anybody: `127.1` and `0x7f000001` are addresses, too.
    private static func address(_ host: String) -> [UInt8]? {
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        var hints = unsafe addrinfo()
        unsafe hints.ai_flags = AI_NUMERICHOST
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(bare, nil, &hints, &found) == 0 else { return nil }
        defer { unsafe freeaddrinfo(found) }
        return unsafe found?.pointee.ai_addr.flatMap { unsafe bytes($0) }
    }

    private static func ownAddresses() -> Set<[UInt8]> {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard unsafe getifaddrs(&first) == 0 else { return [] }
        defer { unsafe freeifaddrs(first) }
        var own: Set<[UInt8]> = []
        var next = unsafe first
        while let entry = unsafe next {
            if let address = unsafe entry.pointee.ifa_addr.flatMap({ unsafe bytes($0) }) { own.insert(address) }
            unsafe next = entry.pointee.ifa_next
        }
        return own
    }

    private static func bytes(_ address: UnsafeMutablePointer<sockaddr>) -> [UInt8]? {
        switch unsafe Int32(address.pointee.sa_family) {
        case AF_INET:
            unsafe address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { pointer in
                unsafe withUnsafeBytes(of: pointer.pointee.sin_addr) { unsafe Array($0) }
            }
        case AF_INET6:
            unsafe address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { pointer in
                unsafe withUnsafeBytes(of: pointer.pointee.sin6_addr) { unsafe Array($0) }
            }
        default: nil
        }
    }
}
