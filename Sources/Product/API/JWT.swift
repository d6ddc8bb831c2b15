import CallModel
import Encoding
package import Endpoints
package import FoundationEssentials

package enum JWTError: Error, Equatable, CustomStringConvertible {
    case malformed
    /// Another algorithm than HS256, `none` included.
    case algorithm
    case signature
    case expired
    case notYetValid
    /// A claim that is needed is absent, of another kind, or contradicts another.
    case claim(String)

    package var description: String {
        switch self {
        case .malformed: "The token is no JWT: three parts in base64url, joined by dots."
        case .algorithm: "The token is not signed with HS256."
        case .signature: "The token's signature does not match."
        case .expired: "The token has expired; get a new one."
        case .notYetValid: "The token is not valid yet."
        case .claim(let name): "The token's `\(name)` is missing or not usable."
        }
    }
}

/// JSON Web Tokens (RFC 7519) with HMAC-SHA-256 and nothing else.
package enum JWT {
    private static let tokenBytesMax = 8_192
    private static let skewSeconds = 30.0

    private struct Header: Codable {
        var alg: String
        var typ: String?
        var crit: [String]?
    }

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
        let header = #"{"alg":"HS256","typ":"JWT"}"#
        let payload = (try? encoder.encode(claims)) ?? Data()
        let signed = Base64URL.encode(Array(header.utf8)) + "." + Base64URL.encode(Array(payload))
        return signed + "." + Base64URL.encode(Digest.hmacSHA256(key: secret, Array(signed.utf8)))
    }

    /// Checks the signature first, then reads the claims. The tenant comes from `app_metadata.tenant_id` or
    /// `tenant_id`; both must agree when both are there. The role comes from `app_metadata.role` or `role`.
    package static func verify(
        _ token: String, secret: [UInt8], at now: Date = .now
    ) throws(JWTError) -> VerifiedToken {
        guard !secret.isEmpty else { throw .signature }
        guard token.utf8.count <= tokenBytesMax else { throw .malformed }
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Base64URL.decode(parts[0]), let payload = Base64URL.decode(parts[1]),
            let signature = Base64URL.decode(parts[2]),
            let head = try? JSONDecoder().decode(Header.self, from: Data(header))
        else { throw .malformed }
        guard head.alg == "HS256", head.crit == nil else { throw .algorithm }
        let expected = Digest.hmacSHA256(key: secret, Array("\(parts[0]).\(parts[1])".utf8))
        guard Digest.areEqual(expected, signature) else { throw .signature }
        guard let claims = try? JSONDecoder().decode(Claims.self, from: Data(payload)) else { throw .malformed }
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
