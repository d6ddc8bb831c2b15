import Encoding

/// What we hand out once and keep as a digest: whoever reads the database learns nothing that opens anything. They are so long
/// that one round of SHA-256 is enough.
enum Secrets {
    static func digest(_ secret: String) -> String { Hex.encode(Digest.sha256(Array(secret.utf8))) }

    fileprivate static func isHex(_ text: some StringProtocol, _ count: Int) -> Bool {
        text.utf8.count == count && text.utf8.allSatisfy { $0.isASCIIDigit || (0x61...0x66).contains($0) }
    }
}

/// Of a session, or of an invitation: 32 random bytes.
enum LoginToken {
    private static let bytes = 32

    static func make() -> String { Hex.random(bytes: bytes) }
    /// Whether it may be one: nobody is asked about anything else.
    static func isOne(_ text: String) -> Bool { Secrets.isHex(text, bytes * 2) }
}

/// A program's key: `prl_`, 5 bytes to tell it by, 27 that nobody can guess, and a checksum, so that a key with a slip in it is
/// told from one that is revoked, and no database asked about it.
enum KeyText {
    private static let mark = "prl_"
    private static let prefixDigits = 10
    private static let digits = 64

    static func make() -> String {
        let hex = Hex.random(bytes: digits / 2)
        return mark + hex + checksum(hex)
    }

    static func isOne(_ text: String) -> Bool {
        guard text.hasPrefix(mark) else { return false }
        let rest = text.dropFirst(mark.count)
        return Secrets.isHex(rest, digits + 8) && checksum(rest.prefix(digits)) == rest.dropFirst(digits)
    }

    /// What may be shown of it.
    static func prefix(of key: String) -> String { String(key.prefix(mark.count + prefixDigits)) }

    private static func checksum(_ hex: some StringProtocol) -> String {
        Hex.encode(CRC32.checksum(Array(hex.utf8).span.bytes))
    }
}
