import FoundationEssentials

/// A member of an issuer's JWKS as it stands there.
struct PublishedKey: Decodable {
    var kty: String
    var kid: String?
    var use: String?
    var alg: String?
    var operations: [String]?
    var n: String?
    var e: String?
    var crv: String?
    var x: String?
    var y: String?
    var d: String?

    enum CodingKeys: String, CodingKey {
        case kty, kid, use, alg, n, e, crv, x, y, d
        case operations = "key_ops"
    }
}

/// The keys an issuer publishes (RFC 7517, section 5). Those it has for other purposes are no mistake, and not used.
package struct WebKeySet: Sendable {
    package enum Mistake: Error, Equatable, CustomStringConvertible {
        case tooLong(bytes: Int)
        case notKeys
        case tooMany(keys: Int)
        case noneUsable(ignored: [WebKey.Mistake])

        package var description: String {
            switch self {
            case .tooLong(let bytes): "the document of keys has \(bytes) bytes; \(bytesMax) are taken"
            case .notKeys: "the document is no set of keys: {\"keys\": […]}"
            case .tooMany(let keys): "the document has \(keys) keys; \(keysMax) are taken"
            case .noneUsable(let ignored):
                "the document has no key that tokens can be checked with"
                    + (ignored.isEmpty ? "" : "; it has " + ignored.map(\.description).joined(separator: ", "))
            }
        }
    }

    private struct Document: Decodable {
        struct Member: Decodable {
            /// Nil: it does not even have a kind, or a field of it is no text.
            var key: PublishedKey?
            init(from decoder: any Decoder) throws { key = try? PublishedKey(from: decoder) }
        }
        var keys: [Member]
    }

    package static let bytesMax = 65_536
    package static let keysMax = 64

    package let keys: [WebKey]
    /// What the document has besides.
    package let ignored: [WebKey.Mistake]

    package init(_ document: [UInt8]) throws(Mistake) {
        guard document.count <= Self.bytesMax else { throw .tooLong(bytes: document.count) }
        guard let read = try? JSONDecoder().decode(Document.self, from: Data(document)) else { throw .notKeys }
        guard read.keys.count <= Self.keysMax else { throw .tooMany(keys: read.keys.count) }
        var (keys, ignored): ([WebKey], [WebKey.Mistake]) = ([], [])
        for member in read.keys {
            do throws(WebKey.Mistake) {
                guard let published = member.key else { throw .numbers }
                keys.append(try WebKey(published))
            } catch {
                ignored.append(error)
            }
        }
        guard !keys.isEmpty else { throw .noneUsable(ignored: ignored) }
        (self.keys, self.ignored) = (keys, ignored)
    }

    /// The key a token names; of one that names none, the only key of its algorithm. Nil when there is no such key, or more than one.
    package func key(for token: SignedToken) -> WebKey? {
        let candidates = keys.filter { key in
            key.algorithm == token.algorithm && (token.keyID == nil || key.id == token.keyID)
        }
        return candidates.count == 1 ? candidates[0] : nil
    }
}
