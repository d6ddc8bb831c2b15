import FoundationEssentials
import JOSE

/// The keys under which tokens open the API: the gateway's own secret, those that an issuer publishes, or both. Which of them a
/// token is checked with follows from its algorithm, and each key takes one algorithm only.
package struct TokenKeys: Sendable {
    private let secret: WebKey?
    let issuer: TokenIssuer?
    private let accepted: [SignatureAlgorithm]

    /// Nil when there is neither a secret nor an issuer: then no token can be checked.
    package init?(secret: [UInt8]?, issuer: TokenIssuer? = nil) {
        self.secret = secret.flatMap { $0.isEmpty ? nil : WebKey(secret: $0) }
        self.issuer = issuer
        accepted = (self.secret == nil ? [] : [.hs256]) + (issuer == nil ? [] : [.rs256, .es256])
        if accepted.isEmpty { return nil }
    }

    func key(for token: SignedToken, at now: Date) throws(JWTError) -> WebKey {
        guard let algorithm = token.algorithm, accepted.contains(algorithm), !token.isCritical else {
            throw .algorithm(accepted: accepted)
        }
        if algorithm == .hs256, let secret { return secret }
        guard let issuer else { throw .algorithm(accepted: accepted) }
        return try issuer.key(for: token, at: now)
    }
}
