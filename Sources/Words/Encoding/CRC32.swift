/// CRC-32 as in ISO 3309 and zlib: polynomial 0xEDB88320 reflected, initial value and final XOR 0xFFFFFFFF.
package enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(truncatingIfNeeded: byte)) { value, _ in
            value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1
        }
    }

    package static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        let table = table
        var value: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            value = table[Int(truncatingIfNeeded: (value ^ UInt32(truncatingIfNeeded: byte)) & 0xFF)] ^ (value >> 8)
        }
        return value ^ 0xFFFF_FFFF
    }
}
