/// How a token is signed (RFC 7518, section 3.1). What is not here is never accepted, `none` above all.
package enum SignatureAlgorithm: String, Sendable {
    /// A secret that both sides have.
    case hs256 = "HS256"
    /// RSA, PKCS #1 v1.5.
    case rs256 = "RS256"
    /// ECDSA on the curve P-256.
    case es256 = "ES256"
}
