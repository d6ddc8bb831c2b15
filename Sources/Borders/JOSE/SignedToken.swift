import Encoding
import FoundationEssentials

/// A JSON Web Signature in its compact form (RFC 7515, section 7.1). What it says counts once a key has checked it, not before.
package struct SignedToken: Sendable {
    package static let bytesMax = 8_192

    private struct Header: Decodable {
        var alg: String
        var kid: String?
        var crit: [String]?
    }

    /// Nil: none that we take.
    package let algorithm: SignatureAlgorithm?
    /// Which of its issuer's keys it names.
    package let keyID: String?
    /// It asks for extensions that must be understood, and none is here.
    package let isCritical: Bool
    package let payload: [UInt8]
    private let text: String
    private let signatureBytes: Int

    /// Nil when `text` is longer than ``bytesMax``, or not three parts in base64url of which the first is a header.
    package init?(_ text: String) {
        guard text.utf8.count <= Self.bytesMax else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Base64URL.decode(parts[0]), let payload = Base64URL.decode(parts[1]),
            let signature = Base64URL.decode(parts[2]),
            let head = try? JSONDecoder().decode(Header.self, from: Data(header))
        else { return nil }
        self.text = text
        self.payload = payload
        signatureBytes = signature.count
        algorithm = SignatureAlgorithm(rawValue: head.alg)
        keyID = head.kid
        isCritical = head.crit != nil
    }

    /// Whether `key` made the signature, in the one way that it takes.
    package func isSigned(by key: WebKey) -> Bool {
        guard !isCritical, algorithm == key.algorithm, signatureBytes == key.signatureBytes else { return false }
        return key.hasSigned(text)
    }
}
