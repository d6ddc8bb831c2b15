import CZlib

/// CRC-32 as in ISO 3309, by zlib.
package enum CRC32 {
    package static func checksum(_ bytes: RawSpan) -> UInt32 {
        let sum = unsafe bytes.withUnsafeBytes { bytes in
            unsafe crc32_z(0, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count)
        }
        return UInt32(truncatingIfNeeded: sum)
    }
}
