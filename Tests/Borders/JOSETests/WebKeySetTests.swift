import Encoding
import Foundation
import Testing

@testable import JOSE

@Suite struct WebKeySetTests {
    private static let rsa = SignedTokenTests.rsa
    private static let ec = SignedTokenTests.ec

    private static func set(_ members: String...) throws -> WebKeySet {
        try WebKeySet(Array(#"{"keys":[\#(members.joined(separator: ","))]}"#.utf8))
    }

    /// `member` with fields more, or others.
    private static func with(_ fields: [String: Any], _ member: String) throws -> String {
        var object = try #require(try JSONSerialization.jsonObject(with: Data(member.utf8)) as? [String: Any])
        object.merge(fields) { $1 }
        return String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
    }

    @Test func `a set's RSA and P-256 keys take one algorithm each, and carry their names`() throws {
        let set = try Self.set(Self.rsa, Self.with(["alg": "ES256", "use": "sig", "key_ops": ["verify"]], Self.ec))

        #expect(set.keys.map(\.algorithm) == [.rs256, .es256])
        #expect(set.keys.map(\.id) == ["a2", "a3"])
        #expect(set.ignored.isEmpty)
    }

    @Test func `keys that no token can be checked with are left out, and told`() throws {
        let x = SignedTokenTests.ecX
        let short = Base64URL.encode([0x80] + [UInt8](repeating: 1, count: 127))
        let long = Base64URL.encode([0x80] + [UInt8](repeating: 1, count: 1_024))
        let members: [(String, WebKey.Mistake)] = [
            (#"{"kty":"oct","k":"AAAA"}"#, .kind("oct")),
            (#"{"kty":"OKP","crv":"Ed25519","x":"\#(x)"}"#, .kind("OKP")),
            (try Self.with(["use": "enc"], Self.rsa), .purpose),
            (try Self.with(["key_ops": ["encrypt"]], Self.ec), .purpose),
            (try Self.with(["alg": "RS512"], Self.rsa), .purpose),
            (try Self.with(["alg": "HS256"], Self.rsa), .purpose),
            (try Self.with(["alg": "RS256"], Self.ec), .purpose),
            (try Self.with(["d": "AQAB"], Self.rsa), .isPrivate),
            (try Self.with(["crv": "P-384"], Self.ec), .curve("P-384")),
            (try Self.with(["y": x], Self.ec), .numbers),
            (try Self.with(["x": x + "AA"], Self.ec), .numbers),
            (try Self.with(["x": ""], Self.ec), .numbers),
            (try Self.with(["n": short], Self.rsa), .bits(1_024)),
            (try Self.with(["n": "AAAA" + short], Self.rsa), .bits(1_024)),
            (try Self.with(["n": long], Self.rsa), .bits(8_200)),
            (try Self.with(["n": "A"], Self.rsa), .numbers),
            (try Self.with(["e": "AQ"], Self.rsa), .numbers),
            (try Self.with(["e": "AAI"], Self.rsa), .numbers),
            (try Self.with(["e": ""], Self.rsa), .numbers),
            (try Self.with(["e": "AQAAAAAB"], Self.rsa), .numbers),
            (#"{"kty":"RSA"}"#, .numbers), (#"{"kty":5}"#, .numbers), ("{}", .numbers), ("7", .numbers),
        ]
        for (member, mistake) in members {
            let set = try Self.set(member, Self.rsa)
            #expect(set.keys.count == 1 && set.ignored == [mistake], "\(member)")
            #expect(throws: WebKeySet.Mistake.noneUsable(ignored: [mistake])) { try Self.set(member) }
        }
    }

    @Test func `what is no set of keys, or too large a one, is refused`() throws {
        for document in ["", "{", "[]", "{}", #"{"keys":{}}"#, #"{"keys":null}"#] {
            #expect(throws: WebKeySet.Mistake.notKeys) { try WebKeySet(Array(document.utf8)) }
        }
        #expect(throws: WebKeySet.Mistake.noneUsable(ignored: [])) { try WebKeySet(Array(#"{"keys":[]}"#.utf8)) }
        let many = Array(repeating: "{}", count: WebKeySet.keysMax + 1).joined(separator: ",")
        #expect(throws: WebKeySet.Mistake.tooMany(keys: WebKeySet.keysMax + 1)) { try Self.set(many) }
        #expect(throws: WebKeySet.Mistake.tooLong(bytes: WebKeySet.bytesMax + 1)) {
            try WebKeySet([UInt8](repeating: 0x20, count: WebKeySet.bytesMax + 1))
        }
    }

    @Test func `a token's key is the one it names, of its algorithm; without a name the only one there is`() throws {
        let named = try Self.set(Self.rsa, Self.ec)
        let token = try #require(SignedToken(SignedTokenTests.es256))
        #expect(named.key(for: token)?.id == "a3")

        let two = try Self.set(Self.ec, Self.with(["kid": "b3"], Self.ec))
        #expect(two.key(for: token) == nil)

        func naming(_ name: String) throws -> SignedToken {
            let header = Base64URL.encode(Array(#"{"alg":"ES256","kid":"\#(name)"}"#.utf8))
            return try #require(SignedToken(header + ".e30.AA"))
        }
        #expect(two.key(for: try naming("b3"))?.id == "b3")
        #expect(two.key(for: try naming("a2")) == nil)
        #expect(named.key(for: try naming("a2")) == nil)
        #expect(try Self.set(Self.ec, Self.ec).key(for: try naming("a3")) == nil)
    }
}
