/// Why a loop, a server or a request could not be made.
package enum TransportError: Error, Equatable, CustomStringConvertible {
    case invalidURL(String)
    case invalidHeader(name: String)
    case invalidAddress(String)
    case loopFailed(reason: String)
    case listenFailed(address: String, reason: String)
    case tlsFailed(path: String, reason: String)
    case fileFailed(path: String, reason: String)

    package var description: String {
        switch self {
        case .invalidURL(let url):
            "WebSocket address `\(url)` is not ws://host[:port][/path] or wss://…; check the configured URL."
        case .invalidHeader(let name):
            "request header `\(name)` has a name or value that cannot go on the wire (empty, control character, too long)."
        case .invalidAddress(let text):
            "listen address `\(text)` is not `address:port` (`127.0.0.1:8080`, `[::1]:8080`, `0.0.0.0:0`)."
        case .loopFailed(let reason):
            "cannot start a media loop: \(reason)."
        case .listenFailed(let address, let reason):
            "cannot listen on \(address): \(reason). Is another process there, or the address not this machine's?"
        case .tlsFailed(let path, let reason):
            "cannot use TLS file \(path): \(reason). Give a PEM certificate chain and its private key, readable by us."
        case .fileFailed(let path, let reason):
            "cannot use \(path) for a body: \(reason)."
        }
    }
}
