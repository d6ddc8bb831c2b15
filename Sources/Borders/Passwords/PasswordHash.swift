import CSodium

/// Argon2id (RFC 9106) by libsodium, in its own notation: `$argon2id$v=19$m=65536,t=2,p=1$salt$digest`. Computes for some 0.1 s
/// and takes 64 MB meanwhile: only ``PasswordDesk`` calls it.
enum PasswordHash {
    /// libsodium's for logins where somebody waits.
    private static let passes = UInt64(crypto_pwhash_OPSLIMIT_INTERACTIVE)
    private static let memoryBytes = Int(crypto_pwhash_MEMLIMIT_INTERACTIVE)

    /// Harmless when repeated; libsodium has to be told once.
    private static let isReady = sodium_init() >= 0

    /// Nil when there is no memory for it; an empty password has none.
    static func make(_ password: [UInt8]) -> String? {
        guard isReady else { return nil }
        var text = [CChar](repeating: 0, count: Int(crypto_pwhash_STRBYTES))
        let done: Int32 = unsafe password.withUnsafeBytes { bytes in
            guard let start = unsafe bytes.bindMemory(to: CChar.self).baseAddress else { return -1 }
            return unsafe crypto_pwhash_str(&text, start, UInt64(bytes.count), passes, memoryBytes)
        }
        guard done == 0 else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether `hash` is of this password. Anything but a hash is of none.
    static func holds(_ hash: String, _ password: [UInt8]) -> Bool {
        guard isReady, hash.utf8.count < Int(crypto_pwhash_STRBYTES) else { return false }
        return unsafe password.withUnsafeBytes { bytes in
            guard let start = unsafe bytes.bindMemory(to: CChar.self).baseAddress else { return false }
            return unsafe crypto_pwhash_str_verify(hash, start, UInt64(bytes.count)) == 0
        }
    }

    /// Whether it was made at another cost than ours is now.
    static func isDated(_ hash: String) -> Bool {
        guard isReady, hash.utf8.count < Int(crypto_pwhash_STRBYTES) else { return true }
        return unsafe crypto_pwhash_str_needs_rehash(hash, passes, memoryBytes) != 0
    }
}
