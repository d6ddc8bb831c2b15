import CLibCrypto
import FoundationEssentials

/// Base64 with the URL alphabet and no padding (RFC 4648, section 5).
package enum Base64URL {
    package static func encode(_ bytes: [UInt8]) -> String {
        String(
            Data(bytes).base64EncodedString().compactMap { character -> Character? in
                switch character {
                case "+": "-"
                case "/": "_"
                case "=": nil
                default: character
                }
            })
    }

    /// Nil for any character outside of the alphabet, padding included.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? {
        var standard = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "-"): standard.append("+")
            case UInt8(ascii: "_"): standard.append("/")
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: standard.unicodeScalars.append(Unicode.Scalar(byte))
            default: return nil
            }
        }
        standard += String(repeating: "=", count: (4 - standard.count % 4) % 4)
        return Data(base64Encoded: standard).map { Array($0) }
    }
}

package enum Digest {
    /// 32 bytes. An empty key is our own mistake.
    package static func hmacSHA256(_ data: [UInt8], key: [UInt8]) -> [UInt8] {
        precondition(!key.isEmpty && !data.isEmpty, "HMAC over \(data.count) bytes with a key of \(key.count)")
        var mac = [UInt8](repeating: 0, count: 32)
        let keyCount = key.count
        let dataCount = data.count
        let done = unsafe key.withUnsafeBytes { key in
            unsafe data.withUnsafeBytes { data in
                unsafe mac.withUnsafeMutableBufferPointer { mac in
                    guard let key = key.baseAddress, let bytes = data.baseAddress, let out = mac.baseAddress else {
                        return Int32(0)
                    }
                    return unsafe parley_hmac_sha256(key, keyCount, bytes, dataCount, out)
                }
            }
        }
        precondition(done == 1, "OpenSSL has no HMAC-SHA-256")
        return mac
    }

    package static func sha256(_ data: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        unsafe data.withUnsafeBufferPointer { data in
            unsafe digest.withUnsafeMutableBufferPointer { digest in
                _ = unsafe SHA256(data.baseAddress, data.count, digest.baseAddress)
            }
        }
        return digest
    }

    /// Takes the same time wherever the two differ.
    package static func equal(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        guard a.count == b.count else { return false }
        var difference: UInt8 = 0
        for index in a.indices { difference |= a[index] ^ b[index] }
        return difference == 0
    }
}
