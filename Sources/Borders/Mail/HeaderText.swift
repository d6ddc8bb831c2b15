import Encoding

/// Texts in headers of a mail (RFC 2047). Whatever a text is, it stays one header: what is not plain goes as Base64.
enum HeaderText {
    /// Of a word's text: 75 characters with all that is around it.
    private static let wordBytesMax = 45

    /// - Parameter isPhrase: a name before an address, where less stands for itself.
    static func encoded(_ text: String, isPhrase: Bool = false) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            isPhrase ? byte.isASCIILetterOrDigit || " -+'!*/".utf8.contains(byte) : (0x20...0x7E).contains(byte)
        }
        // A line may have 998 bytes: what is longer is folded, which is done between words.
        if isPlain, !text.isEmpty, text.utf8.count <= 400, !text.contains("=?") { return text }
        var words: [[UInt8]] = [[]]
        for scalar in text.unicodeScalars {
            let bytes = Array(String(scalar.properties.generalCategory == .control ? " " : scalar).utf8)
            if words[words.count - 1].count + bytes.count > wordBytesMax { words.append([]) }
            words[words.count - 1] += bytes
        }
        return words.map { "=?utf-8?B?\(Base64.encode($0))?=" }.joined(separator: "\r\n ")
    }
}
