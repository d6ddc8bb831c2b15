import CLibCrypto

/// Digests and comparison, from OpenSSL.
package enum Digest {
    package static func hmacSHA1(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        var mac = [UInt8](repeating: 0, count: 20)
        let done = unsafe parley_hmac_sha1(key, key.count, message, message.count, &mac)
        precondition(done == 1, "HMAC-SHA1 over \(message.count) bytes with a key of \(key.count)")
        return mac
    }

    package static func hmacSHA256(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        var mac = [UInt8](repeating: 0, count: 32)
        let done = unsafe parley_hmac_sha256(key, key.count, message, message.count, &mac)
        precondition(done == 1, "HMAC-SHA256 over \(message.count) bytes with a key of \(key.count)")
        return mac
    }

    package static func sha256(_ message: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        _ = unsafe SHA256(message, message.count, &digest)
        return digest
    }

    /// Compares in a time that depends on the length only.
    package static func areEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        guard a.count == b.count else { return false }
        return unsafe CRYPTO_memcmp(a, b, a.count) == 0
    }

    /// The same for texts.
    package static func areEqual(_ a: String, _ b: String) -> Bool { areEqual(Array(a.utf8), Array(b.utf8)) }
}
