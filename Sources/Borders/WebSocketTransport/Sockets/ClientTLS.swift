/// How a client connection checks the server's certificate.
package enum ClientTLS: Sendable, Hashable {
    /// The machine's certificate authorities; name and chain must fit.
    case systemTrust
    /// Only the authorities in this PEM file; name and chain must fit.
    case caFile(String)
    /// Nothing is checked. For tests on loopback.
    case insecureNoVerification
}
