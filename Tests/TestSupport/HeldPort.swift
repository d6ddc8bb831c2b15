import Glibc

/// A port of loopback for a server that starts later, or for nobody: connections to it are refused until then.
///
/// A socket of ours stays bound to it, and never listens, until the process ends. The kernel then gives the number to no
/// other socket, while a server that asks for it by name, with `SO_REUSEADDR` as ours do, may listen on it, in this
/// process or another, as often as it likes.
package enum HeldPort {
    private struct NoneFree: Error { var code: Int32 }

    package static func take() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
            }
        }
        guard isBound else { throw NoneFree(code: errno) }
        return Int(in_port_t(bigEndian: address.sin_port))
    }
}
