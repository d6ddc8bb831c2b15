/// Hexadecimal text, in small letters.
package enum Hex {
    /// Two digits a byte.
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.underestimatedCount * 2)
        for byte in bytes {
            text.append(digit(byte >> 4))
            text.append(digit(byte & 15))
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// All digits of a number, zeros in front included: 16 for 64 bits.
    package static func encode<Number: FixedWidthInteger & UnsignedInteger>(_ number: Number) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: Number.bitWidth / 4 - digits.utf8.count) + digits
    }

    /// So many bytes that nobody can guess.
    package static func random(bytes count: Int) -> String {
        encode((0..<count).map { _ in UInt8.random(in: .min ... .max) })
    }

    /// - Parameter value: 0…15.
    static func capitalDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 &+ value : 0x41 &+ (value &- 10) }

    /// - Parameter value: 0…15.
    static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 &+ value : 0x61 &+ (value &- 10) }
}
