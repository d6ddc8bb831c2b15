import Encoding
import Testing

@Suite struct DigestTests {
    @Test func `digests are those of the standards' examples`() {
        let fox = Array("what do ya want for nothing?".utf8)

        #expect(
            Hex.encode(Digest.sha256(Array("abc".utf8)))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            Hex.encode(Digest.sha256([])) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        // RFC 2202 and RFC 4231, test case 2.
        #expect(
            Hex.encode(Digest.hmacSHA1(key: Array("Jefe".utf8), fox)) == "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79")
        #expect(
            Hex.encode(Digest.hmacSHA256(key: Array("Jefe".utf8), fox))
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    @Test func `only what is the same to the last byte is equal`() {
        #expect(Digest.areEqual("", "") && Digest.areEqual("secret", "secret"))
        for other in ["", "secre", "secrets", "Secret", "secreT"] { #expect(!Digest.areEqual("secret", other)) }
    }

    @Test func `the name of a text is its FNV-1a`() {
        #expect(FNV1a.hex("") == "cbf29ce484222325" && FNV1a.hex("foobar") == "85944171f73967e8")
    }

    @Test func `hexadecimal text has all its zeros, and every digit is read back`() {
        #expect(Hex.encode([0, 1, 0xAB, 0xFF]) == "0001abff" && Hex.encode(UInt64(255)) == "00000000000000ff")
        #expect(Set((0..<64).map { _ in Hex.random(bytes: 16) }).count == 64)
        for byte in UInt8.min ... .max {
            let expected = Int(String(UnicodeScalar(byte)), radix: 16).map { UInt8(truncatingIfNeeded: $0) }
            #expect(byte.hexadecimalValue == expected, "\(byte)")
            #expect(byte.isASCIIDigit == (byte.hexadecimalValue.map { $0 < 10 } ?? false))
            let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8
            #expect(byte.isASCIILetter == letters.contains(byte), "\(byte)")
        }
    }
}
