#if canImport(Glibc)
    import Glibc
#endif

/// Addresses that only this machine reaches.
enum Loopback {
    /// - Parameter host: an address as a URL or a listener has it, brackets or none, or a name. What is neither plainly an
    ///   address of loopback nor `localhost` is not taken for one.
    static func holds(_ host: String) -> Bool {
        let bare = (host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host)
            .lowercased()
        if bare == "localhost" || bare.hasSuffix(".localhost") { return true }
        var four = in_addr()
        if inet_pton(AF_INET, bare, &four) == 1 { return UInt32(bigEndian: four.s_addr) >> 24 == 127 }
        var six = in6_addr()
        guard inet_pton(AF_INET6, bare, &six) == 1 else { return false }
        let bytes = withUnsafeBytes(of: six) { Array($0) }
        let isOne = bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
        // ::ffff:127.0.0.1 and its neighbours.
        let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10...12] == [0xFF, 0xFF, 127]
        return isOne || isMapped
    }
}
