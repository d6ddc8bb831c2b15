import Foundation

/// An issuer's keys and tokens as PyJWT made them, and tokens that must not pass, by why. Issued at 1,800,000,000, good for
/// an hour; `fixtures/make-tokens.py` beside the file makes others.
package struct IssuerFixture: Decodable, Sendable {
    package let issuer: String
    package let audience: String
    package let good: [String: String]
    package let refused: [String: [String: String]]

    package static let read = Result {
        try JSONDecoder().decode(IssuerFixture.self, from: Data(try Checkout.text(path).utf8))
    }

    /// The JWKS, as the issuer publishes it.
    package static func keys() throws -> [UInt8] {
        let file = try JSONSerialization.jsonObject(with: Data(try Checkout.text(path).utf8)) as? [String: Any]
        return Array(try JSONSerialization.data(withJSONObject: file?["keys"] ?? [:]))
    }

    private static let path = "Tests/Product/APITests/fixtures/pyjwt.json"
}
