/// FNV-1a, 64 bits: names a text and notices an edit, proves nothing against an adversary.
package struct FNV1a {
    package private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    package init() {}

    package mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { value = (value ^ UInt64(truncatingIfNeeded: byte)) &* 0x100_0000_01B3 }
    }

    /// 16 digits for a text.
    package static func hex(_ text: String) -> String {
        var hash = FNV1a()
        hash.add(text.utf8)
        return Hex.encode(hash.value)
    }
}
