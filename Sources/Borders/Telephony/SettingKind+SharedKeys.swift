import Settings
import TwilioProtocol

extension SettingKind where Value == [RequestSignature.SharedKey] {
    /// `id=secret`, several with commas or blanks between them. Both keys of a rotation may be there. The algorithm is
    /// HMAC-SHA256 unless `id=HMAC_SHA1:secret` says otherwise.
    static var sharedKeys: SettingKind {
        // Shorter ones can be guessed.
        let secretBytesMin = 16
        return SettingKind { text throws(SettingMistake) in
            var keys: Value = []
            for part in text.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
                let number = keys.count + 1
                let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard pair.count == 2, !pair[0].isEmpty else {
                    throw .because(["key \(number) is not id=secret"])
                }
                var secret = pair[1]
                var algorithm = RequestSignature.Algorithm.hmacSHA256
                for named in [RequestSignature.Algorithm.hmacSHA1, .hmacSHA256]
                where secret.hasPrefix(named.rawValue + ":") {
                    algorithm = named
                    secret = secret.dropFirst(named.rawValue.count + 1)
                }
                guard secret.utf8.count >= secretBytesMin else {
                    throw .because(["the secret of key \(number) has less than \(secretBytesMin) bytes"])
                }
                guard !keys.contains(where: { $0.id == pair[0] }) else {
                    throw .because(["there are two keys with the id \(pair[0])"])
                }
                keys.append(.init(id: String(pair[0]), secret: String(secret), algorithm: algorithm))
            }
            return keys
        }
    }
}
