/// Why there is no answer. Names the host and port only: paths, queries and user names may be secrets.
package enum HTTPClientError: Error, Equatable, Sendable, CustomStringConvertible {
    case notAnAddress
    case unreachable(host: String, reason: String)
    case timedOut(host: String, after: Duration)
    case tooLong(host: String, bytesMax: Int)
    /// The task that asked was cancelled, or the client was shut down.
    case cancelled(host: String)

    package var description: String {
        switch self {
        case .notAnAddress: "The address to ask is no http or https URL with a host; correct the setting it comes from."
        case .unreachable(let host, let reason): "\(host) cannot be reached: \(reason)."
        case .timedOut(let host, let limit): "\(host) did not answer within \(limit)."
        case .tooLong(let host, let bytesMax): "The answer of \(host) is longer than \(bytesMax) bytes."
        case .cancelled(let host): "The request to \(host) was cancelled."
        }
    }
}
