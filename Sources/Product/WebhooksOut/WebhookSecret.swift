import Encoding
import FoundationEssentials

/// What an endpoint checks signatures with: `whsec_` and Base64 (Standard Webhooks 1.0).
package struct WebhookSecret: Sendable {
    package static let bytesCount = 32
    private static let prefix = "whsec_"

    package let text: String
    private let key: [UInt8]

    /// A new one, that nobody could guess.
    package init() {
        key = (0..<Self.bytesCount).map { _ in UInt8.random(in: .min ... .max) }
        text = Self.prefix + Base64.encode(key)
    }

    /// Nil when `text` is none.
    package init?(_ text: String) {
        guard text.hasPrefix(Self.prefix), let key = Base64.decode(String(text.dropFirst(Self.prefix.count))),
            !key.isEmpty
        else { return nil }
        self.text = text
        self.key = key
    }

    /// `v1,…`: over the message's id, the moment of this attempt and the body.
    func signature(id: String, at seconds: Int, _ body: [UInt8]) -> String {
        "v1," + Base64.encode(Digest.hmacSHA256(key: key, Array("\(id).\(seconds).".utf8) + body))
    }
}
