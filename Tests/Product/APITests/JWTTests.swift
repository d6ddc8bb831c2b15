import CallModel
import Encoding
import Endpoints
import Foundation
import JOSE
import Testing

@testable import API

@Suite struct JWTTests {
    static let secret = Array("0123456789abcdef0123456789abcdef".utf8)
    static let keys = given(secret)
    static let ann = APIPrincipal(subject: "ann", tenant: .initial, role: .manager)
    static let now = Date(timeIntervalSince1970: 1_800_000_000)

    static func given(_ secret: [UInt8]) -> TokenKeys {
        guard let keys = TokenKeys(secret: secret) else { preconditionFailure("a secret of \(secret.count) bytes") }
        return keys
    }

    /// A token over any header and payload, rightly signed unless `key` is another.
    static func token(
        _ payload: String, header: String = #"{"alg":"HS256","typ":"JWT"}"#, key: [UInt8] = secret
    ) -> String {
        let signed = Base64URL.encode(Array(header.utf8)) + "." + Base64URL.encode(Array(payload.utf8))
        return signed + "." + Base64URL.encode(Digest.hmacSHA256(key: key, Array(signed.utf8)))
    }

    @Test func `a token we sign verifies until it expires`() throws {
        let token = JWT.sign(Self.ann, secret: Self.secret, issuedAt: Self.now, validSeconds: 60)

        let verified = try JWT.verify(token, keys: Self.keys, at: Self.now)
        #expect(verified == VerifiedToken(principal: Self.ann, expiresAt: Self.now.addingTimeInterval(60)))
        #expect(throws: JWTError.expired) {
            try JWT.verify(token, keys: Self.keys, at: Self.now.addingTimeInterval(60))
        }
    }

    @Test func `the example of RFC 7515 appendix A.1 has the signature it shows`() {
        let signed = """
            eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0\
            dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ
            """
        let key = Base64URL.decode(
            "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow")

        #expect(
            Base64URL.encode(Digest.hmacSHA256(key: key ?? [0], Array(signed.utf8)))
                == "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    }

    @Test func `another key, a changed byte anywhere and a cut token are refused`() {
        let token = JWT.sign(Self.ann, secret: Self.secret, issuedAt: Self.now)
        let other = Array("another secret of thirty-two byte".utf8)
        #expect(throws: JWTError.signature) { try JWT.verify(token, keys: Self.given(other), at: Self.now) }
        #expect(TokenKeys(secret: []) == nil && TokenKeys(secret: nil) == nil)

        let bytes = Array(token.utf8)
        for index in bytes.indices {
            var changed = bytes
            changed[index] = changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "Q") : UInt8(ascii: "A")
            let text = String(decoding: changed, as: UTF8.self)
            #expect(throws: JWTError.self) { try JWT.verify(text, keys: Self.keys, at: Self.now) }
            let cut = String(decoding: bytes[..<index], as: UTF8.self)
            #expect(throws: JWTError.self) { try JWT.verify(cut, keys: Self.keys, at: Self.now) }
        }
    }

    @Test func `an algorithm other than HS256 is refused, however it is signed`() {
        let claims = #"{"sub":"a","tenant_id":"\#(TenantID.initial)","role":"admin","exp":9999999999}"#
        for alg in ["none", "None", "HS512", "RS256", "hs256", ""] {
            let header = #"{"alg":"\#(alg)"}"#
            #expect(throws: JWTError.algorithm(accepted: [.hs256]), "\(alg)") {
                try JWT.verify(Self.token(claims, header: header), keys: Self.keys, at: Self.now)
            }
            let unsigned = Base64URL.encode(Array(header.utf8)) + "." + Base64URL.encode(Array(claims.utf8)) + "."
            #expect(throws: JWTError.self, "\(alg)") {
                try JWT.verify(unsigned, keys: Self.keys, at: Self.now)
            }
        }
        #expect(throws: JWTError.algorithm(accepted: [.hs256])) {
            let header = #"{"alg":"HS256","crit":["b64"]}"#
            return try JWT.verify(Self.token(claims, header: header), keys: Self.keys, at: Self.now)
        }
    }

    @Test func `a token without expiry, subject, tenant or known role is refused`() {
        let tenant = TenantID.initial.description
        let refused: [(String, JWTError)] = [
            (#"{"sub":"a","tenant_id":"\#(tenant)","role":"admin"}"#, .claim("exp")),
            (#"{"tenant_id":"\#(tenant)","role":"admin","exp":9999999999}"#, .claim("sub")),
            (#"{"sub":"a","role":"admin","exp":9999999999}"#, .claim("tenant_id")),
            (#"{"sub":"a","tenant_id":"x","role":"admin","exp":9999999999}"#, .claim("tenant_id")),
            (#"{"sub":"a","tenant_id":"\#(tenant)","role":"authenticated","exp":9999999999}"#, .claim("role")),
            (#"{"sub":"a","tenant_id":"\#(tenant)","role":"admin","exp":9999999999,"nbf":9999999998}"#, .notYetValid),
            (
                """
                {"sub":"a","tenant_id":"\(tenant)","role":"admin","exp":9999999999,\
                "app_metadata":{"tenant_id":"11111111-1111-4111-8111-111111111111"}}
                """, .claim("tenant_id")
            ),
            ("[]", .malformed), ("{", .malformed),
        ]
        for (claims, error) in refused {
            #expect(throws: error, "\(claims)") {
                try JWT.verify(Self.token(claims), keys: Self.keys, at: Self.now)
            }
        }
    }

    @Test func `tenant and role may stand in app_metadata, which wins over the role beside it`() throws {
        let claims = """
            {"sub":"a","role":"authenticated","exp":9999999999,\
            "app_metadata":{"tenant_id":"\(TenantID.initial)","role":"super_admin"}}
            """

        let verified = try JWT.verify(Self.token(claims), keys: Self.keys, at: Self.now)

        #expect(verified.principal == APIPrincipal(subject: "a", tenant: .initial, role: .superAdmin))
    }

    @Test func `a higher role includes the lower ones only`() {
        #expect(APIRole.superAdmin.includes(.agent) && APIRole.agent.includes(.agent))
        #expect(!APIRole.agent.includes(.manager) && !APIRole.manager.includes(.admin))
    }
}
