import CJose
import Encoding
import Foundation
import Testing

@testable import JOSE

/// What RFC 7515 shows in its appendix A, and what must not pass for it.
@Suite struct SignedTokenTests {
    /// Appendix A.1.
    static let hs256 = """
        eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt\
        cGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk
        """
    static let secret = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"
    /// Appendix A.2.
    static let rs256 = """
        eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19\
        yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt\
        _O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb\
        1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI\
        8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw
        """
    static let rsaModulus = """
        ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yR\
        T-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXB\
        dQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9ia\
        GNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ
        """
    static let rsa = #"{"kty":"RSA","kid":"a2","n":"\#(rsaModulus)","e":"AQAB"}"#
    /// Appendix A.3.
    static let es256 = """
        eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19\
        yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU\
        1Q
        """
    static let ecX = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
    static let ecY = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
    static let ec = #"{"kty":"EC","kid":"a3","crv":"P-256","x":"\#(ecX)","y":"\#(ecY)"}"#

    static func key(_ json: String) throws -> WebKey {
        try #require(try WebKeySet(Array(#"{"keys":[\#(json)]}"#.utf8)).keys.first)
    }

    private static func secretKey() throws -> WebKey { WebKey(secret: try #require(Base64URL.decode(secret))) }

    @Test func `the tokens of RFC 7515 are signed by the keys it shows, and by no other`() throws {
        let keys = [try Self.secretKey(), try Self.key(Self.rsa), try Self.key(Self.ec)]
        for (index, text) in [Self.hs256, Self.rs256, Self.es256].enumerated() {
            let token = try #require(SignedToken(text))

            #expect(keys.map { token.isSigned(by: $0) } == keys.indices.map { $0 == index })
            #expect(String(decoding: token.payload, as: UTF8.self).hasPrefix(#"{"iss":"joe""#))
        }
    }

    @Test(arguments: [hs256, rs256, es256])
    func `with any character changed, and cut anywhere, none of them is signed by its key`(_ text: String) throws {
        let keys = [try Self.secretKey(), try Self.key(Self.rsa), try Self.key(Self.ec)]
        func isSigned(_ text: String) -> Bool {
            SignedToken(text).map { token in keys.contains { token.isSigned(by: $0) } } ?? false
        }
        #expect(isSigned(text))

        let bytes = Array(text.utf8)
        for index in bytes.indices {
            var changed = bytes
            changed[index] = changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "Q") : UInt8(ascii: "A")
            #expect(!isSigned(String(decoding: changed, as: UTF8.self)), "at \(index)")
            #expect(!isSigned(String(decoding: bytes[..<index], as: UTF8.self)), "cut at \(index)")
        }
    }

    @Test func `a signature of another length is none, however it begins`() throws {
        let keys = [try Self.secretKey(), try Self.key(Self.rsa), try Self.key(Self.ec)]
        for (key, text) in zip(keys, [Self.hs256, Self.rs256, Self.es256]) {
            let dot = try #require(text.lastIndex(of: "."))
            let signature = try #require(Base64URL.decode(text[text.index(after: dot)...]))
            let half = signature.count / 2
            let padded = [[0] + signature, signature + [0], [0] + signature[..<half] + [0] + signature[half...]]
            for other in [[], Array(signature.dropLast()), Array(signature[..<half]), signature + signature] + padded {
                let token = try #require(SignedToken(text[...dot] + Base64URL.encode(other)))

                #expect(!token.isSigned(by: key), "\(key.algorithm) with \(other.count) bytes")
            }
        }
    }

    @Test func `what is not strict base64url, too long or without an algorithm is no token`() {
        let header = Base64URL.encode(Array(#"{"alg":"ES256"}"#.utf8))
        for text in [
            "", ".", "..", "...", "\(header).e30", "\(header).e30.AA.AA", "\(header).e30.A", "\(header).e30.A===",
            "A===.e30.AA", "\(header).e3=.AA", "\(header).e31.AA", "\(header).e30.A+/A", " \(header).e30.AA",
            "e30.e30.AA",
            "\(Base64URL.encode(Array(#"{"alg":5}"#.utf8))).e30.AA",
        ] {
            #expect(SignedToken(text) == nil, "\(text)")
        }
        let long = "\(header).\(String(repeating: "A", count: SignedToken.bytesMax - header.utf8.count - 6)).AAAA"
        #expect(SignedToken(long) != nil && long.utf8.count == SignedToken.bytesMax)
        #expect(SignedToken(long + "AAAA") == nil)
    }

    @Test func `extensions that must be understood are understood by nobody`() throws {
        for crit in [#"["b64"]"#, "[]"] {
            let header = #"{"alg":"HS256","crit":\#(crit),"b64":true}"#
            let signed = Base64URL.encode(Array(header.utf8)) + ".e30"
            let secret: [UInt8] = [1, 2, 3]
            let mac = Base64URL.encode(Digest.hmacSHA256(key: secret, Array(signed.utf8)))
            let token = try #require(SignedToken("\(signed).\(mac)"))

            #expect(token.isCritical && !token.isSigned(by: WebKey(secret: secret)))
        }
    }

    @Test func `a refused signature leaves no error behind for TLS to find on this thread`() throws {
        let key = try Self.key(Self.rsa)
        let forged = try #require(SignedToken(Self.rs256.dropLast(8) + "AAAAAAAA"))

        #expect(!forged.isSigned(by: key))
        #expect(throws: WebKeySet.Mistake.self) {
            try WebKeySet(Array(#"{"keys":[\#(Self.ec.replacing(Self.ecY, with: Self.ecX))]}"#.utf8))
        }

        #expect(ERR_peek_error() == 0)
    }
}
