import CallModel
package import Endpoints
package import FoundationEssentials
package import JOSE

package enum JWTError: Error, Equatable, CustomStringConvertible {
    case malformed
    /// Another algorithm than those that the keys take, or an extension that has to be understood.
    case algorithm(accepted: [SignatureAlgorithm])
    case signature
    case expired
    case notYetValid
    /// A claim that is needed is absent, of another kind, or contradicts another.
    case claim(String)
    /// None of its issuer's keys is meant, or it is not said which.
    case unknownKey
    /// The issuer's keys have not been fetched, or too long ago.
    case noKeys

    package var description: String {
        switch self {
        case .malformed: "The token is no JWT: three parts in base64url, joined by dots."
        case .algorithm(let accepted):
            "The token is not signed with \(accepted.map(\.rawValue).joined(separator: " or "))."
        case .signature: "The token's signature does not match."
        case .expired: "The token has expired; get a new one."
        case .notYetValid: "The token is not valid yet."
        case .claim(let name): "The token's `\(name)` is missing or not usable."
        case .unknownKey: "The token names no key of its issuer's; if that is a new one, try again."
        case .noKeys: "The keys of the tokens' issuer are not known at the moment."
        }
    }
}

/// JSON Web Tokens (RFC 7519) that open the API. ``TokenKeys`` says whose.
package enum JWT {
    private static let skewSeconds = 30.0

    private struct AppMetadata: Codable {
        var tenantID: String?
        var role: String?
        enum CodingKeys: String, CodingKey {
            case tenantID = "tenant_id"
            case role
        }
    }

    private struct Claims: Codable {
        var sub: String?
        var exp: Double?
        var nbf: Double?
        var iat: Double?
        var tenantID: String?
        var role: String?
        var appMetadata: AppMetadata?
        enum CodingKeys: String, CodingKey {
            case sub, exp, nbf, iat, role
            case tenantID = "tenant_id"
            case appMetadata = "app_metadata"
        }
    }

    /// A token for `principal`. `secret` must not be empty; 32 random bytes are right.
    package static func sign(
        _ principal: APIPrincipal, secret: [UInt8], issuedAt: Date = .now, validSeconds: Int = 3_600
    ) -> String {
        let issued = issuedAt.timeIntervalSince1970.rounded(.down)
        let claims = Claims(
            sub: principal.subject, exp: issued + Double(validSeconds), iat: issued,
            tenantID: principal.tenant.description, role: principal.role.rawValue)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let payload = (try? encoder.encode(claims)) ?? Data()
        return WebKey(secret: secret).sign(Array(payload))
    }

    /// Checks the signature first, then reads the claims. The tenant comes from `app_metadata.tenant_id` or
    /// `tenant_id`; both must agree when both are there. The role comes from `app_metadata.role` or `role`.
    package static func verify(
        _ token: String, keys: TokenKeys, at now: Date = .now
    ) throws(JWTError) -> VerifiedToken {
        guard let signed = SignedToken(token) else { throw .malformed }
        let key = try keys.key(for: signed, at: now)
        guard signed.isSigned(by: key) else { throw .signature }
        guard let claims = try? JSONDecoder().decode(Claims.self, from: Data(signed.payload)) else { throw .malformed }
        if key.algorithm != .hs256 { try keys.issuer?.check(signed.payload) }
        return try verified(claims, at: now.timeIntervalSince1970)
    }

    private static func verified(_ claims: Claims, at now: Double) throws(JWTError) -> VerifiedToken {
        guard let expires = claims.exp, expires.isFinite else { throw .claim("exp") }
        guard now < expires else { throw .expired }
        if let from = claims.nbf, now + skewSeconds < from { throw .notYetValid }
        guard let subject = claims.sub, !subject.isEmpty, subject.utf8.count <= 256 else { throw .claim("sub") }
        let named = [claims.appMetadata?.tenantID, claims.tenantID].compactMap { $0 }
        let tenants = Set(named.compactMap { TenantID($0) })
        guard let tenant = tenants.first, tenants.count == 1, named.allSatisfy({ TenantID($0) != nil }) else {
            throw .claim("tenant_id")
        }
        guard let role = APIRole(rawValue: claims.appMetadata?.role ?? claims.role ?? "") else { throw .claim("role") }
        return VerifiedToken(
            principal: APIPrincipal(subject: subject, tenant: tenant, role: role),
            expiresAt: Date(timeIntervalSince1970: expires))
    }
}
