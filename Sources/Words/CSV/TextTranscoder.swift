/// Turns a file, piece by piece, into UTF-8 without a mark. What is no character becomes U+FFFD.
package struct TextTranscoder: Sendable {
    private let encoding: TextEncoding
    private var isBeginning = true
    /// Of UTF-16: a byte, or the first half of a pair, that waits for the next.
    private var odd: UInt8?
    private var lead: UInt16?

    package init(from encoding: TextEncoding) { self.encoding = encoding }

    /// - Parameter bytes: the file's next; the first piece has at least three, or is all of it.
    package mutating func convert(_ bytes: [UInt8]) -> [UInt8] {
        var rest = bytes[...]
        if isBeginning, !encoding.mark.isEmpty, rest.starts(with: encoding.mark) {
            rest = rest.dropFirst(encoding.mark.count)
        }
        isBeginning = false
        switch encoding {
        case .utf8: return Array(rest)
        case .windows1252: return Self.windows1252(rest)
        case .utf16LittleEndian, .utf16BigEndian: return utf16(rest)
        }
    }

    /// What is left at the end: half a character is one that cannot be read.
    package mutating func finish() -> [UInt8] {
        defer { (odd, lead) = (nil, nil) }
        return odd == nil && lead == nil ? [] : Array("\u{FFFD}".utf8)
    }

    private static func windows1252(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count + bytes.count / 8)
        for byte in bytes {
            switch byte {
            case 0x00...0x7F: out.append(byte)
            case 0x80...0x9F: append(UInt32(TextEncoding.upperOfWindows1252[Int(byte & 0x1F)]), to: &out)
            default: append(UInt32(byte), to: &out)
            }
        }
        return out
    }

    private mutating func utf16(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        for byte in bytes {
            guard let first = odd else {
                odd = byte
                continue
            }
            odd = nil
            let unit =
                encoding == .utf16BigEndian ? UInt16(first) << 8 | UInt16(byte) : UInt16(byte) << 8 | UInt16(first)
            take(unit, into: &out)
        }
        return out
    }

    private mutating func take(_ unit: UInt16, into out: inout [UInt8]) {
        if let high = lead {
            lead = nil
            if (0xDC00...0xDFFF).contains(unit) {
                Self.append(0x1_0000 + (UInt32(high - 0xD800) << 10 | UInt32(unit - 0xDC00)), to: &out)
                return
            }
            Self.append(0xFFFD, to: &out)
        }
        switch unit {
        case 0xD800...0xDBFF: lead = unit
        case 0xDC00...0xDFFF: Self.append(0xFFFD, to: &out)
        default: Self.append(UInt32(unit), to: &out)
        }
    }

    private static func append(_ value: UInt32, to out: inout [UInt8]) {
        let scalar = Unicode.Scalar(value) ?? "\u{FFFD}"
        out.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
}
