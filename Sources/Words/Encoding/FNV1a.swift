/// FNV-1a over a text, 64 bits as 16 hex digits: names it and notices an edit, proves nothing against an adversary.
enum FNV1a {
    static func hex(_ text: String) -> String {
        let hash = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        let hex = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - hex.count) + hex
    }
}
