package import Encoding

/// `X-Twilio-Signature`: made here for the simulated carrier, checked here for everything that claims to be Twilio.
///
/// The scheme does not prevent replay: there is no time and no nonce in it.
package enum RequestSignature {
    package enum Refusal: Error, Equatable, CustomStringConvertible {
        case missing
        case malformed
        case mismatch
        case bodyHashMissing
        case bodyHashMismatch
        case unknownSigningKey
        case badURL

        package var description: String {
            switch self {
            case .missing: "Request without X-Twilio-Signature; answer 403."
            case .malformed: "Request whose X-Twilio-Signature has no signature's length; answer 403."
            case .mismatch:
                "Request whose X-Twilio-Signature does not match; answer 403. Compare PARLEY_PUBLIC_URL with the URL "
                    + "configured at Twilio, and the auth token."
            case .bodyHashMissing: "JSON request without one bodySHA256 in its query; answer 403."
            case .bodyHashMismatch: "JSON request whose body is not the one that was signed; answer 403."
            case .unknownSigningKey: "Request signed with a key or an algorithm that is not configured; answer 403."
            case .badURL: "The URL to check a signature against has no scheme or host; check PARLEY_PUBLIC_URL."
            }
        }
    }

    package enum Algorithm: String, Sendable {
        case hmacSHA1 = "HMAC_SHA1"
        case hmacSHA256 = "HMAC_SHA256"
    }

    /// A webhook shared key of section 4.7: its id, its secret and the algorithm it was set up with.
    package struct SharedKey: Sendable {
        package var id: String
        package var secret: String
        package var algorithm: Algorithm

        package init(id: String, secret: String, algorithm: Algorithm = .hmacSHA256) {
            self.id = id
            self.secret = secret
            self.algorithm = algorithm
        }
    }

    /// The signature of one request: `parameters` are the decoded fields of a form body, and nothing else.
    package static func sign(
        url: String, parameters: [FormField] = [], token: String, algorithm: Algorithm = .hmacSHA1
    ) -> String {
        let message = signedBytes(url: url, parameters: parameters)
        let key = Array(token.utf8)
        return switch algorithm {
        case .hmacSHA1: Base64.encode(Digest.hmacSHA1(key: key, message))
        case .hmacSHA256: Base64.encode(Digest.hmacSHA256(key: key, message))
        }
    }

    /// Checks a form POST, or a GET (no parameters), against the URL as configured: with its port and without.
    ///
    /// - Parameters:
    ///   - header: the value of `X-Twilio-Signature`.
    ///   - url: public base URL, path and query exactly as sent.
    ///   - tokens: the account's auth token, and during a rotation the other one.
    ///   - settings: the value of `X-Twilio-Webhooks-Signature-Settings`; one that names an algorithm is checked
    ///     against `sharedKeys` and nothing else.
    package static func validate(
        header: String?, url: String, parameters: [FormField] = [], tokens: [String], settings: String? = nil,
        sharedKeys: [SharedKey] = []
    ) throws(Refusal) {
        try check(
            header, candidates: SignedURL(url).map { $0.callbackCandidates }, parameters: parameters,
            keys: try signingKeys(tokens: tokens, settings: settings, sharedKeys: sharedKeys))
    }

    /// Checks a JSON POST: the raw body against `bodySHA256` in the query, and the signature over the whole URL.
    package static func validateJSON(
        header: String?, url: String, body: [UInt8], tokens: [String], settings: String? = nil,
        sharedKeys: [SharedKey] = []
    ) throws(Refusal) {
        try validate(header: header, url: url, tokens: tokens, settings: settings, sharedKeys: sharedKeys)
        let query = url.prefix { $0 != "#" }.drop { $0 != "?" }.dropFirst()
        let hashes = query.split(separator: "&").filter { $0.hasPrefix("bodySHA256=") }
        guard hashes.count == 1, let hash = hashes.first?.dropFirst("bodySHA256=".count), hash.utf8.count == 64 else {
            throw .bodyHashMissing
        }
        guard Digest.areEqual(String(hash), Hex.encode(Digest.sha256(body))) else {
            throw .bodyHashMismatch
        }
    }

    /// Checks a WebSocket upgrade: `url` is the `wss` URL of the TwiML; with and without port, with and without a
    /// trailing slash.
    package static func validateWebSocket(
        header: String?, url: String, tokens: [String], settings: String? = nil, sharedKeys: [SharedKey] = []
    ) throws(Refusal) {
        try check(
            header, candidates: SignedURL(url).map { $0.webSocketCandidates }, parameters: [],
            keys: try signingKeys(tokens: tokens, settings: settings, sharedKeys: sharedKeys))
    }

    private typealias Key = (secret: String, algorithm: Algorithm)

    private static func check(
        _ header: String?, candidates: [String]?, parameters: [FormField], keys: [Key]
    ) throws(Refusal) {
        guard let header, !header.isEmpty else { throw .missing }
        guard let candidates else { throw .badURL }
        guard keys.contains(where: { header.utf8.count == ($0.algorithm == .hmacSHA1 ? 28 : 44) }) else {
            throw .malformed
        }
        var matched = false
        for url in candidates {
            for key in keys where !key.secret.isEmpty {
                let expected = sign(url: url, parameters: parameters, token: key.secret, algorithm: key.algorithm)
                if Digest.areEqual(header, expected) { matched = true }
            }
        }
        guard matched else { throw .mismatch }
    }

    /// The header may name a configured key; it can never choose a weaker check than that key was set up with.
    private static func signingKeys(
        tokens: [String], settings: String?, sharedKeys: [SharedKey]
    ) throws(Refusal) -> [Key] {
        var named: [String: String] = [:]
        for part in (settings ?? "").split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2 else { continue }
            named[pair[0].filter { $0 != " " }] = pair[1].filter { $0 != " " }
        }
        guard let algorithm = named["algorithm"] else { return tokens.map { ($0, .hmacSHA1) } }
        guard let key = sharedKeys.first(where: { $0.id == named["key"] }), key.algorithm.rawValue == algorithm else {
            throw .unknownSigningKey
        }
        return [(key.secret, key.algorithm)]
    }

    /// The URL, then every distinct value of every name, both in byte order, without separators.
    static func signedBytes(url: String, parameters: [FormField]) -> [UInt8] {
        var message = Array(url.utf8)
        let distinct = Set(parameters.map { Pair(name: Array($0.name.utf8), value: Array($0.value.utf8)) })
        for pair in distinct.sorted() { message += pair.name + pair.value }
        return message
    }

    /// Compared by bytes: Swift compares strings by what they look like, which is another order.
    private struct Pair: Hashable, Comparable {
        var name: [UInt8]
        var value: [UInt8]

        static func < (a: Pair, b: Pair) -> Bool {
            a.name == b.name ? a.value.lexicographicallyPrecedes(b.value) : a.name.lexicographicallyPrecedes(b.name)
        }
    }
}
