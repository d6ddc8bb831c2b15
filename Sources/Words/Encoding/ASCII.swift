/// Digits as bytes: what every codec of this module needs and nothing allocates.
enum ASCII {
    static let upperHexadecimal: StaticString = "0123456789ABCDEF"

    static func hexadecimalValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    static func hexadecimalDigit(_ value: UInt8, uppercase: Bool) -> UInt8 {
        let nibble = value & 15
        return nibble < 10 ? 0x30 + nibble : (uppercase ? 0x41 : 0x61) + nibble - 10
    }

    static func lowerHexadecimal(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            text.append(hexadecimalDigit(byte >> 4, uppercase: false))
            text.append(hexadecimalDigit(byte, uppercase: false))
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The UTF-8 of a JSON string's inside: quotes, backslashes and control characters escaped, `/` left alone.
    static func appendJSON(_ text: String, to buffer: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): buffer.append(contentsOf: [UInt8(ascii: "\\"), byte])
            case 0x00...0x1F, 0x7F:
                buffer.append(contentsOf: "\\u00".utf8)
                buffer.append(hexadecimalDigit(byte >> 4, uppercase: false))
                buffer.append(hexadecimalDigit(byte, uppercase: false))
            default: buffer.append(byte)
            }
        }
    }

    /// Appends a number's decimal digits without making a string.
    static func appendDecimal(_ number: Int, to buffer: inout [UInt8]) {
        guard number >= 0 else {
            buffer.append(UInt8(ascii: "-"))
            return appendDecimal(number == .min ? .max : -number, to: &buffer)
        }
        var divisor = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            buffer.append(0x30 + UInt8(truncatingIfNeeded: number / divisor % 10))
            divisor /= 10
        }
    }
}
