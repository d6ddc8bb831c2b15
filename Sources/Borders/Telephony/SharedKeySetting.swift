import TwilioProtocol

/// Reads `PARLEY_TWILIO_SHARED_KEYS`: `id=secret`, several with commas or blanks between them. Both keys of a rotation may be
/// there. The algorithm is HMAC-SHA256 unless `id=HMAC_SHA1:secret` says otherwise.
enum SharedKeySetting {
    enum Mistake: Error, Equatable, CustomStringConvertible {
        case unreadable(number: Int)
        case tooShort(number: Int)
        case twice(id: String)

        var description: String {
            switch self {
            case .unreadable(let number): "key \(number) is not id=secret"
            case .tooShort(let number): "the secret of key \(number) has less than \(secretBytesMin) bytes"
            case .twice(let id): "there are two keys with the id \(id)"
            }
        }
    }

    /// Shorter ones can be guessed.
    private static let secretBytesMin = 16

    static func read(_ written: String?) throws(Mistake) -> [RequestSignature.SharedKey] {
        var keys: [RequestSignature.SharedKey] = []
        for part in (written ?? "").split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
            let number = keys.count + 1
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2, !pair[0].isEmpty else { throw .unreadable(number: number) }
            var secret = pair[1]
            var algorithm = RequestSignature.Algorithm.hmacSHA256
            for named in [RequestSignature.Algorithm.hmacSHA1, .hmacSHA256]
            where secret.hasPrefix(named.rawValue + ":") {
                algorithm = named
                secret = secret.dropFirst(named.rawValue.count + 1)
            }
            guard secret.utf8.count >= secretBytesMin else { throw .tooShort(number: number) }
            guard !keys.contains(where: { $0.id == pair[0] }) else { throw .twice(id: String(pair[0])) }
            keys.append(.init(id: String(pair[0]), secret: String(secret), algorithm: algorithm))
        }
        return keys
    }
}
